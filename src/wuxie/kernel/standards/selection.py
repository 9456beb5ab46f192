"""What the engine adds up: one statement, in the SQL that DuckDB, Spark, SQLite and PostgreSQL share.

It reads a *relation* (a table, view or sub-select) with these columns:

    id, subject, kind          texts
    quantity                   BIGINT; several columns when one would overflow, see ``Quantities``
    occurred_on, recorded_on   ISO texts (``2026-08-31``), never a DATE: only texts compare alike everywhere
    valid_until                ISO text; '' or NULL for what has no end
    trust                      0 (self_declared) to 3 (authority_document)
    superseded, disputed       0 or 1

and gives one row for each (subject, kind) that has counting facts. A formula never becomes SQL: what is written into the
statement are days and kinds that were checked, as literals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .exact import ZERO, Pair
from .model import Standard
from .nodes import Slot

#: Digits a BIGINT holds whatever they are, and the width of one column when a quantity needs several.
SAFE_DIGITS = 18
LIMB = 9


class Execute(Protocol):
    """Runs one statement on the engine and gives its rows."""

    def __call__(self, sql: str, parameters: Sequence[Any] = (), /) -> Iterable[Sequence[Any]]: ...


@dataclass(frozen=True)
class Quantities:
    """How quantities stand in the relation: as whole numbers of 10^-scale, cut into one or more columns.

    With several, each holds nine digits, the most significant first, all with the sign of the number: their sums never
    overflow a BIGINT and are put together again in Python.
    """

    columns: tuple[str, ...]
    scale: int

    def value(self, sums: Sequence[Any]) -> Pair:
        total = int(sums[0] or 0)
        for part in sums[1:]:
            total = total * 10**LIMB + int(part or 0)
        one = 10**self.scale
        return (total // one, 1) if total % one == 0 else (total, one)


#: The ledger's own: whole numbers of millionths.
MILLIONTHS = Quantities(("quantity",), 6)


def quantities(whole_digits: int, decimals: int, rows: int) -> Quantities:
    """One column if the sum of all rows is safe in it, else as many as needed."""
    if whole_digits + decimals + len(str(rows)) <= SAFE_DIGITS:
        return Quantities(("quantity",), decimals)
    scale = -(-decimals // LIMB) * LIMB
    count = (-(-whole_digits // LIMB) * LIMB + scale) // LIMB
    return Quantities(tuple(f"quantity_{place}" for place in range(count)), scale)


@dataclass
class Measures:
    """For each subject its row of figures, in the order of ``standard.slots``; ``kinds`` are those it has facts of."""

    standard: Standard
    rows: dict[str, list[Pair]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=dict)

    def row(self, subject: str) -> list[Pair]:
        """The subject's figures; all nought for one without facts."""
        return self.rows.get(subject) or [ZERO] * len(self.standard.slots)

    def own(self, subject: str) -> list[Pair]:
        """The subject's figures, to write into."""
        if subject not in self.rows:
            self.rows[subject] = [ZERO] * len(self.standard.slots)
        return self.rows[subject]


def literal(value: str) -> str:
    """A text as an SQL literal. The language allows no quotes and no backslashes in kinds; here they are refused again."""
    if set(value) & set("'\"\\\0"):
        raise ValueError(f"not safe in a statement: {value!r}")
    return f"'{value}'"


def counting(standard: Standard) -> str:
    """The condition under which a fact counts at all, whatever its day."""
    return (
        f"trust >= {standard.trust_rank} AND superseded = 0 AND disputed = 0"
        f" AND recorded_on <= {literal(standard.cutoff)}"
    )


def _period(standard: Standard, months: int | None) -> str:
    ends = f"occurred_on <= {literal(standard.ends_on)}"
    if months:
        return f"occurred_on > {literal(standard.after(months))} AND {ends}"
    return f"occurred_on >= {literal(standard.starts_on)} AND {ends}"


def _periods(standard: Standard, functions: Iterable[str]) -> list[int | None]:
    found = {slot.months for slot in standard.slots if slot.function in functions and slot.months is not None}
    return [*sorted(found)]


