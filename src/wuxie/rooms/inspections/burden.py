"""What inspections cost an estate, by item and household, and which visits could be one; whole cents and exact fractions.

A figure here is an estimate from the catalogue's range until a price was agreed; then it is that price.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.rooms.register.models import Project

from . import law, queries
from .models import Asset, Inspection, Obligation
from .words import Agency, Level, Per

#: Over so many years the number of visits a year is averaged: a lift's years differ.
AVERAGED = 10
Range = tuple[int, int]


def units(row: Obligation) -> Fraction:
    """How many of what the price is for: pieces, square metres, buildings, or one visit."""
    per = row.spec.per
    if per in (Per.ASSET, Per.PERSON):
        return Fraction(row.asset.quantity if row.asset else 1)
    if per == Per.METRE:
        return Fraction(row.project.estate.area, 100)
    if per == Per.BUILDING:
        return Fraction(max(len(row.project.estate.buildings.all()), 1))
    return Fraction(1)


def cost_of(row: Obligation) -> Range:
    """Cents for one time, least and most, by the catalogue."""
    count = units(row)
    return rounded(row.spec.least * count), rounded(row.spec.most * count)


def rounded(cents: Fraction) -> int:
    """To whole cents, a half upwards."""
    return int(cents + Fraction(1, 2))


def dues_between(row: Obligation, first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The due dates of an obligation from a day to a day, the open one first; nothing where no date is known."""
    if row.due_on is None or row.base_on is None:
        return
    if first <= row.due_on <= last:
        yield row.due_on
    for due in law.dues(row.spec.cycle(today()), row.base_on):
        if due > last:
            return
        if due >= first and due > row.due_on:
            yield due


@dataclass(frozen=True)
class Line:
    """One item of an estate in a year."""

    label: str
    level: str
    agency: str
    payer: str
    count: int
    visits: Fraction
    """A year, on average."""
    least: int
    most: int
    """Cents a year."""
    dispersion: Fraction = Fraction(0)
    """Of the unit prices that were agreed, from lowest to highest in parts of the median; nought of fewer than two."""

    @property
    def is_odd(self) -> bool:
        """Whether the same is paid so differently within one estate that somebody should ask why."""
        return self.dispersion * 100 >= queries.term("dispersion")

    @property
    def is_statutory(self) -> bool:
        return self.level == Level.STATUTORY


@dataclass(frozen=True)
class Merge:
    """Visits of one kind of agency that lie so close that they could be one."""

    agency: str
    first: datetime.date
    last: datetime.date
    what: tuple[str, ...]
    saved: int


@dataclass
class Burden:
    households: int
    lines: list[Line] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    @property
    def least(self) -> int:
        return sum(line.least for line in self.lines)

    @property
    def most(self) -> int:
        return sum(line.most for line in self.lines)

    @property
    def visits(self) -> Fraction:
        return sum((line.visits for line in self.lines), Fraction(0))

    @property
    def statutory(self) -> Range:
        rows = [line for line in self.lines if line.is_statutory]
        return sum(line.least for line in rows), sum(line.most for line in rows)

    def per_household(self, cents: int) -> int | None:
        """Cents a household and year; nothing where the number of households is not known."""
        return rounded(Fraction(cents, self.households)) if self.households else None

    @property
    def saved(self) -> int:
        return sum(one.saved for one in self.merges)


def standing(projects: Iterable[Project]) -> list[Obligation]:
    """What applies at these projects, with all that costs and dates are read from, by three statements."""
    rows = Obligation.objects.standing().filter(project__in=projects, asset__retired_on=None)
    return list(
        rows.select_related("project__estate", "project__company", "asset").prefetch_related(
            "project__estate__buildings"
        )
    )


def prices(rows: Iterable[Obligation]) -> dict[int, int]:
    """The newest agreed price of each obligation, in cents."""
    cases = Inspection.objects.filter(obligation__in=[row.pk for row in rows], price__isnull=False)
    return dict(cases.order_by("due_on", "pk").values_list("obligation", "price"))


