"""The tables of the room, by noun."""

from .instances import Instance, Night
from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature

__all__ = ["Duty", "DutyList", "Instance", "Library", "ListPost", "Night", "Profile", "Signature"]
