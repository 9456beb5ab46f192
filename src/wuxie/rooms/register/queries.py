"""Reads that pages, exports and other rooms need."""

from __future__ import annotations

import datetime

from django.db.models import Q, Sum

from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact

from . import facts
from .models import Estate, Holding, Post, PostQuerySet, Project, Unit


def serving(estate: Estate | int, on: datetime.date) -> Project | None:
    """The project of the company that served this estate on a day: a fact of that day belongs to it."""
    rows = Project.objects.on(on).filter(estate=estate).select_related("estate", "company")
    return rows.order_by("-starts_on").first()


def serving_many(estates: list[int], on: datetime.date) -> dict[int, Project]:
    """The same for many estates by one query: estate id → project."""
    rows = Project.objects.on(on).filter(estate__in=estates).select_related("estate", "company").order_by("starts_on")
    return {project.estate_id: project for project in rows}


def overlapping(project: Project) -> Project | None:
    """Another contract of the estate that is in force on some day of this one (the earliest such)."""
    rows = Project.objects.filter(estate=project.estate_id).exclude(pk=project.pk)
    ends_later = (
        Q(left_on=None, ends_on=None) | Q(left_on__gte=project.starts_on)
        | Q(left_on=None, ends_on__gte=project.starts_on)
    )  # fmt: skip
    rows = rows.filter(ends_later)
    if project.last_day is not None:
        rows = rows.filter(starts_on__lte=project.last_day)
    return rows.select_related("company", "estate").order_by("starts_on").first()


def vacancies(on: datetime.date | None = None) -> PostQuerySet:
    """Posts that exist on a day (today) and are held by nobody then."""
    day = on or today()
    return Post.objects.on(day).with_holder(day).filter(held=False)


def holder(post: Post, on: datetime.date) -> Holding | None:
    """Who holds the post on a day; a substitute where the holder is missing."""
    return post.holdings.on(on).select_related("person").order_by("substitute", "-starts_on").first()


def measures(project: Project) -> dict[str, str]:
    """What the levels of this project should say now: kind → quantity as text. What is not known is left out."""
    found = {facts.BASE.code: "1"}
    if project.estate.households:
        found[facts.HOUSEHOLDS.code] = str(project.estate.households)
    if project.estate.area:
        found[facts.AREA.code] = plain(project.estate.area)
    posts = project.posts.on(today()).filter(is_management=True).count()
    if posts:
        found[facts.MANAGEMENT_POSTS.code] = str(posts)
    return found


def levels(project: Project) -> dict[str, Fact]:
    """The level facts of this project that are open now: kind → fact."""
    rows = Fact.objects.filter(
        subject=project.key, kind__in=[kind.code for kind in facts.LEVELS], valid_until=None
    ).filter(Q(standing=None) | Q(standing__superseded_by=""))
    return {fact.kind: fact for fact in rows.order_by("occurred_on", "id")}


def totals(estate: Estate) -> tuple[int, int]:
    """Homes, and the area of all parts that pay (hundredths of m²), by the list of units."""
    homes = estate.units.filter(use=Unit.Use.HOME).count()
    area = estate.units.exclude(use__in=(Unit.Use.PARKING, Unit.Use.STORAGE)).aggregate(sum=Sum("area"))["sum"]
    return homes, area or 0
