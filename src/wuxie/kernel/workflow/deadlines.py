"""Starting, ending, pausing and extending the periods of a case."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.clock import days
from wuxie.kernel.clock.days import Calendar
from wuxie.kernel.clock.now import SHANGHAI, end_of, now, today
from wuxie.kernel.clock.tables import calendar

from .models import DeadlineRow
from .refusal import Refusal
from .table import Deadline, Workflow

RUNNING = (DeadlineRow.State.OPEN, DeadlineRow.State.PAUSED, DeadlineRow.State.OVERDUE)


def morning(day: datetime.date) -> datetime.datetime:
    """Nine o'clock of a day in Shanghai: when reminders are sent."""
    return datetime.datetime.combine(day, datetime.time(9), SHANGHAI).astimezone(datetime.UTC)


def start(workflow: Workflow, case: Any, deadline: Deadline, *, on: datetime.date | None = None) -> DeadlineRow:
    """Begin a period; one of the same name that still runs is dropped first (a new step starts it anew)."""
    DeadlineRow.objects.filter(workflow=workflow.name, case_pk=case.pk, name=deadline.name, state__in=RUNNING).update(
        state=DeadlineRow.State.DROPPED, ended_at=now()
    )
    row = build(workflow, case, deadline, on=on)
    row.save()
    return row


