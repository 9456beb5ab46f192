"""A small standard and facts to go with it, and a slow second opinion that shares no code with the engine."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

TRUST = ["self_declared", "counterpart_confirmed", "association_verified", "authority_document"]


def standard(*formulas: str, **changes: Any) -> dict[str, Any]:
    """The example of the interface, or one group with these formulas, worth 10 each and skipped without data."""
    groups = [
        {
            "id": "A",
            "points": 10,
            "indicators": [
                {
                    "id": "A1",
                    "points": 4,
                    "formula": "4 * ratio(count('m.due_done'), count('m.due'))",
                    "no_data": "skip",
                },
                {"id": "A2", "points": 6, "formula": "bands(sum('v.found'), [[3, 0], [1, 3], [0, 6]])"},
            ],
        }
    ]
    if formulas:
        rows = [
            {"id": f"A{place}", "points": 10, "formula": formula, "no_data": "skip"}
            for place, formula in enumerate(formulas, 1)
        ]
        groups = [{"id": "A", "points": 10 * len(rows), "indicators": rows}]
    return {
        "standard": "demo",
        "version": "1",
        "window": {"from": "2025-09-01", "to": "2026-08-31"},
        "cutoff": "2026-09-30",
        "min_trust": "counterpart_confirmed",
        "groups": groups,
        "vetoes": [{"id": "V1", "when": "count('s.fatal') > 0", "max_stars": 0}],
        "grades": [
            {"stars": 5, "min": "90", "group_min": "0.6", "floors": {"A": "0.75"}},
            {"stars": 4, "min": "8"},
        ],
    } | changes


def fact(identity: str, kind: str, quantity: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "kind": kind,
        "subject": "c1",
        "quantity": quantity,
        "occurred_on": "2026-03-01",
        "recorded_on": "2026-03-02",
        "valid_until": "",
        "trust": "association_verified",
        "superseded_by": "",
        "disputed": "false",
    } | changes


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same fact in the form of the open interface."""
    return {**row, "disputed": str(row["disputed"]).lower() == "true"}


def csv_text(facts: Iterable[Mapping[str, Any]]) -> str:
    names = list(fact("x", "y"))
    lines = [",".join(names)]
    lines += [",".join('"' + str(row[name]).replace('"', '""') + '"' for name in names) for row in facts]
    return "\n".join(lines) + "\n"


class Slow:
    """Every function of the language by a loop over the facts, in Fractions."""

    def __init__(self, document: Mapping[str, Any], facts: Iterable[Mapping[str, Any]], subject: str) -> None:
        self.start, self.end = document["window"]["from"], document["window"]["to"]
        self.facts = [
            row
            for row in facts
            if row["subject"] == subject
            and TRUST.index(row["trust"]) >= TRUST.index(document["min_trust"])
            and not row["superseded_by"]
            and str(row["disputed"]).lower() != "true"
            and row["recorded_on"] <= document["cutoff"]
        ]

    def _in(self, kind: str, months: int | None) -> list[Mapping[str, Any]]:
        if months is None:
            return [row for row in self.facts if row["kind"] == kind and self.start <= row["occurred_on"] <= self.end]
        year, month, day = map(int, self.end.split("-"))
        for _ in range(months):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        after = datetime.date(year, month, min(day, calendar.monthrange(year, month)[1])).isoformat()
        return [row for row in self.facts if row["kind"] == kind and after < row["occurred_on"] <= self.end]

    def names(self) -> dict[str, Any]:
        return {
            "count": lambda kind, months=None: Fraction(len(self._in(kind, months))),
            "sum": lambda kind, months=None: sum(
                (Fraction(row["quantity"]) for row in self._in(kind, months)), Fraction(0)
            ),
            "days": lambda kind, months=None: Fraction(len({row["occurred_on"] for row in self._in(kind, months)})),
            "active": self.active,
            "has": lambda kind: Fraction(bool(self._in(kind, None)) or self.active(kind) > 0),
            "ratio": lambda a, b: a / b,
            "bands": lambda x, rows: next((points for least, points in rows if x >= least), Fraction(0)),
            "clamp": lambda x, lo, hi: max(min(x, hi), lo),
            "min": min,
            "max": max,
            "__builtins__": {},
        }

    def active(self, kind: str) -> Fraction:
        return sum(
            (
                Fraction(row["quantity"])
                for row in self.facts
                if row["kind"] == kind
                and row["occurred_on"] <= self.end
                and (not row["valid_until"] or row["valid_until"] >= self.end)
            ),
            Fraction(0),
        )

    def value(self, formula: str) -> Fraction | None:
        """By Python's own evaluation of the same text; numbers become Fractions first."""
        import re

        quoted = re.split(r"('[^']*'|\"[^\"]*\")", formula)
        text = "".join(
            part if place % 2 else re.sub(r"(\d+\.?\d*|\.\d+)", r"F('\1')", part) for place, part in enumerate(quoted)
        )
        text = re.sub(r"((?:count|sum|days)\(\s*['\"][^'\"]*['\"]\s*,\s*)F\('(\d+)'\)", r"\g<1>\2", text)
        try:
            return Fraction(eval(text, self.names() | {"F": Fraction}))
        except ZeroDivisionError:
            return None
