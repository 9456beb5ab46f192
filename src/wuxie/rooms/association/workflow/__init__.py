"""The house rules of the association, one table for each procedure."""

from .desk import INQUIRY, LETTER
from .groups import TASK
from .meetings import MEETING, RESOLUTION
from .members import ADMISSION, DUE, LEAVING
from .money import DISCLOSURE

__all__ = ["ADMISSION", "DISCLOSURE", "DUE", "INQUIRY", "LEAVING", "LETTER", "MEETING", "RESOLUTION", "TASK"]