def build(workflow: Workflow, case: Any, deadline: Deadline, *, on: datetime.date | None = None) -> DeadlineRow:
    """The row of a period that begins now, not yet written."""
    started = on or today()
    count = deadline.count(case) if callable(deadline.count) else deadline.count
    row = DeadlineRow(
        workflow=workflow.name, case_pk=case.pk, name=deadline.name, label=labels.kept(deadline.label), basis=deadline.basis,
        count=count, unit=deadline.unit, started_on=started,
    )  # fmt: skip
    if deadline.on is not None:
        row.due_on, row.unit = deadline.on(case), "day"
        row.count = max((row.due_on - started).days, 0)
        row.due_at = end_of(row.due_on)
    elif deadline.at is not None:
        # A moment is never moved by a holiday nor stopped by a pause: it is kept like a period of hours.
        row.due_at, row.unit = deadline.at(case), "hour"
        row.due_on = row.due_at.astimezone(SHANGHAI).date()
        row.count = max(-((now() - row.due_at) // datetime.timedelta(hours=1)), 0)
    else:
        _set_due(row)
    row.look_at = next_look(row, deadline)
    return row


def _set_due(row: DeadlineRow) -> None:
    """The due day of what is left of a period, counted from the day it (last) began to run."""
    if row.unit == "hour":
        row.due_at = now() + datetime.timedelta(hours=row.count - row.used)
        row.due_on = row.due_at.astimezone(SHANGHAI).date()
        return
    due = days.add(row.started_on, row.count - row.used, row.unit, calendar())
    row.due_on, row.provisional, row.due_at = due.on, due.provisional, end_of(due.on)


def next_look(row: DeadlineRow, deadline: Deadline | None) -> datetime.datetime:
    """When the clock must come back: the next unsent reminder, else the due moment, else the next rung."""
    if row.state == DeadlineRow.State.OVERDUE:
        rungs = deadline.ladder if deadline else ()
        if row.rung < len(rungs):
            return morning(days.add(row.due_on, rungs[row.rung].after, "working_day", calendar()).on)
        return datetime.datetime.max.replace(tzinfo=datetime.UTC, year=9000)
    reminders = deadline.reminders if deadline else []
    if row.unit != "hour" and row.reminded < len(reminders):
        moment = morning(row.due_on - datetime.timedelta(days=reminders[row.reminded]))
        return min(max(moment, now()), row.due_at)
    return row.due_at


def end(workflow: Workflow, case: Any, *names: str) -> int:
    """The named periods are met (all running ones of the case without names)."""
    rows = DeadlineRow.objects.filter(workflow=workflow.name, case_pk=case.pk, state__in=RUNNING)
    if names:
        rows = rows.filter(name__in=names)
    return rows.update(state=DeadlineRow.State.MET, ended_at=now())


def pause(workflow: Workflow, case: Any, *, reason: str, paper: str) -> int:
    """Stop every running period of a case; the days used so far are kept (an expert opinion, a supplement, a notice)."""
    if not reason.strip():
        raise Refusal("guard", _("中止计时要写明事由，例如：鉴定期间。"))
    if not paper:
        raise Refusal("guard", _("中止计时要附依据文书。"))
    rows = list(
        DeadlineRow.objects.filter(workflow=workflow.name, case_pk=case.pk, state=DeadlineRow.State.OPEN).exclude(
            unit="hour"
        )
    )
    for row in rows:
        left, unit = days.remaining(row.started_on, today(), row.count - row.used, row.unit, calendar())
        if unit == row.unit:
            row.used = row.count - left
        else:  # what is left of a month goes on in days
            row.count, row.used, row.unit = left, 0, unit
        row.state, row.paused_on, row.pause_reason = DeadlineRow.State.PAUSED, today(), reason.strip()
    DeadlineRow.objects.bulk_update(rows, ["count", "used", "unit", "state", "paused_on", "pause_reason"])
    return len(rows)


def resume(workflow: Workflow, case: Any) -> int:
    """Let the paused periods of a case run on from today, with what was left of them."""
    table = workflow.deadlines()
    rows = list(DeadlineRow.objects.filter(workflow=workflow.name, case_pk=case.pk, state=DeadlineRow.State.PAUSED))
    for row in rows:
        row.started_on, row.state, row.paused_on, row.pause_reason = today(), DeadlineRow.State.OPEN, None, ""
        _set_due(row)
        row.look_at = next_look(row, table.get(row.name))
    DeadlineRow.objects.bulk_update(
        rows, ["started_on", "state", "paused_on", "pause_reason", "due_on", "due_at", "provisional", "look_at"]
    )
    return len(rows)


def extend(workflow: Workflow, case: Any, name: str, days_more: int) -> DeadlineRow:
    """Let an open period of a case end so many days later; what was used before a pause stays used."""
    row = DeadlineRow.objects.filter(
        workflow=workflow.name,
        case_pk=case.pk,
        name=name,
        state__in=(DeadlineRow.State.OPEN, DeadlineRow.State.OVERDUE),
    ).first()
    if row is None:
        raise Refusal("state", _("没有正在计时的期限。"))
    if row.unit != "day":  # what is left of a month goes on in days
        row.count, row.used, row.unit = (row.due_on - row.started_on).days, 0, "day"
    row.count += days_more
    _set_due(row)
    row.state, row.rung, row.reminded = DeadlineRow.State.OPEN, 0, 0
    row.look_at = next_look(row, workflow.deadlines().get(name))
    row.save()
    return row


def moved_by(calendar: Calendar) -> list[tuple[DeadlineRow, datetime.date]]:
    """The open periods that ``recount`` would move if this calendar were in force, each with its new due day."""
    found = []
    for row in _provisional():
        due = days.add(row.started_on, row.count - row.used, row.unit, calendar)
        if due.on != row.due_on:
            found.append((row, due.on))
    return sorted(found, key=lambda one: (one[1], one[0].pk))


def _provisional() -> QuerySet[DeadlineRow]:
    return DeadlineRow.objects.filter(state=DeadlineRow.State.OPEN, provisional=True).exclude(unit="hour")


def recount() -> int:
    """Count the open periods again after a holiday table was imported; returns how many due days moved."""
    moved = 0
    for row in _provisional():
        before = row.due_on
        _set_due(row)
        row.look_at = min(row.look_at, row.due_at)
        row.save(update_fields=["due_on", "due_at", "provisional", "look_at"])
        moved += row.due_on != before
    return moved
