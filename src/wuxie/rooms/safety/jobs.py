"""What time causes by itself."""

from __future__ import annotations

from wuxie.kernel.jobs.periodic import every

from .actions import ladder, night


@every(300, name="safety.night")
def lay_down_duties() -> None:
    """Soon after midnight the duties of the day are there; after an outage those of the days that were missed, too."""
    night.catch_up()


@every(300, name="safety.ladder")
def tell_of_late_duties() -> None:
    """Whoever answers for a duty that nobody did hears of it, rung by rung."""
    ladder.climb()
