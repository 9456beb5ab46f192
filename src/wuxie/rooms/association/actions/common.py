"""What several verbs of the association do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.kernel.workflow.table import Workflow

File = tuple[str, bytes]


def keep(table: Workflow, case: Any, kind: str, file: File | None, by: Actor) -> dict[str, str]:
    """File a paper with the case: its name and its reference; nothing without a file."""
    if file is None:
        return {}
    return {kind: f"attachment:{filing.attach(table.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def step(table: Workflow, name: str) -> Callable[..., Event]:
    """A step that only moves."""

    def run(case: Any, *, by: Actor, note: str = "") -> Event:
        return engine.take(table, name, case, by=by, note=note)

    return run


def with_reason(table: Workflow, name: str) -> Callable[..., Event]:
    """A step that only moves and has to say why."""

    def run(case: Any, *, by: Actor, note: str) -> Event:
        if not note.strip():
            raise Refusal("guard", _("请写明理由，对方看得到。"))
        return engine.take(table, name, case, by=by, note=note.strip())

    return run


def save(row: Model, **values: Any) -> None:
    """Set these columns."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
