"""A whole cycle scored again from the ledger, and whether each score is still the one that was frozen."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wuxie.kernel.standards.judge import Result, judge, rounded
from wuxie.rooms.register.models import Project

from . import evidence, queries
from .models import Application, Cycle, Snapshot
from .reading import measured


@dataclass(frozen=True)
class Scored:
    """One project of a cycle; ``snapshot`` is the frozen score that counts for it, if it has one."""

    project: Project
    result: Result
    snapshot: Snapshot | None

    @property
    def is_frozen(self) -> bool:
        """Whether the score is the frozen one, in everything that the table of scores shows."""
        snapshot, result = self.snapshot, self.result
        return snapshot is not None and (snapshot.total, snapshot.stars, list(snapshot.vetoes)) == (
            rounded(result.total, 1), result.stars, list(result.vetoes),
        )  # fmt: skip


def applications(cycle: Cycle) -> dict[int, Application]:
    """Project → its application in the cycle, if it was not withdrawn."""
    rows = (
        Application.objects.filter(cycle=cycle).live().select_related("project__estate", "project__company", "snapshot")
    )
    return {
        one.project_id: one for one in rows.defer("snapshot__packed_rows", "snapshot__document", "snapshot__result")
    }


def scores(cycle: Cycle, *, as_of: datetime.date) -> Iterator[Scored]:
    """Every project that was served in the cycle's place at the end of its window, and everyone who applied, by number.

    A project that applied is scored as the class that it applied as.
    """
    applied = applications(cycle)
    projects = {one.pk: one for one in queries.served_in(cycle)}
    projects |= {pk: one.project for pk, one in applied.items()}
    ordered = [projects[pk] for pk in sorted(projects)]
    reader = queries.compiled(queries.document_of(cycle, ""))
    for part, (measures,) in measured(cycle, ordered, [reader], as_of=as_of):
        for project in part:
            application = applied.get(project.pk)
            klass = application.klass if application else project.estate.klass
            result = judge(queries.compiled(queries.document_of(cycle, klass)), measures.of(project.key))
            yield Scored(project, result, application.snapshot if application else None)


def explained(cycle: Cycle, project: Project) -> dict[str, Any]:
    """The tree of one project, down to the ids of its facts."""
    application = applications(cycle).get(project.pk)
    document = queries.document_of(cycle, application.klass if application else project.estate.klass)
    found = evidence.rows(project, window_to=cycle.window_to, cutoff=cycle.cutoff)
    return evidence.run(document, found, project.key).explained
