"""What several verbs of a repair do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from ..models import Repair
from ..workflow import REPAIR

File = tuple[str, bytes]


def keep(case: Repair, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    """File a paper with the repair: its name and its reference. Without a file the sentence, or nothing."""
    if file is None:
        if sentence:
            raise Refusal("guard", sentence)
        return {}
    return {kind: f"attachment:{filing.attach(REPAIR.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def picture(case: Repair, kind: str, file: File, by: Actor) -> dict[str, str]:
    """The same for a photo; anything else is refused."""
    return {kind: filing.picture(REPAIR.key(case), file[1], file[0], kind=kind, by=by.key)}


def issued(document: Document) -> dict[str, str]:
    return {document.label: f"document:{document.pk}"}


def step(name: str) -> Callable[..., Event]:
    """A step that only moves."""

    def run(case: Repair, *, by: Actor, note: str = "") -> Event:
        return engine.take(REPAIR, name, case, by=by, note=note)

    return run


def with_reason(name: str) -> Callable[..., Event]:
    """A step that only moves and has to say why."""

    def run(case: Repair, *, by: Actor, note: str) -> Event:
        if not note.strip():
            raise Refusal("guard", _("请写明理由，对方看得到。"))
        return engine.take(REPAIR, name, case, by=by, note=note.strip())

    return run


def save(case: Repair, **values: Any) -> None:
    """Set these columns."""
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))
