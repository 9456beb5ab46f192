"""Which figures still need a person's word, and where they are used."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from . import figures
from .models import LocalFigure

LEVELS = ("nation", "province", "city")


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
    since: object = None
    values: dict[str, str] = field(default_factory=dict)
    proposals: list[LocalFigure] = field(default_factory=list)
    confirmed: bool = False
    not_applicable: bool = False

    @property
    def in_force(self) -> str:
        """The level whose value counts here: the nearest that has one."""
        return next((level for level in reversed(LEVELS) if self.values.get(level)), "")

    @property
    def status(self) -> str:
        """``confirmed``, ``second`` (waits for another person), ``conflict`` (two say different things) or ``pending``."""
        if len({one.value for one in self.proposals}) > 1:
            return "conflict"
        if self.proposals:
            return "second"
        return "confirmed" if self.confirmed or self.not_applicable else "pending"


def overview(region: str = "510400") -> list[Line]:
    """Every figure for one city, in the order of the shipped lists."""
    level_of = dict(zip(reversed(figures.regions(region)), LEVELS, strict=False))
    lines: dict[str, Line] = {}
    for figure in (*figures.packaged(), *figures.overlay()):
        line = lines.get(figure.key)
        if line is None:
            line = lines[figure.key] = Line(figure.key, figure.label, figure.group, figure.unit, figure.used_by)
        level = level_of.get(figure.region)
        if level is None:
            continue
        line.values[level] = figure.value
        if line.in_force in ("", level):
            line.article, line.read, line.since, line.confirmed = (
                figure.article,
                figure.read,
                figure.since,
                figure.confirmed,
            )
    local: dict[str, list[LocalFigure]] = defaultdict(list)
    for row in LocalFigure.objects.filter(region__in=figures.regions(region)).exclude(
        state=LocalFigure.State.WITHDRAWN
    ):
        local[row.key].append(row)
    for key, rows in local.items():
        if key in lines:
            lines[key].proposals = [row for row in rows if row.state == LocalFigure.State.PROPOSED]
            lines[key].not_applicable = any(row.state == LocalFigure.State.NOT_APPLICABLE for row in rows)
    return list(lines.values())


def history(key: str) -> list[LocalFigure]:
    """Everything that was ever proposed for a figure, newest first."""
    return list(LocalFigure.objects.filter(key=key).order_by("-proposed_at", "-pk"))


def unconfirmed_count() -> int:
    """How many figures still wait for somebody's word."""
    return sum(line.status != "confirmed" for line in overview())
