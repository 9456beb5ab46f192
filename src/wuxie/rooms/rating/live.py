"""A project scored as of today, by the standard of the newest cycle; ``scorecard`` puts it into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards.actions import published
from wuxie.kernel.standards.document import Standard
from wuxie.rooms.register.models import Project

from . import evidence, facts, queries
from .models import Cycle


@dataclass(frozen=True)
class Live:
    """A project scored as of today, with what it was scored from."""

    project: Project
    cycle: Cycle
    standard: Standard
    run: evidence.Run
    rows: Sequence[evidence.Row]


def live_score(project: Project, *, cycle: Cycle | None = None) -> Live | None:
    """Today's score by the newest cycle's standard, its window moved to end today; ``None`` where none was opened."""
    cycle = cycle or current_cycle(project)
    if cycle is None or published(cycle.standard) is None:
        return None
    document = queries.document_of(cycle, project.estate.klass)
    standard = documents.load(document).for_days(today(), cutoff=today())
    found = evidence.rows(project, window_to=today(), cutoff=today())
    return Live(project, cycle, standard, evidence.run_standard(standard, found, project.key), found)


def current_cycle(project: Project) -> Cycle | None:
    """The newest cycle of the project's city that was ever opened."""
    opened = Cycle.objects.filter(place_code=project.estate.place_id[:4]).exclude(state=Cycle.State.DRAFT)
    return opened.order_by("-year").first()


def label(code: str) -> str:
    """A written kind in words, its variant too."""
    kind = kinds.find(code)
    if kind is None:
        return code
    variant = facts.variant_labels().get(code)
    return kinds.with_variant(kind.label, labels.said(variant)) if variant else kinds.label_of(code)
