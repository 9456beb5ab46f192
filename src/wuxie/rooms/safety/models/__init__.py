"""The tables of the room, by noun."""

from .library import Library
from .lists import Duty, DutyList, ListPost, Profile, Signature

__all__ = ["Duty", "DutyList", "Library", "ListPost", "Profile", "Signature"]
