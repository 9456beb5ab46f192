"""When a duty can be done: from which moment to which, for every rhythm, on any day of the year. No ORM, no clock.

A shift ends when it ends, a day at midnight, a week on Sunday, a month on its last day, whichever that is. From the week up,
a last day that is a statutory holiday moves to the next working day (全国年节及纪念日放假办法; the catalogue's rule), but never in
the flood season. A duty of half a year may be done some days later.
"""

from __future__ import annotations

import calendar as months
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wuxie.kernel.clock.days import Calendar, statutory_days
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .words import Every, Only, Shifts

ONE = datetime.timedelta(days=1)
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
#: The hours of each shift, and whether it is a night; one that goes past 24 ends on the next day.
SHIFTS: dict[str, tuple[tuple[int, int, str], ...]] = {
    Shifts.DAY: ((8, 20, Only.DAY),),
    Shifts.TWO: ((8, 20, Only.DAY), (20, 32, Only.NIGHT)),
    Shifts.THREE: ((0, 8, Only.NIGHT), (8, 16, Only.DAY), (16, 24, "")),
}
#: Rhythms that have one window a period, shortest first.
PERIODS = (Every.WEEK, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR)
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


@dataclass(frozen=True)
class Window:
    """One time to do the duties of a rhythm. ``day`` names the period (its first day), ``shift`` counts from 1."""

    every: str
    day: datetime.date
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    shifts: str = ""
    shift: int = 0
    only: str = ""
    running: bool = False
    """The period began earlier: only for lists that begin today."""


@dataclass(frozen=True)
class Figures:
    """What the statutes say on a day; a flood season that cannot be read counts as the whole year: nothing is put off."""

    flood: tuple[str, str]
    grace: int

    @classmethod
    def on(cls, day: datetime.date) -> Figures:
        ends = [figure(f"safety.flood_{end}", on=day, region=HOME_CITY).value for end in ("from", "to")]
        grace = figure("safety.half_year_grace", on=day, region=HOME_CITY).value
        readable = all(MONTH_DAY.fullmatch(end) for end in ends)
        return cls((ends[0], ends[1]) if readable else ("01-01", "12-31"), int(grace))


def in_season(day: datetime.date, first: str, last: str) -> bool:
    """Whether a day lies between two days of the year (``06-01``), across New Year where the last comes first."""
    here = day.strftime("%m-%d")
    return first <= here <= last if first <= last else here >= first or here <= last


def at(day: datetime.date, hour: int = 0) -> datetime.datetime:
    """A whole hour of a day in Shanghai, in UTC; hour 32 is eight in the next morning."""
    return (datetime.datetime.combine(day, datetime.time(), SHANGHAI) + hour * datetime.timedelta(hours=1)).astimezone(
        datetime.UTC
    )


def period(every: str, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and last day of the week, month, quarter, half year or year that a day lies in."""
    if every == Every.WEEK:
        first = day - ONE * day.weekday()
        return first, first + ONE * 6
    length = MONTHS[Every(every)]
    begins = (day.month - 1) // length * length + 1
    ends = begins + length - 1
    return day.replace(month=begins, day=1), datetime.date(day.year, ends, months.monthrange(day.year, ends)[1])


def last_day(every: str, day: datetime.date, calendar: Calendar, figures: Figures) -> datetime.date:
    """The last day on which the duty of a day's period is in time."""
    last = period(every, day)[1]
    if every == Every.HALF_YEAR:
        last += ONE * figures.grace
    if is_holiday(last, calendar) and not in_season(last, *figures.flood):
        return calendar.next_working_day(last)
    return last


def is_holiday(day: datetime.date, calendar: Calendar) -> bool:
    """A day off by the State Council's arrangement; by the law itself where none is published. A plain Sunday is none."""
    return day in calendar.off or day.year not in calendar.years and day in statutory_days(day.year)


def windows(day: datetime.date, calendar: Calendar, figures: Figures) -> Iterator[Window]:
    """Everything that opens on a day, and what is running of longer periods."""
    for shifts, hours in SHIFTS.items():
        for number, (start, end, only) in enumerate(hours, start=1):
            yield Window(Every.SHIFT, day, at(day, start), at(day, end), shifts, number, only)
    yield Window(Every.DAY, day, at(day), at(day + ONE))
    for every in PERIODS:
        first = period(every, day)[0]
        closes = at(last_day(every, day, calendar, figures) + ONE)
        yield Window(every, first, at(day), closes, running=first != day)
