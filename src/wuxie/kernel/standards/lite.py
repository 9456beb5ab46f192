"""Facts of one JSON document in SQLite's memory: for the open interface, where a call is a few thousand rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .model import TRUST
from .rows import is_true
from .selection import LIMB, Quantities, quantities

TABLE = "given"


class Memory:
    """A relation ``given`` in the form of ``selection.py``, from rows that ``rows.check_all`` has passed."""

    def __init__(self, facts: Sequence[Mapping[str, Any]]) -> None:
        split = [fact["quantity"].lstrip("-").partition(".") for fact in facts]
        whole = max((len(before) for before, _, _ in split), default=1)
        decimals = max((len(after) for _, _, after in split), default=0)
        self.form: Quantities = quantities(whole, decimals, len(facts))
        self.connection = sqlite3.connect(":memory:")
        names = "id, subject, kind, occurred_on, recorded_on, valid_until, trust, superseded, disputed"
        names = ", ".join([names, *self.form.columns])
        self.connection.execute(f"CREATE TABLE {TABLE} ({names})")
        marks = ", ".join("?" * len(names.split(", ")))
        self.connection.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", map(self._row, facts))

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Iterator[tuple[Any, ...]]:
        return iter(self.connection.execute(sql, parameters))

    def _row(self, fact: Mapping[str, Any]) -> tuple[Any, ...]:
        return (
            fact["id"], fact["subject"], fact["kind"], fact["occurred_on"], fact["recorded_on"],
            fact["valid_until"] or "", TRUST.index(fact["trust"]), int(bool(fact["superseded_by"])),
            int(is_true(fact["disputed"])), *self._limbs(fact["quantity"]),
        )  # fmt: skip

    def _limbs(self, quantity: str) -> list[int]:
        before, _, after = quantity.lstrip("-").partition(".")
        number = int(before + after.ljust(self.form.scale, "0"))
        sign = -1 if quantity.startswith("-") else 1
        if len(self.form.columns) == 1:
            return [sign * number]
        limbs = []
        for _ in self.form.columns:
            number, limb = divmod(number, 10**LIMB)
            limbs.append(sign * limb)
        return limbs[::-1]
