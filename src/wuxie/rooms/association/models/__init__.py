"""Tables, by noun."""

from .groups import Evaluation, Task, WorkGroup
from .meetings import Ballot, Item, Meeting, Recusal, Resolution, Seat
from .members import Member, MemberQuerySet, units_of

__all__ = [
    "Ballot", "Evaluation", "Item", "Meeting", "Member", "MemberQuerySet", "Recusal", "Resolution", "Seat", "Task", "WorkGroup", "units_of",
]  # fmt: skip
