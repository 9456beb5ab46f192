"""The tables of the room, by noun."""

from .accounts import Account, Meter, seen_by
from .months import Month, Reading, Refund

__all__ = ["Account", "Meter", "Month", "Reading", "Refund", "seen_by"]
