"""What other floors may use of this room."""

from __future__ import annotations

from dataclasses import dataclass

from wuxie.kernel.calc.registry import Calculator
from wuxie.kernel.facts.models import Fact

from .law import vote

VOTE = Calculator("vote", "业主表决计票", vote)


@dataclass(frozen=True)
class Outcome:
    """What a fact of ``facts.CARRIED`` or ``facts.NOT_CARRIED`` says, for whoever acts on it."""

    estate: int
    matter: str
    passed: bool
    case: str
    """The decision (``decision:12``)."""
    source: str
    """The case that asked for it, as it was given to ``actions.decisions.propose``; empty if nobody did."""
    item: int


def outcome(fact: Fact) -> Outcome:
    """Read one; raises ``KeyError`` for a fact of another kind."""
    said = fact.details
    return Outcome(
        int(said["estate"]), said["matter"], said["passed"] == "yes", said["case"], said["source"], int(said["item"])
    )
