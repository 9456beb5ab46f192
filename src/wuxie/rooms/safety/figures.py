"""What people look at: how much was done in time, by day, post and shift, and whether so few hazards can be true."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Max, Q

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.canonical import MILLION
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.rooms.register.models import Estate, Project

from . import facts, queries
from .law import SHIFTS, at
from .models import Check, Hazard, Instance, ListPost, Tally
from .rates import is_sparse, share

ONE = datetime.timedelta(days=1)
WEEKS = 26
#: From which share on a day has which depth, the deepest first; below the last it is the palest.
DEPTHS = ((4, Fraction(1)), (3, Fraction(95, 100)), (2, Fraction(80, 100)), (1, Fraction(0)))
S = Instance.State


def sparse(hazards: int, duties: int) -> bool:
    """The same by the figures in force today."""
    return is_sparse(
        hazards, duties, least_duties=queries.term("sparse_duties"), per_thousand=queries.term("sparse_hazards")
    )


# The calendar of one project.


@dataclass(frozen=True)
class Day:
    """One day of the calendar. ``depth`` 0: nothing was due."""

    day: datetime.date
    due: int
    on_time: int

    @property
    def missing(self) -> int:
        return max(self.due - self.on_time, 0)

    @property
    def depth(self) -> int:
        found = share(self.on_time, self.due)
        return 0 if found is None else next(depth for depth, least in DEPTHS if found >= least)


def heat(project: Project, until: datetime.date, weeks: int = WEEKS) -> list[list[Day | None]]:
    """Seven rows from Monday to Sunday, a column a week, up to a day; what is still to come is ``None``."""
    first = until - (until.weekday() + 7 * (weeks - 1)) * ONE
    counts = _by_day(project, first, until)
    rows: list[list[Day | None]] = []
    for weekday in range(7):
        days = [first + (7 * week + weekday) * ONE for week in range(weeks)]
        rows.append([Day(day, *counts.get(day, (0, 0))) if day <= until else None for day in days])
    return rows


def _by_day(project: Project, first: datetime.date, last: datetime.date) -> dict[datetime.date, tuple[int, int]]:
    """Due and on time as the ledger has them, by the day on which the time ended."""
    rows = Fact.objects.filter(subject=project.key, kind__in=[facts.DUTY_DUE.code, facts.DUTY_ON_TIME.code])
    rows = not_replaced(rows.filter(occurred_on__range=(first, last)))
    found: dict[datetime.date, list[int]] = defaultdict(lambda: [0, 0])
    for kind, day, quantity in rows.values_list("kind", "occurred_on", "quantity"):
        found[day][kind == facts.DUTY_ON_TIME.code] += quantity // MILLION
    return {day: (due, on_time) for day, (due, on_time) in found.items()}


def worst(rows: Iterable[Iterable[Day | None]], most: int = 5) -> list[Day]:
    """The days on which most was not done in time, the newest first among equals."""
    days = [day for row in rows for day in row if day is not None and day.missing]
    return sorted(days, key=lambda one: (-one.missing, -one.day.toordinal()))[:most]


# By post and shift.


@dataclass(frozen=True)
class Line:
    """A post in one of its shifts over some weeks. ``outside``: a contractor's, listed and not counted."""

    post: ListPost
    hours: str
    due: int
    on_time: int
    late: int
    missed: int
    doubted: int

    @property
    def outside(self) -> bool:
        return self.post.way == ListPost.Way.OUTSOURCED


def lines(project: Project, first: datetime.date, last: datetime.date) -> list[Line]:
    """Duties whose time ended between two days, by post and shift, with what became of them; the worst first."""
    rows = Instance.objects.filter(project=project, closes_at__gt=at(first), closes_at__lte=at(last, 24))
    rows = rows.exclude(state__in=(S.WITHDRAWN, S.WAIVED)).order_by()
    counted = rows.values_list("duty__list_post__post", "duty__list_post__code", "shift").annotate(
        newest=Max("duty__list_post"), due=Count("pk"), on_time=Count("pk", filter=Q(state=S.DONE)), late=Count("pk", filter=Q(state=S.DONE_LATE)),
        missed=Count("pk", filter=Q(state=S.MISSED)), doubted=Count("pk", filter=Q(state=S.SUSPICIOUS)),
    )  # fmt: skip
    known = list(counted)
    posts = ListPost.objects.in_bulk([row[3] for row in known])
    wanted = ListPost.objects.filter(pk__in=posts).select_related("post")
    by_pk = {post.pk: post for post in wanted}
    made = [
        Line(by_pk[newest], hours_of(by_pk[newest], shift), *counts) for _post, _code, shift, newest, *counts in known
    ]
    return sorted(made, key=lambda one: (one.outside, _rate(one), one.post.pk, one.hours))


def _rate(line: Line) -> Fraction:
    return share(line.on_time, line.due) or Fraction(0)


def hours_of(post: ListPost, shift: int) -> str:
    """``08:00–20:00`` of a shift; nothing of a duty that belongs to none."""
    if not 0 < shift <= len(SHIFTS[post.shifts]):
        return ""
    begins, ends, _only = SHIFTS[post.shifts][shift - 1]
    return f"{begins:02d}:00–{ends % 24 or 24:02d}:00"


def evidence(projects: Iterable[int], first: datetime.date, last: datetime.date) -> dict[int, tuple[int, int]]:
    """How many checks came for the duties of these days, and how many of them were not believed: project → both; by one query."""
    rows = Check.objects.filter(
        instance__project__in=list(projects), instance__closes_at__gt=at(first), instance__closes_at__lte=at(last, 24)
    )
    counted = rows.order_by().values_list("instance__project").annotate(
        all=Count("pk"), doubted=Count("pk", filter=Q(verdict=Check.Verdict.SUSPICIOUS))
    )  # fmt: skip
    return {project: (checks, doubted) for project, checks, doubted in counted}


def repeated(projects: Iterable[int]) -> dict[int, int]:
    """Hazards that are there again after the same one was put right, within the days of the figures: project → how many."""
    first = today() - datetime.timedelta(days=queries.term("figures_days"))
    rows = Hazard.objects.filter(project__in=list(projects), found_on__gt=first).exclude(repeats=None)
    return dict(rows.order_by().values_list("project").annotate(n=Count("pk")))


# Estates of one class beside each other.


@dataclass
class Klass:
    """What the estates of one class did together."""

    klass: str
    projects: int = 0
    due: int = 0
    on_time: int = 0
    found: int = 0
    companies: frozenset[int] = frozenset()

    @property
    def label(self) -> str:
        return str(Estate.Klass(self.klass).label)


def classes(rows: Iterable[Tally]) -> dict[str, Klass]:
    """Sums by class; ``rows`` come with project and estate."""
    found: dict[str, Klass] = {}
    for row in rows:
        klass = row.project.estate.klass
        one = found.setdefault(klass, Klass(klass))
        one.projects, one.due, one.on_time, one.found = (
            one.projects + 1,
            one.due + row.due,
            one.on_time + row.on_time,
            one.found + row.found,
        )
        if row.due:
            one.companies |= {row.project.company_id}
    return dict(sorted(found.items(), key=lambda pair: Estate.Klass.values.index(pair[0])))


def comparable(all_of: Mapping[str, Klass], least: int) -> dict[str, Klass]:
    """The classes behind which so many companies stand that nobody's figures can be worked out of them."""
    return {klass: one for klass, one in all_of.items() if len(one.companies) >= least}
