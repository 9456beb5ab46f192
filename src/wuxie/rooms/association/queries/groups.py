"""Working groups: who is in one, how the work lies on its members, how a quarter went."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, F, Q, Sum

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.queries import facts_of, not_replaced
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .. import law
from ..facts import DUTIES
from ..models import Evaluation, Member, MemberQuerySet, Task, WorkGroup
from .meetings import share, term


def group_of(code: str) -> WorkGroup:
    """The group of a code; made when it is first asked for."""
    return WorkGroup.objects.get_or_create(code=code)[0]


def members_of(group: WorkGroup) -> MemberQuerySet:
    return Member.objects.on(today()).in_group(group.code).select_related("organisation").order_by("number", "pk")


@dataclass(frozen=True)
class Workload:
    """Hours of accepted work in a year, a figure for each member that belongs to a group, and how unevenly they lie."""

    hours: Sequence[int]
    gini: Fraction
    by_weight: Fraction
    """The same of the hours for each part that a member bears by its kind: who is bigger should do more."""

    @property
    def members(self) -> int:
        return len(self.hours)

    @property
    def total(self) -> int:
        return sum(self.hours)

    @property
    def hundredths(self) -> int:
        """The Gini coefficient in whole hundredths, rounded down."""
        return self.gini.numerator * 100 // self.gini.denominator

    @property
    def hundredths_by_weight(self) -> int:
        return self.by_weight.numerator * 100 // self.by_weight.denominator


def weight(kind: str) -> int:
    """In how many parts a member bears what all share (turns at the desk, work of groups), by its kind of membership."""
    return figure(f"mediation.weight.{kind}", on=today(), region=HOME_CITY).number


def weights(units: Iterable[int], day: datetime.date) -> dict[int, int]:
    """Unit → its parts on a day; who is no member like an ordinary one."""
    kinds = dict(Member.objects.on(day).filter(organisation__in=units).values_list("organisation", "kind"))
    return {unit: weight(kinds.get(unit, Member.Kind.ORDINARY)) for unit in units}


def accepted_in(year: int) -> Q:
    return Q(tasks__state=Task.State.ACCEPTED, tasks__accepted_on__year=year)


def workload(year: int, group: WorkGroup | None = None) -> Workload:
    rows = Member.objects.on(today())
    rows = rows.in_group(group.code) if group else rows.exclude(group="")
    chosen = accepted_in(year) & Q(tasks__group=group) if group else accepted_in(year)
    found = list(
        rows.annotate(load=Sum("tasks__hours", filter=chosen, default=0)).order_by("pk").values_list("load", "kind")
    )
    parts = {kind: weight(kind) for _load, kind in found}
    whole = math.lcm(*parts.values())
    hours = [load for load, _kind in found]
    return Workload(hours, law.gini(hours), law.gini([load * whole // parts[kind] for load, kind in found]))


def duties(member: Member, year: int) -> list[tuple[str, int]]:
    """Kind of duty → how often in a year, as it stands in the ledger."""
    rows = facts_of(member.organisation.key).filter(kind__in=DUTIES, occurred_on__year=year)
    found = dict(not_replaced(rows).order_by().values_list("kind").annotate(n=Count("pk")))
    return [(kind, found[kind]) for kind in DUTIES if kind in found]


def late_in_a_row(group: WorkGroup) -> int:
    """How many of the group's last tasks in a row came after their day, or have not come and are overdue."""
    rows = (
        group.tasks.exclude(state=Task.State.DROPPED)
        .filter(doer__isnull=False, due_on__lt=today())
        .order_by("-due_on", "-pk")
    )
    late = 0
    for due, delivered in rows.values_list("due_on", "delivered_on")[:20]:
        if delivered is not None and delivered <= due:
            break
        late += 1
    return late


@dataclass(frozen=True)
class Quarter:
    """What a quarter of a group comes to; ``quality`` and ``satisfaction`` in hundredths, ``None`` where nothing was measured."""

    due: int
    on_time: int
    quality: int | None
    satisfaction: int | None
    score: int
    passed: bool


def span(year: int, number: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of a quarter."""
    after = number * 3
    end = datetime.date(year + after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)
    return datetime.date(year, after - 2, 1), end


def quarter(group: WorkGroup, year: int, number: int) -> Quarter | None:
    """Tasks delivered in time, marks given at acceptance, marks that members gave for answers; ``None`` where no task was due."""
    rows = group.tasks.exclude(state=Task.State.DROPPED).filter(due_on__range=span(year, number))
    found = rows.aggregate(
        due=Count("pk"), on_time=Count("pk", filter=Q(delivered_on__lte=F("due_on"))), marks=Sum("quality"), marked=Count("quality"),
    )  # fmt: skip
    if not found["due"]:
        return None
    quality = Fraction(found["marks"], found["marked"]) if found["marked"] else None
    pleased = satisfaction(group, year, number)
    parts = [
        law.Part(share("weight_tasks").of, Fraction(found["on_time"], found["due"])),
        law.Part(share("weight_quality").of, None if quality is None else quality / 100),
        law.Part(share("weight_satisfaction").of, None if pleased is None else pleased / 5),
    ]
    score = law.score(parts)
    return Quarter(
        found["due"], found["on_time"], _hundredths(quality), _hundredths(pleased), score.numerator * 100 // score.denominator,
        score >= term("evaluation_pass"),
    )  # fmt: skip


def _hundredths(value: Fraction | None) -> int | None:
    return None if value is None else value.numerator * 100 // value.denominator


def satisfaction(group: WorkGroup, year: int, number: int) -> Fraction | None:
    """The mean of the marks (1 to 5) that members gave in a quarter for what the group answered."""
    rows = group.inquiries.filter(answered_on__range=span(year, number), mark__isnull=False)
    found = rows.aggregate(marks=Sum("mark"), count=Count("pk"))
    return Fraction(found["marks"], found["count"]) if found["count"] else None


def failing(group: WorkGroup) -> bool:
    """Whether the last quarters in a row were failed, so many that the group has to be formed anew."""
    least = term("failing_quarters")
    last = list(
        Evaluation.objects.filter(group=group).order_by("-year", "-quarter").values_list("passed", flat=True)[:least]
    )
    return len(last) == least and not any(last)
