"""Which drills a year asks for, and in which part of it: pure, exact, without the ORM.

生产安全事故应急预案管理办法 (应急管理部令第2号): a full or special drill at least once a year, an on-site one at least once
in half a year; lift rescue by the rules on special equipment. How many months a part has is a figure of ``statutes``.
"""

from __future__ import annotations

import calendar
import datetime


def parts(year: int, months: int) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of each part of a year; a length that does not divide the year leaves a shorter last part.

    ``ValueError`` for fewer than one month.
    """
    if months < 1:
        raise ValueError(months)
    found = []
    for first in range(1, 13, months):
        last = min(first + months - 1, 12)
        found.append((
            datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1]),
        ))  # fmt: skip
    return found


def part_of(day: datetime.date, months: int) -> tuple[datetime.date, datetime.date]:
    """The part of the year that a day lies in."""
    return next((first, last) for first, last in parts(day.year, months) if first <= day <= last)
