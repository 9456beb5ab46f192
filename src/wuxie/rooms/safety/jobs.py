"""What time causes by itself."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.jobs.periodic import every

from .actions import drills, ladder, night, tallies


@every(300, name="safety.night")
def lay_down_duties() -> None:
    """Soon after midnight the duties of the day are there; after an outage those of the days that were missed, too."""
    night.catch_up()


@every(300, name="safety.ladder")
def tell_of_late_duties() -> None:
    """Whoever answers for a duty that nobody did hears of it, rung by rung."""
    ladder.climb()


@every(600, name="safety.drills")
def lay_down_drills() -> None:
    """The drills that the law asks for in this part of the year stand on every project's list."""
    drills.lay_down(today())


@every(600, name="safety.tallies")
def add_up() -> None:
    """Once a day, after its night, the sums by which estates are compared are made anew."""
    tallies.keep_up(today())
