"""What time causes by itself."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.jobs.periodic import every

from .actions import disclosing


@every(600, name="fees.disclosures")
def keep_up() -> None:
    """What has to hang for the quarter that is over stands on every project's list; what was due is told to the ledger."""
    disclosing.lay_down(today())
    disclosing.count_due(today())
