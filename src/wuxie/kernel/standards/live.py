"""The live score: the same statement on the records' own database, for one subject or many, at any moment.

No engine of its own: with an index on (subject, kind, occurred_on) one subject takes a few milliseconds. ``relation`` is
SQL text of a relation (a name or a select in brackets, without an alias) with ``selection.COLUMNS`` and whole millionths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db import connection

from . import selection
from .document import Standard
from .judge import Result, reduced
from .language import Number, Slot, Slots
from .selection import MILLION


def measures(standard: Standard, relation: str) -> selection.Measures:
    """The figures of every subject in the relation."""
    found = selection.Measures(MILLION)
    with connection.cursor() as cursor:
        for wanted, asked in selection.plans(standard):
            cursor.execute(selection.statement(standard, f"{relation} AS chosen", wanted, asked))
            selection.read_rows(found, cursor.fetchall(), wanted, asked)
    return found


#: Which facts a reading function selects: ``None`` those of the window, a number those of its last months, ``"active"`` those
#: that hold on its last day.
Pick = int | str | None


def pick(slot: Slot) -> Pick:
    return "active" if slot.measure == "active" else slot.months


def _condition(standard: Standard, one: Pick) -> str:
    if one == "active":
        return selection.active(standard)
    assert not isinstance(one, str)
    return selection.span(standard, one).sql()


def picks(slots: Iterable[Slot]) -> dict[str, frozenset[Pick]]:
    """Kind → all the ways in which these functions select its facts."""
    found: dict[str, set[Pick]] = defaultdict(set)
    for slot in slots:
        found[slot.kind].add(pick(slot))
    return {kind: frozenset(ways) for kind, ways in found.items()}


def _order(ways: frozenset[Pick]) -> list[str]:
    return sorted(map(str, ways))


def _any(standard: Standard, ways: frozenset[Pick]) -> str:
    return " OR ".join(f"({_condition(standard, one)})" for one in sorted(ways, key=str))


@dataclass(frozen=True)
class Behind:
    """How many facts stand behind each indicator of a subject, and behind all of them together; each counted once."""

    indicators: Mapping[str, int]
    every: int


NOTHING = Behind({}, 0)


def behind(standard: Standard, relation: str) -> dict[str, Behind]:
    """Subject → how many facts its indicators select; one statement."""
    wanted = {one.id: picks(one.formula.slots) for one in standard.indicators}
    whole = picks(slot for one in standard.indicators for slot in one.formula.slots)
    sets = sorted({ways for kinds in (*wanted.values(), whole) for ways in kinds.values()}, key=_order)
    if not sets:
        return {}
    columns = ", ".join(f"COUNT(CASE WHEN {_any(standard, ways)} THEN 1 END)" for ways in sets)
    counted: dict[str, dict[str, dict[frozenset[Pick], int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject, kind, {columns} FROM {relation} AS chosen WHERE {selection.counted(standard)}"
            f" AND kind IN ({_texts(whole)}) GROUP BY subject, kind"
        )
        for subject, kind, *values in cursor.fetchall():
            counted[subject][kind] = dict(zip(sets, values, strict=True))
    return {
        subject: Behind(
            {
                name: sum(kinds[kind][ways] for kind, ways in asked.items() if kind in kinds)
                for name, asked in wanted.items()
            },
            sum(kinds[kind][ways] for kind, ways in whole.items() if kind in kinds),
        )
        for subject, kinds in counted.items()
    }


def _texts(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))


def selecting(standard: Standard, relation: str, indicator: str) -> str:
    """SQL of the ids of all facts that one indicator selects, to stand in brackets or before ``ORDER BY``."""
    formula = next(one.formula for one in standard.indicators if one.id == indicator)
    asked = picks(formula.slots)
    tests = [f"(kind IN ({_texts([kind])}) AND ({_any(standard, ways)}))" for kind, ways in sorted(asked.items())]
    wanted = " OR ".join(tests) or "1 = 0"
    return f"SELECT id FROM {relation} AS chosen WHERE {selection.counted(standard)} AND ({wanted})"


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
