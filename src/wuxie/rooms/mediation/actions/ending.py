"""At the table and after: sittings and minutes, clauses with days, the agreement or the paper that there is none, court, performance, visits."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import in_yuan
from wuxie.kernel.clock.days import add
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.labels import Sentence, kept
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, papers, queries, rules
from ..figures import term
from ..models import Clause, Dispute, Sitting
from ..words import GOOD, Result, Side
from ..workflow import (
    COURT,
    DISPUTE,
    ENDING,
    NOTICE,
    ORDINARY,
    PEOPLES,
    RECEIPT,
    RULING,
    VISIT,
    check_due,
    kept_due,
)
from .common import File, announce, issued, keep, parties_on_paper, quiet, said_mediators, save

BRING = "身份证明；代理人带写明和解权限的委托书；合同、票据、照片等材料原件。"
WAYS = "可以向人民法院起诉；有仲裁约定的申请仲裁；属于行政管理的，向主管部门反映。"
INVITED = Sentence(gettext_noop("调解会：%(what)s"))
SIGNED = "签字的协议"


@transaction.atomic
def invite(
    case: Dispute, *, by: Actor, at: datetime.datetime, place: str, agreed: bool = False, note: str = ""
) -> Event:
    """Tell both sides when and where; so many working days ahead, or sooner if both agree."""
    engine.check(DISPUTE, "invite", case, by=by)
    where = said(place, _("请写在哪里调解。"))[:80]
    quiet(case, where, note)
    if at <= now():
        raise Refusal("guard", _("调解时间要在现在以后。"))
    if not agreed and not queries.invited_in_time(local(at)):
        raise Refusal("guard", _("要提前 %(n)s 个工作日通知，最早 %(day)s。双方都同意提前的，勾上“双方同意”。") % {
            "n": term("notice"), "day": add(today(), term("notice"), "working_day", calendar()).on})  # fmt: skip
    Sitting.objects.create(dispute=case, kind=Sitting.Kind.SITTING, at=at, place=where)
    moment = f"{local(at):%Y-%m-%d %H:%M}"
    paper = papers.write(NOTICE, case, by=by, at=moment, place=where, mediators=said_mediators(case), bring=BRING)
    event = engine.take(DISPUTE, "invite", case, by=by, note=note, papers=issued(paper), at=moment, agreed=agreed)
    people = sorted({*rules.company_side.people(case), *queries.mediators(case)})
    tell(
        people,
        INVITED(what=case.title),
        f"{moment} · {where}",
        link=case.get_absolute_url(),
        key=f"dispute:{case.pk}:sits:{event.pk}",
    )
    return event


@transaction.atomic
def hold(case: Dispute, *, by: Actor, present: str, minutes: str) -> Event:
    """What was said at the sitting that was called, and who was there."""
    engine.check(DISPUTE, "hold", case, by=by)
    there, told = said(present, _("请写谁到了场。"))[:400], said(minutes, _("请写笔录。"))[:8000]
    quiet(case, there, told)
    sitting = case.sittings.filter(kind=Sitting.Kind.SITTING, held_at__isnull=True).order_by("at", "pk").first()
    assert sitting is not None, "the guard of the step asks for it"
    if local(sitting.at).date() > today():
        raise Refusal("guard", _("约的是 %(day)s，还没有到。") % {"day": local(sitting.at).date()})
    event = engine.take(DISPUTE, "hold", case, by=by)
    sitting.present, sitting.minutes, sitting.held_at = there, told, now()
    sitting.save(update_fields=["present", "minutes", "held_at"])
    return event


@transaction.atomic
def survey(
    case: Dispute, *, by: Actor, at: datetime.datetime, place: str, present: str, minutes: str, file: File | None = None
) -> Event:
    """A look on site by two, with both sides or somebody of the community there."""
    engine.check(DISPUTE, "survey", case, by=by)
    if at > now():
        raise Refusal("guard", _("勘查时间不能晚于现在。"))
    there, told = said(present, _("请写谁到了场。"))[:400], said(minutes, _("请写看到了什么。"))[:8000]
    where = said(place, _("请写在哪里。"))[:80]
    quiet(case, there, told, where)
    Sitting.objects.create(
        dispute=case, kind=Sitting.Kind.SURVEY, at=at, place=where, present=there, minutes=told, held_at=now()
    )
    return engine.take(DISPUTE, "survey", case, by=by, papers=keep(case, "勘查照片", file, by))


@transaction.atomic
def absent(case: Dispute, *, by: Actor, note: str) -> Event:
    """The company was told in time and neither came nor handed in, without a reason."""
    engine.check(DISPUTE, "absent", case, by=by)
    why = said(note, _("请写通知过几次、怎样通知的。"))
    quiet(case, why)
    if not case.sittings.filter(at__lt=now()).exists():
        raise Refusal("guard", _("还没有到过约定的时间，不能说不到场。"))
    event = engine.take(DISPUTE, "absent", case, by=by, note=why)
    announce(case, facts.CASE_REFUSED, f"absent/{event.pk}", by=by, of_company=True)
    return event


@transaction.atomic
def add_clause(
    case: Dispute, *, by: Actor, debtor: str, what: str, due_on: datetime.date | None, amount: int | None = None
) -> Event:
    """One thing that one side will do until a day. Without a day it is no obligation, and is refused."""
    engine.check(DISPUTE, "clause", case, by=by)
    thing = said(what, _("请写做什么。"))[:300]
    quiet(case, thing)
    if due_on is None:
        raise Refusal(
            "guard",
            _("“%(what)s”没有写最迟哪天做完。没有日期的条款没法提醒、没法核查，请补上履行期限。")
            % {"what": thing[:40]},
        )
    if due_on < today():
        raise Refusal("guard", _("履行期限 %(day)s 已经过了。当场做完的写今天。") % {"day": due_on})
    if debtor not in Side.values:
        raise Refusal("guard", _("请选由哪一方来做。"))
    Clause.objects.create(dispute=case, debtor=debtor, what=thing, amount=amount, due_on=due_on)
    return engine.take(DISPUTE, "clause", case, by=by, due_on=due_on.isoformat())


@transaction.atomic
def strike(case: Dispute, *, by: Actor, clause: Clause, note: str = "") -> Event:
    """A clause that is not meant any more, before anything is signed."""
    engine.check(DISPUTE, "strike", case, by=by)
    quiet(case, note)
    event = engine.take(DISPUTE, "strike", case, by=by, note=note)
    case.clauses.filter(pk=clause.pk).delete()
    return event


@transaction.atomic
def settle(
    case: Dispute, *, by: Actor, result: str, undisputed: str, basis: str, default: str, file: File | None = None
) -> Event:
    """Both sides sign. The paper is called what it lawfully is; its clauses become periods."""
    engine.check(DISPUTE, "settle", case, by=by)
    if result not in GOOD:
        raise Refusal("guard", _("请选达成了哪一种协议。"))
    facts_agreed, law = (
        said(undisputed, _("请写双方都认可的事实。"))[:1000],
        said(basis, _("请写依据哪些规定、约定。"))[:300],
    )
    quiet(case, facts_agreed, law, default)
    name = PEOPLES if case.is_peoples else ORDINARY
    rows = [
        [str(place), kept(Side(one.debtor).label), one.what, in_yuan(one.amount) if one.amount else "", str(one.due_on)]
        for place, one in enumerate(case.clauses.order_by("due_on", "pk"), 1)
    ]
    labels = ("序号", "谁做", "做什么", "金额", "最迟")
    confirmation = (
        "可在协议生效之日起三十日内共同申请司法确认" if case.is_peoples else "本协议是双方的合同，不能直接申请司法确认"
    )
    paper = papers.write(
        name, case, by=by, table={"columns": [{"label": one, "wide": one == "做什么"} for one in labels], "rows": rows},
        parties=parties_on_paper(case), facts=case.summary, undisputed=facts_agreed, basis=law, default=default.strip()[:200],
        confirmation=confirmation, mediators=said_mediators(case), agreed=str(today()),
    )  # fmt: skip
    filed = issued(paper) | keep(case, SIGNED, file, by)
    save(case, result=result, undisputed=facts_agreed, agreed_on=today())
    event = engine.take(DISPUTE, "settle", case, by=by, papers=filed, result=result)
    announce(case, facts.CASE_SETTLED, "settle", by=by)
    if not case.is_peoples:  # there is nothing a court could confirm: the clauses simply run
        engine.by_clock(DISPUTE, "begin", case)
    return event


@transaction.atomic
def fail(case: Dispute, *, by: Actor, result: str, undisputed: str = "", words: str = "") -> Event:
    """No agreement: a paper with what both sides accept as fact, and the ways that are open now."""
    engine.check(DISPUTE, "fail", case, by=by)
    if result in GOOD or result not in Result.values:
        raise Refusal("guard", _("请选为什么没有达成。"))
    quiet(case, undisputed, words)
    ways = f"{WAYS}{words.strip()[:300]}"
    paper = papers.write(
        ENDING, case, by=by, result=kept(Result(result).label), undisputed=undisputed.strip()[:1000], ways=ways, mediators=said_mediators(case),
    )  # fmt: skip
    save(case, result=result, undisputed=undisputed.strip()[:1000])
    return engine.take(DISPUTE, "fail", case, by=by, papers=issued(paper), result=result)


@transaction.atomic
def apply_to_court(case: Dispute, *, by: Actor, court: str, note: str = "") -> Event:
    """Both sides ask a court together to confirm the agreement: only a people's mediation agreement, within the days of law."""
    engine.check(DISPUTE, "court", case, by=by)
    if not case.is_peoples:
        raise Refusal("guard", _("这是协会调解的和解协议，不是人民调解协议，不能申请司法确认（人民调解法第33条）。"))
    assert case.agreed_on is not None
    last = add(case.agreed_on, term("deadline.mediation.confirm"), "day", calendar()).on
    if today() > last:
        raise Refusal(
            "guard", _("协议 %(day)s 生效，申请期限到 %(last)s 已过。") % {"day": case.agreed_on, "last": last}
        )
    where = said(court, _("请写向哪个法院申请。"))[:80]
    quiet(case, where, note)
    paper = papers.write(
        COURT, case, by=by, parties=parties_on_paper(case), agreement=PEOPLES, agreed=str(case.agreed_on), court=where,
        request="请求确认双方达成的人民调解协议有效。",
    )  # fmt: skip
    event = engine.take(DISPUTE, "court", case, by=by, note=note, papers=issued(paper))
    save(case, court=where)
    return event


