"""Founding a year's rating, applying the five-star rule, closing it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import seated
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.workflow.demands import may
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, law, queries
from ..models import Application, Cycle, Snapshot
from .scoring import admit_result, freeze

secretariat = seated(gettext_lazy("协会秘书处"), "association_secretariat")
#: What may still be set once a cycle is open: what the authority's budget paper says about rewards.
AFTERWARDS = {"budget_number", "budget_text"}


@transaction.atomic
def draft_cycle(*, by: Actor, **fields: Any) -> Cycle:
    """Prepare a cycle; nothing is open yet."""
    may(secretariat, None, by, _("筹备评定周期"))
    cycle = Cycle(**fields)
    _check_dates(cycle)
    cycle.full_clean(validate_constraints=False)
    cycle.validate_constraints()
    cycle.save()
    return cycle


@transaction.atomic
def amend_cycle(cycle: Cycle, *, by: Actor, **fields: Any) -> Cycle:
    """Change a cycle that is not open yet; of an open one only the budget paper."""
    may(secretariat, None, by, _("修改评定周期"))
    frozen = set(fields) - AFTERWARDS
    if cycle.state != Cycle.State.DRAFT and frozen:
        raise Refusal("state", _("周期启动后标准、日期和口径不再改动，只能补预算文件。"))
    for name, value in fields.items():
        setattr(cycle, name, value)
    _check_dates(cycle)
    cycle.full_clean(validate_constraints=False)
    cycle.validate_constraints()
    cycle.save()
    return cycle


def _check_dates(cycle: Cycle) -> None:
    """Dates in the order of the procedure, each fault at its field."""
    faults: dict[str, str] = {}
    if cycle.window_to <= cycle.window_from:
        faults["window_to"] = _("取数止日要晚于取数起日 %(day)s。") % {"day": cycle.window_from}
    if cycle.cutoff < cycle.window_to:
        faults["cutoff"] = _("截止收录日早于取数止日。请改成 %(day)s 或以后。") % {"day": cycle.window_to}
    if cycle.apply_to < cycle.apply_from:
        faults["apply_to"] = _("申报止日早于申报起日 %(day)s。") % {"day": cycle.apply_from}
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def open_cycle(cycle: Cycle, *, by: Actor) -> Cycle:
    """Let applications in: only with the authority's paper and a published standard."""
    may(secretariat, None, by, _("启动评定周期"))
    if cycle.state != Cycle.State.DRAFT:
        raise Refusal("state", _("这个周期已经启动过。"))
    faults: dict[str, str] = {}
    for name, label in (
        ("document_number", _("设立文号")), ("document_title", _("设立文件名称")), ("document_authority", _("发文机关")),
    ):  # fmt: skip
        if not getattr(cycle, name).strip():
            faults[name] = _("没有%(what)s不能启动：评定须由有权机关发文设立。") % {"what": label}
    if not queries.standard_is_published(cycle.standard):
        faults["standard"] = _("请先选一个已发布的评定标准。")
    if faults:
        raise ValidationError(faults)
    _check_dates(cycle)
    cycle.state, cycle.opened_on = Cycle.State.OPEN, today()
    cycle.save()
    _announce(facts.CYCLE_OPENED.code, cycle, by)
    return cycle


@transaction.atomic
def close_cycle(cycle: Cycle, *, by: Actor) -> Cycle:
    """End a cycle in which nothing is pending any more."""
    may(secretariat, None, by, _("结束评定周期"))
    pending = cycle.applications.filter(state__in=queries.PENDING).count()
    if cycle.state != Cycle.State.OPEN or pending:
        raise Refusal("state", _("还有 %(n)s 份申报没有办完，不能结束。") % {"n": pending})
    cycle.state, cycle.closed_on = Cycle.State.CLOSED, today()
    cycle.save(update_fields=["state", "closed_on"])
    _announce(facts.CYCLE_CLOSED.code, cycle, by)
    return cycle


def _announce(code: str, cycle: Cycle, by: Actor) -> None:
    ledger.announce(
        code, f"city:{cycle.place_code}", occurred_on=today(), source=f"star_cycle:{cycle.pk}", by=by.key,
        note=f"{cycle.name} {cycle.document_number}",
    )  # fmt: skip


@transaction.atomic
def settle_quota(cycle: Cycle, *, by: Actor, minutes: str) -> dict[int, str]:
    """Apply the five-star rule to all applications of a cycle at once; returns who is held at four, and why.

    ``minutes`` is the number of the meeting's minutes. Needs every application through its review, since the room is a
    share of the projects scored. Who is held gets the fact ``rating.capped_at_four`` and a snapshot that reads it.
    """
    may(secretariat, None, by, _("算定五星名额"))
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if cycle.quota_settled_on:
        raise Refusal("state", _("五星名额已在 %(day)s 算定。") % {"day": cycle.quota_settled_on})
    waiting = cycle.applications.filter(state__in=queries.BEFORE_HEARING).count()
    if waiting:
        raise Refusal("guard", _("还有 %(n)s 份申报没有评审完，名额要一起算。") % {"n": waiting})
    if not minutes.strip():
        raise Refusal("guard", _("请写会议纪要编号：封顶四星要有依据。"))
    held = held_at_four(cycle)
    for application in cycle.applications.filter(pk__in=held).select_related("project__estate", "cycle"):
        cap(application, held[application.pk], by=by, minutes=minutes)
    cycle.quota_settled_on = today()
    cycle.save(update_fields=["quota_settled_on"])
    return held


def scored_in(cycle: Cycle) -> list[Application]:
    """The applications that were scored by a panel, with their snapshots."""
    rows = cycle.applications.exclude(state__in=queries.NOT_SCORED).exclude(snapshot=None)
    return list(rows.select_related("snapshot", "project"))


def held_at_four(cycle: Cycle) -> dict[int, str]:
    """Who reaches five stars and must stay at four, by application id."""
    scored = scored_in(cycle)
    contenders = [_contender(one) for one in scored if one.snapshot and one.snapshot.stars == 5]
    return law.capped(contenders, len(scored), cycle.quota_percent)


def _contender(application: Application) -> law.Contender:
    assert application.snapshot is not None
    exact: Mapping[str, Any] = application.snapshot.exact
    return law.Contender(
        application.pk, Fraction(exact["total"]), Fraction(exact["groups"].get("D", 1)),
        Fraction(exact["groups"].get("F", 1)), queries.proven(application),
    )  # fmt: skip


WHY = {
    "unproven": gettext_lazy("此前两个周期没有都达到四星"),
    "quota": gettext_lazy("超出五星比例"),
    "tied": gettext_lazy("与名额边缘并列"),
}


def cap(application: Application, why: str, *, by: Actor, minutes: str) -> Snapshot:
    """Hold one application at four stars, on record, and score it anew with that fact."""
    fact = ledger.announce(
        facts.CAPPED.code, application.project.key, occurred_on=application.cycle.window_to, by=by.key,
        source=f"{application.key}/capped", trust="authority_document", note=f"{WHY[why]}（{minutes}）",
        details={"minutes": minutes, "why": why},
    )  # fmt: skip
    admit_result(fact, application, by=by)
    return freeze(application, Snapshot.Reason.QUOTA, by=by)
