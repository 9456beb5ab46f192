"""Accepted or sent elsewhere, answered by the company, given to somebody without interest, looked into, postponed."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.labels import Sentence, kept
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, papers, queries, rules
from ..catalogue import categories
from ..figures import term
from ..models import Dispute, Expert, Party, Voice
from ..words import PLACES, UNFIT, Authority, Fault, Referral, Side
from ..workflow import ACCEPTANCE, CONSENT, DISPUTE, EVENT_PAPER, GROUND, REJECTION, TRANSFER, WITHDRAWAL
from . import intake
from .common import File, announce, issued, keep, keep_close, quiet, save

EVIDENCE, AUTHORISATION = "举证材料", "授权委托书"
RIGHTS = "调解自愿、免费；可以随时要求终止；不妨碍起诉；可以申请更换调解员一次；调解中说的话不作以后的证据。"
GIVEN = Sentence(gettext_noop("请你调解：%(what)s"))


@transaction.atomic
def classify(
    case: Dispute, *, by: Actor, title: str, category: str, summary: str, people: int = 1, note: str = ""
) -> Event:
    """A person says what it is about, and writes what others may read of it."""
    engine.check(DISPUTE, "classify", case, by=by)
    found = categories().get(category)
    if found is None or not found.parent:
        raise Refusal("guard", _("请从目录里选一个小类。"))
    about, what = said(title, _("请写是什么事。"))[:60], said(summary, _("请写诉求摘要。"))[:600]
    quiet(case, about, what, note)
    event = engine.take(DISPUTE, "classify", case, by=by, note=note, category=category, suggested=list(case.suggested))
    case.title = about
    save(
        case.index(),
        title=about,
        category=category,
        summary=what,
        people=max(people, 1),
        search=case.search,
        grams=case.grams,
    )
    intake.watch(case, by=by)
    return event


@transaction.atomic
def accept(case: Dispute, *, by: Actor, note: str = "") -> Event:
    """The dispute is taken on; under a registered committee it is people's mediation, else the association's service."""
    engine.check(DISPUTE, "accept", case, by=by)
    quiet(case, note)
    save(case, committee=queries.committee(today()), accepted_on=today())
    period = "一个月" if case.is_peoples else f"{term('conclude')} 日"
    paper = papers.write(
        ACCEPTANCE, case, by=by, category=queries.label(case.category), service=case.service, until=f"受理之日起{period}", rights=RIGHTS,
    )  # fmt: skip
    event = engine.take(DISPUTE, "accept", case, by=by, note=note, papers=issued(paper))
    announce(case, facts.CASE_ACCEPTED, "accept", by=by)
    Party.objects.create(
        dispute=case, side=Side.RESPONDENT, organisation=case.project.company, authority=Authority.GENERAL
    )
    return event


def _elsewhere(case: Dispute, step: str, name: str, referral: str, to: str, words: str, by: Actor) -> Event:
    engine.check(DISPUTE, step, case, by=by)
    if (referral in UNFIT) != (step == "reject"):
        raise Refusal("guard", _("“%(why)s”不能这样办：依法不能调解的用“不予受理”，归别的单位的用“转办”。") % {
            "why": Referral(referral).label})  # fmt: skip
    where = to.strip()[:120] or kept(PLACES.get(referral, ""))
    what = said(where, _("请写转到哪个单位。"))
    quiet(case, words, what, case.summary)
    paper: Document = papers.write(
        name,
        case,
        by=by,
        why=kept(Referral(referral).label),
        where=what,
        summary=case.summary or case.title,
        words=words.strip(),
    )
    event = engine.take(DISPUTE, step, case, by=by, note=words.strip(), papers=issued(paper))
    save(case, referral=referral, referred_to=what)
    case.voices.filter(said="").update(said=_told(case, what)[:600])
    return event


def _told(case: Dispute, where: str) -> str:
    return f"{kept(Referral(case.referral).label)}，这件事由{where}处理，材料编号 {case.number}。"


@transaction.atomic
def reject(case: Dispute, *, by: Actor, referral: str, words: str, to: str = "") -> Event:
    """What nobody may mediate: the paper says why and, once and completely, where to go."""
    return _elsewhere(case, "reject", REJECTION, referral, to, words, by)


@transaction.atomic
def transfer(case: Dispute, *, by: Actor, referral: str, words: str, to: str = "") -> Event:
    """What is another body's to settle goes there with a letter."""
    return _elsewhere(case, "transfer", TRANSFER, referral, to, words, by)