@transaction.atomic
def confirmed(case: Dispute, *, by: Actor, ruling: str, file: File | None) -> Event:
    """The court's ruling that the agreement is valid: it can be enforced."""
    engine.check(DISPUTE, "confirmed", case, by=by)
    number = said(ruling, _("请写裁定书编号。"))[:80]
    event = engine.take(DISPUTE, "confirmed", case, by=by, papers=keep(case, RULING, file, by, _("请放上裁定书。")))
    save(case, ruling=number)
    return event


@transaction.atomic
def keep_clause(
    case: Dispute, *, by: Actor, clause: Clause, performed_on: datetime.date, proof: str, file: File | None = None
) -> Event:
    """One clause was kept and the other side says so; with the last one the agreement is performed."""
    engine.check(DISPUTE, "keep", case, by=by)
    if clause.dispute_id != case.pk or clause.performed_on is not None:
        raise Refusal("guard", _("请选还没有登记履行的条款。"))
    if not (case.agreed_on or today()) <= performed_on <= today():
        raise Refusal("guard", _("履行日要在协议日 %(day)s 和今天之间。") % {"day": case.agreed_on})
    how = said(proof, _("请写对方怎样确认的，例如：收条、转账凭证。"))[:200]
    quiet(case, how)
    clause.performed_on, clause.proof = performed_on, how
    clause.save(update_fields=["performed_on", "proof"])
    paper = papers.write(
        RECEIPT, case, by=by, what=clause.what, due=str(clause.due_on), performed=str(performed_on), proof=how,
    )  # fmt: skip
    event = engine.take(DISPUTE, "keep", case, by=by, papers=issued(paper) | keep(case, "履行凭证", file, by))
    if queries.next_due(case) is None:
        _count(case, by)
        engine.by_clock(DISPUTE, "finish", case)
    else:
        for one in (kept_due, check_due):
            deadlines.start(DISPUTE, case, one)
        set_turns(DISPUTE, case)
    return event


