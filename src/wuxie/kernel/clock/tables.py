"""The calendar in force: packaged arrangements, overlaid by the years that were imported.

Imported years stand in the database (who, when) and in ``WUXIE_HOME/holidays.json``, so that the command line counts the
same days without starting Django. This module reads and writes the file; ``actions`` keeps the two the same.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.home import home

from . import overlay
from .days import DATA, Calendar

_seen: tuple[object, Calendar] | None = None


def overlay_path() -> Path:
    return home() / "holidays.json"


def packaged() -> dict[int, dict[str, Any]]:
    """The years that ship with the program."""
    tables = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("[12][0-9][0-9][0-9].json")))
    return {table["year"]: table for table in tables}


def imported() -> dict[int, dict[str, Any]]:
    """The years that were imported here."""
    path = overlay_path()
    if not path.exists():
        return {}
    return {table["year"]: table for table in json.loads(path.read_text(encoding="utf-8"))}


def calendar() -> Calendar:
    """The calendar to count by; read again when the overlay changed."""
    global _seen
    stamp = overlay.stamp(overlay_path())
    if _seen is None or _seen[0] != stamp:
        _seen = (stamp, Calendar.of((packaged() | imported()).values()))
    return _seen[1]


def with_year(table: dict[str, Any]) -> Calendar:
    """The calendar as it would be with this year's arrangement."""
    return Calendar.of((packaged() | imported() | {table["year"]: table}).values())


def in_force(year: int) -> dict[datetime.date, bool]:
    """The days that a year's table names now, and whether each is off; empty where nothing is published."""
    table = (packaged() | imported()).get(year, {"days": []})
    return {datetime.date.fromisoformat(day["date"]): day["isOffDay"] for day in table["days"]}


def missing(day: datetime.date) -> list[int]:
    """Years whose table should be here by this day: its own, and after 1 November the next (published in November)."""
    wanted = [day.year] + ([day.year + 1] if (day.month, day.day) > (11, 1) else [])
    return [year for year in wanted if year not in calendar().years]


def write(tables: Iterable[dict[str, Any]]) -> None:
    """Make these the imported years of this installation."""
    rows = sorted(tables, key=lambda table: table["year"])
    overlay.replace(overlay_path(), json.dumps(rows, ensure_ascii=False, indent=1))


def check_year(document: Any) -> dict[str, Any]:
    """A yearly arrangement as it is published in machine-readable form, checked; ``Problem`` names what to mend.

    ``{"year": 2027, "papers": [...], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}``
    """
    found = read.obj(document, "$", required=("year", "days"), optional=("papers", "source", "$schema", "$id"))
    year = read.whole(found["year"], "$.year", least=2000, most=2099)
    seen: set[str] = set()
    rows = []
    for path, row in read.rows(found["days"], "$.days", empty=False):
        day = _check_day(row, year, path)
        read.unique(day["date"], seen, f"{path}.date", "日期")
        seen.add(day["date"])
        rows.append(day)
    if not any(row["isOffDay"] and row["date"] == f"{year}-10-01" for row in rows):
        raise Problem("missing", "$.days", f"没有 {year}-10-01 国庆节，这份安排不完整，请对照通知补齐。")
    papers = [read.text(paper, path) for path, paper in read.rows(found.get("papers", []), "$.papers")]
    source = read.text(found["source"], "$.source")[:120] if found.get("source") else ""
    return {"year": year, "papers": papers, "source": source, "days": sorted(rows, key=lambda row: row["date"])}


def _check_day(row: Any, year: int, path: str) -> dict[str, Any]:
    row = read.obj(row, path, required=("date", "isOffDay"), optional=("name",))
    day = read.date(row["date"], f"{path}.date")
    if not datetime.date(year - 1, 12, 1) <= day <= datetime.date(year, 12, 31):
        raise Problem("range", f"{path}.date", f"{day} 不在 {year} 年的安排里，请检查年份。")
    off = read.flag(row["isOffDay"], f"{path}.isOffDay")
    if not off and day.weekday() < 5:
        raise Problem("range", f"{path}.isOffDay", f"{day} 本来就是工作日，不用写成调休上班。请对照通知改正。")
    name = row.get("name", "")
    return {"date": day.isoformat(), "name": read.text(name, f"{path}.name") if name != "" else "", "isOffDay": off}
