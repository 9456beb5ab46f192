"""What the public site may say of the association: which units are members today, unless one asked not to stand there, what dues are,
and what was planned and done with them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel.amounts import yuan_and_cents
from wuxie.kernel.clock.now import today

from .models import Activity, Category, Disclosure, Member, MemberQuerySet, Rate
from .models.money import INCOME
from .queries.money import totals


def members() -> MemberQuerySet:
    """The directory: public by default; no person and no telephone number is in it."""
    return Member.objects.on(today()).filter(listed=True).select_related("organisation")


def rates() -> QuerySet[Rate]:
    """The dues of every kind of member by year, with the item of the assembly that carried them."""
    return Rate.objects.select_related("item__meeting")


@dataclass(frozen=True)
class Quarter:
    """The accounts of one quarter as they were published."""

    number: int
    published_on: datetime.date
    sides: list[dict[str, Any]]
    """What came in, then what went out: name, lines and sum of each."""


def quarters(year: int) -> list[Quarter]:
    """The published quarters of a year, the newest first."""
    rows = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED, year=year).order_by("-quarter")
    return [_quarter(one) for one in rows]


def _quarter(made: Disclosure) -> Quarter:
    assert made.published_on is not None
    sums = totals(made.lines)
    sides = [
        {
            "label": label,
            "lines": [_line(one) for one in made.lines if (one["category"] in INCOME) == comes_in],
            "sum": yuan_and_cents(sums["income" if comes_in else "expense"]),
        }
        for label, comes_in in ((_("收入"), True), (_("支出"), False))
    ]
    return Quarter(made.quarter, made.published_on, sides)


def _line(line: dict[str, Any]) -> dict[str, str]:
    amounts = {name: yuan_and_cents(line[name]) for name in ("planned", "quarter", "year")}
    return {"label": f"{Category(line['category']).label} · {line['label']}"} | amounts


def years() -> list[int]:
    """The years of which a quarter was published, the newest first."""
    rows = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def plan(year: int) -> QuerySet[Activity]:
    """What the year's plan holds and what came of it."""
    return Activity.objects.filter(year=year).order_by("quarter", "pk")
