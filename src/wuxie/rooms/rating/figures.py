"""Figures about a cycle: how stars are spread, where points are lost, machine against panel, benefits, reviewers, residents.

A project belongs to the figures once its panel has decided; a withdrawn application never does. Shares are sums over sums (what
was not earned of all points that were asked), so that a project asked for more weighs more. Exact until shown. What is said of
fewer than ``FEWEST`` projects or marks says nothing about a city and may point at one of them: it is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.web import words

from . import evidence, law
from .decimals import decimal
from .models import Application, Benefit, Cycle, Mark
from .queries import NOT_SCORED

FEWEST = 5
KEPT = (Benefit.State.DELIVERED, Benefit.State.CONFIRMED)
#: Seconds for which what was added up over all snapshots of a cycle is remembered; a new snapshot has another key.
REMEMBERED = 3600


def scored(cycle: Cycle) -> Any:
    """The applications that the figures are about."""
    return Application.objects.filter(cycle=cycle).exclude(state__in=NOT_SCORED).exclude(snapshot=None)


def states(cycle: Cycle) -> list[tuple[str, int]]:
    """State in words → how many applications, in the order of the procedure."""
    counts = dict(cycle.applications.order_by().values_list("state").annotate(n=Count("pk")))
    return [(str(label), counts[value]) for value, label in Application.State.choices if value in counts]


def stars(cycle: Cycle) -> list[tuple[str, int]]:
    """Stars (none to five) in words → projects."""
    counts = dict(scored(cycle).order_by().values_list("snapshot__stars").annotate(n=Count("pk")))
    return [(words.stars(n), counts.get(n, 0)) for n in range(6)]


@dataclass(frozen=True)
class Loss:
    """One indicator over all projects that were asked for it: points, and what of them was not earned."""

    id: str
    words: str
    judged: bool
    projects: int
    lost: Fraction
    points: Fraction

    @property
    def label(self) -> str:
        return labels.said(self.words)

    @property
    def percent(self) -> str:
        return decimal(100 * self.lost / self.points)


@dataclass
class Sums:
    """What is added up over the snapshots of a cycle, in one pass."""

    projects: int = 0
    losses: list[Loss] = field(default_factory=list)
    #: Application → share of the machine's points and of the panel's points that it earned.
    shares: list[tuple[int, Fraction, Fraction]] = field(default_factory=list)
    #: Stars → satisfaction of the projects that were given as many.
    satisfaction: dict[int, list[Fraction]] = field(default_factory=dict)


def sums(cycle: Cycle) -> Sums:
    """All of a cycle's snapshots added up; remembered until another snapshot counts."""
    rows = scored(cycle)
    known = rows.aggregate(n=Count("pk"), last=Max("snapshot"), every=Sum("snapshot"))
    key = f"figures:{cycle.pk}:{known['n']}:{known['last']}:{known['every']}"
    return cache.get_or_set(key, lambda: _sums(rows), REMEMBERED)  # type: ignore[no-any-return]


def _sums(rows: Any) -> Sums:
    found = Sums()
    lost: dict[str, list[Fraction]] = {}
    named: dict[str, str] = {}
    judged: set[str] = set()
    snapshots = rows.order_by("pk").values_list("pk", "snapshot__stars", "snapshot__exact", "cycle__standard", "klass")
    seen: set[tuple[str, str]] = set()
    for application, given, exact, standard, klass in snapshots.iterator(chunk_size=500):
        found.projects += 1
        if (standard, klass) not in seen:  # applications of one class share one document
            seen.add((standard, klass))
            document = Application.objects.values_list("snapshot__document", flat=True).get(pk=application)
            named |= {
                one["id"]: one.get("label", one["id"]) for group in document["groups"] for one in group["indicators"]
            }
            judged |= set(evidence.judged_indicators(document))
        parts = {True: [Fraction(), Fraction()], False: [Fraction(), Fraction()]}
        for one, (points, value) in exact.get("indicators", {}).items():
            asked, earned = Fraction(points), Fraction(value)
            row = lost.setdefault(one, [Fraction(), Fraction(), Fraction()])
            part = parts[one in judged]
            row[0], row[1], row[2] = row[0] + asked - earned, row[1] + asked, row[2] + 1
            part[0], part[1] = part[0] + earned, part[1] + asked
        if parts[False][1] and parts[True][1]:
            machine, panel = (part[0] / part[1] for part in (parts[False], parts[True]))
            found.shares.append((application, machine, panel))
        if exact.get("satisfaction"):
            found.satisfaction.setdefault(given, []).append(Fraction(exact["satisfaction"]))
    made = (
        Loss(one, named.get(one, one), one in judged, int(row[2]), row[0], row[1])
        for one, row in lost.items()
        if row[1]
    )
    found.losses = sorted(made, key=lambda one: (-one.lost / one.points, one.id))
    return found


def losses(cycle: Cycle) -> list[Loss]:
    """Where the city loses points: indicators by the share lost, the worst first."""
    found = sums(cycle)
    return found.losses if found.projects >= FEWEST else []


def reached(found: list[Loss]) -> list[tuple[str, str]]:
    """Share of the points reached where the machine scores and where reviewers do, in per cent."""
    rows = []
    for label, wanted in ((_("系统算分的指标"), False), (_("评审打分的指标"), True)):
        chosen = [one for one in found if one.judged == wanted]
        points = sum((one.points for one in chosen), Fraction())
        if points:
            rows.append((label, decimal(100 * (1 - sum((one.lost for one in chosen), Fraction()) / points))))
    return rows


