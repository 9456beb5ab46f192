"""The tables of the room, by noun."""

from .hazards import Hazard
from .instances import Instance, Night
from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature
from .risks import RiskPoint

__all__ = [
    "Duty",
    "DutyList",
    "Hazard",
    "Instance",
    "Library",
    "ListPost",
    "Night",
    "Profile",
    "RiskPoint",
    "Signature",
]
