"""What every night makes of the duties whose time is over: missed ones are marked, and the day's numbers go on record.

A phone that was off for days sends a check that was done in time. Its duty is counted by the night after it arrived, for the
day on which its time ended, and once: each row bears the night that counted it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet

from wuxie.kernel.clock.now import local
from wuxie.kernel.facts.ledger import announce_many

from .. import facts, queries
from ..evidence import Figures
from ..law import at
from ..library import COMPANY_KINDS
from ..models import Instance

S = Instance.State
SECOND, ONE = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
#: What nobody had to do.
NOT_DUE = (S.WITHDRAWN, S.WAIVED)


def reckon(day: datetime.date) -> None:
    """The night before a day, in the transaction of that night."""
    _mark_missed(day)
    announce_many(_rows(facts.DUTY_DUE.code, _due(day - ONE), day))
    announce_many(_rows(facts.DUTY_ON_TIME.code, _on_time(day), day))


def _counted(rows: QuerySet[Instance]) -> QuerySet[Instance]:
    """Those that count for the project: posts of the whole company stand on its list and are not its people's doing."""
    return _own(rows).exclude(duty__list_post__code__in=COMPANY_KINDS)


def _own(rows: QuerySet[Instance]) -> QuerySet[Instance]:
    """Duties of posts that somebody of the register can hold; a contractor has no phone here."""
    return rows.filter(duty__list_post__post__isnull=False)


def _mark_missed(day: datetime.date) -> None:
    late_for = Figures.on(day).late_for
    over = Instance.objects.filter(state__in=(S.SCHEDULED, S.SUSPICIOUS), closes_at__lte=at(day) - late_for)
    _own(over).update(state=S.MISSED)


def _due(day: datetime.date) -> Counter[tuple[int, datetime.date]]:
    return _by_day(_counted(queries.ended_on(day)).exclude(state__in=NOT_DUE))


def _on_time(day: datetime.date) -> Counter[tuple[int, datetime.date]]:
    """What was done in time, is over, and no night has counted yet."""
    new = Instance.objects.filter(state=S.DONE, counted_on=None, closes_at__lte=at(day))
    _counted(new).update(counted_on=day)
    return _by_day(Instance.objects.filter(counted_on=day))


def _by_day(rows: QuerySet[Instance]) -> Counter[tuple[int, datetime.date]]:
    """How many, by project and by the day on which the time ended."""
    found: Counter[tuple[int, datetime.date]] = Counter()
    for project, closes_at, count in rows.order_by().values_list("project", "closes_at").annotate(n=Count("pk")):
        found[project, local(closes_at - SECOND).date()] += count
    return found


def _rows(kind: str, counts: Counter[tuple[int, datetime.date]], night: datetime.date) -> Iterator[dict[str, Any]]:
    for (project, day), count in sorted(counts.items()):
        yield {
            "kind": kind, "subject": f"project:{project}", "occurred_on": day, "quantity": str(count),
            "source": f"safety_duties:{project}:{day}:{night}", "by": "clock",
        }  # fmt: skip
