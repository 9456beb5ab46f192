"""Reads about permits, drills, incidents and events that pages, guards and other rules need."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import Max, Q, QuerySet

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import end_of, today

from .law import at
from .models import Drill, DutyList, Hazard, Incident, Injured, Permit
from .models.hazards import COMPANY_SAFETY


def at_other_work(permit: Permit) -> Permit | None:
    """Another permit in the same hours on which its worker or its guardian works or watches.

    Work that was finished early keeps nobody; after hot work somebody stays until the place has been looked at.
    """
    people = (permit.worker_id, permit.guardian_id)
    rows = Permit.objects.during(permit.starts_at, permit.ends_at).exclude(pk=permit.pk)
    rows = rows.exclude(Q(finished_at__isnull=False) & (~Q(kind=Permit.Kind.HOT) | Q(state=Permit.State.CHECKED)))
    return rows.filter(Q(worker__in=people) | Q(guardian__in=people)).order_by("pk").first()


def whose(permit: Permit, other: Permit) -> str:
    """Which of the two people stands on the other permit too, masked."""
    both = permit.worker if permit.worker_id in (other.worker_id, other.guardian_id) else permit.guardian
    return both.masked_name


def dealt_with_by(actor: Actor) -> Q:
    """Cases of a project whose people this person may read of: the company's own, its manager, district and city."""
    return (
        Q(project__company__in=actor.organisations("company_admin", *COMPANY_SAFETY))
        | Q(project__in=actor.ids("project", "project_manager"))
        | actor.within("project__estate__place_id", "gov_district", "gov_city")
    )


def seen_people(actor: Actor) -> Q:
    """Workers on permits and people whom incidents hurt, as far as this person may see them, masked."""
    permits, hurt = Permit.objects.filter(dealt_with_by(actor)), Incident.objects.filter(dealt_with_by(actor))
    return Q(pk__in=permits.values("worker")) | Q(pk__in=Injured.objects.filter(incident__in=hurt).values("person"))


def permits_on(day: datetime.date) -> QuerySet[Permit]:
    """Permits whose hours touch a day and that are not refused, cancelled or expired."""
    gone = (Permit.State.REFUSED, Permit.State.CANCELLED, Permit.State.EXPIRED)
    return Permit.objects.exclude(state__in=gone).filter(starts_at__lt=end_of(day), ends_at__gt=at(day))


def revised_since(project: int, moment: datetime.datetime | None) -> bool:
    """Whether a new version of the duty list was decided after a moment."""
    return moment is not None and DutyList.objects.filter(project=project, decided_at__gt=moment).exists()


def drills_due(day: datetime.date) -> QuerySet[Drill]:
    """Drills that are not held yet and whose part of the year is running or over."""
    return Drill.objects.filter(state__in=Drill.WAITING, period_from__lte=day)


def standing(**where: int) -> dict[str, int]:
    """What is open today at a project or a company, in numbers; ``where`` narrows by fields that all four share."""
    day = today()
    return {
        "permits": permits_on(day).open().filter(**where).count(),
        "drills": drills_due(day).filter(**where).count(),
        "incidents": Incident.objects.open().filter(**where).count(),
        "hazards": Hazard.objects.open().filter(**where).count(),
    }


def wants_revision(project: int) -> bool:
    """Whether an accident that is being mended or a drill that was evaluated waits for a new version of the duty list."""
    return project in wanting_revision([project])


def wanting_revision(projects: Collection[int]) -> set[int]:
    """Those of these projects of which that is so, by three statements."""
    mending = Incident.objects.filter(project__in=projects, state__in=(Incident.State.MENDING, Incident.State.DONE))
    judged = Drill.objects.filter(project__in=projects, state=Drill.State.EVALUATED, revise_list=True)
    since: dict[int, datetime.datetime] = {}
    for project, moment in [(one.project_id, one.opened_at) for one in mending if one.is_reportable] + [
        (one.project_id, one.evaluated_at) for one in judged if one.evaluated_at
    ]:
        since[project] = max(since.get(project, moment), moment)
    decided = dict(
        DutyList.objects.filter(project__in=since).order_by().values_list("project").annotate(newest=Max("decided_at"))
    )
    return {project for project, moment in since.items() if project not in decided or decided[project] <= moment}
