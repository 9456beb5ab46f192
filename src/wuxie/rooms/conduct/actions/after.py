"""Reviewed by the council, in force, lifted for good conduct or ended by time."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import kept
from wuxie.kernel.workflow import deadlines, engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association.models import Member

from .. import facts, law, papers, queries
from ..models import Proceeding
from ..words import HEAVY, Lifted, Measure, Review
from ..workflow.discipline import APPEAL, COUNCIL, DISCIPLINE, LIFTING, MENDED, REVIEW
from .common import File, issued, keep, quiet, save


@transaction.atomic
def appeal(case: Proceeding, *, by: Actor, grounds: str, file: File | None) -> Event:
    """The company asks the council; nothing takes effect meanwhile."""
    engine.check(DISCIPLINE, "appeal", case, by=by)
    text = said(grounds, _("请写复议理由。"))[:2000]
    save(case, grounds=text)
    return engine.take(
        DISCIPLINE, "appeal", case, by=by, note=text, papers=keep(case, APPEAL, file, by, _("请放上复议申请。"))
    )


def _council(case: Proceeding, present: Sequence[Member], against: int) -> tuple[int, bool]:
    """How many units may sit, and whether most of those present want to change the decision. Refuses units with an interest by name."""
    seats = {one.pk for one in queries.council(case)}
    for one in present:
        if one.pk not in seats:
            raise Refusal(
                "guard", _("“%(unit)s”是当事企业、反映单位或者不是理事单位，应当回避，不能计入到会。") % {"unit": one}
            )
    count = len({one.pk for one in present})
    if not 0 <= against <= count:
        raise Refusal(
            "guard",
            _("赞成改变的 %(n)s 票，比到会的 %(have)s 家还多。请核对会议记录。") % {"n": against, "have": count},
        )
    quorate, changes = law.council(seats=len(seats), present=count, against=against, quorum=queries.share("quorum"))
    if not quorate:
        raise Refusal("guard", _("理事会到会不够：能到会的 %(seats)s 家，到会 %(have)s 家，要有 %(share)s 以上。")
                      % {"seats": len(seats), "have": count, "share": queries.share("quorum")})  # fmt: skip
    return len(seats), changes


@transaction.atomic
def decide_appeal(
    case: Proceeding, *, by: Actor, present: Sequence[Member], against: int, change: str, note: str, file: File | None
) -> Event:
    """What the council said. ``change``: a lighter rung, or empty for overturning, if most of those present want it changed."""
    engine.check(DISCIPLINE, "uphold", case, by=by)
    why = said(note, _("请写复议的理由。"))
    quiet(case, why)
    seats, changes = _council(case, present, against)
    if change and law.rung(change) >= law.rung(case.measure):
        raise Refusal("guard", _("复议只能改轻：原来是“%(measure)s”。") % {"measure": case.get_measure_display()})
    review = Review.UPHELD if not changes else Review.LIGHTENED if change else Review.OVERTURNED
    measure = change if review == Review.LIGHTENED else case.measure
    names = "、".join(str(one) for one in present)
    paper = papers.write(
        REVIEW, case, by=by, grounds=case.grounds, council=f"{len(present)}/{seats}：{names}", outcome=kept(review.label), why=why,
        measure="" if review == Review.OVERTURNED else kept(Measure(measure).label),
    )  # fmt: skip
    given = issued(paper) | keep(case, COUNCIL, file, by, _("请放上理事会会议记录。"))
    save(case, review=review, council={"seats": seats, "present": [str(one) for one in present], "against": against})
    if review == Review.LIGHTENED:
        save(case, measure=measure, months=int(law.pact()["measures"][measure]["valid"]))
    if review != Review.OVERTURNED:
        _date(case)
    event = engine.take(
        DISCIPLINE, review.value, case, by=by, note=why, papers=given, fact={"note": kept(review.label)}
    )
    if review != Review.OVERTURNED:
        _announce(case, by=by)
    return event


def _date(case: Proceeding) -> None:
    """In force from today, for so many months; never longer than the charter allows."""
    months = min(case.months or 0, queries.term("valid")) or queries.term("valid")
    save(case, effective_on=today(), ends_on=add_months(today(), months))


def _announce(case: Proceeding, *, by: Actor) -> None:
    """A public censure or a heavier measure is read by standards; lighter ones stay on record only."""
    if case.measure in HEAVY:
        ledger.announce(
            facts.SANCTION, case.respondent.key, occurred_on=today(), quantity="1", by=by.key, valid_until=case.ends_on,
            source=f"{DISCIPLINE.key(case)}/sanction", note=kept(Measure(case.measure).label), details={"measure": case.measure},
        )  # fmt: skip


@DISCIPLINE.by_time("no_appeal")
@transaction.atomic
def take_effect(case: Proceeding) -> Event:
    """Nobody appealed in time."""
    _date(case)
    event = engine.by_clock(DISCIPLINE, "no_appeal", case)
    _announce(case, by=THE_CLOCK)
    return event


@transaction.atomic
def ask_repair(case: Proceeding, *, by: Actor, note: str, file: File | None) -> Event:
    """The company has put it right and asks that the measure be lifted."""
    engine.check(DISCIPLINE, "ask_repair", case, by=by)
    how = said(note, _("请写怎样改正的，今后怎样保证。"))
    given = keep(case, MENDED, file, by, _("请放上整改证明和承诺书。"))
    event = engine.take(DISCIPLINE, "ask_repair", case, by=by, note=how, papers=given)
    save(case, repair_asked_on=today())
    return event


@transaction.atomic
def lift(case: Proceeding, *, by: Actor, note: str) -> Event:
    """Put right: no longer public, no longer counted. What happened stays on record."""
    engine.check(DISCIPLINE, "lift", case, by=by)
    why = said(note, _("请写核实了什么。"))
    quiet(case, why)
    paper = papers.write(
        LIFTING, case, by=by, measure=kept(Measure(case.measure).label), why=why, lifted=today().isoformat()
    )
    event = engine.take(DISCIPLINE, "lift", case, by=by, note=why, papers=issued(paper))
    save(case, lifted_on=today(), lifted_why=Lifted.REPAIRED)
    if case.measure in HEAVY and case.effective_on:
        ledger.announce(
            facts.LIFTED.code, case.respondent.key, occurred_on=case.effective_on, quantity="1", by=by.key,
            source=f"{DISCIPLINE.key(case)}/lifted", note=why[:300],
        )  # fmt: skip
    return event


@transaction.atomic
def deny_repair(case: Proceeding, *, by: Actor, note: str) -> Event:
    """Not put right yet: it may be asked for again."""
    why = said(note, _("请写还差什么，企业会看到。"))
    quiet(case, why)
    event = engine.take(DISCIPLINE, "deny_repair", case, by=by, note=why)
    deadlines.end(DISCIPLINE, case, "lift")
    save(case, repair_asked_on=None)
    return event


@DISCIPLINE.by_time("expire")
@transaction.atomic
def expire(case: Proceeding) -> Event:
    """Its months are over: nobody has to ask."""
    event = engine.by_clock(DISCIPLINE, "expire", case)
    save(case, lifted_on=today(), lifted_why=Lifted.EXPIRED)
    return event
