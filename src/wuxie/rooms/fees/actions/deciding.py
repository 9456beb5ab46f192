"""The owners decide: the question goes to the room of votes, the answer comes back, the agreement is signed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import metres
from wuxie.kernel.clock import days
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import kept
from wuxie.kernel.papers.models import Document
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import law, papers, queries
from ..models import Adjustment, Option
from ..prices import priced
from ..words import Kind
from ..workflow import ADJUSTMENT, AGREEMENT, ANSWERS, COUNT, PROPOSAL, SIGNED
from .common import File, issued, keep, save, take
from .publicity import UNDONE

#: What the owners decide on; the word of the contract for votes (民法典第278条第1款第9项).
MATTER = "other"
S = Adjustment.State


def name_of(option: Option) -> str:
    """An option as it stands on papers and on the ballot: no longer than a ballot takes."""
    parts = [kept(Kind(option.kind).label), priced(option.price)]
    if option.first_price is not None:
        parts.append(f"前 {option.months} 个月 {priced(option.first_price)}")
    if option.special:
        parts.append(f"专项 {priced(option.special)}")
    return "，".join(parts)[:100]


@transaction.atomic
def call_vote(case: Adjustment, *, by: Actor, option: Option, note: str = "") -> Event:
    """One option is put to all owners of the estate, with what was asked and answered (``VOTE_CALLED``)."""
    engine.check(ADJUSTMENT, "vote", case, by=by)
    if option.adjustment_id != case.pk:
        raise Refusal("guard", _("只能从公示过的方案里选。"))
    rows = [[one.words, one.answer] for one in case.questions.all()]
    paper = papers.write(
        ANSWERS, case, by=by, heard=str(case.heard_on), count=f"{len(rows)} 个，都已答复", chosen=name_of(option),
        table=papers.table(["问题", "答复"], rows, words=2),
    )  # fmt: skip
    # The ballot names the plan that hung at the doors, by letter and number: what leaves this room bears no price.
    plan = Document.objects.on(ADJUSTMENT.key(case)).filter(label=PROPOSAL).latest("pk")
    words = f"物业费调整：执行已公示的{PROPOSAL} {plan.number} 方案 {Kind(option.kind).name}"[:120]
    asked = {
        "estate": str(case.project.estate_id), "title": "物业费调整", "matter": MATTER, "source": ADJUSTMENT.key(case), "scope": "[]", "item": words,
    }  # fmt: skip
    event = take("vote", case, by=by, note=note or name_of(option), papers=issued(paper), fact={"details": asked})
    save(case, chosen=option)
    return event


@transaction.atomic
def record_vote(
    case: Adjustment, *, by: Actor, total_area: int, total_heads: int, part_area: int, part_heads: int, yes_area: int, yes_heads: int,
    reference: str, file: File | None,
) -> Event:  # fmt: skip
    """The result as it stands on the paper, judged by law (民法典 art. 278): areas in hundredths of m²."""
    engine.check(ADJUSTMENT, "approve", case, by=by)
    if not (
        total_area >= part_area >= yes_area >= 0
        and total_heads >= part_heads >= yes_heads >= 0
        and total_area
        and total_heads
    ):
        raise Refusal("guard", _("参与的不能多于总数，同意的不能多于参与的。请对照计票清单重填。"))
    least, more = (figure(f"vote.{name}", on=today()).fraction for name in ("participation", "ordinary"))
    quorate = Fraction(part_area, total_area) >= least and Fraction(part_heads, total_heads) >= least
    passed = quorate and yes_area > more * part_area and yes_heads > more * part_heads
    counted = {"total": [total_area, total_heads], "part": [part_area, part_heads], "yes": [yes_area, yes_heads]}
    where = said(reference, _("请写表决结果文书的编号或名称。"))[:80]
    given = keep(case, COUNT, file, by, _("请放上表决汇总和计票清单。"))
    until = days.add(today(), queries.term("result_publicity"), "day", calendar()).on
    return vote_result(
        case, by=by, passed=passed, quorate=quorate, reference=where, counted=counted, papers=given, until=until
    )


@transaction.atomic
def vote_result(
    case: Adjustment, *, by: Actor, passed: bool, quorate: bool, reference: str, counted: Mapping[str, list[int]] | None = None,
    papers: Mapping[str, str] | None = None, until: datetime.date | None = None,
) -> Event:  # fmt: skip
    """What the vote came to, wherever it was held. ``until``: how long its result still hangs (none: it has hung)."""
    given = dict(papers or {}) or ({COUNT: reference} if passed else {})
    note = "" if passed or quorate else kept(_("参与表决不够"))
    event = take("approve" if passed else "reject", case, by=by, note=note, papers=given, reference=reference)
    save(
        case, vote={"passed": passed, "quorate": quorate, **(counted or {})}, vote_reference=reference[:80], decided_on=today(), result_until=until,
    )  # fmt: skip
    return event


def _asked_by(source: str) -> Adjustment | None:
    kind, _colon, pk = source.partition(":")
    if kind != ADJUSTMENT.name:
        return None
    return Adjustment.objects.select_for_update().filter(pk=pk).first()


@transaction.atomic
def follow_vote(
    *, source: str, passed: bool, quorate: bool, matter: str, case: str, units: Collection[int], **_rest: object
) -> None:
    """A vote held in another room has taken effect; it counts where all owners were asked and no paper came first."""
    found = _asked_by(source)
    if found is None or found.state != S.VOTING or matter != MATTER:
        return
    if queries.must_be_asked(found) <= set(units):
        vote_result(found, by=THE_CLOCK, passed=passed, quorate=quorate, reference=case)


@transaction.atomic
def follow_end(fact: Fact) -> None:
    """The vote was withdrawn before anybody voted, or annulled afterwards: what was built on it goes with it."""
    found = _asked_by(fact.details["source"])
    if found is None:
        return
    if found.state == S.VOTING:
        engine.by_clock(ADJUSTMENT, "call_off", found, note=fact.note)
        save(found, chosen=None)
    elif found.vote_reference == fact.details["case"] and found.state in ADJUSTMENT.steps["annul"].sources:
        engine.by_clock(ADJUSTMENT, "annul", found, note=fact.note)
        save(found, reverts_on=today())


@transaction.atomic
def sign(case: Adjustment, *, by: Actor, signed_on: datetime.date, file: File | None, note: str = "") -> Event:
    """The supplementary agreement is signed; the new price holds from the next billing month on and never reaches back."""
    engine.check(ADJUSTMENT, "sign", case, by=by)
    if signed_on > today() or (case.decided_on is not None and signed_on < case.decided_on):
        raise Refusal("guard", _("“签约日”要在表决结果日 %(day)s 和今天之间。") % {"day": case.decided_on})
    option = case.chosen
    assert option is not None
    starts = law.next_month(today())
    second = add_months(starts, option.months) if option.months else None
    given = keep(case, SIGNED, file, by, _("请放上签字盖章的补充协议。"))
    paper = papers.write(
        AGREEMENT, case, by=by, chosen=name_of(option), price=priced(option.first_price or option.price), effective=starts.isoformat(),
        vote=case.vote_reference, promises="；".join(f"{one.words}（{one.measure}）" for one in case.promises.all()), undo=UNDONE,
    )  # fmt: skip
    save(
        case, signed_on=signed_on, effective_on=starts, second_on=second, check_on=add_months(starts, queries.term("track")),
    )  # fmt: skip
    return take("sign", case, by=by, note=note, papers=given | issued(paper), starts=starts.isoformat())


def counted_words(case: Adjustment) -> list[tuple[str, str]]:
    """The figures of a vote that was entered from paper: name → area and heads."""
    names = {"total": _("全体业主"), "part": _("参与表决"), "yes": _("同意")}
    return [
        (label, f"{metres(case.vote[name][0])} · " + _("%(n)s 人") % {"n": case.vote[name][1]}) for name, label in names.items() if name in case.vote
    ]  # fmt: skip
