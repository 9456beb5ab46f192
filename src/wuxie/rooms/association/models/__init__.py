"""Tables, by noun."""

from .desk import Inquiry
from .dues import Due, Rate
from .forwarding import Hop, Letter, Level
from .groups import Evaluation, Task, WorkGroup
from .joining import Admission, Leaving
from .meetings import Ballot, Item, Meeting, Recusal, Resolution, Seat
from .members import Member, MemberQuerySet, units_of
from .money import Activity, BudgetLine, Category, Disclosure, Entry

__all__ = [
    "Activity", "Admission", "Ballot", "BudgetLine", "Category", "Disclosure", "Due", "Entry", "Evaluation", "Hop", "Inquiry", "Item", "Leaving",
    "Letter", "Level", "Meeting", "Member", "MemberQuerySet", "Rate", "Recusal", "Resolution", "Seat", "Task", "WorkGroup", "units_of",
]  # fmt: skip
