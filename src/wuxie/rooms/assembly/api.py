"""What other floors may use of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from wuxie.kernel.calc.registry import Calculator

from .law import vote

if TYPE_CHECKING:
    from wuxie.kernel.facts.models import Fact

VOTE = Calculator("vote", "业主表决计票", vote)


@dataclass(frozen=True)
class Outcome:
    """What a fact of ``facts.CARRIED`` or ``facts.NOT_CARRIED`` says, for whoever acts on it."""

    estate: int
    matter: str
    passed: bool
    quorate: bool
    case: str
    """The decision (``decision:12``)."""
    source: str
    """The case that asked for it, as it was given to ``actions.question.propose``; empty if nobody did."""
    item: int


def outcome(fact: Fact) -> Outcome:
    """Read one; raises ``KeyError`` for a fact of another kind."""
    said = fact.details
    return Outcome(
        int(said["estate"]), said["matter"], said["passed"] == "yes", said["quorate"] == "yes", said["case"], said["source"], int(said["item"])
    )  # fmt: skip


def told(action: Callable[..., object]) -> Callable[[Fact], object]:
    """Call ``action`` with the fields of the outcome, and ``units``: those that were asked."""

    from . import queries  # calculators are read before there are any models

    def follow(fact: Fact) -> object:
        said = outcome(fact)
        return action(**asdict(said), units=queries.units_of(said.case))

    return follow
