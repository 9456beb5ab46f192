"""Benefits from promise to proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import papers
from ..models import Award, Benefit
from ..workflow import STAR_BENEFIT

S = Benefit.State
PROOF = "拨付凭证或链接或文号"


@transaction.atomic
def schedule(benefit: Benefit, *, by: Actor, day: datetime.date, note: str = "") -> Event:
    """Say when and how it will be delivered."""
    return _plan("schedule", "兑现计划", benefit, by, day, note)


@transaction.atomic
def budget_arrived(benefit: Benefit, *, by: Actor, day: datetime.date, budget: str, note: str = "") -> Event:
    """The money is there: ``budget`` is the number of the budget paper."""
    budget = said(budget, _("请写预算文件的文号。"))
    return _plan("budget_arrived", "预算文件", benefit, by, day, f"{budget} {note}".strip())


def _plan(step: str, name: str, benefit: Benefit, by: Actor, day: datetime.date, note: str) -> Event:
    if day < today():
        raise Refusal("guard", _("计划日不能早于今天。"))
    benefit.scheduled_for = day
    benefit.save(update_fields=["scheduled_for"])
    plan = papers.write(name, benefit, by=by, text=note)
    return engine.take(STAR_BENEFIT, step, benefit, by=by, note=note, papers={name: plan.reference}, day=str(day))


@transaction.atomic
def no_budget(benefit: Benefit, *, by: Actor, reason: str) -> Event:
    """No money or no paper: public as "to be settled", never shown as enjoyed."""
    benefit.block_reason = said(reason, _("请写明为什么还不能落实。"))[:200]
    benefit.save(update_fields=["block_reason"])
    statement = papers.write("说明", benefit, by=by, text=reason)
    return engine.take(STAR_BENEFIT, "no_budget", benefit, by=by, note=reason, papers={"说明": statement.reference})


@STAR_BENEFIT.by_time("publish_as_pending")
@transaction.atomic
def publish_as_pending(benefit: Benefit) -> Event:
    benefit.published_pending = True
    benefit.save(update_fields=["published_pending"])
    return engine.by_clock(STAR_BENEFIT, "publish_as_pending", benefit)


@transaction.atomic
def deliver(
    benefit: Benefit, *, by: Actor, proof: str, papers: Mapping[str, str] | None = None, note: str = ""
) -> Event:
    """Delivered, with its proof: a link, a document number, or an attachment's reference."""
    benefit.proof, benefit.delivered_on = said(proof, _("兑现要有凭证：拨付凭证、链接或文号。"))[:300], today()
    benefit.save(update_fields=["proof", "delivered_on"])
    trust = "authority_document" if benefit.owner_role.startswith("gov_") else "association_verified"
    return engine.take(
        STAR_BENEFIT, "deliver", benefit, by=by, note=note, papers={PROOF: benefit.proof, **(papers or {})},
        fact={"trust": trust, "note": benefit.label},
    )  # fmt: skip


@transaction.atomic
def deliver_with(benefit: Benefit, *, by: Actor, content: bytes, name: str, proof: str = "", note: str = "") -> Event:
    """File the proof, then say that it was delivered; what is written beside the file names it."""
    kept = filing.attach(papers.case_key(benefit), content, name, kind=PROOF, by=by.key)
    return deliver(benefit, by=by, proof=proof.strip() or f"attachment:{kept.pk}", note=note)


@transaction.atomic
def confirm(benefit: Benefit, *, by: Actor, note: str = "") -> Event:
    receipt = papers.write("确认回执", benefit, by=by, text=note)
    return engine.take(STAR_BENEFIT, "confirm", benefit, by=by, note=note, papers={"确认回执": receipt.reference})


def reverse_benefits(standing: Award, *, reason: str, but: Iterable[str] = ()) -> int:
    """Reverse what was promised or given with an award, except for the kinds named."""
    rows = standing.benefits.exclude(state=S.REVERSED).exclude(kind__in=set(but))
    for benefit in rows.select_related("application__project__estate", "owner"):
        slip = papers.write("冲回单", benefit, by=None, text=reason)
        engine.by_clock(STAR_BENEFIT, "reverse_on_revoke", benefit, note=reason, papers={"冲回单": slip.reference})
    return len(rows)
