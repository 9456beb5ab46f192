"""A standard that has been read and found consistent: what the engine and the judge work with."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from .compiled import Row, build
from .exact import Pair
from .nodes import Node, Slot, reads

#: From low to high, as the facts name them.
TRUST = ("self_declared", "counterpart_confirmed", "association_verified", "authority_document")
NO_DATA = ("zero", "full", "skip")


@dataclass(frozen=True)
class Formula:
    text: str
    node: Node

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The figures it needs, each once, in the order they appear."""
        return tuple(dict.fromkeys(slot for read in reads(self.node) for slot in read.slots()))

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot.kind for slot in self.slots))


@dataclass(frozen=True)
class Indicator:
    id: str
    points: Pair
    formula: Formula
    no_data: str


@dataclass(frozen=True)
class Group:
    id: str
    points: Pair
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Veto:
    id: str
    when: Formula
    max_stars: int


@dataclass(frozen=True)
class Grade:
    """``group_min`` is a share (0 to 1) that every group must reach, ``floors`` the same for the groups it names."""

    stars: int
    least: Pair
    group_min: Pair | None
    floors: dict[str, Pair] = field(default_factory=dict)


@dataclass(frozen=True)
class Standard:
    """Days are ISO texts, as everywhere in the facts; both ends of the window belong to it."""

    code: str
    version: str
    starts_on: str
    ends_on: str
    cutoff: str
    min_trust: str
    groups: tuple[Group, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]

    @property
    def trust_rank(self) -> int:
        return TRUST.index(self.min_trust)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for group in self.groups for indicator in group.indicators)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Every figure any formula needs; a subject's row has one pair for each, in this order."""
        formulas = [indicator.formula for indicator in self.indicators] + [veto.when for veto in self.vetoes]
        return tuple(dict.fromkeys(slot for formula in formulas for slot in formula.slots))

    @cached_property
    def places(self) -> dict[Slot, int]:
        return {slot: place for place, slot in enumerate(self.slots)}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted({slot.kind for slot in self.slots}))

    @cached_property
    def functions(self) -> dict[str, Callable[[Row], Pair | None]]:
        """The compiled formulas by id of indicator; those of vetoes under ``veto:`` and their id."""
        found = {indicator.id: build(indicator.formula.node, self.places) for indicator in self.indicators}
        return found | {f"veto:{veto.id}": build(veto.when.node, self.places) for veto in self.vetoes}

    def after(self, months: int | None) -> str:
        """The day *after* which facts of the last ``months`` months lie: as text, to compare with ``occurred_on``."""
        return months_before(self.ends_on, months) if months else ""

    def selects(self, slot: Slot, occurred_on: str, valid_until: str) -> bool:
        """Whether a counting fact of the slot's kind is one of those that the slot adds up."""
        if slot.function == "active":
            return occurred_on <= self.ends_on and (not valid_until or valid_until >= self.ends_on)
        if slot.months:
            return self.after(slot.months) < occurred_on <= self.ends_on
        return self.starts_on <= occurred_on <= self.ends_on


def months_before(day: str, months: int) -> str:
    """The same day of the month, or its last day, so many months earlier (never before the year 1)."""
    date = datetime.date.fromisoformat(day)
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    if year < 1:
        return ""
    return datetime.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1])).isoformat()
