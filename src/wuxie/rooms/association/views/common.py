"""What the case pages of the association have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse

from wuxie.kernel.access.who import the_clock
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.table import Workflow
from wuxie.web.cells import Chip
from wuxie.web.sealed import numbers_of


def chip(tones: Mapping[str, str]) -> Callable[[Any], Chip]:
    """The state of a case as a chip, by the tones of its states."""
    return lambda case: Chip(str(type(case).State(case.state).label), tones.get(case.state, ""))


def turn(table: Workflow, case: Any) -> str:
    """Whose turn it is, for those whose it is not."""
    steps = (one for _name, one in table.open_steps(case.state) if not one.quiet and one.by is not the_clock)
    return "、".join(dict.fromkeys(str(one.by.label) for one in steps))


def shown(table: Workflow, case: Any) -> dict[str, Any]:
    """What every case page of the room shows beside its own things: papers, whose turn it is, numbers in the ledger."""
    key = table.key(case)
    return {
        "documents": list(Document.objects.on(key).select_related("void")), "papers": list(Attachment.objects.on(key)),
        "turn": turn(table, case), "numbers": numbers_of(list(engine.history(table, case)[:200])),
    }  # fmt: skip


def filled(rows: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Of these pairs those that say something."""
    return [(label, value) for label, value in rows if value not in ("", None)]


def tabs(current: str, *found: tuple[str, Any]) -> list[dict[str, Any]]:
    """Lists that belong together."""
    return [
        {"label": label, "url": reverse(f"association:{name}"), "current": name == current} for name, label in found
    ]


def row(
    text: Any, note: Any = "", *, url: str = "", chip: Chip | None = None, acts: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """A line of a section."""
    return {"text": text, "note": note, "url": url, "chip": chip, "acts": acts or []}


def link(case: Model) -> str:
    return str(case.get_absolute_url())  # type: ignore[attr-defined]
