"""Sharing a cost among owners by exclusive area, to the cent.

Sources: 民法典 art. 283; 住宅专项维修资金管理办法 (165号令) art. 20. Each exact share is floored to the cent, the cents left over
go to the largest fractional parts, ties to the earlier unit: the shares add up to the cost, always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.shares import largest_remainder


def apportion(document: Any) -> dict[str, Any]:
    """Share a cost by area and set it against balances (contract ``apportion``)."""
    found = read.obj(document, "$", required=("total", "units"))
    total = read.hundredths(found["total"], "$.total")
    ids: list[str] = []
    areas: list[int] = []
    balances: list[int | None] = []
    seen: set[str] = set()
    for path, row in read.rows(found["units"], "$.units", empty=False):
        row = read.obj(row, path, required=("id", "area"), optional=("balance",))
        name = read.text(row["id"], f"{path}.id")
        read.unique(name, seen, f"{path}.id", "户室")
        seen.add(name)
        ids.append(name)
        areas.append(read.hundredths(row["area"], f"{path}.area", positive=True))
        balances.append(read.hundredths(row["balance"], f"{path}.balance") if "balance" in row else None)
    shares = largest_remainder(total, areas)
    return {
        "total": read.two_places(total),
        "area": read.two_places(sum(areas)),
        "shares": [_share(*row) for row in zip(ids, shares, balances, strict=True)],
    }


def _share(name: str, share: int, balance: int | None) -> dict[str, str]:
    row = {"id": name, "share": read.two_places(share)}
    if balance is not None:
        drawn = min(share, balance)
        row |= {"from_balance": read.two_places(drawn), "to_pay": read.two_places(share - drawn)}
    return row


# What may be paid from the fund, and which way a repair goes.

#: Questions in the order in which they decide, each with the way it leads to and the article behind it.
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("private", "owner", "民法典第281条；建设部令第165号第18条"),
    ("in_warranty", "warranty", "建设部令第165号第25条"),
    ("liable", "liable", "建设部令第165号第25条"),
    ("utility", "utility", "建设部令第165号第25条"),
    ("owed", "owed", "建设部令第165号第25条"),
    ("emergency", "emergency", "民法典第281条第2款；建设部令第165号第24条"),
)
ORDINARY = ("fund", "民法典第278条、第281条；建设部令第165号第22条")


def classify(answers: Mapping[str, bool]) -> tuple[str, str]:
    """Which way a repair goes and by which article: the first question answered with yes decides.

    The fund pays for common parts after their warranty, not for what somebody else owes (165号令 art. 18, 25; 民法典 art. 281);
    an emergency needs no vote beforehand (民法典 art. 281 ¶2); all else is put to those who pay (民法典 art. 278).
    """
    for question, lane, article in QUESTIONS:
        if answers.get(question):
            return lane, article
    return ORDINARY


@dataclass(frozen=True)
class Count:
    """Area in hundredths of m², and heads."""

    area: int
    heads: int

    def within(self, other: Count) -> bool:
        return 0 <= self.area <= other.area and 0 <= self.heads <= other.heads


@dataclass(frozen=True)
class Outcome:
    """Whether enough took part, whether it is carried, and which thresholds were missed."""

    quorate: bool
    passed: bool
    reasons: tuple[str, ...]


def judge(total: Count, part: Count, yes: Count, *, participation: Fraction, approval: Fraction) -> Outcome:
    """The vote of those who pay (民法典 art. 278 ¶2): of all area and heads in scope at least so much takes part, more than so much of that agrees."""
    reasons = []
    if part.area < participation * total.area:
        reasons.append("participation_area")
    if part.heads < participation * total.heads:
        reasons.append("participation_heads")
    quorate = not reasons
    if not yes.area > approval * part.area:
        reasons.append("approval_area")
    if not yes.heads > approval * part.heads:
        reasons.append("approval_heads")
    return Outcome(quorate, not reasons, tuple(reasons))


@dataclass(frozen=True)
class Draw:
    """What one unit bears (cents): its share, of it from its own account, and the rest that its owner pays."""

    share: int
    drawn: int
    to_pay: int


def draws(total: int, units: Sequence[tuple[int, int]]) -> list[Draw]:
    """Share a cost (cents) among units of ``(area, balance)`` by area (民法典 art. 283; 165号令 art. 20, 21): an account gives what it has.

    An empty account gives nothing, an unsold unit bears its share like any other; the shares add up to the cost.
    """
    shares = largest_remainder(total, [area for area, _balance in units])
    return [
        Draw(share, min(share, balance), share - min(share, balance))
        for share, (_area, balance) in zip(shares, units, strict=True)
    ]


def most(total: int, part: Fraction) -> int:
    """So many cents of a sum at most: what an advance may be."""
    return int(total * part)


def overruns(budget: int, settled: int, part: Fraction) -> bool:
    """Whether the settled sum is so far beyond the budget that it has to be applied for anew."""
    return settled > budget * (1 + part)


def needs_top_up(deposited: int, balance: int, line: Fraction) -> bool:
    """Whether an account has fallen below its part of the first deposit (165号令 art. 17)."""
    return deposited > 0 and balance < line * deposited
