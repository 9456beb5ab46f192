"""What every night does: lay down the duties of the day, set-based, and reckon what was due, done and vacant the day before.

A night that was missed is made good, each day in a transaction of its own, and once: the row of the night, the unique key of
the instances and the unique source of the facts each see to it.
"""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import connection, transaction
from django.db.models import Min

from wuxie.kernel.clock.now import now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts.ledger import announce_many
from wuxie.rooms.register.models import Project

from .. import facts
from ..law import Figures, Window, at, windows
from ..library import COMPANY_KINDS
from ..models import Duty, DutyList, Instance, ListPost, Night
from ..words import Every
from .ladder import tell_of_misses
from .reckoning import reckon

ONE = datetime.timedelta(days=1)

#: One statement a window: every duty of that rhythm on a list in force that day, of a project that is served that day.
LAY = """
INSERT INTO {instance} (duty_id, project_id, day, shift, opens_at, closes_at, state)
SELECT d.id, l.project_id, %(period)s, %(shift)s, %(opens)s, %(closes)s, 'scheduled'
FROM {dutylist} l
JOIN {project} j ON j.id = l.project_id
JOIN {listpost} p ON p.duty_list_id = l.id
JOIN {duty} d ON d.list_post_id = p.id
WHERE d.every = %(every)s AND {when}
  AND l.starts_on <= %(day)s AND (l.ends_on IS NULL OR l.ends_on >= %(day)s)
  AND j.starts_on <= %(day)s AND (j.left_on IS NOT NULL OR j.ends_on IS NULL OR j.ends_on >= %(day)s)
  AND (j.left_on IS NULL OR j.left_on >= %(day)s)
  AND (d.season_from = '' OR d.season_from <= d.season_to AND %(here)s BETWEEN d.season_from AND d.season_to
       OR d.season_from > d.season_to AND (%(here)s >= d.season_from OR %(here)s <= d.season_to))
ON CONFLICT DO NOTHING
"""
OF_SHIFT = "p.shifts = %(shifts)s AND d.only IN ('', %(only)s)"
#: A list that begins within a period asks only for what the lists before it have not asked for in it.
BEGUN = """l.starts_on = %(day)s AND (l.number = 1 OR NOT EXISTS (
  SELECT 1 FROM {dutylist} m
  JOIN {listpost} q ON q.duty_list_id = m.id AND COALESCE(q.post_id, 0) = COALESCE(p.post_id, 0)
  JOIN {duty} e ON e.list_post_id = q.id AND e.code = d.code
  JOIN {instance} i ON i.duty_id = e.id AND i.day = %(period)s AND i.state <> 'withdrawn'
  WHERE m.project_id = l.project_id))"""
TABLES = {
    model._meta.model_name: connection.ops.quote_name(model._meta.db_table)
    for model in (Instance, DutyList, ListPost, Duty, Project)
}


def catch_up() -> list[datetime.date]:
    """Every day that has no night yet, up to today; the days that were made good."""
    newest = Night.objects.order_by("-day").first()
    begins = newest.day + ONE if newest else DutyList.objects.aggregate(first=Min("starts_on"))["first"]
    if begins is None:
        return []
    days = [begins + ONE * step for step in range((today() - begins).days + 1)]
    return [day for day in days if lay_down(day) is not None]


@transaction.atomic
def lay_down(day: datetime.date) -> Night | None:
    """The duties of one day, and the vacant posts of its eve; ``None`` if that night was done."""
    night, new = Night.objects.get_or_create(day=day, defaults={"instances": 0, "vacant": 0, "at": now()})
    if not new:
        return None
    _withdraw(day)
    figures = Figures.on(day)
    night.instances = sum(_lay(window, day) for window in windows(day, calendar(), figures))
    night.vacant = _count_vacant(day - ONE)
    night.save()
    reckon(day)
    tell_of_misses(day)
    return night


def _lay(window: Window, day: datetime.date) -> int:
    """One window for the whole city; the number of rows that are new."""
    when = OF_SHIFT if window.shift else BEGUN.format(**TABLES) if window.running else "1 = 1"
    convert = connection.ops
    known = {
        "every": str(window.every), "day": convert.adapt_datefield_value(day),
        "period": convert.adapt_datefield_value(window.day), "shift": window.shift, "shifts": str(window.shifts),
        "only": str(window.only), "opens": convert.adapt_datetimefield_value(window.opens_at),
        "closes": convert.adapt_datetimefield_value(window.closes_at), "here": day.strftime("%m-%d"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LAY.format(when=when, **TABLES), known)
        return int(cursor.rowcount)


def _withdraw(day: datetime.date) -> None:
    """Where a list begins, what only the list before asked for is no longer due; a shift that is on is seen through."""
    for begun in DutyList.objects.filter(starts_on=day, number__gt=1):
        asked = {(one.code, one.list_post.post_id) for one in _duties_of(begun)}
        before = Duty.objects.filter(list_post__duty_list__project=begun.project_id).exclude(list_post__duty_list=begun)
        gone = [one.pk for one in before.select_related("list_post") if (one.code, one.list_post.post_id) not in asked]
        open_still = Instance.objects.filter(duty__in=gone, state=Instance.State.SCHEDULED, closes_at__gt=at(day))
        open_still.exclude(duty__every=Every.SHIFT).update(state=Instance.State.WITHDRAWN)


def _duties_of(duty_list: DutyList) -> list[Duty]:
    return list(Duty.objects.filter(list_post__duty_list=duty_list).select_related("list_post"))


def _count_vacant(day: datetime.date) -> int:
    """A fact for each project with posts of its list that nobody held on a day, with their number."""
    served = Project.objects.on(day)
    rows = ListPost.objects.on(day).vacant(day).filter(duty_list__project__in=served).exclude(code__in=COMPANY_KINDS)
    counts = Counter(rows.values_list("duty_list__project", flat=True))
    announce_many(
        {
            "kind": facts.POST_VACANT, "subject": f"project:{project}", "occurred_on": day, "quantity": str(count),
            "source": f"safety_vacant:{project}:{day}", "by": "clock",
        }
        for project, count in sorted(counts.items())
    )  # fmt: skip
    return sum(counts.values())
