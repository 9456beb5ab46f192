"""Disputing a fact: opened by the company, decided by somebody else, over by itself when nobody decides."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact, Standing
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import evidence, queries
from ..models import Application, FactDispute
from ..rules import company_side
from ..workflow import FACT_DISPUTE
from .scoring import admit_result


@transaction.atomic
def open_dispute(project: Project, fact_id: str, *, by: Actor, reason: str) -> FactDispute:
    """Say that a fact about one's own project is wrong, and why; it does not count until the ruling."""
    reason = said(reason, _("请写明这条事实哪里不对、依据是什么。"))
    fact = Fact.objects.filter(pk=fact_id).first()
    if fact is None or not evidence.concerns(fact, project, on=today()):
        raise Refusal("guard", _("没有查到属于这个项目的这条事实，请核对编号。"))
    dispute = FactDispute(
        project=project, fact_id=fact.pk, fact_kind=fact.kind, reason=reason, opened_by=by.key,
        place_code=project.estate.place_id,
    )  # fmt: skip
    may(company_side, dispute, by, _("对事实提出争议"))
    try:
        with transaction.atomic():
            engine.open_case(FACT_DISPUTE, dispute, by=by, note=reason)
    except IntegrityError:
        raise Refusal("state", _("这条事实已有争议在办理。")) from None
    ruling = DeadlineRow.objects.get(workflow=FACT_DISPUTE.name, case_pk=dispute.pk, name="ruling")
    ledger.dispute(fact, by=by.key, reason=reason, until=ruling.due_on)
    return dispute


@transaction.atomic
def uphold(dispute: FactDispute, *, by: Actor, reply: str) -> Event:
    """The company is right: the fact is withdrawn, for the applications under way too."""
    event = _rule("uphold", dispute, by, reply)
    fact = Fact.objects.get(pk=dispute.fact_id)
    ledger.close_dispute(fact, by=by.key, upheld=True, reason=dispute.reply)
    withdrawal = Fact.objects.get(pk=Standing.objects.get(pk=fact.pk).superseded_by)
    running = Application.objects.filter(project=dispute.project_id, state__in=queries.PENDING)
    for application in running.select_related("cycle", "project"):
        if today() > application.cycle.cutoff:
            admit_result(withdrawal, application, by=THE_CLOCK, why=dispute.reply)
    return event


@transaction.atomic
def reject(dispute: FactDispute, *, by: Actor, reply: str) -> Event:
    """The fact is right: it counts again."""
    event = _rule("reject", dispute, by, reply)
    ledger.close_dispute(Fact.objects.get(pk=dispute.fact_id), by=by.key, upheld=False, reason=dispute.reply)
    return event


def _rule(step: str, dispute: FactDispute, by: Actor, reply: str) -> Event:
    dispute.reply, dispute.decided_by = said(reply, _("裁定要写明理由。")), by.key
    dispute.save(update_fields=["reply", "decided_by"])
    return engine.take(FACT_DISPUTE, step, dispute, by=by, note=dispute.reply)


@transaction.atomic
def withdraw(dispute: FactDispute, *, by: Actor, note: str = "") -> Event:
    """The company takes it back: the fact counts again at once."""
    event = engine.take(FACT_DISPUTE, "withdraw", dispute, by=by, note=note)
    ledger.close_dispute(
        Fact.objects.get(pk=dispute.fact_id),
        by=THE_CLOCK.key,
        upheld=False,
        reason=note or gettext_noop("企业撤回争议"),
    )
    return event
