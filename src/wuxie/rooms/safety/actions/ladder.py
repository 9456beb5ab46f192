"""Who is told of a duty that nobody did: the team's lead, the project manager, the safety director, the principal; each once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Seat, people_on
from wuxie.kernel.access.who import Who
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.rooms.register.models import Holding, Project

from .. import queries, rules
from ..law import at
from ..models import Instance, ListPost

S = Instance.State
SECOND, HOUR, ONE = datetime.timedelta(seconds=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)
UNDONE = (S.SCHEDULED, S.SUSPICIOUS, S.MISSED)
#: Posts of the library that the engineering lead answers for; the others have the project manager at once.
TECHNICAL = frozenset({"FCR", "ELECTRICIAN", "LIFT", "PUMP", "MAINT"})
#: How long after its moment a rung is still told, if nothing ran meanwhile.
PATIENCE = 2 * ONE
LATE = Sentence(gettext_noop("%(estate)s有 %(n)s 件职责超时 %(hours)s 小时没做"))
#: Which they are: without the moment those of two shifts read alike.
WHICH = Sentence(gettext_noop("%(day)s %(hour)s 前要做的：%(what)s"))
MISSED = Sentence(gettext_noop("%(where)s · %(post)s %(days)s 天里有 %(n)s 件职责没做"))


def lead(project: Project, codes: Collection[str]) -> list[int]:
    """The engineering lead where technical posts are late; the project manager for the rest, or where there is no lead."""
    found: set[int] = set()
    if TECHNICAL & set(codes):
        posts = ListPost.objects.on(today()).filter(duty_list__project=project, code="ENG_LEAD").values("post")
        found = set(Holding.objects.on(today()).filter(post__in=posts).values_list("person", flat=True))
    return sorted(found | set(manager(project, codes))) if set(codes) - TECHNICAL or not found else sorted(found)


def manager(project: Project, codes: Collection[str]) -> list[int]:
    return people_on(Seat("project_manager", subject=project.key))


def director(project: Project, codes: Collection[str]) -> list[int]:
    return _seated(rules.director, project)


def _seated(who: Who, project: Project) -> list[int]:
    return who.people(project)


@dataclass(frozen=True)
class Rung:
    name: str
    people: Callable[[Project, Collection[str]], list[int]]


RUNGS = (Rung("late_to_lead", lead), Rung("late_to_manager", manager), Rung("late_to_director", director))


def climb() -> int:
    """Tell of everything whose next rung has come; the number of people told."""
    return sum(_climb(rung) for rung in RUNGS)


def _climb(rung: Rung) -> int:
    hours = queries.term(rung.name)
    reached = now() - hours * HOUR
    rows = Instance.objects.filter(state__in=UNDONE, closes_at__lte=reached, closes_at__gt=reached - PATIENCE)
    rows = rows.filter(duty__list_post__post__isnull=False).select_related("project__estate", "duty__list_post")
    late: dict[tuple[int, datetime.datetime], list[Instance]] = defaultdict(list)
    for row in rows.order_by("pk"):
        late[row.project_id, row.closes_at].append(row)
    return sum(_tell(rung, hours, found) for found in late.values())


def _tell(rung: Rung, hours: int, late: list[Instance]) -> int:
    """One message a project and closing time, not one a duty."""
    project, closes_at = late[0].project, late[0].closes_at
    day = local(closes_at - SECOND).date()
    hour = f"{local(closes_at):%H:%M}" if local(closes_at).date() == day else "24:00"
    names = WHICH(day=f"{day:%m-%d}", hour=hour, what="；".join(row.duty.text for row in late[:3]))
    title = LATE(estate=project.estate.name, n=len(late), hours=hours)
    return tell(
        rung.people(project, {row.duty.list_post.code for row in late}), title, names, urgent=True,
        link=reverse("safety:sheet", args=[project.pk, day.isoformat()]), key=f"safety.{rung.name}:{project.pk}:{closes_at:%Y%m%d%H%M}",
    )  # fmt: skip


def tell_of_misses(day: datetime.date) -> None:
    """Posts that missed too often within the days that the figure says, where the night before a day added to it."""
    days, post = queries.term("misses_within"), "duty__list_post__post"
    missed = Instance.objects.filter(
        state=S.MISSED, closes_at__gt=at(day - days * ONE), duty__list_post__post__isnull=False
    )
    counted = missed.order_by().values_list("project", post, f"{post}__name").annotate(n=Count("pk"))
    rows = list(counted.filter(n__gte=queries.term("misses_to_principal")))
    projects = Project.objects.select_related("estate").in_bulk({project for project, *_rest in rows})
    for pk, holder, name, count in rows:
        tell(
            _seated(rules.principal, projects[pk]), MISSED(where=projects[pk].estate.name, post=name, days=days, n=count),
            link=reverse("safety:project", args=[pk]), urgent=True, key=f"safety.misses:{holder}:{day:%Y-%m}",
        )  # fmt: skip
