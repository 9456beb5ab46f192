"""The tables of the room, by noun."""

from .checks import Check, Spot, UsedPhoto, Waiver
from .drills import Drill
from .hazards import Hazard
from .incidents import Incident, Injured
from .instances import Instance, Night
from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature
from .occurrences import Occurrence
from .permits import GasReading, Permit
from .risks import RiskPoint
from .tallies import Tally

__all__ = [
    "Check", "Drill", "Duty", "DutyList", "GasReading", "Hazard", "Incident", "Injured", "Instance", "Library", "ListPost",
    "Night", "Occurrence", "Permit", "Profile", "RiskPoint", "Signature", "Spot", "Tally", "UsedPhoto", "Waiver",
]  # fmt: skip
