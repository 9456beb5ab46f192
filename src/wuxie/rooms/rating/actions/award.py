"""Giving the star: the award with its plaque, the end of the star before it, and the benefits that are owed from now on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said

from .. import codes, papers, queries
from ..models import Application, Award, Benefit
from ..workflow import STAR_APPLICATION, STAR_BENEFIT

S = Application.State
DAY = datetime.timedelta(days=1)


@transaction.atomic
def award(application: Application, *, by: Actor, decision: str, note: str = "") -> Award:
    """The authority confirms the published stars. ``decision`` is the number of its paper."""
    decision = said(decision, _("请写授星决定的文号。"))
    engine.check(STAR_APPLICATION, "award", application, by=by)
    end_standing(application.project, Award.Ending.SUPERSEDED, _("由新星级取代"))
    until = add_months(today(), application.cycle.valid_months)
    given = give(application, application.stars, until=until, decision=decision)
    paper = papers.write("授星决定书", application, by=by, number=decision, award=given)
    event = engine.take(
        STAR_APPLICATION, "award", application, by=by, note=note, papers={"授星决定书": paper.reference},
        fact={"quantity": str(given.stars), "valid_until": until, "trust": "authority_document"},
        stars=given.stars, plaque=given.plaque,
    )  # fmt: skip
    given.decision_paper, given.fact_id = paper.reference, event.fact_id
    given.save(update_fields=["decision_paper", "fact_id"])
    link_successor(application.project, given)
    papers.write("权益兑现清单", application, by=by, award=given, benefits=promise_benefits(given))
    return given


def give(application: Application, stars: int, *, until: datetime.date, decision: str) -> Award:
    """A new award with a plaque number that nobody has; its day is today."""
    for _again in range(5):
        try:
            with transaction.atomic():
                return Award.objects.create(
                    application=application, project=application.project, stars=stars, plaque=codes.new_number(),
                    decision=decision, decided_on=today(), valid_from=today(), valid_until=max(until, today()),
                )  # fmt: skip
        except IntegrityError as clash:
            if Award.objects.filter(project=application.project, ended_on=None).exists():
                raise clash
    raise IntegrityError("no free plaque number")


def end_standing(project: Any, ending: str, reason: str) -> Award | None:
    """End the award that stands for a project, in the ledger too; its case expires if it was given by another one."""
    standing = Award.objects.filter(project=project, ended_on=None).select_related("application").first()
    if standing is None:
        return None
    close(standing, ending, reason)
    before = standing.application
    if ending == Award.Ending.SUPERSEDED and before.state in (S.AWARDED, S.UNDER_REVIEW):
        engine.by_clock(STAR_APPLICATION, "expire", before, note=reason)
    return standing


def close(standing: Award, ending: str, reason: str) -> None:
    standing.ended_on, standing.ending, standing.ending_reason = today(), ending, reason[:200]
    standing.save(update_fields=["ended_on", "ending", "ending_reason"])
    end_level(standing, reason)


def end_level(standing: Award, reason: str) -> None:
    """The level ``star.awarded`` ends yesterday (on its own day, if it began today)."""
    fact = Fact.objects.filter(pk=standing.fact_id).first()
    if fact is not None:
        last = max(fact.occurred_on, today() - DAY)
        if fact.valid_until is None or fact.valid_until > last:
            ledger.supersede(fact, by="clock", reason=reason or gettext_noop("星级终止"), valid_until=last)


def link_successor(project: Any, given: Award) -> None:
    """The award that ended today in favour of a new one names it."""
    Award.objects.filter(project=project, ending=Award.Ending.SUPERSEDED, ended_on=today(), successor=None).exclude(
        pk=given.pk
    ).update(successor=given)


# Benefits


@dataclass(frozen=True)
class Offer:
    """What the standard promises for so many stars, and who owes it."""

    kind: str
    label: str
    text: str
    days: int
    proof: str
    role: str
    place: str
    owner_label: str
    owner: Organisation | None


def promise_benefits(given: Award, *, but: Iterable[str] = ()) -> list[Benefit]:
    """One case for each benefit of the standard, owed from today; those named in ``but`` are not promised again."""
    skipped = set(but)
    made = []
    for offer in offers(given):
        if offer.kind in skipped:
            continue
        benefit = Benefit(
            application=given.application, award=given, kind=offer.kind, label=offer.label, offer=offer.text,
            proof_wanted=offer.proof, owner=offer.owner, owner_role=offer.role, owner_place=offer.place,
            owner_label=offer.owner_label, due_on=today() + DAY * offer.days, place_code=given.application.place_code,
            number=given.plaque,
        )  # fmt: skip
        made.append(engine.open_case(STAR_BENEFIT, benefit, by=THE_CLOCK))
    return made


def offers(given: Award) -> list[Offer]:
    document = given.application.snapshot.document if given.application.snapshot else {}
    return [offer for row in document.get("benefits", ()) if (offer := _offer(row, given)) is not None]


def _offer(row: Mapping[str, Any], given: Award) -> Offer | None:
    per_star = {int(stars): text for stars, text in row.get("per_star", {}).items()}
    text = per_star.get(given.stars)
    if not text or row.get("off"):
        return None
    role, place, owner = queries.owner_of(row, given.stars, given.application.place_code)
    if row["id"] == "reward":
        text = given.application.cycle.budget_text or _("按当年预算文件；没有文件时为待落实")
    return Offer(
        row["id"], str(row.get("label", row["id"])), str(text), int(row.get("due_days", 30)), str(row.get("proof", "")),
        role, place, owner.name if owner else queries.role_label(role, place), owner,
    )  # fmt: skip
