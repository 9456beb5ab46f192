"""Days and periods: which days are worked, and when a period of law ends.

Sources: 民法典 arts. 201–203 (the starting day is not counted; a last day that is a holiday or rest day moves to the next
working day); 全国年节及纪念日放假办法 (2024) art. 2, the 13 statutory days; the State Council's yearly arrangements, whose
make-up days turn weekends into working days. "日" and "工作日" are different units and never mixed.
"""

from __future__ import annotations

import calendar as months
import csv
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Unit = Literal["day", "working_day", "month", "year"]
ONE = datetime.timedelta(days=1)
DATA = Path(__file__).parent / "data"
MOVABLE = ("spring_festival", "qingming", "dragon_boat", "mid_autumn")


@dataclass(frozen=True)
class Due:
    """The last day of a period; ``provisional`` if a year it touches has no published arrangement."""

    on: datetime.date
    provisional: bool


@cache
def _movable() -> dict[int, tuple[datetime.date, ...]]:
    with (DATA / "lunar.csv").open(encoding="utf-8") as rows:
        return {
            int(row["year"]): tuple(datetime.date.fromisoformat(f"{row['year']}-{row[name]}") for name in MOVABLE)
            for row in csv.DictReader(rows)
        }


@cache
def statutory_days(year: int) -> frozenset[datetime.date]:
    """The 13 days of art. 2 in a year (without those of the lunar calendar outside 1950–2099)."""
    fixed = {datetime.date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    if year in _movable():
        spring, *single = _movable()[year]
        fixed |= {spring + ONE * shift for shift in (-1, 0, 1, 2)} | set(single)
    return frozenset(fixed)


@dataclass(frozen=True)
class Calendar:
    """Published arrangements: for each year the days off and the make-up days. Immutable and hashable by identity."""

    years: frozenset[int]
    off: frozenset[datetime.date]
    made_up: frozenset[datetime.date]

    @classmethod
    def of(cls, tables: Iterable[Mapping[str, object]]) -> Calendar:
        """From documents in the shape of the yearly tables; one without days counts as not published."""
        years: set[int] = set()
        off: set[datetime.date] = set()
        made_up: set[datetime.date] = set()
        for table in tables:
            days = table["days"]
            assert isinstance(days, list)
            if days:
                years.add(int(str(table["year"])))
            for day in days:
                (off if day["isOffDay"] else made_up).add(datetime.date.fromisoformat(day["date"]))
        return cls(frozenset(years), frozenset(off), frozenset(made_up))

    def is_working_day(self, day: datetime.date) -> bool:
        """A make-up day, or Monday to Friday and no rest day; by weekends and art. 2 where nothing is published."""
        if day in self.made_up:
            return True
        if day in self.off or day.weekday() >= 5:
            return False
        return day.year in self.years or day not in statutory_days(day.year)

    def provisional(self, first: datetime.date, last: datetime.date) -> bool:
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def next_working_day(self, day: datetime.date) -> datetime.date:
        """The day itself if it is worked, else the next that is."""
        while not self.is_working_day(day):
            day += ONE
        return day


def add_months(day: datetime.date, count: int) -> datetime.date:
    """The same day of the month ``count`` months on, or that month's last day; ``OverflowError`` beyond year 9999."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return datetime.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add(start: datetime.date, count: int, unit: str, calendar: Calendar, *, roll: bool = True) -> Due:
    """The last day of a period of ``count`` units from ``start``, which itself is not counted.

    Days, months and years that end on a day off end on the next working day instead (unless ``roll`` is off); working
    days count working days only. A negative count of days goes back and never rolls.
    """
    if unit == "working_day":
        day, left = start, count
        while left > 0:
            day += ONE
            left -= calendar.is_working_day(day)
        if count <= 0:
            day = calendar.next_working_day(day) if roll else day
    else:
        day = {
            "day": lambda: start + ONE * count,
            "month": lambda: add_months(start, count),
            "year": lambda: add_months(start, 12 * count),
        }[unit]()
        if roll and count >= 0:
            day = calendar.next_working_day(day)
    return Due(day, calendar.provisional(min(start, day), max(start, day)))


def used(start: datetime.date, day: datetime.date, unit: str, calendar: Calendar) -> int:
    """Whole units of a period begun on ``start`` that are over at the end of the day before ``day``.

    The day on which a clock is stopped does not count as used: what happens on it is outside the period. Months and
    years count as used only when they are full.
    """
    if day <= start:
        return 0
    if unit == "working_day":
        return sum(calendar.is_working_day(start + ONE * step) for step in range(1, (day - start).days))
    if unit == "day":
        return (day - start).days - 1
    full = (day.year - start.year) * 12 + day.month - start.month
    full -= add_months(start, full) >= day
    return max(full if unit == "month" else full // 12, 0)


def remaining(
    start: datetime.date, stopped: datetime.date, count: int, unit: str, calendar: Calendar
) -> tuple[int, str]:
    """What is left of a period of ``count`` units from ``start`` that is stopped on a day: a number and its unit.

    The days used so far stay used (鉴定、补正、公告期间 are left out, nothing else): ``add(resumed_on, left, unit)`` is
    the new last day. The day on which the clock stops is not counted as used. Working days stay working days; a
    period in months or years goes on in days, or stopping it would give its part month back. Nothing is left of a
    period that was over when it was stopped.
    """
    if unit in ("day", "working_day"):
        return max(count - used(start, stopped, unit, calendar), 0), unit
    end = add(start, count, unit, calendar, roll=False).on
    return max((end - max(stopped - ONE, start)).days, 0), "day"


def working_days_between(first: datetime.date, last: datetime.date, calendar: Calendar) -> int:
    """Working days after ``first`` up to and including ``last``; negative when ``last`` lies before."""
    if last < first:
        return -working_days_between(last, first, calendar)
    return sum(calendar.is_working_day(first + ONE * step) for step in range(1, (last - first).days + 1))
