"""The live score: the same statement on the records' own database, for one subject or many, at any moment.

No engine of its own: with an index on (subject, kind, occurred_on) one subject takes a few milliseconds. ``relation`` is
SQL text of a relation (a name or a select in brackets, without an alias) with ``selection.COLUMNS`` and whole millionths;
``subjects`` narrow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import connection

from . import selection
from .document import Standard
from .judge import Result, judge, reduced
from .language import Number, Slot, Slots, multiply

MILLION = 1_000_000


def measures(standard: Standard, relation: str, *, subjects: Sequence[str] | None = None) -> selection.Measures:
    """The figures of every subject in the relation (of some of them)."""
    found = selection.Measures(MILLION)
    narrowed = "" if subjects is None else f" WHERE subject IN ({_marks(subjects)})"
    source = f"(SELECT * FROM {relation} AS every{narrowed}) AS chosen"
    with connection.cursor() as cursor:
        for wanted, asked in selection.plans(standard):
            cursor.execute(selection.statement(standard, source, wanted, asked), list(subjects or []))
            selection.read_rows(found, cursor.fetchall(), wanted, asked)
    return found


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def score(standard: Standard, relation: str, subject: str) -> Result:
    """One subject, now."""
    return judge(standard, measures(standard, relation, subjects=[subject]).of(subject))


@dataclass(frozen=True)
class Gain:
    """What closing one indicator would add to the total, and which of its kinds no fact speaks of yet."""

    indicator: str
    label: str
    points: Number
    missing: tuple[str, ...]


def gains(standard: Standard, result: Result, slots: Slots) -> list[Gain]:
    """Every indicator that is not full, by what full marks would add to the unrounded total, the largest first."""
    found = []
    for group in result.groups:
        for one in group.indicators:
            if one.value is None or one.points[0] == 0:
                continue
            gap = reduced((one.points[0] * one.value[1] - one.value[0] * one.points[1], one.points[1] * one.value[1]))
            if gap[0] > 0:
                words = str(one.indicator.words.get("label", one.indicator.id))
                found.append(Gain(one.indicator.id, words, gap, missing(one.indicator.formula.slots, slots)))
    return sorted(found, key=lambda gain: (-Fraction(*gain.points), gain.indicator))


def missing(wanted: Iterable[Slot], slots: Slots) -> tuple[str, ...]:
    """Kinds that a formula reads and that have no figure at all."""
    kinds: dict[str, bool] = {}
    for slot in wanted:
        kinds[slot.kind] = kinds.get(slot.kind, False) or slots[slot][0] != 0
    return tuple(kind for kind, present in kinds.items() if not present)


def with_changes(standard: Standard, slots: Slots, changes: dict[Slot, Number]) -> Result:
    """The result if some figures were others (a what-if on one subject)."""
    return judge(standard, selection.Filled({**slots, **changes}))


def values(standard: Standard, indicator: str, slots: Slots) -> list[dict[str, Any]]:
    """The figures that one indicator's formula reads, as the explanation under a score shows them."""
    formula = next(one.formula for one in standard.indicators if one.id == indicator)
    return [
        {"measure": slot.measure, "kind": slot.kind, "months": slot.months, "value": slots[slot]}
        for slot in formula.slots
    ]


def share(part: Number, whole: Number) -> Number | None:
    """``part`` of ``whole`` as an exact pair, ``None`` without a whole."""
    return reduced(multiply(part, (whole[1], whole[0]))) if whole[0] > 0 else None
