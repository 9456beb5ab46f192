"""What a cycle shows of the city: states, stars, where points are lost, machine against reviewers, benefits kept."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import today
from wuxie.kernel.standards.judge import rounded
from wuxie.web import words

from . import evidence
from .models import Application, Benefit, Cycle, Snapshot

#: Fewer projects than this say nothing about a city and may point at one of them.
FEWEST = 5


@dataclass(frozen=True)
class Loss:
    """One indicator: what share of its points the projects lose on average."""

    id: str
    label: str
    judged: bool
    projects: int
    lost: Fraction
    points: Fraction

    @property
    def percent(self) -> str:
        return said(100 * self.lost / self.points) if self.points else ""


def said(value: Fraction, places: int = 1) -> str:
    return rounded((value.numerator, value.denominator), places)


def states(cycle: Cycle) -> list[tuple[str, int]]:
    """State in words → how many applications, in the order of the procedure."""
    counts = dict(cycle.applications.order_by().values_list("state").annotate(n=Count("pk")))
    return [(str(label), counts[value]) for value, label in Application.State.choices if value in counts]


def stars(cycle: Cycle) -> list[tuple[str, int]]:
    """Stars of the scored applications, none among them."""
    rows = cycle.applications.exclude(snapshot=None).exclude(state=Application.State.WITHDRAWN).order_by()
    counts = dict(rows.values_list("snapshot__stars").annotate(n=Count("pk")))
    return [(words.stars(n), counts.get(n, 0)) for n in range(6)]


def losses(cycle: Cycle) -> list[Loss]:
    """Indicators by the share of points lost, the worst first; empty below five projects."""
    lost: dict[str, list[Fraction]] = {}
    labels: dict[str, str] = {}
    judged: set[str] = set()
    snapshots = Snapshot.objects.filter(
        pk__in=cycle.applications.exclude(snapshot=None).order_by().values("snapshot")
    ).values_list("document", "result")
    projects = 0
    for document, result in snapshots.iterator(chunk_size=200):
        projects += 1
        if not labels:
            labels = {
                one["id"]: one.get("label", one["id"]) for group in document["groups"] for one in group["indicators"]
            }
            judged = set(evidence.judged_indicators(document))
        for group in result["groups"]:
            for one in group["indicators"]:
                if one["value"] is not None:
                    row = lost.setdefault(one["id"], [Fraction(), Fraction(), Fraction()])
                    row[0] += Fraction(one["points"]) - Fraction(one["value"])
                    row[1] += Fraction(one["points"])
                    row[2] += 1
    if projects < FEWEST:
        return []
    found = [
        Loss(one, labels.get(one, one), one in judged, int(row[2]), row[0] / row[2], row[1] / row[2])
        for one, row in lost.items()
    ]
    return sorted(found, key=lambda one: (-(one.lost / one.points if one.points else 0), one.id))


def gap(found: list[Loss]) -> list[tuple[str, str]]:
    """Average share reached where the machine scores and where reviewers do, in per cent."""
    rows = []
    for label, wanted in ((_("系统算分的指标"), False), (_("评审打分的指标"), True)):
        chosen = [one for one in found if one.judged == wanted]
        points = sum((one.points for one in chosen), Fraction())
        if points:
            rows.append((label, said(100 * (1 - sum((one.lost for one in chosen), Fraction()) / points))))
    return rows


def benefits(cycle: Cycle) -> dict[str, Any] | None:
    """How many of the benefits that were due are kept, and how late; ``None`` before any was promised."""
    rows = Benefit.objects.filter(application__cycle=cycle).exclude(state=Benefit.State.REVERSED)
    done, late_days, overdue, every = 0, 0, 0, 0
    kept = (Benefit.State.DELIVERED, Benefit.State.CONFIRMED)
    for state, due_on, delivered_on in rows.values_list("state", "due_on", "delivered_on"):
        every += 1
        if state in kept:
            done += 1
            late_days += max((delivered_on - due_on).days, 0) if delivered_on else 0
        elif due_on < today():
            overdue += 1
    if not every:
        return None
    return {
        "every": every, "done": done, "overdue": overdue, "rate": said(Fraction(100 * done, every)),
        "delay": said(Fraction(late_days, done)) if done else "",
    }  # fmt: skip
