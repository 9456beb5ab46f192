"""Adding up what the ledger says of every project, once a day."""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db import transaction
from django.db.models import Sum

from wuxie.kernel.facts.canonical import MILLION
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.rooms.register.models import Project

from .. import facts, queries
from ..models import Night, Tally

ONE = datetime.timedelta(days=1)
#: Kind of fact → the sum that it goes into.
SUMS = {
    facts.DUTY_DUE.code: "due", facts.DUTY_ON_TIME.code: "on_time", facts.FOUND.code: "found", facts.CLOSED_ON_TIME.code: "closed_on_time",
    facts.POST_VACANT: "vacant",
}  # fmt: skip


def keep_up(day: datetime.date) -> int:
    """Add up for a day unless that was done already, or its night is still to come."""
    if Tally.objects.of(day).exists() or not Night.objects.filter(day=day).exists():
        return 0
    return add_up(day)


@transaction.atomic
def add_up(day: datetime.date) -> int:
    """The sums of the days before this one, for every project served on it; the number of projects."""
    since = day - queries.term("figures_days") * ONE
    rows = not_replaced(Fact.objects.filter(kind__in=list(SUMS), occurred_on__gte=since, occurred_on__lt=day))
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for subject, kind, quantity in rows.order_by().values_list("subject", "kind").annotate(sum=Sum("quantity")):
        sums[subject][SUMS[kind]] = quantity // MILLION
    served = Project.objects.on(day)
    Tally.objects.exclude(project__in=served).delete()
    made = [Tally(project=one, day=day, **sums[one.key]) for one in served]
    Tally.objects.bulk_create(
        made, batch_size=500, update_conflicts=True, unique_fields=["project"], update_fields=["day", *SUMS.values()]
    )
    return len(made)
