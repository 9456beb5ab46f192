"""From roll and ballots to the answer of ``law.count_votes``, an item at a time, and to the documents of the packs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import commitments, law, queries
from .models import Ballot, Decision
from .words import Choice

NONE, VALID, VOID = "none", "valid", "void"


@dataclass(frozen=True)
class Line:
    """One unit as it is counted."""

    paper: str
    unit: str
    area: int
    head: str
    delivered: bool
    state: str
    choices: dict[str, str]
    roll_salt: str
    receipt: str

    def row(self) -> dict[str, Any]:
        """As the auditor's pack has it."""
        return {
            "area": self.area, "choices": self.choices, "delivered": self.delivered, "head": self.head, "paper": self.paper,
            "receipt": self.receipt, "roll_salt": self.roll_salt, "state": self.state, "unit": self.unit,
        }  # fmt: skip


def lines(decision: Decision, *, with_ballots: bool = True) -> list[Line]:
    """Every unit in the order of the papers' numbers; a head is only told apart, never named."""
    ballots: dict[int, tuple[str, dict[str, str]]] = {}
    if with_ballots:
        rows = Ballot.objects.standing().filter(decision=decision).values_list("entry", "state", "choices")
        ballots = {entry: (VOID if state == Ballot.State.VOID else VALID, choices) for entry, state, choices in rows}
    known: dict[str, str] = {law.DEVELOPER[0]: law.DEVELOPER[0]}
    found = []
    columns = ("pk", "unit", "paper", "label", "area", "head", "delivered_at", "proof", "issue")
    for pk, unit, paper, label, area, head, delivered, proof, issue in decision.entries.order_by("paper").values_list(
        *columns
    ):
        state, choices = ballots.get(pk, (NONE, {}))
        found.append(Line(
            paper, label, area, known.setdefault(head, f"h{len(known):05d}"), bool(delivered and proof), state, choices,
            commitments.roll_salt(decision.secret, unit), commitments.receipt(decision.secret, unit, issue),
        ))  # fmt: skip
    return found


def roll_commitments(key: str, rows: list[Line]) -> list[str]:
    return [
        commitments.commit(line.roll_salt, commitments.roll_document(key, line.paper, line.unit, line.area, line.head))
        for line in rows
    ]


def ballot_commitments(key: str, rows: list[Line]) -> list[str]:
    return [
        commitments.commit(line.receipt, commitments.ballot_document(key, line.paper, line.state, line.choices))
        for line in rows
    ]


def totals(rows: list[Line]) -> dict[str, int]:
    return {"units": len(rows), "area": sum(line.area for line in rows), "heads": len({line.head for line in rows})}


def answer(item: str, matter: str, rule: str, rows: list[Line], on: Any) -> dict[str, Any]:
    """One item, counted by the law: a ballot void as a whole, or in this item only, does not participate."""
    units = [queries.unit_of(line.area, line.head, line.paper) for line in rows]
    said = {line.paper: line.choices.get(item, Choice.VOID.value) for line in rows if line.state == VALID}
    cast = {paper: side for paper, side in said.items() if side != Choice.VOID}
    void = len(said) - len(cast) + sum(line.state == VOID for line in rows)
    silent = [line.paper for line in rows if line.state == NONE and line.delivered]
    return law.count_votes(matter, rule, units, cast, void, silent, on=on)


def results(decision: Decision, rows: list[Line] | None = None) -> list[dict[str, Any]]:
    """What is kept as the result: one document an item, with its words."""
    counted = lines(decision) if rows is None else rows
    day = queries.counted_day(decision)
    return [
        {"item": str(item.number), "title": item.title, **answer(str(item.number), item.matter, decision.silent_rule, counted, day)}
        for item in decision.items.order_by("number")
    ]  # fmt: skip
