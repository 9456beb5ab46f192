"""The shipped list of what the working groups do in a year."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data" / "groups.yaml"
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Duty:
    """One duty of a group; ``cycle`` is month, quarter or year."""

    code: str
    group: str
    label: str
    cycle: str
    deliverable: str

    def period(self, day: datetime.date) -> tuple[str, datetime.date]:
        """The period that a day lies in, as it is written (``2026-11``, ``2026Q4``, ``2026``), and its last day."""
        length = MONTHS[self.cycle]
        number = (day.month - 1) // length
        after = number * length + length
        end = datetime.date(day.year + after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)
        name = {"month": f"{day.year}-{day.month:02d}", "quarter": f"{day.year}Q{number + 1}", "year": str(day.year)}
        return name[self.cycle], end


@dataclass(frozen=True)
class Group:
    code: str
    purpose: str
    duties: tuple[Duty, ...]


@cache
def groups() -> dict[str, Group]:
    """The five groups by their code."""
    document = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return {
        code: Group(code, row["purpose"], tuple(Duty(group=code, **duty) for duty in row["duties"]))
        for code, row in document["groups"].items()
    }


def duties() -> Iterator[Duty]:
    for group in groups().values():
        yield from group.duties


def words() -> Iterator[str]:
    """Every Chinese word of the list, for its translation."""
    for group in groups().values():
        yield group.purpose
        for duty in group.duties:
            yield from (duty.label, duty.deliverable)
