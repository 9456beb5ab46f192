"""Importing a year's holiday arrangement: into the table, into the file of the command line, and to who counts by it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction

from . import tables
from .models import HolidayDay, HolidayYear
from .now import now

_hearers: list[Callable[[], object]] = []


def when_imported(hearer: Callable[[], object]) -> None:
    """Call this after an arrangement was imported: periods that were counted provisionally can be counted again.

    Called after commit, once for each import, with the new calendar in force.
    """
    _hearers.append(hearer)


@transaction.atomic
def import_year(document: Any, *, by: str, by_name: str = "") -> HolidayYear:
    """Add or replace a year's arrangement; ``Problem`` says what is wrong with the document and where."""
    table = tables.check_year(document)
    year = HolidayYear.objects.create(
        year=table["year"],
        papers=table["papers"],
        source=table["source"],
        imported_by=by,
        imported_name=by_name,
        imported_at=now(),
    )
    HolidayDay.objects.bulk_create(
        HolidayDay(year=year, date=datetime.date.fromisoformat(day["date"]), name=day["name"], is_off=day["isOffDay"])
        for day in table["days"]
    )
    transaction.on_commit(_announce)
    return year


def _announce() -> None:
    write_overlay()
    for hearer in _hearers:
        hearer()


def write_overlay() -> None:
    """Write the imported years, the newest import of each, into the file of the command line (also after a restore).

    Where nothing was ever imported through the database, a file that somebody put there stays as it is.
    """
    newest: dict[int, dict[str, Any]] = {}
    for year in HolidayYear.objects.order_by("pk").prefetch_related("days"):
        days = [{"date": day.date.isoformat(), "name": day.name, "isOffDay": day.is_off} for day in year.days.all()]
        newest[year.year] = {"year": year.year, "papers": year.papers, "days": days}
    if newest:
        tables.write(newest.values())
