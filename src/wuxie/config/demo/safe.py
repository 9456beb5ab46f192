"""What the rooms for safety, inspections, power, repairs and mediation hold in a demo city of any size, at its two moments."""

from __future__ import annotations

import datetime

from wuxie.rooms.safety.actions import drills, tallies

from . import disputes, duties, hazards, inspections, power, repairs, works
from .city import City


def last_weeks(city: City, today: datetime.date) -> None:
    """Before the last evening on which the ledger is sealed: what is announced must not come before a seal."""
    hazards.build(city, today)
    inspections.build(city, today)
    works.build(city, today)
    power.build(city, today)
    repairs.build(city, today)
    disputes.build(city, today)


def last_night(city: City, today: datetime.date) -> None:
    """After it: the lists in force, what the night lays down."""
    duties.build(city, today)
    inspections.tonight(city, today)
    drills.lay_down(today)
    tallies.add_up(today)
