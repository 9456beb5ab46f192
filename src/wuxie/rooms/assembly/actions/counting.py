"""After the close: papers are opened and read twice, doubts are settled by who watches, and it is counted once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.facts.canonical import canonical, sha256
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import commitments, facts, papers, queries, rules, tallying
from ..models import Ballot, Decision, Mark, Typing
from ..words import Capacity, Choice, Duty
from ..workflow import DECISION
from .doors import Picture, ballot_digest
from .official import is_as_adopted

S, B = Decision.State, Ballot.State
TWICE, APART = gettext_noop("两遍录入一致"), gettext_noop("两遍录入不一致，由监票人核定")


@transaction.atomic
def close(decision: Decision, *, by: Actor = THE_CLOCK, note: str = "") -> Event:
    """Not one more: a digest of all papers goes on record before the first is opened."""
    engine.check(DECISION, "close", decision, by=by)
    rows = decision.ballots.standing().select_related("decision", "entry").order_by("entry__paper")
    digests = [ballot_digest(ballot) for ballot in rows]
    decision.ballots_root = commitments.root_of(digests)
    decision.save(update_fields=["ballots_root"])
    details = {"case": DECISION.key(decision), "ballots": str(len(digests)), "ballots_root": decision.ballots_root}
    return engine.take(DECISION, "close", decision, by=by, note=note, fact={"details": details})


DECISION.by_time("close")(lambda case: close(case))


def _open(ballot: Ballot) -> Ballot:
    held = Ballot.objects.select_for_update(of=("self",)).select_related("decision__estate", "entry").get(pk=ballot.pk)
    if held.decision.state != S.CLOSED:
        raise Refusal("state", _("票只在截止以后、计票以前开封录入。"))
    if not held.stands:
        raise Refusal("state", _("这张票已经换发作废。"))
    return held


def _checked(decision: Decision, choices: Mapping[str, str]) -> dict[str, str]:
    """A side for every item and for nothing else."""
    items = [str(number) for number in decision.items.order_by("number").values_list("number", flat=True)]
    if sorted(choices) != sorted(items) or not set(choices.values()) <= set(Choice.values):
        raise Refusal("guard", _("每一项都要录：同意、反对、弃权或者无效。"))
    return {number: choices[number] for number in items}


@transaction.atomic
def read(ballot: Ballot, *, by: Actor, choices: Mapping[str, str], scan: Picture | None = None) -> Ballot:
    """One counter reads a paper; the first photographs it. When the second has read the same, it stands."""
    held = _open(ballot)
    may(rules.counter, held.decision, by, _("录票"))
    given = _checked(held.decision, choices)
    typed = list(held.typings.filter(set_aside=False))
    if any(one.person_id == by.person_id for one in typed):
        raise Refusal("guard", _("这张票你已经录过，第二遍要由另一名计票人录。"))
    if len(typed) >= 2:
        raise Refusal("state", _("这张票已经录了两遍。"))
    if not held.scan:
        if scan is None:
            raise Refusal("guard", _("第一遍录票要拍下票面。"))
        name, content = scan
        held.scan = filing.picture(papers.doors_of(held.decision), content, name, kind="票面", by=by.key)
        held.scan_sha256 = Attachment.objects.get(pk=held.scan.partition(":")[2]).sha256
        held.save(update_fields=["scan", "scan_sha256"])
    Typing.objects.create(ballot=held, person=Person.objects.get(pk=by.person_id), choices=given, at=now())
    if typed and held.state == B.COLLECTED:
        _decide(held, given if typed[0].choices == given else None, TWICE, by)
    return held


def _decide(ballot: Ballot, choices: dict[str, str] | None, reason: str, by: Actor) -> None:
    """What the ballot says from now on; ``None``: somebody has to look."""
    if choices is None:
        ballot.state, reason = B.DOUBTFUL, APART
    else:
        ballot.choices = choices
        ballot.state = B.VOID if set(choices.values()) == {Choice.VOID.value} else B.VALID
    ballot.save(update_fields=["choices", "state"])
    Mark.objects.create(ballot=ballot, state=ballot.state, reason=reason[:300], by=by.key, at=now())


@transaction.atomic
def doubt(ballot: Ballot, *, by: Actor, reason: str) -> Ballot:
    """A counter finds something wrong with a paper: signature, seal, number."""
    held = _open(ballot)
    may(rules.counter, held.decision, by, _("标为待核"))
    held.state = B.DOUBTFUL
    held.save(update_fields=["state"])
    Mark.objects.create(
        ballot=held, state=B.DOUBTFUL, reason=said(reason, _("请写明哪里有疑问。"))[:300], by=by.key, at=now()
    )
    return held


@transaction.atomic
def settle(ballot: Ballot, *, by: Actor, choices: Mapping[str, str] | None, reason: str) -> Ballot:
    """Who watches over the count decides a doubtful ballot: it says this, or it is void; with the reason."""
    held = _open(ballot)
    may(rules.supervisor, held.decision, by, _("核定"))
    if held.state not in (B.DOUBTFUL, B.COLLECTED):
        raise Refusal("state", _("这张票没有疑问。"))
    if choices is not None and not held.scan:
        raise Refusal("guard", _("先由计票人拍下票面再核定。"))
    why = said(reason, _("请写明核定的理由。"))
    void = dict.fromkeys(map(str, held.decision.items.values_list("number", flat=True)), Choice.VOID.value)
    _decide(held, void if choices is None else _checked(held.decision, choices), why, by)
    return held


def unsealed(decision: Decision) -> list[Ballot]:
    """Standing ballots that the ledger knows nothing of, or something else of: put in or changed past the program."""
    rows = list(decision.ballots.standing().select_related("decision", "entry").prefetch_related("marks", "typings"))
    kept = dict(
        Fact.objects.filter(
            subject=decision.estate.key,
            kind=facts.COLLECTED.code,
            source__startswith=f"{DECISION.key(decision)}/ballot/",
        ).values_list("id", "details")
    )
    return [
        one for one in rows
        if kept.get(one.fact_id, {}).get("ballot") != ballot_digest(one) or not _is_read(one, decision)
    ]  # fmt: skip


def _is_read(ballot: Ballot, decision: Decision) -> bool:
    """Whether what a ballot says was read by two alike, settled by who watches, or stood in the official system's row."""
    if ballot.capacity == Capacity.OFFICIAL:
        return is_as_adopted(ballot)
    marks = [mark for mark in ballot.marks.all() if mark.state == ballot.state]
    watching = {f"person:{one.person_id}" for one in decision.helpers.all() if one.duty == Duty.SUPERVISOR}
    if marks and marks[-1].by in watching:
        return True
    typed = [one for one in ballot.typings.all() if not one.set_aside]
    return (
        bool(marks)
        and len({one.person_id for one in typed}) == 2
        and all(one.choices == ballot.choices for one in typed)
    )