def _count(case: Dispute, by: Actor) -> None:
    """The agreement came due, and was kept in time or not: for the company, where it owed something."""
    if not queries.owes(case):
        return
    late = any(one.performed_on is None or one.performed_on > one.due_on for one in _owed(case))
    day = max(one.due_on for one in _owed(case))
    announce(case, facts.AGREEMENT_DUE, "due", by=by, of_company=True, occurred_on=min(day, today()))
    if not late:
        announce(
            case, facts.AGREEMENT_PERFORMED, "performed", by=by, of_company=True, trust="counterpart_confirmed",
            occurred_on=min(day, today()),
        )  # fmt: skip


def _owed(case: Dispute) -> list[Clause]:
    """What the company owes by the agreement."""
    sides = set(case.parties.filter(organisation=case.project.company_id).values_list("side", flat=True))
    return list(case.clauses.filter(debtor__in=sides))


@DISPUTE.by_time("breach")
@transaction.atomic
def breach(case: Dispute, *, by: Actor = THE_CLOCK, note: str = "") -> Event:
    """A clause was not kept until the day on which somebody looked; held against the company only where it was the company's."""
    engine.check(DISPUTE, "breach", case, by=by)
    quiet(case, note)
    late = [one for one in _owed(case) if one.performed_on is None and one.due_on < today()]
    event = engine.take(DISPUTE, "breach", case, by=by, note=note)
    if late:
        day = min(one.due_on for one in late)
        announce(case, facts.AGREEMENT_DUE, "due", by=by, of_company=True, occurred_on=day)
        announce(case, facts.AGREEMENT_BREACHED, "breached", by=by, of_company=True)
    return event


@transaction.atomic
def visit(case: Dispute, *, by: Actor, words: str) -> Event:
    """A month after: whether it holds."""
    engine.check(DISPUTE, "visit", case, by=by)
    told = said(words, _("请写回访的情况。"))[:300]
    quiet(case, told)
    paper = papers.write(VISIT, case, by=by, visited=str(today()), words=told)
    return engine.take(DISPUTE, "visit", case, by=by, papers=issued(paper))


@transaction.atomic
def visit_again(case: Dispute, *, by: Actor, words: str) -> Event:
    """Half a year after."""
    engine.check(DISPUTE, "visit_again", case, by=by)
    told = said(words, _("请写回访的情况。"))[:300]
    quiet(case, told)
    paper = papers.write(VISIT, case, by=by, visited=str(today()), words=told)
    return engine.take(DISPUTE, "visit_again", case, by=by, papers=issued(paper))
