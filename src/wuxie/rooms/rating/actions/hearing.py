"""The joint hearing and the publicity: what is proposed, who objects, what is answered, what is scored anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import NOBODY, Actor
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence
from wuxie.kernel.parties import journal
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import codes, evidence, papers, queries
from ..models import Application, Objection, Snapshot
from ..rules import secretariat
from ..workflow import STAR_APPLICATION, STAR_OBJECTION
from ..workflow.application import award_due, publicity_term
from .cycle import cap, held_at_four, scored_in
from .scoring import admit_result, freeze

S = Application.State
UPHELD = Sentence(gettext_noop("异议 %(receipt)s 成立"))


@transaction.atomic
def resolve(application: Application, *, by: Actor, minutes: str, note: str = "") -> Event:
    """The hearing proposes the stars that the score gives, no more and no fewer; the publicity begins."""
    minutes = said(minutes, _("请写联席会议纪要编号。"))
    record = papers.write("联席会议纪要", application, by=by, number=minutes, text=note)
    application.proposed_stars, application.hearing_on = application.stars, today()
    _publish(application)
    event = engine.take(
        STAR_APPLICATION, "resolve", application, by=by, note=note, papers={"联席会议纪要": record.reference},
        stars=application.stars, total=application.snapshot.total if application.snapshot else "",
    )  # fmt: skip
    papers.write("公示公告", application, by=by)
    return event


def _publish(application: Application) -> None:
    """Publicity from today, for as many days as the cycle says; a last day off moves to the next working day."""
    term = days.add(today(), application.cycle.publicity_days, "day", calendar())
    application.publicity_from, application.publicity_to = today(), term.on
    application.save(update_fields=["proposed_stars", "hearing_on", "publicity_from", "publicity_to"])


@transaction.atomic
def decline(application: Application, *, by: Actor, reason: str) -> Event:
    """No star; the scores of each indicator are told."""
    return _say_no("decline", application, by, reason)


@transaction.atomic
def decline_after_objection(application: Application, *, by: Actor, reason: str) -> Event:
    """The star went with an upheld objection or a veto that arrived meanwhile."""
    return _say_no("decline_after_objection", application, by, reason)


def _say_no(step: str, application: Application, by: Actor, reason: str) -> Event:
    reason = said(reason, _("不授星要写明理由。"))
    notice = papers.write("未获评告知书", application, by=by, text=reason)
    application.decided_on, application.proposed_stars = today(), None
    application.save(update_fields=["decided_on", "proposed_stars"])
    return engine.take(
        STAR_APPLICATION, step, application, by=by, note=reason, papers={"未获评告知书": notice.reference}
    )


@transaction.atomic
def object_to(
    application: Application, *, text: str, by: Actor = NOBODY, indicator: str = "", contact: str = "",
) -> Objection:  # fmt: skip
    """Anyone objects while the publicity runs; the receipt number is all they need to follow it."""
    text = said(text, _("请写明异议的事实和依据。"))
    known = {one["id"] for group in queries.document_for(application)["groups"] for one in group["indicators"]}
    if indicator and indicator not in known:
        raise Refusal("guard", _("没有指标“%(id)s”。") % {"id": indicator})
    objection = Objection(
        application=application, indicator=indicator, text=text, contact=contact.strip()[:200], by=by.key,
        place_code=application.place_code,
    )  # fmt: skip
    _open_with_receipt(objection)
    letter = papers.write("异议书", objection, by=by)
    engine.take(
        STAR_APPLICATION, "object", application, by=by, private=True, papers={"异议书": letter.reference},
        receipt=objection.receipt,
    )  # fmt: skip
    return objection


def _open_with_receipt(objection: Objection) -> None:
    """Give a receipt number that nobody has; the case's event names no person."""
    for _again in range(5):
        objection.receipt = objection.number = codes.new_number()
        try:
            with transaction.atomic():
                engine.open_case(STAR_OBJECTION, objection, by=NOBODY)
                return
        except IntegrityError:
            objection.pk = None
    raise IntegrityError("no free receipt number")


@dataclass(frozen=True)
class Correction:
    """What an upheld objection changes in the ledger: another quantity (decimal text), or none: withdrawn."""

    fact_id: str
    quantity: str | None = None


@transaction.atomic
def reject_objection(objection: Objection, *, by: Actor, reply: str) -> Event:
    """The objection does not hold; the reasons go to whoever has the receipt."""
    return _answer("reject", objection, by, reply)