def roll_is_sealed(decision: Decision, rows: list[tallying.Line]) -> bool:
    return commitments.root_of(tallying.roll_commitments(DECISION.key(decision), rows)) == decision.roll_root


@transaction.atomic
def count(decision: Decision, *, by: Actor, seed: str, note: str = "") -> Event:
    """Count once, exactly; nothing that was slipped in past the program is counted."""
    engine.check(DECISION, "count", decision, by=by)
    chosen = said(seed, _("请写抽查种子：事先谁也不知道、事后大家都查得到的数。"))[:80]
    strange = unsealed(decision)
    if strange:
        raise Refusal("guard", _("有 %(n)s 张票和事实账本对不上（票号 %(papers)s），不能计票。请查明怎么来的。") % {
            "n": len(strange), "papers": "、".join(one.entry.paper for one in strange[:5])})  # fmt: skip
    digests = [
        ballot_digest(one)
        for one in decision.ballots.standing().select_related("decision", "entry").order_by("entry__paper")
    ]
    if commitments.root_of(digests) != decision.ballots_root:
        raise Refusal("guard", _("截止时封存的票和现在的票对不上，不能计票。"))
    rows = tallying.lines(decision)
    if not roll_is_sealed(decision, rows):
        raise Refusal("guard", _("名册和定名册时封存的不一致，不能计票。请查明谁改过。"))
    decision.result, decision.seed = tallying.results(decision, rows), chosen
    decision.save(update_fields=["result", "seed"])
    root = commitments.root_of(tallying.ballot_commitments(DECISION.key(decision), rows))
    details = {
        "case": DECISION.key(decision), "ballots_root": decision.ballots_root, "commitments_root": root, "roll_root": decision.roll_root,
        "result": sha256(canonical({"items": decision.result})), "seed": chosen, "day": str(queries.counted_day(decision)),
    }  # fmt: skip
    return engine.take(DECISION, "count", decision, by=by, note=note, fact={"details": details})


def sampled(decision: Decision) -> list[str]:
    """The numbers of the papers that the public seed picks, to be compared with what was typed."""
    standing = decision.ballots.standing().values_list("entry__paper", flat=True)
    return commitments.sample(decision.seed, standing, queries.term("vote.sample").number)