@transaction.atomic
def reply(case: Dispute, *, by: Actor, words: str, file: File | None = None) -> Event:
    """The company says what happened and what it will do; in time, it counts for it."""
    engine.check(DISPUTE, "reply", case, by=by)
    what = said(words, _("请写情况和怎么办。"))[:600]
    quiet(case, what)
    row = DeadlineRow.objects.filter(workflow=DISPUTE.name, case_pk=case.pk, name="company_reply").latest("pk")
    in_time = now() <= row.due_at
    event = engine.take(DISPUTE, "reply", case, by=by, papers=keep(case, EVIDENCE, file, by), in_time=in_time)
    deadlines.end(DISPUTE, case, "company_reply")
    save(case, replied_at=now(), reply=what)
    set_turns(DISPUTE, case)
    if in_time:
        announce(case, facts.ON_TIME, "reply", by=by)
    return event


@transaction.atomic
def add_party(
    case: Dispute, *, by: Actor, side: str, authority: str, voice: Voice | None = None, name: str = "", representative: str = "",
    file: File | None = None,
) -> Event:  # fmt: skip
    """Who is at the table, who comes for them, and whether they may promise anything there.

    Of a voice the name is taken over, never typed again; one that stays hidden is no party. Respondent without a name: the company.
    """
    engine.check(DISPUTE, "party", case, by=by)
    if voice is not None and voice.hidden:
        raise Refusal("guard", _("这位反映人不公开身份，不能写成当事人。本人同意后先改为公开。"))
    quiet(case, name, representative)
    known = {"authority": authority, "representative": representative.strip()[:60], "has_paper": file is not None}
    filed = keep(case, AUTHORISATION, file, by)
    ours = side == Side.RESPONDENT and voice is None and not name.strip()
    if ours:
        row = case.parties.filter(side=side, organisation=case.project.company_id).first() or Party(
            dispute=case, side=side, organisation_id=case.project.company_id
        )
        for field, value in known.items():
            setattr(row, field, value)
        row.save()
    else:
        who = voice.name if voice is not None else name
        Party.objects.create(dispute=case, side=side, name=said(who, _("请写当事人的姓名或名称。"))[:60], **known)
    return engine.take(DISPUTE, "party", case, by=by, papers=filed)


@transaction.atomic
def assign(case: Dispute, *, by: Actor, mediator: Expert, expert: Expert | None = None, note: str = "") -> Event:
    """Give it to somebody of whom nothing stands against it; never to the company's own, its affiliates' or its rivals' people."""
    engine.check(DISPUTE, "assign", case, by=by)
    may_not = {one.pk: why for one, why in queries.suitable(case) if why}
    for one in filter(None, (mediator, expert)):
        if not Expert.objects.on(today()).filter(pk=one.pk).exists():
            raise Refusal("guard", _("%(who)s今天不在专家库里。") % {"who": one})
        if one.pk in may_not:
            raise Refusal("guard", _("不能指派%(who)s：%(why)s。") % {"who": one, "why": may_not[one.pk]})
    if expert is not None and expert.person_id == mediator.person_id:
        raise Refusal("guard", _("调解员和专家要是两个人。"))
    save(case, mediator=mediator.person, expert=expert.person if expert else None)
    event = engine.take(DISPUTE, "assign", case, by=by, note=note)
    tell(
        queries.mediators(case),
        GIVEN(what=case.title),
        link=case.get_absolute_url(),
        key=f"dispute:{case.pk}:given:{event.pk}",
    )
    return event


@transaction.atomic
def refuse(case: Dispute, *, by: Actor, side: str, who: str, note: str) -> Event:
    """One side does not want this mediator, and says why; once each. Somebody else is assigned."""
    engine.check(DISPUTE, "refuse", case, by=by)
    why = said(note, _("请写明为什么要更换。"))
    quiet(case, why)
    if rules.company_side.test(by, case) and side != Side.RESPONDENT:
        raise Refusal("guard", _("企业只能替自己这一方申请。"))
    if side in case.refusals:
        raise Refusal("guard", _("%(side)s已经申请更换过一次。") % {"side": Side(side).label})
    person = case.expert_id if who == "expert" else case.mediator_id
    if person is None:
        raise Refusal("guard", _("没有指派专家。"))
    event = engine.take(DISPUTE, "refuse", case, by=by, note=why, side=side)
    save(case, refusals={**case.refusals, side: person}, mediator=None, expert=None)
    set_turns(DISPUTE, case)
    return event


