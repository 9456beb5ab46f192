"""Tables of the rating, by noun."""

from .after import Award, Benefit
from .application import Application, LateFact, Opinion, Snapshot
from .cycle import Cycle
from .publicity import FactDispute, Objection
from .review import Assignment, Draw, Mark, Recusal, Session, Visit
from .whatif import WhatIf, WhatIfRow

__all__ = [
    "Application", "Assignment", "Award", "Benefit", "Cycle", "Draw", "FactDispute", "LateFact", "Mark", "Objection",
    "Opinion", "Recusal", "Session", "Snapshot", "Visit", "WhatIf", "WhatIfRow",
]  # fmt: skip
