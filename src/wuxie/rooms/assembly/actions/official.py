"""The official electronic system's result as the binding one: its sheet is checked, kept, and adopted with its paper.

One unit, one ballot, here too: what was collected on paper is replaced, with the reason, and nothing is deleted. A digest of each row
goes on record like that of an envelope, so that the packs are verified as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.canonical import canonical, sha256
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import commitments, facts, rules
from ..models import Ballot, Decision, Entry, Mark
from ..words import SIDES, Capacity, Choice
from ..workflow import DECISION, OFFICIAL
from .doors import ballot_digest

S, B = Decision.State, Ballot.State
ADOPTED = gettext_noop("以官方电子投票系统的结果为准")


def row_digest(decision: Decision, entry: Entry, sides: Mapping[str, str]) -> str:
    """What stands for the envelope of a ballot from the official system: unit, area and sides of its row."""
    row = {"area": entry.area, "choices": dict(sides), "unit": entry.label, "vote": DECISION.key(decision)}
    return sha256(canonical(row))


@transaction.atomic
def keep(decision: Decision, *, by: Actor, sides: Mapping[str, Mapping[str, str]]) -> int:
    """Put the sheet's rows (entry → item → side, empty for a unit that did not vote) beside the vote, to be adopted."""
    may(rules.organiser, decision, by, _("导入官方电子投票结果"))
    if decision.state != S.CLOSED:
        raise Refusal("state", _("官方结果在收票截止以后、计票以前导入。"))
    items = {str(number) for number in decision.items.values_list("number", flat=True)}
    for said in sides.values():
        if set(said) - items or not set(said.values()) <= {*SIDES, Choice.VOID}:
            raise Refusal("guard", _("表里有不是这次表决的事项或者意见。"))
    known = {str(pk) for pk in decision.entries.values_list("pk", flat=True)}
    if set(sides) != known:
        raise Refusal("guard", _("表里的户室和名册不一样，请从官方系统重新导出。"))
    decision.official = {entry: dict(said) for entry, said in sides.items()}
    decision.save(update_fields=["official"])
    return len(sides)


@transaction.atomic
def adopt(decision: Decision, *, by: Actor, paper: tuple[str, bytes], note: str = "") -> Event:
    """Make what was imported the ballots of this vote; the digest of them all goes on record again before they are counted."""
    engine.check(DECISION, "adopt", decision, by=by)
    name, content = paper
    kept = filing.attach(DECISION.key(decision), content, name, kind=OFFICIAL, by=by.key)
    _replace(decision, by)
    ballots = list(_made(decision))
    Ballot.objects.bulk_create(ballots, batch_size=500)
    Mark.objects.bulk_create(
        (Mark(ballot=one, state=one.state, reason=ADOPTED, by=by.key, at=now()) for one in ballots), batch_size=500
    )
    _announce(decision, ballots, by)
    digests = [ballot_digest(one) for one in ballots]
    decision.ballots_root, decision.is_official = commitments.root_of(digests), True
    decision.save(update_fields=["ballots_root", "is_official"])
    details = {"case": DECISION.key(decision), "ballots": str(len(digests)), "ballots_root": decision.ballots_root}
    event = engine.take(
        DECISION,
        "adopt",
        decision,
        by=by,
        note=note,
        papers={OFFICIAL: f"attachment:{kept.pk}"},
        fact={"details": details},
    )
    decision.official = None
    decision.save(update_fields=["official"])
    return event


def _replace(decision: Decision, by: Actor) -> None:
    """What stood before stands no more, and says why."""
    old = list(decision.ballots.standing())
    Mark.objects.bulk_create(
        (Mark(ballot=one, state=B.REPLACED, reason=ADOPTED, by=by.key, at=now()) for one in old), batch_size=500
    )
    decision.ballots.filter(pk__in=[one.pk for one in old]).update(state=B.REPLACED, stands=False)


def _made(decision: Decision) -> Iterator[Ballot]:
    """A ballot for each unit that voted, in the order of the papers' numbers."""
    rows = decision.entries.select_related("decision__estate").order_by("paper")
    for entry in rows:
        said = (decision.official or {}).get(str(entry.pk)) or {}
        if said:
            void = set(said.values()) == {Choice.VOID.value}
            yield Ballot(
                decision=decision, entry=entry, issue=entry.issue, state=B.VOID if void else B.VALID, capacity=Capacity.OFFICIAL,
                collected_at=now(), envelope="", envelope_sha256=row_digest(decision, entry, said), choices=said,
            )  # fmt: skip


def _announce(decision: Decision, ballots: list[Ballot], by: Actor) -> None:
    """One fact a ballot, as for a paper that was collected."""
    key = DECISION.key(decision)
    ledger.announce_many(
        {
            "kind": facts.COLLECTED.code, "subject": decision.estate.key, "occurred_on": today(), "by": by.key, "note": ADOPTED,
            "source": f"{key}/ballot/{one.pk}", "details": {"case": key, "ballot": ballot_digest(one)},
        }
        for one in ballots
    )  # fmt: skip
    told = Fact.objects.filter(
        subject=decision.estate.key, kind=facts.COLLECTED.code, source__startswith=f"{key}/ballot/"
    )
    of_source: dict[str, Any] = dict(told.values_list("source", "id"))
    for one in ballots:
        one.fact_id = of_source[f"{key}/ballot/{one.pk}"]
    Ballot.objects.bulk_update(ballots, ["fact_id"], batch_size=500)


def is_as_adopted(ballot: Ballot) -> bool:
    """Whether a ballot from the official system still says what its row said."""
    return ballot.envelope_sha256 == row_digest(ballot.decision, ballot.entry, ballot.choices)
