"""What has to hang at every estate: laid down by the calendar, posted up by the company, confirmed by the owners' side, told to the ledger."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock import days
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.demands import may
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.kernel.workflow.verbs import File
from wuxie.rooms.register.models import Project

from .. import facts, queries, rules
from ..models import Disclosure
from ..words import Topic, variant

PHOTO = gettext_noop("公示照片")
QUARTER = 3
DAY = datetime.timedelta(days=1)


def quarter_before(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The quarter that ended last before a day."""
    first = datetime.date(day.year, day.month - (day.month - 1) % QUARTER, 1)
    return add_months(first, -QUARTER), first - DAY


def lay_down(day: datetime.date) -> int:
    """Every project that served the whole of the last quarter has to post up each topic; how many rows are new.

    May be run as often as one likes. Nothing is laid down that is already late: a house that begins today owes nothing of the past.
    """
    starts, ends = quarter_before(day)
    due = days.add(ends, queries.term("disclose"), "day", calendar()).on
    if due < day:
        return 0
    serving = Project.objects.on(day).filter(starts_on__lte=starts).order_by("pk").values_list("pk", flat=True)
    known = set(Disclosure.objects.filter(starts_on=starts).values_list("project", "topic"))
    rows = [
        Disclosure(project_id=pk, topic=topic, starts_on=starts, ends_on=ends, due_on=due) for pk in serving for topic in Topic.values
        if (pk, topic) not in known
    ]  # fmt: skip
    Disclosure.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


@transaction.atomic
def publish(one: Disclosure, *, by: Actor, file: File | None) -> Disclosure:
    """It hangs: the photo of the board with it."""
    may(rules.keeper, one, by, _("登记公示"))
    one = Disclosure.objects.select_for_update().select_related("project__estate").get(pk=one.pk)
    if one.published_on is not None:
        raise Refusal("state", _("这一项已经登记过公示。"))
    if file is None:
        raise Refusal("guard", _("请放上公示栏的照片，看得清内容和地点。"))
    filing.picture(one.key, file[1], file[0], kind=PHOTO, by=by.key)
    one.published_on, one.published_by = today(), by.key
    one.save(update_fields=["published_on", "published_by"])
    return one


@transaction.atomic
def confirm(one: Disclosure, *, by: Actor) -> Disclosure:
    """Somebody of the owners' side saw it hang: on time, it counts."""
    may(rules.neighbour, one, by, _("核实公示"))
    one = Disclosure.objects.select_for_update().select_related("project__estate").get(pk=one.pk)
    if one.published_on is None:
        raise Refusal("state", _("物业还没有登记公示，没有可核实的。"))
    if one.confirmed_on is not None:
        raise Refusal("state", _("这一项已经核实过。"))
    one.confirmed_on = today()
    one.save(update_fields=["confirmed_on"])
    if one.published_on <= one.due_on:
        ledger.announce(
            f"{facts.DISCLOSED}.{variant(one.topic)}", one.project.key, occurred_on=one.published_on, quantity="1", by=by.key, source=one.key,
            attachments=list(Attachment.objects.on(one.key).values_list("sha256", flat=True)), note=f"{one.topic} {one.starts_on}",
        )  # fmt: skip
    return one


@transaction.atomic
def count_due(day: datetime.date) -> int:
    """What was due by yesterday goes into the ledger as required, hung or not; how many."""
    rows = list(
        Disclosure.objects.select_for_update()
        .filter(counted=False, due_on__lt=day)
        .select_related("project")
        .order_by("pk")
    )
    for one in rows:
        one.counted = True
    ledger.announce_many(
        [
            {
                "kind": f"{facts.REQUIRED}.{variant(one.topic)}", "subject": one.project.key, "occurred_on": one.due_on, "quantity": "1",
                "source": one.key, "note": f"{one.topic} {one.starts_on}",
            }
            for one in rows
        ],
        by="clock",
    )  # fmt: skip
    Disclosure.objects.bulk_update(rows, ["counted"], batch_size=500)
    return len(rows)
