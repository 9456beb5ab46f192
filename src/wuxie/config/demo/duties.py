"""Duty lists of the demo company: equipment, the cut, one version in force, most letters signed."""

from __future__ import annotations

import datetime

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.rooms.register.models import Holding, Post, Project
from wuxie.rooms.safety.actions import library, lists, night, spots
from wuxie.rooms.safety.models import DutyList
from wuxie.rooms.safety.queries import people_of

from . import story
from .city import City

DAY = datetime.timedelta(days=1)
EQUIPMENT = {
    "lift": 12,
    "transformer": 2,
    "generator": 1,
    "fire_control_room": 1,
    "fire_pump": 2,
    "car_park": 1,
    "charging": 24,
}
#: Posts of the library that the demo's projects have nobody of their own for: which post does them too.
COMBINED = {"ENG_LEAD": "electrician", "FITOUT": "service", "PARKING": "guard"}
SHIFTS = {"ENG_LEAD": "day", "FITOUT": "day", "PARKING": "two"}
#: The places with a code on the wall, and what is done there.
SPOTS = (
    ("2# 配电室", "power_room", ["ELECTRICIAN-01", "ELECTRICIAN-03"]),
    ("西门车棚", "charging_area", ["ELECTRICIAN-10"]),
)
CONTRACTOR = "例绿养护有限公司"
#: Of so many signatures the last is still wanting.
EVERY = 4


def build(city: City, today: datetime.date) -> None:
    """The projects of the company whose accounts are printed have a list from today; the others have none yet."""
    library.publish_shipped()
    company = city.projects[0].company_id
    with story.on(today - DAY, 21):  # what is announced comes after the last seal of the story
        keeper = actor_of(Appointment.objects.on(today).get(role="company_admin", organisation=company).person)
        made = [_list(project, keeper, today) for project in city.projects if project.company_id == company]
        for duty_list in made:
            for label, kind, codes in SPOTS:
                spots.put_up(duty_list.project, by=keeper, label=label, kind=kind, duties=codes)
    with story.on(today - DAY, 22):
        for duty_list in made:
            _sign(duty_list)
    night.catch_up()


def _list(project: Project, keeper: Actor, starts_on: datetime.date) -> DutyList:
    posts = {post.kind: post for post in Post.objects.filter(project=project)}
    wishes: dict[str, dict[str, object]] = {
        code: {"way": "combined", "post": posts[kind].pk, "shifts": SHIFTS[code]} for code, kind in COMBINED.items()
    }
    wishes["GARDENER"] = {"way": "outsourced", "contractor": CONTRACTOR, "shifts": "day"}
    lists.keep_profile(project, by=keeper, equipment=EQUIPMENT)
    lists.tailor(project, by=keeper, posts=wishes, dropped={"CS-07": "没有空置房"})
    return lists.put_in_force(project, by=keeper, starts_on=starts_on, reason="首次编制")


def _sign(duty_list: DutyList) -> None:
    """Holders and substitutes sign, all but every fourth."""
    posts = list(duty_list.posts.exclude(way="outsourced"))
    people = people_of(posts, duty_list.starts_on)
    waiting = [(post, holding) for post in posts for holding in people.get(post.post_id or 0, [])]
    for number, (post, holding) in enumerate(waiting, start=1):
        if number % EVERY:
            lists.sign(post, by=actor_of(holding.person))


def electrician(today: datetime.date) -> Person:
    """Whoever looks after the power rooms of the first project that has a list, with the seat that opens its pages beside the phone's."""
    first = DutyList.objects.select_related("project").order_by("pk")[0]
    posts = first.posts.filter(code="ELECTRICIAN").values("post")
    found = Holding.objects.on(today).filter(post__in=posts).order_by("substitute", "pk")[0].person
    appoint(found, "post_holder", by="demo", subject=first.project.key, starts_on=today)
    return found
