"""The calendar in force: packaged arrangements, overlaid by the years that were imported.

Imported years stand in ``WUXIE_HOME/holidays.json`` beside the database, so that the command line counts the same days
without starting Django.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.home import home

from .days import DATA, Calendar

_seen: tuple[int, Calendar] | None = None


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
    path = overlay_path()
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    if _seen is None or _seen[0] != stamp:
        _seen = (stamp, Calendar.of((packaged() | imported()).values()))
    return _seen[1]


def check_year(document: Any) -> dict[str, Any]:
    """A yearly arrangement as it is published in machine-readable form, checked; ``Problem`` names what to mend.

    ``{"year": 2027, "papers": [...], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}``
    """
    if not isinstance(document, dict):
        raise Problem("type", "$", "放假安排应是一个 JSON 对象，含 year 和 days。")
    year = document.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2099:
        raise Problem("range", "$.year", "year 应是 2000 到 2099 之间的整数。")
    days = document.get("days")
    if not isinstance(days, list) or not days:
        raise Problem("empty", "$.days", "days 里还没有日子。请填写当年的放假日和调休上班日。")
    seen: set[str] = set()
    rows = []
    for index, row in enumerate(days):
        path = f"$.days[{index}]"
        rows.append(_check_day(row, year, path))
        if rows[-1]["date"] in seen:
            raise Problem("duplicate", f"{path}.date", f"{rows[-1]['date']} 出现了两次，请留一行。")
        seen.add(rows[-1]["date"])
    if not any(row["isOffDay"] and row["date"] == f"{year}-10-01" for row in rows):
        raise Problem("missing", "$.days", f"没有 {year}-10-01 国庆节，这份安排不完整，请对照通知补齐。")
    return {"year": year, "papers": [str(paper) for paper in document.get("papers", [])], "days": rows}


def _check_day(row: Any, year: int, path: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Problem("type", path, "每个日子应是一个对象，含 date、name、isOffDay。")
    try:
        day = datetime.date.fromisoformat(row.get("date", ""))
    except (TypeError, ValueError):
        raise Problem("type", f"{path}.date", "日期应写成 2027-01-01 这样。") from None
    if day.year not in (year - 1, year):
        raise Problem("range", f"{path}.date", f"{day} 不在 {year} 年的安排里，请检查年份。")
    if not isinstance(row.get("isOffDay"), bool):
        raise Problem("type", f"{path}.isOffDay", "isOffDay 应是 true（放假）或 false（上班）。")
    if not row["isOffDay"] and day.weekday() < 5:
        raise Problem("range", f"{path}.isOffDay", f"{day} 是工作日，不需要写成调休上班。请核对通知。")
    return {"date": day.isoformat(), "name": str(row.get("name", "")), "isOffDay": row["isOffDay"]}


def import_year(document: Any) -> dict[str, Any]:
    """Add or replace a year for this installation; the file is replaced whole, never half written."""
    table = check_year(document)
    years = imported() | {table["year"]: table}
    path = overlay_path()
    draft = path.with_suffix(".new")
    draft.write_text(
        json.dumps([years[year] for year in sorted(years)], ensure_ascii=False, indent=1), encoding="utf-8"
    )
    draft.replace(path)
    return table
