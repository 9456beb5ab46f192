"""Figures of law as data: which value is in force on a day in a place, and who says so.

Every figure ships in ``data/*.yaml`` with its region, article, dates in force and how surely it was read. A city or
province may have its own: the nearest region wins (市 → 省 → 国). What the association confirmed on the spot stands in
``WUXIE_HOME/statutes.json``, so that the command line counts with the same values without starting Django.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wuxie.kernel.clock import overlay as files
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


_seen: tuple[files.Stamp, tuple[Figure, ...]] | None = None


def overlay() -> tuple[Figure, ...]:
    """What was confirmed or added here; read again when the file changed."""
    global _seen
    path = overlay_path()
    stamp = files.stamp(path)
    if _seen is None or _seen[0] != stamp:
        rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        _seen = (stamp, tuple(_figure(row, row["group"]) for row in rows))
    return _seen[1]


def regions(region: str | None) -> list[str]:
    """The region and those above it, nearest first (``510400`` → 510400, 510000, 100000)."""
    if not region or region == NATION:
        return [NATION]
    chain = [region, region[:4] + "00", region[:2] + "0000", NATION]
    return list(dict.fromkeys(chain))


@cache
def _shipped() -> dict[str, tuple[Figure, ...]]:
    """The packaged figures that have a value, by key."""
    found: dict[str, list[Figure]] = {}
    for one in packaged():
        if one.value:
            found.setdefault(one.key, []).append(one)
    return {key: tuple(rows) for key, rows in found.items()}


def versions(key: str) -> list[tuple[Figure, bool]]:
    """Every value of a figure, and whether it was confirmed here rather than shipped."""
    local = [(one, True) for one in overlay() if one.key == key and one.value]
    return local + [(one, False) for one in _shipped().get(key, ())]


def best(found: Iterable[tuple[Figure, bool]], day: datetime.date) -> Figure | None:
    """Of the values for one region, the one to count with on a day.

    Somebody vouched for it rather than nobody; then the newest in force; then the one confirmed here. Something
    confirmed here without a day in force holds at once.
    """

    def rank(row: tuple[Figure, bool]) -> tuple[bool, datetime.date, bool]:
        one, here = row
        undated = datetime.date.max if here else datetime.date.min
        return one.confirmed, one.since or undated, here

    holding = [row for row in found if row[0].holds_on(day)]
    return max(holding, key=rank)[0] if holding else None


def figure(key: str, *, on: datetime.date, region: str | None = None) -> Figure:
    """The value in force on the day of the event; the nearest region wins (市 → 省 → 国).

    Before the first day known, the oldest value of the nation counts (an earlier text said it too); after the last, the
    latest. A local figure that nobody confirmed for this place falls back to the default that ships. ``LookupError``
    if there is no such figure.
    """
    known = versions(key)
    for place in regions(region):
        found = best([row for row in known if row[0].region == place], on)
        if found:
            return found
    ended = [one for one, _ in known if one.region == NATION and one.since]
    if ended:
        started = [one for one in ended if one.since and one.since <= on]
        return max(started, key=lambda one: str(one.since)) if started else min(ended, key=lambda one: str(one.since))
    default = best([row for row in known if not row[0].confirmed], on)
    if default is None:
        raise LookupError(key)
    return default