@transaction.atomic
def hand_in(case: Dispute, *, by: Actor, file: File | None, note: str = "") -> Event:
    """Evidence for the table."""
    engine.check(DISPUTE, "evidence", case, by=by)
    quiet(case, note)
    return engine.take(
        DISPUTE, "evidence", case, by=by, note=note, papers=keep(case, EVIDENCE, file, by, _("请放上材料。"))
    )


@transaction.atomic
def extend(case: Dispute, *, by: Actor, file: File | None, note: str = "") -> Event:
    """Both sides agree in writing to go on for some days more; once."""
    engine.check(DISPUTE, "extend", case, by=by)
    quiet(case, note)
    filed = keep(case, CONSENT, file, by, _("请放上双方签字的延期同意书。"))
    name = "people_conclude" if case.is_peoples else "service_conclude"
    row = deadlines.extend(DISPUTE, case, name, term("extension"))
    event = engine.take(DISPUTE, "extend", case, by=by, note=note, papers=filed, until=row.due_on.isoformat())
    save(case, extended=True)
    return event


@transaction.atomic
def suspend(case: Dispute, *, by: Actor, reason: str, file: File | None) -> Event:
    """Waiting for an appraisal, a notice: the clocks stand still, with reason and paper."""
    engine.check(DISPUTE, "suspend", case, by=by)
    why = said(reason, _("请写明为什么中止，例如：等鉴定。"))[:200]
    quiet(case, why)
    filed = keep(case, GROUND, file, by, _("请放上中止的依据。"))
    deadlines.pause(DISPUTE, case, reason=why, paper=filed[GROUND])
    return engine.take(DISPUTE, "suspend", case, by=by, note=why, papers=filed)


@DISPUTE.by_time("resume")
@transaction.atomic
def resume(case: Dispute, *, by: Actor = THE_CLOCK, note: str = "") -> Event:
    """Go on; at the latest when the longest time is over."""
    quiet(case, note)
    event = engine.take(DISPUTE, "resume", case, by=by, note=note)
    deadlines.resume(DISPUTE, case)
    set_turns(DISPUTE, case)
    return event


@transaction.atomic
def withdraw(case: Dispute, *, by: Actor, file: File | None, note: str = "") -> Event:
    """The applicant does not want to go on, on paper."""
    engine.check(DISPUTE, "withdraw", case, by=by)
    quiet(case, note)
    return engine.take(
        DISPUTE,
        "withdraw",
        case,
        by=by,
        note=note,
        papers=keep_close(case, WITHDRAWAL, file, by, _("请放上本人签字的撤回申请。")),
    )


@transaction.atomic
def judge(case: Dispute, *, by: Actor, fault: str, note: str) -> Event:
    """What was found of the company. Only what was verified counts against it, and once; how many came does not."""
    engine.check(DISPUTE, "judge", case, by=by)
    why = said(note, _("请写怎样核实的。"))
    quiet(case, why)
    if case.fault:
        raise Refusal("guard", _("已经登记过：%(what)s。有异议的，走事实异议。") % {"what": case.get_fault_display()})
    event = engine.take(DISPUTE, "judge", case, by=by, note=why, fault=fault)
    save(case, fault=fault)
    if fault == Fault.COMPANY:
        announce(case, facts.FAULT, "judge", by=by, occurred_on=local(case.opened_at).date())
    return event


@transaction.atomic
def group_event(case: Dispute, *, by: Actor, occurred_on: datetime.date, file: File | None, note: str = "") -> Event:
    """The authority finds that people gathered for a fault of the company's, by its own paper."""
    engine.check(DISPUTE, "group", case, by=by)
    if not case.occurred_on <= occurred_on <= today():
        raise Refusal("guard", _("发生日要在事情发生日和今天之间。"))
    quiet(case, note)
    filed = keep(case, EVENT_PAPER, file, by, _("请放上主管部门的认定文书。"))
    event = engine.take(DISPUTE, "group", case, by=by, note=note, papers=filed)
    announce(case, facts.GROUP, f"group/{event.pk}", by=by, occurred_on=occurred_on, trust="authority_document")
    return event
