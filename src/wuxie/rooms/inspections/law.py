"""When a periodic inspection is due next.

Sources: TSG T7001-2023 and TSG T7008-2023 (lifts: inspected in certain years after the first, tested in the others); 消防法
art. 16; 防雷减灾管理办法 art. 19; 四川省生活饮用水卫生监督管理办法; TSG 21-2016 and the verification rule for pressure gauges. A due
month is counted from the base, never from the day on which the last visit happened to take place: 特种设备 keep their month.
Years and months come from ``statutes``.
"""

from __future__ import annotations

import calendar as months_of
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure

LIFT = "lift"
INSPECTION, TESTING = "inspection", "testing"
DAYS_A_MONTH = 30
#: What is due again some months after the last time → the figure that says how many.
CYCLES = {
    "fire_facilities": "inspection.fire",
    "lightning": "inspection.lightning",
    "lightning_hazardous": "inspection.lightning_hazardous",
    "water_tank_cleaning": "inspection.water_tank",
    "water_test": "inspection.water_test",
    "safety_valve": "inspection.safety_valve",
    "pressure_gauge": "inspection.pressure_gauge",
}
OBJECTS = (LIFT, *CYCLES)


def lift_years(on: datetime.date) -> tuple[int, ...]:
    """The years after the base month in which a lift is inspected, ascending; after the last of them, every year is one."""
    return tuple(int(year) for year in figure("inspection.lift", on=on).value.split("、"))


def lift_schedule(
    base: datetime.date, until: datetime.date, years: tuple[int, ...]
) -> Iterator[tuple[datetime.date, str]]:
    """Each due month up to and with ``until`` (first days of months), and whether it is an inspection or a test."""
    for year in range(1, until.year - base.year + 1):
        due = base.replace(year=base.year + year)
        if due > until:
            return
        yield due, "inspection" if year in years or year > years[-1] else "testing"


def next_due(last: datetime.date, months: int) -> datetime.date:
    """So many months on: the same day, or the month's last."""
    return add_months(last, months)


def inspection(document: Any) -> dict[str, Any]:
    """When an object is due (contract ``inspection``): a lift's whole schedule, another object's next day."""
    found = read.obj(document, "$", required=("object",), optional=("base", "done", "until", "last"))
    if read.choice(found["object"], "$.object", OBJECTS) == LIFT:
        return _lift(read.obj(document, "$", required=("object", "base", "until"), optional=("done",)))
    found = read.obj(document, "$", required=("object", "last"))
    last = read.date(found["last"], "$.last")
    try:
        due = next_due(last, figure(CYCLES[found["object"]], on=today()).number)
    except OverflowError:
        raise Problem("range", "$.last", "算出来的日期超出了公元 9999 年，请检查上次的日期。") from None
    return {"next_due": due.isoformat()}


def _lift(found: dict[str, Any]) -> dict[str, Any]:
    base, until = read.month(found["base"], "$.base"), read.month(found["until"], "$.until")
    due = dict(lift_schedule(base, until, lift_years(today())))
    done: set[str] = set()
    for path, value in read.rows(found.get("done", []), "$.done"):
        if read.month(value, path) not in due:
            raise Problem(
                "reference", path, f"{value} 不是应检月份。基准月是 {found['base']}，每年这个月一次，算到 until 为止。"
            )
        read.unique(value, done, path, "月份")
        done.add(value)
    schedule = [{"due": month.isoformat()[:7], "kind": kind} for month, kind in due.items()]
    return {"next_due": next((row["due"] for row in schedule if row["due"] not in done), None), "schedule": schedule}


# The number of a report.

#: Letters of either script, digits and the signs that agencies put between them.
NUMBER = re.compile(r"[(〔0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff()〔〕\[\]/._·#-]{2,59}")


def report_number(typed: str) -> str | None:
    """As it is compared and kept: one width, no blanks, capitals; ``None`` of what cannot be a number (short, odd signs, no digit).

    >>> report_number(" ｔｓ－2026 — 0917 "), report_number("（川）检字2026-1号"), report_number("无"), report_number("见附件")
    ('TS-2026-0917', '(川)检字2026-1号', None, None)
    """
    plain = re.sub(r"[‐-―−]+", "-", unicodedata.normalize("NFKC", typed))
    plain = re.sub(r"-{2,}", "-", re.sub(r"\s+", "", plain)).upper()
    return plain if NUMBER.fullmatch(plain) and any(sign.isdigit() for sign in plain) else None


# What the register counts with: the same rules for any item of the catalogue.


@dataclass(frozen=True)
class Cycle:
    """How often something is due, counted from its base. Lengths are months.

    ``first``: until the first time, if it is another length. ``old_months``: the length once ``old_after`` months have passed
    since the base. ``lift``: which of a lift's two kinds of years, with ``years`` of inspection.
    """

    months: int
    first: int = 0
    old_months: int = 0
    old_after: int = 0
    lift: str = ""
    years: tuple[int, ...] = ()

    def early(self, months: int) -> int:
        """Within how many days before its due date a visit counts for it: ``months`` of a cycle of a year or more, a sixth of a shorter one."""
        return months * DAYS_A_MONTH if self.months >= 12 else self.months * DAYS_A_MONTH // 6


def dues(cycle: Cycle, base: datetime.date) -> Iterator[datetime.date]:
    """Every due date from the base on, ascending, without end: of a lift the last day of its month, else the base's day of the month."""
    if cycle.lift:
        yield from _lift_dues(cycle, base)
        return
    passed = cycle.first or cycle.months
    while True:
        yield add_months(base, passed)
        passed += cycle.old_months if cycle.old_months and passed >= cycle.old_after else cycle.months


def _lift_dues(cycle: Cycle, base: datetime.date) -> Iterator[datetime.date]:
    """Testing ends with the last of the years; from then on every year is one of inspection."""
    year = 1
    while year <= cycle.years[-1] or cycle.lift == INSPECTION:
        kind = INSPECTION if year in cycle.years or year > cycle.years[-1] else TESTING
        if kind == cycle.lift:
            yield _month_end(base.year + year, base.month)
        year += 1


def _month_end(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, months_of.monthrange(year, month)[1])


def due_after(cycle: Cycle, base: datetime.date, day: datetime.date) -> datetime.date | None:
    """The first due date after a day; ``None`` where there is none any more (a lift past its years of testing)."""
    return next((due for due in dues(cycle, base) if due > day), None)


def covered(cycle: Cycle, done: datetime.date, early: int) -> datetime.date:
    """The last due date that a visit on this day can count for; ``early`` in months, as the rule says."""
    return done + datetime.timedelta(days=cycle.early(early))


def due_next(
    cycle: Cycle, base: datetime.date, *, due: datetime.date, done: datetime.date, early: int
) -> tuple[datetime.date, datetime.date | None]:
    """Base and next due date after the one at ``due`` was done.

    The next is counted from the due month, not from the visit, however late it was (TSG T7001-2023); one that fell due before the visit
    is passed over. A visit more than ``early`` months ahead of its due month sets a new base, except that a lift keeps its own.
    """
    reach = covered(cycle, done, early)
    if due > reach and not cycle.lift:
        return done, add_months(done, cycle.months)
    return base, due_after(cycle, base, max(due, reach))