@transaction.atomic
def uphold_objection(objection: Objection, *, by: Actor, reply: str, corrections: Iterable[Correction] = ()) -> Event:
    """The objection holds: wrong facts are corrected on record, the score is taken anew, and published if it changed."""
    wanted = list(corrections)
    if not wanted:
        raise Refusal("guard", _("认定成立要指明更正哪条事实；没有要更正的事实，得分不会变，请认定不成立并说明。"))
    application = objection.application
    for one in wanted:
        correct(application, one, by=by, reason=said(reply, _("答复要写明事实与依据。")), why=objection.receipt)
    objection.facts = [one.fact_id for one in wanted]
    objection.save(update_fields=["facts"])
    rescore(application, by=by, note=UPHELD(receipt=objection.receipt))
    return _answer("uphold", objection, by, reply)


def correct(application: Application, one: Correction, *, by: Actor, reason: str, why: str) -> Fact:
    """Supersede or withdraw a fact of the project so that it counts in this cycle although the cut-off is over."""
    fact = Fact.objects.filter(pk=one.fact_id).first()
    if fact is None or not evidence.concerns(fact, application.project, on=application.cycle.window_to):
        raise Refusal("guard", _("没有查到属于这个项目的事实 %(id)s，请核对编号。") % {"id": one.fact_id})
    if one.quantity is None:
        new = ledger.withdraw(fact, by=by.key, reason=reason)
    else:
        new = ledger.supersede(fact, by=by.key, reason=reason, quantity=one.quantity)
    admit_result(new, application, by=by, why=why)
    return new


@transaction.atomic
def read_contact(objection: Objection, *, by: Actor, reason: str) -> str:
    """The objector's contact in plain, for the office that answers; who read it and why stays in the course of the case."""
    may(secretariat, objection, by, _("查看异议人联系方式"))
    reason = said(reason, _("请写明为什么要看，例如：电话核实现场情况。"))
    engine.record(STAR_OBJECTION, objection, gettext_noop("查看了异议人联系方式"), by=by, note=reason, private=True)
    journal.write(
        "looked", f"objection:{objection.pk}", by=by.key, source=f"objection:{objection.pk}", details={"fields": "contact"},
        personal={"reason": reason},
    )  # fmt: skip
    return objection.contact


def _answer(step: str, objection: Objection, by: Actor, reply: str) -> Event:
    reply = said(reply, _("答复要写明事实与依据。"))
    objection.reply, objection.replied_by, objection.replied_on = reply, by.key, today()
    objection.save(update_fields=["reply", "replied_by", "replied_on"])
    answer = papers.write("异议处理意见", objection, by=by, text=reply)
    event = engine.take(STAR_OBJECTION, step, objection, by=by, note=reply, papers={"异议处理意见": answer.reference})
    _settle(objection.application, by, answer.reference)
    return event


def _settle(application: Application, by: Actor, answer: str) -> None:
    """When the last objection is decided the application goes back to publicity."""
    application = Application.objects.get(pk=application.pk)
    if application.state == S.OBJECTION and not application.objections.filter(state=Objection.State.RECEIVED).exists():
        engine.take(STAR_APPLICATION, "resolve_objection", application, by=by, papers={"异议处理意见": answer})


@transaction.atomic
def rescore(application: Application, *, by: Actor, note: str = "") -> Snapshot:
    """Freeze and score anew; if total or stars changed, this project alone is published for seven new days."""
    before = application.snapshot
    snapshot = freeze(application, Snapshot.Reason.RESCORE, by=by)
    if snapshot.stars == 5 and before and before.stars < 5:
        snapshot = _hold_newcomer(application, by)
    changed = before is None or (before.total, before.stars) != (snapshot.total, snapshot.stars)
    application.proposed_stars = snapshot.stars or None
    if changed:
        _publish(application)
        deadlines.start(STAR_APPLICATION, application, publicity_term)
        if application.state == S.PUBLICITY:
            deadlines.start(STAR_APPLICATION, application, award_due)
    else:
        application.save(update_fields=["proposed_stars"])
    engine.by_clock(
        STAR_APPLICATION, "rescore", application, note=note, before=before.total if before else "", after=snapshot.total,
        stars=snapshot.stars,
    )  # fmt: skip
    set_turns(STAR_APPLICATION, application)
    return snapshot


def _hold_newcomer(application: Application, by: Actor) -> Snapshot:
    """A score that rises to five stars after the quota was settled takes a place only if one is free."""
    assert application.snapshot is not None
    held = held_at_four(application.cycle)
    others = [one for one in scored_in(application.cycle) if one.stars == 5 and one.pk != application.pk]
    room = len(scored_in(application.cycle)) * application.cycle.quota_percent // 100
    if held.get(application.pk) == "unproven" or len(others) >= room:
        return cap(application, held.get(application.pk, "quota"), by=by, minutes=_("异议复算"))
    return application.snapshot


@STAR_APPLICATION.by_time("end_publicity")
@transaction.atomic
def end_publicity(application: Application) -> Event:
    return engine.by_clock(STAR_APPLICATION, "end_publicity", application, last_day=str(application.publicity_to))
