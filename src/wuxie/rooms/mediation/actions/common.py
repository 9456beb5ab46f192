"""What several verbs of a dispute do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import kept
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties import masks
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from ..models import Dispute, Voice
from ..workflow import DISPUTE

File = tuple[str, bytes]


def keep(case: Dispute, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    """File a paper with the dispute: its name and its reference. Without a file the sentence, or nothing."""
    if file is None:
        if sentence:
            raise Refusal("guard", sentence)
        return {}
    return {kind: f"attachment:{filing.attach(DISPUTE.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def keep_close(case: Dispute, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    """The same for a paper by which somebody could be known: with the voice, where the other side does not see it, while one stays hidden.

    The name of the file may be a person's and is not kept.
    """
    hidden = case.voices.filter(hidden=True).order_by("pk").first()
    if hidden is None or file is None:
        return keep(case, kind, file, by, sentence)
    return {kind: keep_with(hidden, kind, file, by)}


def keep_with(voice: Voice, kind: str, file: File, by: Actor) -> str:
    """File a paper with a voice, read by the office and who mediates; its reference."""
    title = f"{kind}{PurePath(file[0]).suffix[:6]}"
    return f"attachment:{filing.attach(f'voice:{voice.pk}', file[1], title, kind=kind, by=by.key).pk}"


def issued(document: Document) -> dict[str, str]:
    return {document.label: f"document:{document.pk}"}


def step(name: str) -> Callable[..., Event]:
    """A step that only moves."""

    def run(case: Dispute, *, by: Actor, note: str = "") -> Event:
        quiet(case, note)
        return engine.take(DISPUTE, name, case, by=by, note=note)

    return run


def with_reason(name: str) -> Callable[..., Event]:
    """A step that only moves and has to say why."""

    def run(case: Dispute, *, by: Actor, note: str) -> Event:
        if not note.strip():
            raise Refusal("guard", _("请写明理由，对方看得到。"))
        quiet(case, note)
        return engine.take(DISPUTE, name, case, by=by, note=note.strip())

    return run


def save(case: Dispute, **values: Any) -> None:
    """Set these columns."""
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))


def quiet(case: Dispute, *texts: str) -> None:
    """Refuse words that give away who wants to stay hidden: their name or their telephone number."""
    hidden: Iterable[Any] = case.voices.filter(hidden=True) if case.pk else ()
    for voice in hidden:
        if masks.told((voice.name, voice.phone), *texts):
            raise Refusal(
                "guard", _("这段话里有不公开身份的反映人的姓名或电话。请改掉再存：双方和主管部门都看得到这段话。")
            )


def announce(case: Dispute, kind: str, step: str, *, by: Actor, of_company: bool = False, **rest: Any) -> None:
    """Write down a fact of the evidence catalogue: of the project, or of its company about the project."""
    project = case.project
    subject = project.company.key if of_company else project.key
    about = (project.key,) if of_company else ()
    ledger.announce(
        kind,
        subject,
        **{
            "occurred_on": today(),
            "source": f"{DISPUTE.key(case)}/{step}",
            "also_counts_for": about,
            "by": by.key,
            **rest,
        },
    )


def said_mediators(case: Dispute) -> str:
    """Who mediates, by family name, for a paper."""
    return "、".join(one.masked_name for one in (case.mediator, case.expert) if one)


def parties_on_paper(case: Dispute) -> str:
    """Who is at odds, for a paper: bodies by their name, persons by their family name."""
    rows = case.parties.select_related("organisation").order_by("pk")
    return "；".join(f"{kept(one.get_side_display())}：{one}" for one in rows)
