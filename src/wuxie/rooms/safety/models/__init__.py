"""The tables of the room, by noun."""

from .checks import Check, Spot, UsedPhoto, Waiver
from .instances import Instance, Night
from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature

__all__ = [
    "Check", "Duty", "DutyList", "Instance", "Library", "ListPost", "Night", "Profile", "Signature", "Spot", "UsedPhoto", "Waiver",
]  # fmt: skip
