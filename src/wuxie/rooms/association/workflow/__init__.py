"""The house rules of the association, one table for each procedure."""

from .groups import TASK
from .meetings import MEETING, RESOLUTION

__all__ = ["MEETING", "RESOLUTION", "TASK"]