def of(project: Project, rows: list[Obligation] | None = None) -> Burden:
    """The burden of one estate."""
    rows = standing([project]) if rows is None else rows
    agreed, found = prices(rows), Burden(project.estate.households)
    by_item: dict[str, list[Obligation]] = defaultdict(list)
    for row in rows:
        by_item[row.item].append(row)
    for several in by_item.values():
        found.lines.append(_line(several, agreed))
    found.lines += _kept_elsewhere(project)
    found.lines.sort(key=lambda line: (-line.most, line.label))
    found.merges = merges(rows)
    return found


def _line(rows: list[Obligation], agreed: dict[int, int]) -> Line:
    spec, visits, least, most = rows[0].spec, Fraction(0), Fraction(0), Fraction(0)
    for row in rows:
        often = _a_year(row)
        low, high = (agreed[row.pk],) * 2 if row.pk in agreed else cost_of(row)
        visits, least, most = visits + often, least + low * often, most + high * often
    paid = [Fraction(agreed[row.pk]) / units(row) for row in rows if row.pk in agreed and units(row)]
    return Line(
        spec.label,
        spec.level,
        spec.agency,
        spec.payer,
        len(rows),
        visits,
        rounded(least),
        rounded(most),
        dispersion(paid),
    )


def _kept_elsewhere(project: Project) -> list[Line]:
    """What the duties and drills see to: it costs money all the same."""
    counts: Counter[str] = Counter()
    for kind, quantity in (
        Asset.objects.filter(project=project, idle_since=None).there().values_list("kind", "quantity")
    ):
        counts[kind] += quantity
    found = []
    for item in queries.kept(project, counts):
        pieces = counts[item.kind] if item.kind else 1
        priced = Fraction(project.estate.area, 100) if item.per == Per.METRE else Fraction(pieces)
        often = item.a_year(today())
        times = Fraction(1) if item.per == Per.ASSET_YEAR else often
        least, most = rounded(item.least * priced * times), rounded(item.most * priced * times)
        found.append(Line(item.label, item.level, item.agency, item.payer, pieces, often * pieces, least, most))
    return found


def dispersion(prices: list[Fraction]) -> Fraction:
    """From the lowest to the highest, in parts of the median; nought where there is nothing to compare."""
    middle = median(prices) if len(prices) > 1 else Fraction(0)
    return (max(prices) - min(prices)) / middle if middle else Fraction(0)


def _a_year(row: Obligation) -> Fraction:
    """How often a year, on average over the years to come; by the cycle alone where no date is known."""
    if row.due_on is None:
        return row.spec.a_year(today())
    last = add_months(row.due_on, 12 * AVERAGED) - datetime.timedelta(days=1)
    return Fraction(sum(1 for _due in dues_between(row, row.due_on, last)), AVERAGED)


def merges(rows: Iterable[Obligation]) -> list[Merge]:
    """Where one kind of agency comes several times within the days of the rule, in the twelve months to come.

    What falls due twice within them (a monthly visit) is two visits and stays two.
    """
    first = today()
    last, near = add_months(first, 12), datetime.timedelta(days=queries.term("merge"))
    visits: dict[str, dict[datetime.date, list[Obligation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.agency != Agency.OWN:
            for due in dues_between(row, first, last):
                visits[row.agency][due].append(row)
    found = []
    for agency, by_day in visits.items():
        group: list[datetime.date] = []
        what: dict[Obligation, str] = {}
        for day in [*sorted(by_day), datetime.date.max]:
            if group and (day - group[0] > near or any(row in what for row in by_day[day])):
                if len(group) > 1:
                    names = tuple(dict.fromkeys(what.values()))
                    found.append(Merge(agency, group[0], group[-1], names, len(group) - 1))
                group, what = [], {}
            group.append(day)
            what |= {row: str(row) for row in by_day[day]}
    return sorted(found, key=lambda one: one.first)
