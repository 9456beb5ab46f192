"""Statutory clocks: when a period ends that began with an event (contract ``deadline``)."""

from __future__ import annotations

import datetime
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.registry import Calculator
from wuxie.kernel.clock.days import Calendar, add
from wuxie.kernel.clock.tables import calendar as current_calendar

from .figures import figure

RULES = (
    "petition.forward", "petition.accept", "petition.objection", "petition.conclude", "petition.review", "petition.reexamine",
    "mediation.complete", "mediation.confirm", "assembly.notice", "tender.bidding", "tender.complaint", "takeover.filing", "custom",
)  # fmt: skip
BEFORE = ("assembly.notice",)
UNITS = ("day", "working_day", "month")
#: A century of days: more is a slip of the finger.
MOST = 36_600


def deadline(document: Any, calendar: Calendar | None = None) -> dict[str, Any]:
    """``{"rule", "from", "extended"?, "region"?}`` (``custom``: and ``count``, ``unit``) → due day, unit, count, source."""
    found = read.obj(document, "$", required=("rule", "from"), optional=("extended", "region", "count", "unit"))
    rule = read.choice(found["rule"], "$.rule", RULES)
    start = read.date(found["from"], "$.from")
    extended = read.flag(found.get("extended", False), "$.extended")
    region = _region(found["region"]) if "region" in found else None
    count, unit, source = _custom(found) if rule == "custom" else _statutory(rule, found, start, extended, region)
    calendar = calendar or current_calendar()
    try:
        if rule in BEFORE:
            due = add(start, -count, unit, calendar)
        else:
            due = add(start, count, unit, calendar)
    except OverflowError:
        at = "$.count" if rule == "custom" else "$.from"
        raise Problem("range", at, "算出来的日期超出了公元 1 年到 9999 年，请检查起算日和期限。") from None
    return {"due": due.on.isoformat(), "unit": unit, "count": count, "source": source, "provisional": due.provisional}


def _region(value: Any) -> str:
    code = read.text(value, "$.region")
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise Problem("range", "$.region", "region 应是六位行政区划代码，例如 510400。")
    return code


def _custom(found: dict[str, Any]) -> tuple[int, str, str]:
    for name in ("count", "unit"):
        if name not in found:
            raise Problem("missing", f"$.{name}", f"自定期限要写明“{name}”。")
    unit = read.choice(found["unit"], "$.unit", UNITS)
    return (
        read.whole(found["count"], "$.count", least=1, most=MOST),
        unit,
        "自定期限；起算与顺延按民法典第201条、第203条",
    )


def _statutory(
    rule: str, found: dict[str, Any], start: datetime.date, extended: bool, region: str | None
) -> tuple[int, str, str]:
    for name in ("count", "unit"):
        if name in found:
            raise Problem(
                "unknown_key", f"$.{name}", f"“{rule}”的期限由法规规定，不能另写“{name}”；要自定请用 custom。"
            )
    value = figure(f"deadline.{rule}", on=start, region=region)
    count, source, sure = value.number, value.article, value.confirmed
    if extended and rule == "petition.conclude":
        more = figure("deadline.petition.conclude.extension", on=start, region=region)
        count, source, sure = count + more.number, more.article, sure and more.confirmed
    return count, value.unit, source if sure else f"{source}；按未核定数值"


DEADLINE = Calculator("deadline", "法定期限", deadline)
