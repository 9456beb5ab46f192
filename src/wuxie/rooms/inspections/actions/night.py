"""What every night does: bring the obligations up to date, open what has come into its lead time.

A night that was missed is made good by the next one, once: a case is opened for a due date, not for a night, and there is one for each.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.workflow import engine
from wuxie.rooms.register.models import Project

from .. import queries
from ..models import Night
from ..workflow import INSPECTION
from .cases import new_case
from .obligations import refresh


def run() -> Night | None:
    """Today's night, unless it was done."""
    return work(today())


@transaction.atomic
def work(day: datetime.date) -> Night | None:
    """One night; ``None`` if it was done."""
    night, new = Night.objects.get_or_create(day=day, defaults={"opened": 0, "changed": 0, "at": now()})
    if not new:
        return None
    night.changed = refresh(Project.objects.on(day).select_related("estate", "company"))
    night.opened = open_due(day)
    night.save()
    return night


@transaction.atomic
def open_due(day: datetime.date) -> int:
    """Open what has come into its lead time, all of it by a handful of statements; how many."""
    cases = [new_case(row, row.due_on) for row in queries.to_open(day) if row.due_on is not None]
    return engine.open_many(INSPECTION, cases, by=THE_CLOCK)
