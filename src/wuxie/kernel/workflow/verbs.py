"""What verbs of any room do with a case beside taking a step; a room binds its own table once with ``functools.partial``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document

from . import engine
from .models import Event
from .refusal import Refusal
from .table import Workflow

File = tuple[str, bytes]


def keep(workflow: Workflow, case: Any, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    """File a paper with the case: its name and its reference. Without a file the sentence, or nothing."""
    if file is None:
        if sentence:
            raise Refusal("guard", sentence)
        return {}
    return {kind: f"attachment:{filing.attach(workflow.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def picture(workflow: Workflow, case: Any, kind: str, file: File, by: Actor) -> dict[str, str]:
    """The same for a photo; anything else is refused."""
    return {kind: filing.picture(workflow.key(case), file[1], file[0], kind=kind, by=by.key)}


def issued(document: Document) -> dict[str, str]:
    return {document.label: f"document:{document.pk}"}


def step(workflow: Workflow, name: str) -> Callable[..., Event]:
    """A step that only moves."""

    def run(case: Any, *, by: Actor, note: str = "") -> Event:
        return engine.take(workflow, name, case, by=by, note=note)

    return run


def with_reason(workflow: Workflow, name: str) -> Callable[..., Event]:
    """A step that only moves and has to say why."""

    def run(case: Any, *, by: Actor, note: str) -> Event:
        if not note.strip():
            raise Refusal("guard", _("请写明理由，对方看得到。"))
        return engine.take(workflow, name, case, by=by, note=note.strip())

    return run


def save(case: Any, **values: Any) -> None:
    """Set these columns."""
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))
