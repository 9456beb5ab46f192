"""Declaring what happened at an estate: the duties of its list that are tied to it become due at once, set-based and once."""

from __future__ import annotations

import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.workflow.demands import may
from wuxie.rooms.register.models import Project

from .. import work_facts, work_rules
from ..models import Duty, DutyList, Occurrence
from ..words import Every
from .night import TABLES

MINUTE = datetime.timedelta(minutes=1)

#: The duties of one term that the list in force ties to an event; each has its own row of the day, so that once is once.
LAY = """
INSERT INTO {instance} (duty_id, project_id, day, shift, opens_at, closes_at, state)
SELECT d.id, l.project_id, %(day)s, 0, %(opens)s, %(closes)s, 'scheduled'
FROM {dutylist} l
JOIN {listpost} p ON p.duty_list_id = l.id
JOIN {duty} d ON d.list_post_id = p.id
WHERE l.project_id = %(project)s AND d.every = %(every)s AND d.event = %(event)s AND d.minutes = %(minutes)s
  AND l.starts_on <= %(day)s AND (l.ends_on IS NULL OR l.ends_on >= %(day)s)
  AND (d.season_from = '' OR d.season_from <= d.season_to AND %(here)s BETWEEN d.season_from AND d.season_to
       OR d.season_from > d.season_to AND (%(here)s >= d.season_from OR %(here)s <= d.season_to))
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def declare(project: Project, *, by: Actor, event: str, words: str = "") -> Occurrence:
    """Say that something happened today; said again on the same day it is the same one and lays nothing down twice."""
    may(work_rules.declarer, project, by, _("宣布突发事"))
    return happen(project, event, by=by, words=words)


@transaction.atomic
def happen(project: Project, event: str, *, by: Actor, words: str = "") -> Occurrence:
    """The same, for verbs of this room that know it already (an incident)."""
    Project.objects.select_for_update().get(pk=project.pk)
    found = Occurrence.objects.filter(project=project, day=today(), event=event).first()
    if found is not None:
        return found
    made = Occurrence.objects.create(
        project=project, day=today(), event=event, words=words.strip()[:200], declared_by=by.key, declared_name=by.name,
        declared_at=now(), duties=_lay_down(project, event),
    )  # fmt: skip
    ledger.announce(
        work_facts.OCCURRED.code, project.key, occurred_on=today(), by=by.key, source=f"occurrence:{made.pk}",
        note=f"{made.get_event_display()} {made.words}".strip(), details={"duties": str(made.duties)},  # type: ignore[attr-defined]
    )  # fmt: skip
    return made


def _lay_down(project: Project, event: str) -> int:
    """One statement for each term that stands on the list, from now until the term is over."""
    opens, day, convert = now(), today(), connection.ops
    lists = DutyList.objects.on(day).filter(project=project)
    duties = Duty.objects.filter(list_post__duty_list__in=lists, every=Every.EVENT, event=event)
    made = 0
    for minutes in sorted(set(duties.order_by().values_list("minutes", flat=True))):
        known = {
            "project": project.pk, "every": str(Every.EVENT), "event": event, "minutes": minutes,
            "day": convert.adapt_datefield_value(day), "opens": convert.adapt_datetimefield_value(opens),
            "closes": convert.adapt_datetimefield_value(opens + minutes * MINUTE), "here": day.strftime("%m-%d"),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(LAY.format(**TABLES), known)
            made += int(cursor.rowcount)
    return made
