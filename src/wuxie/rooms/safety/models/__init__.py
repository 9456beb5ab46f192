"""The tables of the room, by noun."""

from .checks import Check, Spot, UsedPhoto, Waiver
from .hazards import Hazard
from .instances import Instance, Night
from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature
from .risks import RiskPoint

__all__ = [
    "Check", "Duty", "DutyList", "Hazard", "Instance", "Library", "ListPost", "Night", "Profile", "RiskPoint", "Signature", "Spot",
    "UsedPhoto", "Waiver",
]  # fmt: skip
