"""When a periodic inspection is due next.

Sources: TSG T7001-2023 and TSG T7008-2023 (lifts: inspected in certain years after the first, tested in the others); 消防法
art. 16; 防雷减灾管理办法 art. 19; 四川省生活饮用水卫生监督管理办法; TSG 21-2016 and the verification rule for pressure gauges. A due
month is counted from the base, never from the day on which the last visit happened to take place: 特种设备 keep their month.
Years and months come from ``statutes``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure

LIFT = "lift"
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
