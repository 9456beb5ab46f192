"""Periods of this room as they are in force today, read from ``statutes``."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY


def term(name: str) -> int:
    """A whole figure of this room (``accept``), or of another group (``deadline.mediation.confirm``)."""
    return figure(name if "." in name else f"mediation.{name}", on=today(), region=HOME_CITY).number
