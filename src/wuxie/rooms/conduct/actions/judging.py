"""From the defence to the decision served: answered or not, heard, voted on by the panel, counted, handed over."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import kept
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import law, papers, queries
from ..models import Ballot, Proceeding
from ..words import NONE, Measure, Served
from ..workflow.discipline import DECISION, DEFENCE, DISCIPLINE, MINUTES, RECEIPT, TALLY
from .common import File, issued, keep, quiet, save
from .filing import clause

NOT_HEARD = gettext_noop("期内没有申辩。")
APPEAL_TO = gettext_noop("可以向理事会申请复议；复议期间不生效、不公示。")
REPAIR = gettext_noop("满规定月数、改正并作出承诺的，可以申请解除。")


@transaction.atomic
def defend(
    case: Proceeding, *, by: Actor, defence: str, wants_hearing: bool = False, file: File | None = None
) -> Event:
    """The company's answer; a hearing where what is proposed is heavy."""
    engine.check(DISCIPLINE, "defend", case, by=by)
    text = said(defence, _("请写申辩意见；没有意见的写“没有意见”。"))[:2000]
    if wants_hearing and not case.is_heavy:
        raise Refusal(
            "guard",
            _("拟采取的是“%(measure)s”，公开谴责以上的才听证。可以把意见写在申辩里。")
            % {"measure": case.get_proposed_display()},
        )
    save(case, defence=text, wants_hearing=wants_hearing)
    return engine.take(DISCIPLINE, "defend", case, by=by, note=text, papers=keep(case, DEFENCE, file, by))


@transaction.atomic
def hear(case: Proceeding, *, by: Actor, note: str, file: File | None) -> Event:
    """A hearing was held; its minutes are filed."""
    engine.check(DISCIPLINE, "hear", case, by=by)
    quiet(case, note)
    return engine.take(
        DISCIPLINE, "hear", case, by=by, note=note, papers=keep(case, MINUTES, file, by, _("请放上听证笔录。"))
    )


@transaction.atomic
def vote(case: Proceeding, *, by: Actor, choice: str, reason: str = "") -> Event:
    """One member's ballot; it may be changed until the count."""
    engine.check(DISCIPLINE, "vote", case, by=by)
    if choice not in dict(Ballot.CHOICES):
        raise Refusal("guard", _("请选一档，或者选“不构成违约”。"))
    if law.rung(choice) > law.rung(case.proposed):
        raise Refusal("guard", _("不能比告知企业的“%(measure)s”更重。") % {"measure": case.get_proposed_display()})
    if choice != case.proposed and not reason.strip():
        raise Refusal("guard", _("与拟处理意见不同的，请写理由。"))
    Ballot.objects.update_or_create(
        proceeding=case,
        person_id=by.person_id,
        defaults={"choice": choice, "reason": reason.strip()[:400], "at": now()},
    )
    return engine.take(DISCIPLINE, "vote", case, by=by, private=True)


@transaction.atomic
def count(case: Proceeding, *, by: Actor, note: str = "") -> Event:
    """What the ballots come to; where most find no breach the case is closed."""
    engine.check(DISCIPLINE, "count", case, by=by)
    quiet(case, note)
    found = queries.decided(case)
    tally = {"entitled": found.entitled, "present": found.present, "counts": found.counts}
    words = dict(Ballot.CHOICES)
    said_ = "；".join(
        f"{kept(words[name])} {n}" for name, n in sorted(found.counts.items(), key=lambda pair: law.rung(pair[0]))
    )
    outcome = kept(words[found.measure])
    paper = papers.write(
        TALLY, case, by=by, entitled=str(found.entitled), present=str(found.present), counts=said_, measure=outcome
    )
    step = "clear" if found.measure == NONE else "count"
    months = None
    if found.measure != NONE:
        usual = int(law.pact()["measures"][found.measure]["valid"])
        months = case.proposed_months if found.measure == case.proposed else min(usual, queries.term("valid"))
    save(case, tally=tally, measure="" if found.measure == NONE else found.measure, months=months, decided_on=today())
    return engine.take(DISCIPLINE, step, case, by=by, note=note, papers=issued(paper), fact={"note": outcome})


@transaction.atomic
def serve(
    case: Proceeding, *, by: Actor, served_how: str, served_on: datetime.date, file: File | None, answer: str
) -> Event:
    """The decision is written and handed over: from here the days for an appeal run."""
    engine.check(DISCIPLINE, "serve", case, by=by)
    quiet(case, answer)
    if served_how not in Served.values:
        raise Refusal("guard", _("请选送达方式。"))
    if case.decided_on and not case.decided_on <= served_on <= today():
        raise Refusal("guard", _("送达日要在决定日 %(first)s 到今天之间。") % {"first": case.decided_on})
    receipt = keep(case, RECEIPT, file, by, _("请放上送达回证。"))
    # Every argument is answered, also where it changes nothing.
    reply = said(answer, _("请写申辩采纳没有、为什么。")) if case.defence else NOT_HEARD
    paper = papers.write(
        DECISION, case, by=by, findings=case.findings, defence=reply, clause=clause(case), measure=kept(Measure(case.measure).label),
        months=f"{case.months} 个月", appeal=APPEAL_TO, repair=REPAIR,
    )  # fmt: skip
    save(case, served_on=served_on, served_how=served_how)
    return engine.take(DISCIPLINE, "serve", case, by=by, papers=receipt | issued(paper))
