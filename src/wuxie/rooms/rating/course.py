"""The course of a case as its page shows it: the stages behind and ahead, the periods that run, what a correction would do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import local
from wuxie.kernel.standards.judge import rounded
from wuxie.kernel.workflow.models import DeadlineRow, Event

from . import evidence
from .models import Application

S = Application.State
RUNNING = (DeadlineRow.State.OPEN, DeadlineRow.State.PAUSED, DeadlineRow.State.OVERDUE)
#: Stage → the states in which it is the present one, and the steps that end it.
STAGES = (
    (gettext_lazy("申报"), (S.DRAFT, S.SUBMITTED), ("submit",)),
    (gettext_lazy("形式审查"), (S.PRE_CHECK, S.NEED_SUPPLEMENT), ("pass_check", "reject", "miss_supplement")),
    (gettext_lazy("社区意见"), (S.COMMUNITY_OPINION,), ("give_opinion", "pass_silent")),
    (gettext_lazy("取数冻结"), (S.SCORING,), ("freeze_snapshot",)),
    (gettext_lazy("评审"), (S.REVIEW,), ("finish_review",)),
    (gettext_lazy("联合审定"), (S.JOINT_HEARING,), ("resolve", "decline")),
    (gettext_lazy("公示"), (S.PUBLICITY, S.OBJECTION), ("award", "decline_after_objection")),
    (
        gettext_lazy("授星"),
        (S.AWARDED, S.UNDER_REVIEW, S.DOWNGRADED, S.REVOKED, S.APPEALED),
        ("expire", "return_plaque"),
    ),
)


@dataclass(frozen=True)
class Stage:
    """One stage of the path: ``state`` is ``done``, ``now`` or ``ahead``."""

    label: str
    state: str
    on: datetime.date | None = None
    who: str = ""
    outcome: str = ""


def path(application: Application) -> list[Stage]:
    """The eight stages with day, person and outcome; what happened is read from the events."""
    events = {event.step: event for event in _events(application)}
    made, passed = [], False
    for label, states, steps in STAGES:
        ended = max((events[step] for step in steps if step in events), key=lambda event: event.at, default=None)
        if application.state in states:
            passed = True
            made.append(Stage(str(label), "now", outcome=_present(application)))
        elif ended is not None and not passed:
            who = "" if ended.private else ended.by_name
            made.append(Stage(str(label), "done", local(ended.at).date(), who, _outcome(application, ended)))
        else:
            made.append(Stage(str(label), "ahead"))
    return made


def _events(application: Application) -> list[Event]:
    return list(Event.objects.filter(workflow="star_application", case_pk=application.pk).order_by("at", "pk"))


def _present(application: Application) -> str:
    """A word on the stage that is running."""
    if application.state == S.OBJECTION:
        return _("异议 %(n)s 件") % {"n": application.objections.filter(state="received").count()}
    if application.state in (S.NEED_SUPPLEMENT, S.UNDER_REVIEW, S.DOWNGRADED, S.REVOKED, S.APPEALED):
        return str(application.get_state_display())
    return ""


def _outcome(application: Application, event: Event) -> str:
    """What came of a stage, in a few words."""
    if event.step == "pass_check":
        return _("补正 1 次") if application.supplemented else ""
    if event.step in ("give_opinion", "pass_silent"):
        return "、".join(f"{one.get_level_display()}{one.get_stance_display()}" for one in application.opinions.all())
    if event.step == "freeze_snapshot":
        return _("%(n)s 条") % {"n": event.data.get("rows", "")}
    if event.step == "finish_review":
        return _("%(total)s 分") % {"total": event.data.get("total", "")}
    if event.step in ("resolve", "award"):
        return _("%(stars)s 星") % {"stars": event.data.get("stars", "")}
    return event.label


def periods(application: Application) -> list[DeadlineRow]:
    """The periods that run for an application and for the objections to it, the nearest first."""
    objections = list(application.objections.values_list("pk", flat=True))
    mine = Q(workflow="star_application", case_pk=application.pk)
    theirs = Q(workflow="star_objection", case_pk__in=objections)
    return list(DeadlineRow.objects.filter(mine | theirs, state__in=RUNNING).order_by("due_at", "pk"))


@dataclass(frozen=True)
class WhatIf:
    """What a correction of facts would do to a frozen score; nothing is written."""

    before: str
    after: str
    stars_before: int
    stars_after: int
    changes: tuple[tuple[str, str, str], ...]
    """Indicator, points now, points then; only those that differ."""


def what_if(application: Application, corrections: Mapping[str, str | None]) -> WhatIf:
    """The score if these facts had other quantities (decimal text), or none (``None``: withdrawn)."""
    snapshot = application.snapshot
    if snapshot is None:
        raise LookupError("not frozen yet")
    kept = [_corrected(row, corrections) for row in snapshot.rows]
    run = evidence.run(snapshot.document, kept, application.project.key)
    now = {one["id"]: one["value"] for group in snapshot.result["groups"] for one in group["indicators"]}
    then = {one["id"]: one["value"] for group in run.explained["groups"] for one in group["indicators"]}
    changes = tuple((name, now[name] or "—", then[name] or "—") for name in now if now[name] != then[name])
    return WhatIf(snapshot.total, run.total, snapshot.stars, run.result.stars, changes)


def _corrected(row: evidence.Row, corrections: Mapping[str, str | None]) -> evidence.Row:
    if row["id"] not in corrections:
        return row
    quantity = corrections[row["id"]]
    return {**row, "superseded_by": "withdrawn"} if quantity is None else {**row, "quantity": quantity}


def margin(application: Application) -> str:
    """How far the frozen total lies above the line of its own star, one decimal; empty without a star."""
    snapshot = application.snapshot
    if snapshot is None or not snapshot.stars:
        return ""
    line = next(Fraction(str(one["min"])) for one in snapshot.document["grades"] if one["stars"] == snapshot.stars)
    value = Fraction(snapshot.exact["total"]) - line
    return rounded((value.numerator, value.denominator), 1)
