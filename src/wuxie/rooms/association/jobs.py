"""What time causes by itself."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.jobs.periodic import every

from .actions import groups


@every(3600, name="association.duties")
def lay_down_duties() -> None:
    """With each month, quarter and year its tasks stand on the lists of the working groups."""
    groups.lay_down(today())
