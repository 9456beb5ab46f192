"""A petition before a government office: received, told, answered, looked at again above."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import kept
from wuxie.kernel.parties import masks
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Estate

from .. import papers
from ..figures import term
from ..models import Dispute, Petition
from ..models.petitions import LEVELS
from ..petition_workflow import FINAL, OPINION, PETITION, REVIEW, TOLD
from ..workflow import DISPUTE
from .common import issued
from .intake import project_on

NEXT = {
    OPINION: "不服的，收到之日起三十日内向上一级行政机关请求复查。", REVIEW: "不服的，收到之日起三十日内向上一级行政机关请求复核。",
    FINAL: "本意见是信访终结意见。",
}  # fmt: skip


def _quiet(case: Petition, *texts: str) -> None:
    """Refuse words that give away a petitioner who wants to stay hidden, by the voices of its dispute too."""
    secrets = [case.petitioner] if case.hidden else []
    if case.dispute is not None:
        secrets += [part for one in case.dispute.voices.filter(hidden=True) for part in (one.name, one.phone)]
    if masks.told(secrets, *texts):
        raise Refusal("guard", _("这段话里有不公开身份的反映人的姓名或电话。请改掉再存。"))


@transaction.atomic
def receive(
    estate: Estate, *, by: Actor, level: str, title: str, summary: str, received_on: datetime.date | None = None, petitioner: str = "",
    hidden: bool = False, dispute: Dispute | None = None,
) -> Petition:  # fmt: skip
    """A petition reached an office of the area; the days run from the day it got there."""
    if level not in LEVELS:
        raise Refusal("guard", _("请选由哪一级办理。"))
    if dispute is None and not by.holds(*LEVELS, place=estate.place_id):
        raise Refusal("person", _("只有本地的街道、区县、市主管部门登记信访事项。"))
    day = received_on or today()
    project = project_on(estate, day)
    case = Petition(
        project=project, dispute=dispute, level=level, title=said(title, _("请写是什么事。"))[:60], summary=said(summary, _("请写诉求摘要。"))[:600],
        petitioner=petitioner.strip()[:60], hidden=hidden, received_on=day, place_code=estate.place_id,
    ).index()  # fmt: skip
    _quiet(case, case.title, case.summary)
    engine.open_case(PETITION, case, by=by)
    case.number = f"XF{case.opened_at:%Y}-{case.pk:06d}"
    case.save(update_fields=["number"])
    row = deadlines.start(PETITION, case, PETITION.deadlines()["petition_accept"], on=day)
    set_turns(PETITION, case)
    assert row.started_on == day
    return case


@transaction.atomic
def hand_over(case: Dispute, *, by: Actor, level: str, note: str = "") -> Event:
    """What asks a government office to act goes to it as a petition, with a letter; its clock is its own."""
    engine.check(DISPUTE, "hand_over", case, by=by)
    where = kept(Petition.Level(level).label)
    receive(
        case.project.estate, by=by, level=level, title=case.title, summary=case.summary or case.title, dispute=case,
        hidden=case.voices.filter(hidden=True).exists(),
    )  # fmt: skip
    paper = papers.write(
        "转办函", case, by=by, why="信访事项", where=where, summary=case.summary or case.title, words=note.strip()
    )
    event = engine.take(DISPUTE, "hand_over", case, by=by, note=note, papers=issued(paper))
    case.referred_to = where
    case.save(update_fields=["referred_to"])
    case.voices.filter(said="").update(said=f"这件事由{where}按信访事项办理，材料编号 {case.number}。")
    return event


def _paper(name: str, case: Petition, by: Actor, words: str = "") -> dict[str, str]:
    values = {
        "number": case.number, "estate": case.project.estate.name, "title": case.title, "office": kept(Petition.Level(case.level).label),
        "received": str(case.received_on), "words": words, "next": NEXT.get(name, ""),
        "until": f"受理之日起 {term('deadline.petition.conclude')} 日内" if name == TOLD else "",
    }  # fmt: skip
    return issued(papers.FORMS.write(name, PETITION.key(case), values, by=by.key))


@transaction.atomic
def accept(case: Petition, *, by: Actor, note: str = "") -> Event:
    """Taken on, and told in writing."""
    engine.check(PETITION, "accept", case, by=by)
    _quiet(case, note)
    return engine.take(PETITION, "accept", case, by=by, note=note, papers=_paper(TOLD, case, by))


@transaction.atomic
def object_to(case: Petition, *, by: Actor, note: str) -> Event:
    """It is another office's to handle, says this one in time."""
    engine.check(PETITION, "object", case, by=by)
    why = said(note, _("请写明为什么不归你办、该归谁办。"))
    _quiet(case, why)
    return engine.take(PETITION, "object", case, by=by, note=why)


@transaction.atomic
def reassign(case: Petition, *, by: Actor, level: str, note: str = "") -> Event:
    """The office above says who handles it; the days begin anew."""
    engine.check(PETITION, "reassign", case, by=by)
    if level not in LEVELS:
        raise Refusal("guard", _("请选由哪一级办理。"))
    _quiet(case, note)
    event = engine.take(PETITION, "reassign", case, by=by, note=note)
    case.level, case.received_on = level, today()
    case.save(update_fields=["level", "received_on"])
    set_turns(PETITION, case)
    return event


@transaction.atomic
def extend(case: Petition, *, by: Actor, note: str) -> Event:
    """Once, with a reason that the petitioner is told."""
    engine.check(PETITION, "extend", case, by=by)
    why = said(note, _("请写明延长的理由，要告诉信访人。"))
    _quiet(case, why)
    row = deadlines.extend(PETITION, case, "petition_conclude", term("deadline.petition.conclude.extension"))
    event = engine.take(PETITION, "extend", case, by=by, note=why, until=row.due_on.isoformat())
    case.extended = True
    case.save(update_fields=["extended"])
    return event


def _opinion(case: Petition, step: str, field: str, name: str, words: str, by: Actor) -> Event:
    engine.check(PETITION, step, case, by=by)
    what = said(words, _("请写意见和依据。"))[:600]
    _quiet(case, what)
    event = engine.take(PETITION, step, case, by=by, papers=_paper(name, case, by, what))
    setattr(case, field, what)
    case.save(update_fields=[field])
    return event


@transaction.atomic
def answer(case: Petition, *, by: Actor, words: str) -> Event:
    """The opinion of the office that handles it."""
    return _opinion(case, "answer", "opinion", OPINION, words, by)


@transaction.atomic
def review(case: Petition, *, by: Actor, words: str) -> Event:
    """The opinion of the office above."""
    return _opinion(case, "review", "review", REVIEW, words, by)


@transaction.atomic
def conclude(case: Petition, *, by: Actor, words: str) -> Event:
    """The last opinion."""
    return _opinion(case, "conclude", "final", FINAL, words, by)


def asked(step: str) -> Callable[..., Event]:
    """The petitioner asks the office above to look at it; on paper or at the counter."""

    def run(case: Petition, *, by: Actor, note: str) -> Event:
        _quiet(case, note)
        return engine.take(PETITION, step, case, by=by, note=said(note, _("请写信访人什么时候、怎样请求的。")))

    return run
