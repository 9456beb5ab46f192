"""Dates and deadlines in words, as they are said on every page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.days import working_days_between
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.labels import said

WEEKDAYS = [
    gettext_noop("周一"), gettext_noop("周二"), gettext_noop("周三"), gettext_noop("周四"), gettext_noop("周五"),
    gettext_noop("周六"), gettext_noop("周日"),
]  # fmt: skip

UNITS = {
    "day": gettext_lazy("日"), "working_day": gettext_lazy("个工作日"), "month": gettext_lazy("个月"),
    "year": gettext_lazy("年"), "hour": gettext_lazy("小时"), "minute": gettext_lazy("分钟"),
}  # fmt: skip
#: What a comparison is called in the shipped lists, and its sign.
SIGNS = {"不低于": "≥ ", "低于": "< ", "超过": "> ", "不超过": "≤ "}
VALUES = {
    "not_participating": gettext_lazy("不算参与"), "participates_abstain": gettext_lazy("算参与、算弃权"),
    "participates_follow_majority": gettext_lazy("算参与、随多数"), "no": gettext_lazy("否"), "yes": gettext_lazy("是"),
}  # fmt: skip
#: What parts the numbers of a figure that has several.
LISTED = "、"


@cache
def _choices(model: type[Model], name: str) -> dict[Any, Any]:
    return dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]


def choice(row: Model, name: str) -> str:
    """The word of a chosen value. ``get_x_display`` translates every word of the field each time, which fifty rows feel."""
    value = getattr(row, name)
    return str(_choices(type(row), name).get(value, value))


def _date(value: datetime.date) -> datetime.date:
    return local(value).date() if isinstance(value, datetime.datetime) else value


def date_alone(value: datetime.date) -> str:
    """``11月27日``; with the year in front when it is not this one."""
    date = _date(value)
    if date.year != today().year:
        return full_date(date)
    return _("%(month)s月%(day)s日") % {"month": date.month, "day": date.day}


def full_date(value: datetime.date) -> str:
    """``2026年11月24日``."""
    date = _date(value)
    text = _("%(month)s月%(day)s日") % {"month": date.month, "day": date.day}
    return _("%(year)s年%(text)s") % {"year": date.year, "text": text}


def month(year: int, number: int) -> str:
    """``2026年11月``."""
    return _("%(year)s年%(month)s月") % {"year": year, "month": number}


def moment(value: datetime.datetime) -> str:
    """``11-27 15:40``; with the year in front when it is not this one."""
    at = local(value)
    return f"{at:%m-%d %H:%M}" if at.year == today().year else f"{at:%Y-%m-%d %H:%M}"


def weekday(value: datetime.date) -> str:
    return _(WEEKDAYS[value.weekday()])


def day(value: datetime.date) -> str:
    """``11月27日 周五``; with the year in front when it is not this one."""
    return f"{date_alone(value)} {weekday(_date(value))}"


def today_in_full() -> str:
    """``2026年11月24日 周二 · 工作日``."""
    day_kind = _("工作日") if calendar().is_working_day(today()) else _("休息日")
    return f"{full_day(today())} · {day_kind}"


def full_day(value: datetime.date) -> str:
    """``2026年11月24日 周二``."""
    date = _date(value)
    return _("%(year)s年%(month)s月%(day)s日 %(weekday)s") % {
        "year": date.year,
        "month": date.month,
        "day": date.day,
        "weekday": weekday(date),
    }


@dataclass(frozen=True)
class Due:
    """A deadline in words; ``tone`` is ``late``, ``today`` or empty."""

    relative: str
    absolute: str
    tone: str = ""

    def __str__(self) -> str:
        return f"{self.relative} {self.absolute}".strip()

    def __html__(self) -> str:
        kind = f"wx-due is-{self.tone}" if self.tone else "wx-due"
        return format_html('<span class="{}"><b>{}</b> <small>{}</small></span>', kind, self.relative, self.absolute)


def due(
    on: datetime.date | None,
    *,
    at: datetime.datetime | None = None,
    unit: str = "day",
) -> Due:
    """``剩 3 个工作日 · 11月27日 周五``; ``今天 17:30 前``; ``逾期 2 日``.

    A period of working days is said in working days, any other in calendar days; never both in one sentence.
    """
    last = _date(on or at)  # type: ignore[arg-type]
    if at and on is None and local(at).time() == datetime.time():
        last -= datetime.timedelta(days=1)  # midnight is the end of the day before
    distance = (last - today()).days
    passed = distance < 0 or bool(at and at < now())
    if passed and distance == 0:
        return Due(_("今天已过时"), _clock(at), "late")
    if distance == 0:
        return Due(_("今天 %s 前") % _clock(at), day(last), "today")
    working = unit == "working_day"
    count = _working_days(last) if working else abs(distance)
    if passed:
        return Due((_("逾期 %s 个工作日") if working else _("逾期 %s 日")) % count, day(last), "late")
    return Due((_("剩 %s 个工作日") if working else _("剩 %s 日")) % count, day(last))


def _working_days(last: datetime.date) -> int:
    first, last = sorted((today(), last))
    return working_days_between(first, last, calendar())


def _clock(at: datetime.datetime | None) -> str:
    text = f"{local(at):%H:%M}" if at else "24:00"
    return "24:00" if text in ("00:00", "23:59") else text


def span(first: object, last: object) -> str:
    """``2026-05-01 — 至今``: from a day to a day, both included, or until now."""
    until = last or _("至今")
    return f"{first} — {until}"


def stars(count: int) -> str:
    """``四星``; no star is said as such."""
    return [_("无星级"), _("一星"), _("二星"), _("三星"), _("四星"), _("五星")][count]


def figure(value: str, unit: str) -> str:
    """A figure of law: ``15 日``, ``≥ 2/3``, ``< 30%``, ``5,000 元``; one that is a word is said in the reader's language."""
    if value in VALUES:
        return str(VALUES[value])
    sign = next((sign for start, sign in SIGNS.items() if unit.startswith(start)), "")
    if value.isdecimal() or LISTED in value:
        word = str(UNITS.get(unit, "" if sign else said(unit)))
        number = value if LISTED in value else f"{int(value):,}"
        return f"{sign}{number} {word}".strip()
    part, slash, whole = value.partition("/")
    return f"{sign}{part}%" if slash and whole == "100" else f"{sign}{said(value)}"
