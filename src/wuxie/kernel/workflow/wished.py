"""Reminders that a person asked for beside those of the procedure: of what waits for them, so many days ahead."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.models import Wish
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties.models import Person

from .clock import LATEST
from .deadlines import morning
from .desk import Row, rows_of, turns_of
from .models import DeadlineRow
from .table import workflow

log = logging.getLogger(__name__)
DAYS_LEFT = Sentence(gettext_noop("还有 %(n)s 日到期：%(what)s"))
TODAY = Sentence(gettext_noop("今天到期：%(what)s"))


def remind() -> int:
    """Once a day after nine, and again for whoever has just changed their wish; how many reminders were written.

    One person's failure is logged and leaves the others theirs; it is tried again the next time round.
    """
    if now() < morning(today()):
        return 0
    written = 0
    for wish in Wish.objects.exclude(leads=[]).exclude(reminded_on=today()):
        try:
            with transaction.atomic():
                written += _remind(wish)
                Wish.objects.filter(pk=wish.pk).update(reminded_on=today())
        except Exception:
            log.exception("the reminders of %s could not be written", wish.person_key)
    return written


def _remind(wish: Wish) -> int:
    person = Person.objects.filter(pk=int(wish.person_key.partition(":")[2])).first()
    if person is None:
        return 0
    days = {today() + datetime.timedelta(days=lead): lead for lead in wish.leads}
    rows = rows_of(turns_of(actor_of(person)).filter(due_on__in=list(days), due_at__gt=now()))
    told = _told_by_procedure(rows)
    written = 0
    for row in rows:
        assert row.due_on is not None
        lead = days[row.due_on]
        if (row.workflow.name, row.case_pk, lead) in told:
            continue
        what = "、".join(row.labels)
        title = DAYS_LEFT(n=lead, what=what) if lead else TODAY(what=what)
        written += tell(
            [person], title, LATEST(title=row.title, day=row.due_on), link=row.url,
            key=f"wish:{row.workflow.name}:{row.case_pk}:{row.due_on}:{lead}",
        )  # fmt: skip
    return written


def _told_by_procedure(rows: Iterable[Row]) -> set[tuple[str, int, int]]:
    """Workflow, case and days ahead of the reminders that the procedure itself sends for these cases."""
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(workflow=row.workflow.name, case_pk=row.case_pk, due_on=row.due_on)
    found = set()
    for running in DeadlineRow.objects.filter(wanted, state=DeadlineRow.State.OPEN).exclude(unit="hour"):
        declared = workflow(running.workflow).deadlines().get(running.name)
        found |= {(running.workflow, running.case_pk, lead) for lead in (declared.reminders if declared else ())}
    return found
