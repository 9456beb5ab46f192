"""What a phone is given for the day: the duties of its holder's posts, with everything to do them without a signal."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, now, today

from . import queries, spots
from .evidence import Figures
from .models import Check, Instance, Spot

S = Instance.State
#: How far ahead a duty is shown: whoever goes down into the cellar takes the next shift's along.
AHEAD = datetime.timedelta(hours=12)
LONGEST = 200


def bundle(actor: Actor) -> dict[str, Any]:
    """The day of one person, as plain data; the number of queries does not depend on how much there is to do."""
    moment, day = now(), today()
    posts = list(queries.my_posts(actor, day).select_related("post", "duty_list__project__estate"))
    late_for = Figures.on(day).late_for
    rows = Instance.objects.filter(duty__list_post__in=posts, opens_at__lt=moment + AHEAD)
    open_still = Q(state__in=(S.SCHEDULED, S.SUSPICIOUS), closes_at__gt=moment - late_for)
    due = list(rows.filter(open_still).select_related("duty__list_post").order_by("closes_at", "pk")[:LONGEST])
    places = _places({row.project_id for row in due})
    before = _before(due)
    where = {post.pk: (labels.said(post), post.duty_list.project.estate.name) for post in posts}
    return {
        "account": actor.key, "name": actor.name, "now": moment.isoformat(),
        "posts": sorted({name for name, _estate in where.values()}), "estates": sorted({estate for _name, estate in where.values()}),
        "duties": [_duty(row, where[row.duty.list_post_id], places[row.project_id], before.get(row.duty_id, {})) for row in due],
        "spots": [{"label": spot.label, "digest": spots.digest_of(spot.pk)} for rows in places.values() for spot in rows],
        "done": _done(actor, day),
    }  # fmt: skip


def _places(projects: set[int]) -> dict[int, list[Spot]]:
    found: dict[int, list[Spot]] = defaultdict(list)
    for spot in Spot.objects.filter(project__in=projects, closed_at=None):
        found[spot.project_id].append(spot)
    return found


def _before(due: list[Instance]) -> dict[int, dict[str, str]]:
    """What each duty's readings were last time: name → value."""
    with_readings = [row.duty_id for row in due if row.duty.readings]
    rows = Check.objects.filter(instance__duty__in=with_readings, verdict=Check.Verdict.ACCEPTED).order_by(
        "happened_at"
    )
    found = {}
    for duty, readings in rows.values_list("instance__duty", "readings")[:LONGEST]:
        found[duty] = {one["name"]: one["value"] for one in readings}
    return found


def _duty(row: Instance, where: tuple[str, str], here: list[Spot], before: dict[str, str]) -> dict[str, Any]:
    tied = [spot for spot in here if row.duty.code in spot.duties]
    post, estate = where
    return {
        "instance": row.pk, "text": labels.said(row.duty), "post": post, "estate": estate, "every": row.duty.get_every_display(),
        "place": "、".join(spot.label for spot in tied) or (row.duty.get_place_display() if row.duty.place else ""),
        "opens": row.opens_at.isoformat(), "closes": row.closes_at.isoformat(), "redo": row.state == S.SUSPICIOUS,
        "proof": row.duty.proof, "spots": [spots.digest_of(spot.pk) for spot in tied],
        "readings": [_reading(limits, before.get(limits["name"], "")) for limits in row.duty.readings],
    }  # fmt: skip


def _reading(limits: dict[str, str], before: str) -> dict[str, str]:
    """What is read, with its limits; the phone sends values only, in this order, so that the words may be the reader's."""
    return {**limits, "name": labels.said(limits["name"]), "unit": labels.said(limits["unit"]), "before": before}


def _said(row: Check) -> str:
    """What the server made of it: what it counts as, and whether a hazard came of it."""
    became = row.outcome == Check.Outcome.ABNORMAL and row.instance.duty.hazards
    return "；".join([str(row.get_standing_display()), *([_("已生成隐患")] if became else [])])


def _done(actor: Actor, day: datetime.date) -> list[dict[str, Any]]:
    """What this person did today and the server has."""
    rows = Check.objects.filter(person=actor.person_id or 0, received_at__date=day).select_related(
        "instance__duty", "spot"
    )
    return [
        {
            "id": str(row.pk), "text": labels.said(row.instance.duty), "at": f"{local(row.done_at):%H:%M}",
            "place": str(row.spot or (row.instance.duty.get_place_display() if row.instance.duty.place else "")),
            "standing": row.standing, "words": _said(row), "abnormal": row.outcome == Check.Outcome.ABNORMAL,
        }
        for row in rows[:LONGEST]
    ]  # fmt: skip
