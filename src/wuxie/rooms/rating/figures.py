"""Figures about a cycle: how stars are spread, where points are lost, how benefits are kept, how reviewers differ.

Exact until shown; averages over fewer than five are not given (``FEWEST``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count

from wuxie.kernel import labels
from wuxie.kernel.clock.now import today
from wuxie.kernel.standards.judge import rounded

from . import evidence, queries
from .models import Application, Award, Benefit, Cycle, Mark, Snapshot

FEWEST = 5
DONE = (Benefit.State.DELIVERED, Benefit.State.CONFIRMED)


def _text(value: Fraction, places: int = 1) -> str:
    return rounded((value.numerator, value.denominator), places) if value >= 0 else f"-{_text(-value, places)}"


def distribution(cycle: Cycle) -> dict[int, int]:
    """Stars (0 to 5) → applications scored in a cycle, by the snapshot that counts."""
    rows = Application.objects.filter(cycle=cycle).exclude(snapshot=None).exclude(state=Application.State.WITHDRAWN)
    counts = dict(rows.order_by().values_list("snapshot__stars").annotate(n=Count("pk")))
    return {stars: counts.get(stars, 0) for stars in range(6)}


@dataclass(frozen=True)
class Loss:
    """One indicator: the share of its points that the projects did not get, on average (per cent, one decimal)."""

    indicator: str
    label: str
    projects: int
    lost: str
    points: str
    """Points lost on average."""


def indicator_losses(cycle: Cycle) -> list[Loss]:
    """Where the city loses points, the largest share first; empty below five projects."""
    snapshots = list(Snapshot.objects.filter(pk__in=_scored(cycle).values("snapshot")).order_by("pk"))
    if len(snapshots) < FEWEST:
        return []
    lost: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    named: dict[str, str] = {}
    for snapshot in snapshots:
        named.update(_labels(snapshot.document))
        for group in snapshot.result["groups"]:
            for one in group["indicators"]:
                if one["value"] is not None and Fraction(one["points"]):
                    points = Fraction(one["points"])
                    gone = points - Fraction(one["value"])
                    lost[one["id"]].append((gone / points, gone))
    made = [(sum(share for share, _gone in rows) / len(rows), name, rows) for name, rows in lost.items()]
    return [
        Loss(
            name, named.get(name, name), len(rows), _text(share * 100), _text(sum(gone for _s, gone in rows) / len(rows), 2)
        )
        for share, name, rows in sorted(made, key=lambda row: (-row[0], row[1]))
    ]  # fmt: skip


def _labels(document: dict[str, Any]) -> dict[str, str]:
    return {
        one["id"]: labels.said(one.get("label", one["id"]))
        for group in document["groups"]
        for one in group["indicators"]
    }


def _scored(cycle: Cycle) -> Any:
    return Application.objects.filter(cycle=cycle).exclude(state__in=queries.NOT_SCORED).exclude(snapshot=None)


@dataclass(frozen=True)
class Gap:
    """Machine and panel for one application: the rate of points from facts alone, and from the judged indicators."""

    application: Application
    automatic: str
    judged: str
    gap: str


def panel_gaps(cycle: Cycle) -> list[Gap]:
    """How far the panel's rate lies from the machine's (per cent of the points of each), the widest first."""
    made = []
    for application in _scored(cycle).select_related("snapshot", "project__estate"):
        parts = {True: [Fraction(0), Fraction(0)], False: [Fraction(0), Fraction(0)]}
        marked = set(evidence.judged_indicators(application.snapshot.document))
        for group in application.snapshot.result["groups"]:
            for one in group["indicators"]:
                if one["value"] is not None:
                    parts[one["id"] in marked][0] += Fraction(one["value"])
                    parts[one["id"] in marked][1] += Fraction(one["points"])
        if parts[True][1] and parts[False][1]:
            rates = {key: value / points for key, (value, points) in parts.items()}
            gap = rates[True] - rates[False]
            made.append(
                (abs(gap), Gap(application, _text(rates[False] * 100), _text(rates[True] * 100), _text(gap * 100)))
            )
    return [gap for _width, gap in sorted(made, key=lambda row: (-row[0], row[1].application.pk))]


@dataclass(frozen=True)
class Fulfilment:
    """Benefits of one kind (or owner): how many were due, delivered, in time, and how late on average (days)."""

    label: str
    promised: int
    due: int
    delivered: int
    in_time: int
    blocked: int
    overdue: int
    delay: str
    """Mean days after the due day over those delivered late or still open, one decimal; empty if none was late."""

    @property
    def rate(self) -> str:
        """Delivered of those that were due, per cent; empty if none was due."""
        return _text(Fraction(100 * min(self.delivered, self.due), self.due)) if self.due else ""


def fulfilment(cycle: Cycle | None = None, *, by: str = "label") -> list[Fulfilment]:
    """Fulfilment by ``label`` or ``owner_label``, whatever was not reversed."""
    rows = Benefit.objects.exclude(state=Benefit.State.REVERSED)
    if cycle is not None:
        rows = rows.filter(application__cycle=cycle)
    grouped: dict[str, list[Benefit]] = defaultdict(list)
    for benefit in rows.order_by(by, "pk"):
        grouped[getattr(benefit, by)].append(benefit)
    return [_fulfilment(name, found) for name, found in grouped.items()]


def _fulfilment(name: str, found: list[Benefit]) -> Fulfilment:
    day = today()
    delivered = [one for one in found if one.state in DONE and one.delivered_on]
    late = [
        (one.delivered_on - one.due_on).days for one in delivered if one.delivered_on and one.delivered_on > one.due_on
    ]
    still = [(day - one.due_on).days for one in found if one.state not in DONE and one.due_on < day]
    due = [one for one in found if one.due_on <= day or one.state in DONE]
    delays = [*late, *still]
    return Fulfilment(
        name, len(found), len(due), len(delivered), len(delivered) - len(late),
        sum(one.state == Benefit.State.BLOCKED for one in found), len(still),
        _text(Fraction(sum(delays), len(delays))) if delays else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Deviation:
    """One reviewer: mean distance from the settled results and mean lean (+ generous), per cent of the points."""

    reviewer_id: int
    marks: int
    distance: str
    lean: str


def reviewer_deviation(cycle: Cycle) -> list[Deviation]:
    """Reviewers by distance from what the panels settled, the farthest first; those with few marks are left out."""
    settled: dict[int, dict[str, int]] = {}
    full: dict[int, dict[str, int]] = {}
    apart: dict[int, list[Fraction]] = defaultdict(list)
    marks = Mark.objects.filter(
        assignment__application__cycle=cycle, assignment__application__review_round=3, assignment__released_at=None
    ).select_related("assignment__application__snapshot")
    for mark in marks.order_by("pk"):
        application = mark.assignment.application
        if application.pk not in settled:
            settled[application.pk] = queries.settled_marks(application)
            full[application.pk] = evidence.judged_indicators(application.snapshot.document)
        points = full[application.pk][mark.indicator]
        apart[mark.assignment.reviewer_id].append(
            Fraction(mark.points - settled[application.pk][mark.indicator], points)
        )
    rows = [(sum(map(abs, found)) / len(found), sum(found) / len(found), pk, len(found)) for pk, found in apart.items()]
    return [
        Deviation(pk, count, _text(distance * 100), _text(lean * 100))
        for distance, lean, pk, count in sorted(rows, key=lambda row: (-row[0], row[2]))
        if count >= FEWEST
    ]


def satisfaction_by_star(cycle: Cycle) -> dict[int, str]:
    """Stars → mean satisfaction of the projects that reached them (one decimal), where five or more have both."""
    found: dict[int, list[Fraction]] = defaultdict(list)
    for application in _scored(cycle).select_related("snapshot"):
        readings = [
            Fraction(row["quantity"]) for row in application.snapshot.rows if row["kind"] == "satisfaction.score"
        ]
        if readings:
            found[application.snapshot.stars].append(sum(readings) / len(readings))
    return {stars: _text(sum(rows) / len(rows)) for stars, rows in sorted(found.items()) if len(rows) >= FEWEST}


def history(project_ids: Iterable[int]) -> list[Award]:
    """Every star these projects ever had, the newest first: for ever, the revoked ones too."""
    rows = Award.objects.filter(project__in=list(project_ids)).select_related("application__cycle", "project__company")
    return list(rows.order_by("-valid_from", "-pk"))