def _active(standard: Standard) -> str:
    ends = literal(standard.ends_on)
    return f"occurred_on <= {ends} AND (COALESCE(valid_until, '') = '' OR valid_until >= {ends})"


def statement(standard: Standard, relation: str, columns: Sequence[str] = ("quantity",), where: str = "") -> str:
    """Counts, sums and active sums by (subject, kind); then counts and sums for each number of months in use."""
    filters = [_period(standard, None), _active(standard)]
    filters += [_period(standard, months) for months in _periods(standard, ("count", "sum"))]
    wanted = [
        f"{word} FILTER (WHERE {condition})"
        for condition in filters
        for word in ("COUNT(*)", *(f"SUM({column})" for column in columns))
    ]
    return _select(standard, relation, wanted, standard.kinds, where)


def days_statement(standard: Standard, relation: str, where: str = "") -> str | None:
    """Distinct days, only for the kinds that ask for them: over all kinds it would take several times as long."""
    kinds = sorted({slot.kind for slot in standard.slots if slot.function == "days"})
    if not kinds:
        return None
    wanted = [
        f"COUNT(DISTINCT CASE WHEN {_period(standard, months)} THEN occurred_on END)"
        for months in _day_periods(standard)
    ]
    return _select(standard, relation, wanted, kinds, where)


def _day_periods(standard: Standard) -> list[int | None]:
    return [None, *_periods(standard, ("days",))]


def _select(standard: Standard, relation: str, wanted: Sequence[str], kinds: Iterable[str], where: str) -> str:
    names = ", ".join(map(literal, kinds)) or "''"
    return (
        f"SELECT subject, kind, {', '.join(f'{word} AS c{place}' for place, word in enumerate(wanted))}"
        f" FROM {relation} AS counted WHERE kind IN ({names}) AND {counting(standard)}"
        f"{f' AND {where}' if where else ''} GROUP BY subject, kind"
    )


def measure(
    standard: Standard, relation: str, execute: Execute, form: Quantities = MILLIONTHS, where: str = ""
) -> Measures:
    """Run the statement (and the one for days) by ``execute`` and read the figures of every subject."""
    found = Measures(standard)
    width = 1 + len(form.columns)
    starts: dict[tuple[str, int | None], int] = {("active", None): width}
    for place, months in enumerate([None, *_periods(standard, ("count", "sum"))]):
        starts["count", months] = starts["sum", months] = place * width + (width if place else 0)
    counts, sums = _plan(standard, starts, ("count",)), _plan(standard, starts, ("sum", "active"))
    for subject, kind, *numbers in execute(statement(standard, relation, form.columns, where)):
        row = found.own(subject)
        for place, start in counts[kind]:
            row[place] = (int(numbers[start]), 1)
        for place, start in sums[kind]:
            row[place] = form.value(numbers[start + 1 : start + width])
        if numbers[0] or numbers[width]:
            found.kinds.setdefault(subject, set()).add(kind)
    by_day = days_statement(standard, relation, where)
    if by_day:
        days = _plan(standard, {("days", months): at for at, months in enumerate(_day_periods(standard))}, ("days",))
        for subject, kind, *numbers in execute(by_day):
            row = found.own(subject)
            for place, at in days[kind]:
                row[place] = (int(numbers[at]), 1)
    return found


def _plan(
    standard: Standard, starts: Mapping[tuple[str, int | None], int], functions: tuple[str, ...]
) -> dict[str, list[tuple[int, int]]]:
    """For each kind: which place of a subject's row is filled from which column on."""
    plan: dict[str, list[tuple[int, int]]] = {kind: [] for kind in standard.kinds}
    for slot, place in standard.places.items():
        if slot.function in functions:
            plan[slot.kind].append((place, starts[slot.function, slot.months]))
    return plan


def facts_statement(standard: Standard, relation: str, placeholder: str) -> str:
    """Every counting fact of one subject (a parameter), of the kinds the standard reads: for an explanation."""
    names = ", ".join(map(literal, standard.kinds)) or "''"
    return (
        "SELECT id, kind, occurred_on, COALESCE(valid_until, '') AS valid_until"
        f" FROM {relation} AS counted WHERE kind IN ({names}) AND {counting(standard)} AND subject = {placeholder}"
    )
