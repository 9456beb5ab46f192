"""A project scored as of today, by the standard of the newest cycle; ``scorecard`` puts it into words."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.standards.actions import published
from wuxie.kernel.standards.document import Standard
from wuxie.rooms.register.models import Project

from . import queries
from .models import Cycle
from .reading import Now


def live_score(project: Project, *, cycle: Cycle | None = None) -> Now | None:
    """Today's score by the newest cycle's standard, its window moved to end today; ``None`` where none was opened."""
    cycle = cycle or current_cycle(project)
    if cycle is None or published(cycle.standard) is None:
        return None
    return Now(standard_today(cycle, project.estate.klass), project, today())


def standard_today(cycle: Cycle, klass: str) -> Standard:
    """A cycle's standard for one class of estates, its window and cut-off moved to today."""
    return queries.compiled(queries.document_of(cycle, klass)).for_days(today(), cutoff=today())


def current_cycle(project: Project) -> Cycle | None:
    """The newest cycle of the project's city that was ever opened."""
    opened = Cycle.objects.filter(place_code=project.estate.place_id[:4]).exclude(state=Cycle.State.DRAFT)
    return opened.order_by("-year").first()