@dataclass(frozen=True)
class Gap:
    """Machine and panel for one application, per cent of the points of each; ``gap`` is the panel's minus the machine's."""

    application: Application
    machine: str
    panel: str
    gap: str


def panel_gaps(cycle: Cycle, most: int = 10) -> list[Gap]:
    """The applications in which panel and machine lie farthest apart, the widest first."""
    rows = sorted(sums(cycle).shares, key=lambda row: (-abs(row[2] - row[1]), row[0]))[:most]
    found = Application.objects.select_related("project__estate", "project__company").in_bulk([row[0] for row in rows])
    return [
        Gap(found[pk], decimal(100 * machine), decimal(100 * panel), decimal(100 * (panel - machine)))
        for pk, machine, panel in rows
    ]


@dataclass(frozen=True)
class Fulfilment:
    """Benefits of one kind: how many were due, kept, kept in time, and how late on average (days)."""

    label: str
    owner: str
    promised: int
    due: int
    kept: int
    in_time: int
    overdue: int
    delay: str
    """Mean days after the due day over those kept late or still open, one decimal; empty if none was late."""

    @property
    def rate(self) -> str:
        """Kept of those that were due or kept before, per cent; empty if none was due."""
        return decimal(Fraction(100 * self.kept, self.due)) if self.due else ""


def fulfilment(cycle: Cycle) -> list[Fulfilment]:
    """How the benefits of a cycle are kept, by kind of benefit; what was reversed is not counted."""
    grouped: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    rows = Benefit.objects.filter(application__cycle=cycle).exclude(state=Benefit.State.REVERSED)
    for label, owner, *rest in rows.order_by("label", "owner_label").values_list(
        "label", "owner_label", "state", "due_on", "delivered_on"
    ):
        grouped[label, owner].append(tuple(rest))
    return [_fulfilment(label, owner, found) for (label, owner), found in grouped.items()]


def _fulfilment(label: str, owner: str, found: list[tuple[Any, ...]]) -> Fulfilment:
    day = today()
    kept = [(due, done) for state, due, done in found if state in KEPT and done]
    late = [(done - due).days for due, done in kept if done > due]
    still = [(day - due).days for state, due, _done in found if state not in KEPT and due < day]
    due = sum(1 for state, due, _done in found if due <= day or state in KEPT)
    delays = [*late, *still]
    return Fulfilment(
        label, owner, len(found), due, len(kept), len(kept) - len(late), len(still),
        decimal(Fraction(sum(delays), len(delays))) if delays else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Deviation:
    """One reviewer: mean distance from the settled results and mean lean (+ generous), per cent of the points."""

    reviewer: Person
    marks: int
    distance: str
    lean: str


def reviewer_deviation(cycle: Cycle) -> list[Deviation]:
    """Reviewers by distance from what the panels settled, the farthest first; those with few marks are left out.

    Only first marks are looked at: they were given blind, while those of the second round are given in sight of the others.
    """
    rows = list(
        Mark.objects.filter(assignment__application__in=scored(cycle).values("pk"), assignment__released_at=None)
        .order_by("pk")
        .values_list("assignment__application", "indicator", "round", "assignment__reviewer", "points")
    )
    panels: dict[tuple[int, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for application, indicator, turn, _reviewer, points in rows:
        panels[application, indicator][turn].append(points)
    settled = {key: law.settled(turns[max(turns)]) for key, turns in panels.items()}
    full = _judged_points(cycle)
    apart: dict[int, list[Fraction]] = defaultdict(list)
    for application, indicator, turn, reviewer, points in rows:
        if turn == 1 and full.get(indicator):
            apart[reviewer].append(Fraction(points - settled[application, indicator], full[indicator]))
    people = Person.objects.in_bulk([pk for pk, found in apart.items() if len(found) >= FEWEST])
    means = [(sum(map(abs, apart[pk])) / len(apart[pk]), sum(apart[pk]) / len(apart[pk]), pk) for pk in people]
    return [
        Deviation(people[pk], len(apart[pk]), decimal(100 * distance), decimal(100 * lean))
        for distance, lean, pk in sorted(means, key=lambda row: (-row[0], row[2]))
    ]


def _judged_points(cycle: Cycle) -> dict[str, int]:
    document = scored(cycle).values_list("snapshot__document", flat=True).first()
    return evidence.judged_indicators(document) if document else {}


@dataclass(frozen=True)
class Satisfaction:
    """Residents' satisfaction beside the stars."""

    by_stars: list[tuple[str, int, str]]
    """Stars in words, projects with a survey, mean satisfaction (one decimal)."""
    pairs: int
    """Pairs of projects with different stars and different satisfaction."""
    agreeing: str
    """Of these pairs, per cent in which more stars go with more satisfaction; 50 means no connection."""


def satisfaction(cycle: Cycle) -> Satisfaction | None:
    """Whether more stars go with more satisfied residents; ``None`` with fewer than five surveys or nothing to compare."""
    groups = {given: sorted(found) for given, found in sorted(sums(cycle).satisfaction.items())}
    if sum(map(len, groups.values())) < FEWEST:
        return None
    more = less = 0
    for low, below in groups.items():
        for high, above in groups.items():
            if high > low:
                more += sum(bisect_left(below, one) for one in above)
                less += sum(len(below) - bisect_right(below, one) for one in above)
    if not more + less:
        return None
    means = [
        (words.stars(given), len(found), decimal(sum(found, Fraction()) / len(found)))
        for given, found in groups.items() if len(found) >= FEWEST
    ]  # fmt: skip
    return Satisfaction(means, more + less, decimal(Fraction(100 * more, more + less)))
