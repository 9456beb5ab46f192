"""Decisions and what stands on their agenda; the roll, its doors and proxies; the ballots; opinions that bind nobody."""

from .ballots import Ballot, Mark, Typing
from .decision import Decision, Helper, Item, RulesOfProcedure
from .opinions import Opinion
from .roll import Entry, Objection, Proxy, Visit

__all__ = [
    "Ballot", "Decision", "Entry", "Helper", "Item", "Mark", "Objection", "Opinion", "Proxy", "RulesOfProcedure", "Typing", "Visit",
]  # fmt: skip
