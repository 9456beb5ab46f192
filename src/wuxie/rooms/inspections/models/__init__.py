"""The tables of the room, by noun."""

from .assets import COMPANY_SAFETY, Asset, Inspection, Night, Obligation, seen_by
from .pools import Pool, Share

__all__ = ["COMPANY_SAFETY", "Asset", "Inspection", "Night", "Obligation", "Pool", "Share", "seen_by"]
