"""Which figures still need a person's word, and where they are used."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from wuxie.kernel.clock import overlay as files
from wuxie.kernel.clock.now import today

from . import figures
from .figures import Figure
from .models import LocalFigure

LEVELS = ("nation", "province", "city")
#: The city that the shipped lists were drawn up for.
HOME_CITY = "510400"
#: In the order in which a page counts them.
STATUSES = ("confirmed", "second", "pending", "conflict")


@dataclass
class Line:
    """One figure as the page lists it: its value at each level, where it was read, and whether someone vouches for it."""

    key: str
    label: str
    group: str
    unit: str
    used_by: tuple[str, ...]
    article: str = ""
    read: str = "memory"
    since: datetime.date | None = None
    values: dict[str, str] = field(default_factory=dict)
    proposals: list[LocalFigure] = field(default_factory=list)
    confirmed: bool = False
    not_applicable: bool = False

    @property
    def in_force(self) -> str:
        """The level whose value counts here: the nearest that has one."""
        return next((level for level in reversed(LEVELS) if self.values.get(level)), "")

    @property
    def value(self) -> str:
        """The value that counts here, empty where none is known."""
        return self.values.get(self.in_force, "")

    @property
    def status(self) -> str:
        """``confirmed``, ``second`` (waits for another person), ``conflict`` (two say different things) or ``pending``."""
        if len({(one.region, one.since, one.value) for one in self.proposals}) > len(
            {(one.region, one.since) for one in self.proposals}
        ):
            return "conflict"
        if self.proposals:
            return "second"
        return "confirmed" if self.confirmed or self.not_applicable else "pending"


def overview(region: str = HOME_CITY, on: datetime.date | None = None) -> list[Line]:
    """Every figure for one city as it stands on a day (today without it), in the order of the shipped lists."""
    local = _local(region)
    return [_with(line, local[line.key]) for line in _lines(region, on or today(), files.stamp(figures.overlay_path()))]


def _with(line: Line, local: list[LocalFigure]) -> Line:
    """The line with what was proposed here; the shipped one stays as it is."""
    return replace(
        line,
        values=dict(line.values),
        proposals=[row for row in local if row.state == LocalFigure.State.PROPOSED],
        not_applicable=any(row.state == LocalFigure.State.NOT_APPLICABLE for row in local),
    )


@lru_cache(maxsize=16)
def _lines(region: str, day: datetime.date, stamp: files.Stamp) -> tuple[Line, ...]:
    """What no proposal changes: worked out once a day and version of the file, since each page of work counts it."""
    rows: dict[str, list[tuple[Figure, bool]]] = defaultdict(list)
    for one in figures.packaged():
        rows[one.key].append((one, False))
    for one in figures.overlay():
        rows[one.key].append((one, True))
    return tuple(_line(key, found, region, day) for key, found in rows.items())


def _line(key: str, rows: list[tuple[Figure, bool]], region: str, day: datetime.date) -> Line:
    first = rows[0][0]
    line = Line(key, first.label, first.group, first.unit, first.used_by, first.article, first.read, first.since)
    places = dict(zip(LEVELS, reversed(figures.regions(region)), strict=False))
    for level, place in places.items():
        found = figures.best(_at(rows, place), day) or figures.best(_defaults(rows, level), day)
        if found is None or not found.value:
            continue
        line.values[level] = found.value
        line.article, line.read, line.since, line.confirmed = found.article, found.read, found.since, found.confirmed
        line.unit = found.unit or line.unit
    return line


def _at(rows: Iterable[tuple[Figure, bool]], place: str) -> list[tuple[Figure, bool]]:
    return [row for row in rows if row[0].region == place]


def _defaults(rows: Iterable[tuple[Figure, bool]], level: str) -> list[tuple[Figure, bool]]:
    """Shipped values that nobody vouches for: defaults for any place of that level."""
    return [row for row in rows if not row[0].confirmed and not row[1] and _level(row[0].region) == level]


def _level(region: str) -> str:
    if region == figures.NATION:
        return "nation"
    return "province" if region.endswith("0000") else "city"


def _local(region: str) -> dict[str, list[LocalFigure]]:
    found: dict[str, list[LocalFigure]] = defaultdict(list)
    rows = LocalFigure.objects.filter(region__in=figures.regions(region))
    for row in rows.exclude(state=LocalFigure.State.WITHDRAWN):
        found[row.key].append(row)
    return found


def to_confirm(region: str = HOME_CITY) -> list[Line]:
    """The figures that still need somebody's word here, each with the parts that count with it (``used_by``)."""
    return [line for line in overview(region) if line.status != "confirmed"]


def unvouched(*keys: str, region: str = HOME_CITY) -> list[Line]:
    """Of these figures those that count here today although nobody vouches for them; asks the database nothing."""
    lines = _lines(region, today(), files.stamp(figures.overlay_path()))
    return [line for line in lines if line.key in keys and line.value and not line.confirmed]


def progress(region: str = HOME_CITY) -> dict[str, int]:
    """How many figures stand in each status."""
    counted = Counter(line.status for line in overview(region))
    return {status: counted[status] for status in STATUSES}


def history(key: str) -> list[LocalFigure]:
    """Everything that was ever proposed for a figure, newest first."""
    return list(LocalFigure.objects.filter(key=key).order_by("-proposed_at", "-pk"))


def unconfirmed_count(region: str = HOME_CITY) -> int:
    """How many figures still wait for somebody's word. Every page of work counts them, so only what was proposed is weighed."""
    lines, pending = _pending(region, today(), files.stamp(figures.overlay_path()))
    local = {key: rows for key, rows in _local(region).items() if key in lines}
    open_here = sum(_with(lines[key], rows).status != "confirmed" for key, rows in local.items())
    return len(pending - local.keys()) + open_here


@lru_cache(maxsize=16)
def _pending(region: str, day: datetime.date, stamp: files.Stamp) -> tuple[dict[str, Line], frozenset[str]]:
    """Every line by its key, and the keys that wait for a word as long as nobody proposed anything."""
    lines = {line.key: line for line in _lines(region, day, stamp)}
    return lines, frozenset(key for key, line in lines.items() if line.status != "confirmed")
