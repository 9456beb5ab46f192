"""Figures of law as data: which value is in force on a day in a place, and who says so.

Every figure ships in ``data/*.yaml`` with its region, article, dates in force and how surely it was read. A city or
province may have its own: the nearest region wins (市 → 省 → 国). What the association confirmed on the spot stands in
``WUXIE_HOME/statutes.json``, so that the command line counts with the same values without starting Django.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wuxie.kernel.home import home

DATA = Path(__file__).parent / "data"
NATION = "100000"
#: How surely a figure was read: the text itself, a second-hand excerpt, or from memory.
READ = {"text": "原文", "secondhand": "二手", "memory": "未见出处"}


@dataclass(frozen=True)
class Figure:
    """One value of one figure in one region, from a day on (both ends of its life included)."""

    key: str
    label: str
    group: str
    region: str
    value: str
    unit: str
    article: str
    read: str
    since: datetime.date | None = None
    until: datetime.date | None = None
    used_by: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def number(self) -> int:
        return int(self.value)

    @property
    def fraction(self) -> Fraction:
        """The value as an exact fraction (``2/3``, ``0.05``)."""
        return Fraction(self.value)

    def holds_on(self, day: datetime.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def _figure(row: dict[str, Any], group: str) -> Figure:
    day = datetime.date.fromisoformat
    return Figure(
        key=row["key"], label=row["label"], group=group, region=str(row.get("region", NATION)), value=str(row.get("value", "")),
        unit=row.get("unit", ""), article=row.get("article", ""), read=row.get("read", "memory"),
        since=day(str(row["since"])) if row.get("since") else None, until=day(str(row["until"])) if row.get("until") else None,
        used_by=tuple(row.get("used_by", ())), confirmed=bool(row.get("confirmed", row.get("read") == "text")),
    )  # fmt: skip


@cache
def packaged() -> tuple[Figure, ...]:
    """The figures that ship with the program, in the order in which they are listed."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[Figure] = []
    for path in sorted(DATA.glob("*.yaml")):
        for group in yaml.load(path.read_text(encoding="utf-8"), Loader=loader):  # noqa: S506  a safe loader
            found += [_figure(row, group["group"]) for row in group["figures"]]
    return tuple(found)


def overlay_path() -> Path:
    return home() / "statutes.json"


_seen: tuple[int, tuple[Figure, ...]] | None = None


def overlay() -> tuple[Figure, ...]:
    """What was confirmed or added here; read again when the file changed."""
    global _seen
    path = overlay_path()
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    if _seen is None or _seen[0] != stamp:
        rows = json.loads(path.read_text(encoding="utf-8")) if stamp else []
        _seen = (stamp, tuple(_figure(row, row["group"]) for row in rows))
    return _seen[1]


def regions(region: str | None) -> list[str]:
    """The region and those above it, nearest first (``510400`` → 510400, 510000, 100000)."""
    if not region or region == NATION:
        return [NATION]
    chain = [region, region[:4] + "00", region[:2] + "0000", NATION]
    return list(dict.fromkeys(chain))


def candidates(key: str) -> Iterator[Figure]:
    """Every value of a figure; what was confirmed here stands before what was shipped."""
    yield from (figure for figure in overlay() if figure.key == key)
    yield from (figure for figure in packaged() if figure.key == key)


def figure(key: str, *, on: datetime.date, region: str | None = None) -> Figure:
    """The value in force on the day of the event; the nearest region wins. ``LookupError`` if there is none."""
    known = list(candidates(key))
    for place in regions(region):
        for found in known:
            if found.region == place and found.value and found.holds_on(on):
                return found
    # Before the first known date in force the oldest value is used: the figure existed in an earlier text.
    dated = sorted(
        (found for found in known if found.value and found.region == NATION), key=lambda found: str(found.since)
    )
    if dated:
        return dated[0]
    raise LookupError(key)
