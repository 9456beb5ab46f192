"""Which facts count, and the one statement that adds them up.

The text is written once, in the SQL that DuckDB, Spark, SQLite and PostgreSQL share: days are ISO texts, quantities whole
numbers of one scale. It reads a relation with the columns of ``COLUMNS`` and answers a row for each subject and kind.
``add_up`` does the same in Python, for small inputs and as the second opinion in tests.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.clock.days import add_months

from .document import TRUST, Standard
from .language import Number, Slot, Slots

#: id, kind, subject, quantity (whole number), occurred_on, recorded_on, valid_until ('' if none), trust (0–3),
#: superseded (0/1), disputed (0/1)
COLUMNS = (
    "id",
    "kind",
    "subject",
    "quantity",
    "occurred_on",
    "recorded_on",
    "valid_until",
    "trust",
    "superseded",
    "disputed",
)


@dataclass(frozen=True)
class Span:
    """The days of the window, or of its last months: after ``after`` (included if ``closed``) up to ``to``."""

    first: str
    to: str
    closed: bool

    def holds(self, day: str) -> bool:
        return (self.first <= day if self.closed else self.first < day) and day <= self.to

    def sql(self) -> str:
        return f"occurred_on >{'=' if self.closed else ''} '{self.first}' AND occurred_on <= '{self.to}'"


def span(standard: Standard, months: int | None) -> Span:
    """The window (both ends in), or what lies after window.to minus so many months."""
    to = standard.end.isoformat()
    if months is None:
        return Span(standard.start.isoformat(), to, True)
    try:
        first = add_months(standard.end, -months)
    except OverflowError:
        first = datetime.date.min
    return Span(first.isoformat(), to, False)


def slots(standard: Standard) -> tuple[Slot, ...]:
    """Every figure that the standard reads, once."""
    return tuple(dict.fromkeys(slot for formula in standard.formulas() for slot in formula.slots))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def counted(standard: Standard) -> str:
    """The condition under which a fact counts at all."""
    return f"trust >= {standard.min_trust} AND superseded = 0 AND disputed = 0 AND recorded_on <= '{standard.cutoff.isoformat()}'"


def active(standard: Standard) -> str:
    """The condition under which a level holds on the window's last day."""
    to = standard.end.isoformat()
    return f"occurred_on <= '{to}' AND (valid_until = '' OR valid_until >= '{to}')"


def columns(wanted: Iterable[Slot], standard: Standard) -> dict[tuple[str, int | None], str]:
    """The aggregates to ask for: one for each measure and number of months that some formula reads."""
    found: dict[tuple[str, int | None], str] = {}
    for slot in wanted:
        key = (slot.measure, slot.months)
        if key in found:
            continue
        if slot.measure == "active":
            found[key] = f"SUM(CASE WHEN {active(standard)} THEN quantity END)"
            continue
        inside = span(standard, slot.months).sql()
        found[key] = {
            "count": f"COUNT(CASE WHEN {inside} THEN 1 END)",
            "sum": f"SUM(CASE WHEN {inside} THEN quantity END)",
            "days": f"COUNT(DISTINCT CASE WHEN {inside} THEN occurred_on END)",
        }[slot.measure]
    return found


def reach(standard: Standard, wanted: Iterable[Slot]) -> str:
    """The days outside of which a fact cannot matter to any of these figures: an engine need not read them."""
    wanted = tuple(wanted)
    days = f"occurred_on <= '{standard.end.isoformat()}'"
    if any(slot.measure == "active" for slot in wanted):
        return days
    return f"occurred_on >= '{min(span(standard, slot.months).first for slot in wanted)}' AND {days}"


def statement(
    standard: Standard, relation: str, wanted: Iterable[Slot], asked: Iterable[tuple[str, int | None]]
) -> str:
    """``SELECT subject, kind, <aggregates> … GROUP BY subject, kind`` over the kinds and days that are asked for."""
    wanted = tuple(wanted)
    every = columns(wanted, standard)
    kinds = sorted({slot.kind for slot in wanted})
    return (
        f"SELECT subject, kind, {', '.join(every[key] for key in asked)} FROM {relation} "
        f"WHERE {counted(standard)} AND {reach(standard, wanted)} AND kind IN ({', '.join(map(_text, kinds))}) "
        "GROUP BY subject, kind"
    )


def plans(standard: Standard) -> list[tuple[tuple[Slot, ...], tuple[tuple[str, int | None], ...]]]:
    """What to ask in one statement each: what flows reads the days of the windows only, a level reads all the past but
    of few kinds, and distinct days are four times dearer than sums."""
    wanted = slots(standard)
    made = []
    for measures in (("count", "sum"), ("active",), ("days",)):
        part = tuple(one for one in wanted if one.measure in measures)
        if part:
            made.append((part, tuple(columns(part, standard))))
    return made


