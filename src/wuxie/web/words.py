"""Dates and deadlines in words, as they are said on every page."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local, today


def _date(value: datetime.date) -> datetime.date:
    return local(value).date() if isinstance(value, datetime.datetime) else value


def weekday(value: datetime.date) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][value.weekday()]


def day(value: datetime.date) -> str:
    """``11月27日 周五``; with the year in front when it is not this one."""
    date = _date(value)
    text = _("%(month)s月%(day)s日") % {"month": date.month, "day": date.day}
    if date.year != today().year:
        text = _("%(year)s年%(text)s") % {"year": date.year, "text": text}
    return f"{text} {weekday(date)}"


def full_day(value: datetime.date) -> str:
    """``2026年11月24日 周二``."""
    date = _date(value)
    return _("%(year)s年%(month)s月%(day)s日 %(weekday)s") % {
        "year": date.year,
        "month": date.month,
        "day": date.day,
        "weekday": weekday(date),
    }


def remaining(due: datetime.date, *, days: int | None = None, working: bool = False) -> tuple[str, str]:
    """``("剩 3 个工作日", "")``, ``("今天到期", "today")``, ``("逾期 2 日", "late")``.

    ``days`` is the number of working days between today and the due day (never negative), counted by the caller's
    calendar; without it calendar days are said. The two are never mixed in one sentence.
    """
    distance = (_date(due) - today()).days
    if distance == 0:
        return _("今天到期"), "today"
    count = abs(distance) if days is None else days
    if distance < 0:
        return (_("逾期 %s 个工作日") if working else _("逾期 %s 日")) % count, "late"
    return (_("剩 %s 个工作日") if working else _("剩 %s 日")) % count, ""
