"""The clock's work, each minute: remind, take the steps that time takes, climb the ladder. One failing case never
stops the others: each has a transaction of its own, and what went wrong is kept on its row.
"""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils.translation import gettext_noop

from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell

from . import deadlines, engine
from .desk import set_turns
from .models import DeadlineRow, Turn
from .refusal import Refusal
from .table import Deadline, Workflow, workflow

log = logging.getLogger(__name__)
#: After a failure a row rests this long before it is tried again.
REST = datetime.timedelta(minutes=10)
COMING, LATEST = Sentence(gettext_noop("将到期：%(label)s")), Sentence(gettext_noop("%(title)s · 最迟 %(day)s"))
OVERDUE = Sentence(gettext_noop("已逾期：%(label)s"))
STILL = Sentence(gettext_noop("逾期 %(days)s 个工作日：%(label)s"))


def take_due(limit: int = 500) -> int:
    """Look at every deadline that wants looking at now; returns how many were handled without a failure."""
    due = DeadlineRow.objects.filter(state__in=["open", "overdue"], look_at__lte=now()).order_by("look_at", "pk")
    handled = 0
    for pk in due.values_list("pk", flat=True)[:limit]:
        try:
            with transaction.atomic():
                handled += _look(pk)
        except Exception as failure:  # one case must not stop the clock of the others
            log.exception("deadline %s could not be handled", pk)
            DeadlineRow.objects.filter(pk=pk).update(error=str(failure)[:300], look_at=now() + REST)
    return handled


def _look(pk: int) -> int:
    row = (
        DeadlineRow.objects.select_for_update().filter(pk=pk, state__in=["open", "overdue"], look_at__lte=now()).first()
    )
    if row is None:
        return 0
    table = workflow(row.workflow)
    case = table.model.objects.filter(pk=row.case_pk).first()
    declared = table.deadlines().get(row.name)
    if case is None or declared is None:
        row.state, row.ended_at = DeadlineRow.State.DROPPED, now()
        row.save(update_fields=["state", "ended_at"])
        return 1
    if row.state == DeadlineRow.State.OVERDUE:
        _climb(table, case, row, declared)
    elif row.due_at > now():
        _remind(table, case, row, declared)
    else:
        _fall_due(table, case, row, declared)
    return 1


def _remind(table: Workflow, case: object, row: DeadlineRow, declared: Deadline) -> None:
    tell(
        _waited_for(table, row, declared), COMING(label=row.label), LATEST(title=table.title(case), day=row.due_on), link=table.url(row.case_pk),
        key=f"remind:{row.pk}:{row.reminded}",
    )  # fmt: skip
    row.reminded += 1
    # Reminders whose day has passed while nobody looked are not sent late one after the other.
    moments = declared.reminders
    while row.reminded < len(moments) and row.due_on - datetime.timedelta(days=moments[row.reminded]) <= today():
        row.reminded += 1
    row.look_at = deadlines.next_look(row, declared)
    row.save(update_fields=["reminded", "look_at"])


def _fall_due(table: Workflow, case: object, row: DeadlineRow, declared: Deadline) -> None:
    if declared.orelse and case.state in table.steps[declared.orelse].sources:  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                verb = table.clockwork.get(declared.orelse)
                if verb is not None:
                    verb(case)
                else:
                    engine.by_clock(table, declared.orelse, case, deadline=row.name)
            DeadlineRow.objects.filter(pk=row.pk, state="open").update(state=DeadlineRow.State.MET, ended_at=now())
            return
        except Refusal as refusal:
            row.error = refusal.message[:300]
    row.state, row.rung = DeadlineRow.State.OVERDUE, 0
    row.look_at = deadlines.next_look(row, declared)
    row.save(update_fields=["state", "rung", "look_at", "error"])
    subject = (declared.overdue_subject or table.subject)(case)
    if declared.overdue_kind and subject:
        ledger.announce(
            declared.overdue_kind.code, subject, occurred_on=today(), source=f"{table.key(case)}/overdue/{row.pk}",
            by="clock",
        )  # fmt: skip
    set_turns(table, case)
    tell(
        _waited_for(table, row, declared), OVERDUE(label=row.label), table.title(case),
        link=table.url(row.case_pk), key=f"overdue:{row.pk}", urgent=True,
    )  # fmt: skip


def _climb(table: Workflow, case: object, row: DeadlineRow, declared: Deadline) -> None:
    if row.rung < len(declared.ladder):
        rung = declared.ladder[row.rung]
        # Who is told at once hears the same as whoever it waits for, and a person who is both hears it once.
        title, key = OVERDUE(label=row.label), f"overdue:{row.pk}"
        if rung.after:
            title, key = STILL(days=rung.after, label=row.label), f"ladder:{row.pk}:{row.rung}"
        tell(rung.who.people(case), title, table.title(case), link=table.url(row.case_pk), key=key, urgent=True)
        row.rung += 1
    row.look_at = deadlines.next_look(row, declared)
    row.save(update_fields=["rung", "look_at"])


def _waited_for(table: Workflow, row: DeadlineRow, declared: Deadline) -> list[int]:
    """The people whose turn it is."""
    case = table.model.objects.get(pk=row.case_pk)
    if declared.whose is not None:
        return declared.whose.people(case)
    steps = set(Turn.objects.filter(workflow=table.name, case_pk=row.case_pk).values_list("step", flat=True))
    return sorted({pk for name in steps if name in table.steps for pk in table.steps[name].by.people(case)})