class Measures:
    """The figures of every subject; what no fact speaks of is nought."""

    def __init__(self, scale: int = 1) -> None:
        self.scale = scale
        self._values: dict[str, dict[Slot, Number]] = defaultdict(dict)

    def put(self, subject: str, slot: Slot, value: int) -> None:
        if value:
            self._values[subject][slot] = (value, self.scale if slot.measure in ("sum", "active") else 1)

    def of(self, subject: str) -> Slots:
        return Filled(self._values.get(subject, {}))


class Filled(dict[Slot, Number]):
    """The figures of one subject as a mapping that answers nought for the rest."""

    def __missing__(self, slot: Slot) -> Number:
        return (0, 1)


def read_rows(
    measures: Measures,
    rows: Iterable[tuple[Any, ...]],
    wanted: tuple[Slot, ...],
    asked: tuple[tuple[str, int | None], ...],
) -> None:
    """Put the rows of a statement where the formulas find them."""
    by_kind: dict[str, list[tuple[Slot, int]]] = defaultdict(list)
    for slot in wanted:
        by_kind[slot.kind].append((slot, asked.index((slot.measure, slot.months)) + 2))
    for row in rows:
        for slot, place in by_kind[row[1]]:
            measures.put(row[0], slot, int(row[place] or 0))


MILLION = 1_000_000


def from_rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Contract rows as the reading functions take them: whole millionths, ranks and flags."""
    ranks = {word: rank for rank, word in enumerate(TRUST)}
    return [
        {**row, "quantity": int(Fraction(row["quantity"]) * MILLION), "trust": ranks[row["trust"]],
         "superseded": int(bool(row["superseded_by"])), "disputed": int(row["disputed"] == "true")}
        for row in found
    ]  # fmt: skip


def add_up(standard: Standard, facts: Iterable[Mapping[str, Any]], *, scale: int = 1) -> Measures:
    """The same figures in plain Python; each fact is a mapping of ``COLUMNS``."""
    wanted = slots(standard)
    spans = {slot.months: span(standard, slot.months) for slot in wanted}
    by_kind: dict[str, list[Slot]] = defaultdict(list)
    for slot in wanted:
        by_kind[slot.kind].append(slot)
    totals: dict[tuple[str, Slot], int] = defaultdict(int)
    days: dict[tuple[str, Slot], set[str]] = defaultdict(set)
    for fact in facts:
        if not counts(standard, fact):
            continue
        for slot in by_kind.get(fact["kind"], ()):
            key = (fact["subject"], slot)
            if slot.measure == "active":
                totals[key] += fact["quantity"] if is_active(standard, fact) else 0
            elif spans[slot.months].holds(fact["occurred_on"]):
                if slot.measure == "days":
                    days[key].add(fact["occurred_on"])
                else:
                    totals[key] += 1 if slot.measure == "count" else fact["quantity"]
    measures = Measures(scale)
    for (subject, slot), value in totals.items():
        measures.put(subject, slot, value)
    for (subject, slot), found in days.items():
        measures.put(subject, slot, len(found))
    return measures


def counts(standard: Standard, fact: Mapping[str, Any]) -> bool:
    """Whether a fact counts at all."""
    return (
        fact["trust"] >= standard.min_trust
        and not fact["superseded"]
        and not fact["disputed"]
        and fact["recorded_on"] <= standard.cutoff.isoformat()
    )


def is_active(standard: Standard, fact: Mapping[str, Any]) -> bool:
    to = standard.end.isoformat()
    return bool(fact["occurred_on"] <= to and (not fact["valid_until"] or fact["valid_until"] >= to))


def selected(standard: Standard, slot: Slot, fact: Mapping[str, Any]) -> bool:
    """Whether one reading function selects a fact (that counts)."""
    if fact["kind"] != slot.kind or not counts(standard, fact):
        return False
    if slot.measure == "active":
        return is_active(standard, fact)
    return span(standard, slot.months).holds(fact["occurred_on"])


def finder(standard: Standard, facts: Iterable[Mapping[str, Any]]) -> Callable[[Iterable[Slot]], list[str]]:
    """A function for the ids, sorted, of all facts that some of the functions select: asked once an indicator."""
    of_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for fact in facts:
        of_kind[fact["kind"]].append(fact)

    def ids(wanted: Iterable[Slot]) -> list[str]:
        return sorted({fact["id"] for slot in wanted for fact in of_kind[slot.kind] if selected(standard, slot, fact)})

    return ids
