"""Today's totals, remembered for as long as nothing that they were counted from has changed.

Whatever becomes of a fact is a fact in the chains of everybody it counts for. So a total holds while the chains of project
and company are sealed as far as they were and nothing of theirs waits for a seal: the ledger itself says what is stale.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from django.db.models import Max

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Also, Fact, Head
from wuxie.rooms.register.models import Project

Value = TypeVar("Value")
#: Projects remembered by one process.
MOST = 20_000


class Remembered(Generic[Value]):
    """One figure a project; every process has its own."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Hashable, Value]] = {}

    def of(
        self,
        projects: Sequence[Project],
        basis: Callable[[Project], Hashable],
        count: Callable[[list[Project]], dict[int, Value]],
    ) -> dict[int, Value]:
        """The figures by id. ``basis``: by what a project is counted, beside its facts; ``count`` gives those not known."""
        stamps = _stamps(projects, basis)
        found = {}
        for project in projects:
            known = self._known.get(project.pk)
            if known is not None and stamps.get(project.pk) == known[0]:
                found[project.pk] = known[1]
        fresh = count([project for project in projects if project.pk not in found])
        if len(self._known) > MOST:
            self._known.clear()
        self._known.update((pk, (stamps[pk], value)) for pk, value in fresh.items() if pk in stamps)
        return found | fresh


def _stamps(projects: Sequence[Project], basis: Callable[[Project], Hashable]) -> dict[int, Hashable]:
    """What a total hangs on. None for a project of which, or of whose company, something is not sealed yet."""
    keys = {key for project in projects for key in _chains(project)}
    waiting = _waiting()
    ends = dict(Head.objects.filter(subject__in=keys).order_by().values_list("subject").annotate(last=Max("seal")))
    return {
        project.pk: (
            today(), basis(project), project.starts_on, project.ends_on, project.left_on,
            tuple((key, ends.get(key)) for key in _chains(project)),
        )
        for project in projects
        if waiting.isdisjoint(_chains(project))
    }  # fmt: skip


def _chains(project: Project) -> tuple[str, str]:
    return project.key, project.company.key


def _waiting() -> set[str]:
    """Every subject of a fact that no seal covers yet; there are few, and then only for minutes."""
    others = Also.objects.filter(fact__unsealed__isnull=False)
    own = Fact.objects.filter(unsealed__isnull=False).order_by()
    return {*own.values_list("subject", flat=True), *others.values_list("subject", flat=True)}
