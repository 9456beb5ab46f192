"""Two votes of the first estate: one in which papers are being collected, one whose result is posted up.

Announced a month ago, when the evidence of that month is recorded; collected in the last week, before the evening that seals it.
"""

from __future__ import annotations

import datetime
import io
import random

from PIL import Image
from stdnum.cn import ric

from wuxie.kernel.access.actor import THE_CLOCK, Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.workflow import engine
from wuxie.rooms.assembly.actions import consulting, counting, doors, question, result, roll
from wuxie.rooms.assembly.models import Ballot, Decision
from wuxie.rooms.assembly.workflow import DECISION
from wuxie.rooms.register.models import Estate

from . import story
from .city import City

DAY = datetime.timedelta(days=1)
#: So many days before the day of loading the votes are announced, and their rolls frozen.
ANNOUNCED, FROZEN = 31, 8
COMMITTEE = ("郑演国", "何演蕾", "赵演鸣")
HELPERS = (
    ("collector", "何收票", "13600000001"), ("collector", "林收票", "13600000002"), ("counter", "何计票", "13600000003"),
    ("counter", "赵计票", "13600000004"), ("supervisor", "王监票", "13600000005"),
)  # fmt: skip
RULES = (
    "议事规则.pdf",
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
)


def _shot(number: int) -> tuple[str, bytes]:
    """A picture of nothing, another one each time."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 120)).save(out, "PNG")
    return "封口.png", out.getvalue()


def _committee(city: City) -> Actor:
    estate = city.estates[0]
    there = Appointment.objects.filter(role="committee_member", subject=estate.key).order_by("pk").first()
    if there is None:
        for name in COMMITTEE:
            person = city.person(name)
            person.save()
            Appointment.objects.create(
                person=person, role="committee_member", title="业委会主任" if name == COMMITTEE[0] else "业委会委员", subject=estate.key,
                starts_on=city.size.since,
            )  # fmt: skip
            city.people.setdefault("committee", person)
    return actor_of(city.people["committee"])


def tell(city: City, end: datetime.date, today: datetime.date) -> None:
    """What happened to the votes in the span that ends on a day, before the evening that seals it."""
    if end == today - (ANNOUNCED - 1) * DAY:
        announce(city, today)
    if end == today - DAY:
        collect(city, today)


def announce(city: City, today: datetime.date) -> None:
    """The committee puts two questions to the owners, one of them to a single entrance."""
    estate = city.estates[0]
    with story.on(today - ANNOUNCED * DAY):  # type: ignore[attr-defined]
        by = _committee(city)
        question.keep_rules(
            estate, by=by, adopted_on=today - 400 * DAY, paper=RULES, proxy_limit=2, proxy_clause="第十二条",
        )  # fmt: skip
        opens = today - (FROZEN - 1) * DAY
        wall = _draft(estate, by, "外墙维修资金使用", opens, _at(today + 6 * DAY), [])
        question.add_item(wall, by=by, title="使用维修资金修 1、2 栋外墙，预算 386,200 元", matter="fund_use")
        question.add_item(wall, by=by, title="选定维修单位的办法：三家比价、公开评审", matter="other")
        building = estate.buildings.order_by("name")[0]
        lamp = _draft(estate, by, "一单元门厅改造", opens, _at(today - (FROZEN - 2) * DAY), [[building.pk, "1单元"]])
        question.add_item(lamp, by=by, title="门厅改成无障碍坡道", matter="rebuilding")
        for one in (wall, lamp):
            question.announce(one, by=by)


def _at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(18), SHANGHAI)


def _draft(
    estate: Estate, by: Actor, title: str, opens: datetime.date, closes: datetime.datetime, scope: list[list[object]]
) -> Decision:
    made = question.begin(estate, by=by, organiser="owners_committee", title=title, scope=scope)
    for duty, name, phone in HELPERS:
        question.add_helper(made, by=by, duty=duty, name=name, phone=phone)
    return question.edit(made, by=by, title=title, opens_on=opens, closes_at=closes)


def collect(city: City, today: datetime.date) -> None:
    """The rolls are frozen, papers collected; of the small vote they are opened, counted and posted up."""
    by, rng = _committee(city), random.Random(278)  # noqa: S311  a repeatable sample, no secret
    lamp, wall = Decision.objects.filter(estate=city.estates[0]).order_by("-pk")[:2]
    with story.on(today - FROZEN * DAY, 12):  # type: ignore[attr-defined]
        for one in (wall, lamp):
            roll.freeze(one, by=by)
    people = [Person.objects.by_phone(phone).get() for _duty, _name, phone in HELPERS]
    city.people["collector"], city.people["collector2"] = people[:2]
    first = today - (FROZEN - 1) * DAY
    with story.on(first, 8):  # type: ignore[attr-defined]
        for one in (wall, lamp):
            engine.take(DECISION, "open", one, by=THE_CLOCK)
    with story.on(first, 9):  # type: ignore[attr-defined]
        _opinions(city, lamp)
    _doors(wall, people, rng, first, 0, (0.16, 0.2, 0.26, 0.08, 0.3))
    ballots = _doors(lamp, people, rng, first, 500, (0.04, 0.04, 0.04, 0.04, 0.84))
    _count(lamp, ballots, people, by, rng)


def identity(number: int) -> str:
    """The number of an identity card that nobody has."""
    body = f"51040219800101{number:03d}"
    return body + ric.calc_check_digit(body)


def _opinions(city: City, decision: Decision) -> None:
    """Some owners say on their phones what they think; the demo's own owner has a number to try it with."""
    owner = city.people.get("owner")
    if owner is not None:
        owner.id_number = identity(1)
        owner.save()
    entries = decision.entries.exclude(person=None).exclude(person=owner).select_related("person").order_by("paper")
    for number, entry in enumerate(entries[:7], start=2):
        assert entry.person is not None
        entry.person.id_number = identity(number)
        entry.person.save()
        sides = {"1": "against" if number % 4 == 0 else "for"}
        consulting.consult(entry, by=actor_of(entry.person), id_number=identity(number), sides=sides)


def _doors(
    decision: Decision,
    people: list[Person],
    rng: random.Random,
    first: datetime.date,
    number: int,
    weights: tuple[float, ...],
) -> list[Ballot]:
    """What became of each door in the first days: untouched, delivered, nobody, refused, collected."""
    me, found = actor_of(people[0]), []
    for place, entry in enumerate(decision.entries.order_by("paper")):
        outcome = rng.choices(("", "delivered", "nobody", "refused", "collected"), weights)[0]
        with story.on(first + (place % 6 if not number else 0) * DAY, 9 + place % 11):  # type: ignore[attr-defined]
            if outcome == "delivered":
                doors.deliver(entry, by=me)
            elif outcome in ("nobody", "refused"):
                picture = _shot(number + place) if outcome == "refused" else None
                doors.missed(entry, by=me, outcome=outcome, picture=picture)
            elif outcome == "collected":
                capacity = "owner" if entry.status == "delivered" else "company"
                found.append(
                    doors.collect(entry, by=me, second=people[1], capacity=capacity, picture=_shot(number + place))
                )
    return found


def _count(decision: Decision, ballots: list[Ballot], people: list[Person], by: Actor, rng: random.Random) -> None:
    counters = [actor_of(person) for person in people[2:4]]
    assert decision.closes_at is not None
    day = decision.closes_at.date()
    with story.on(day, 19):  # type: ignore[attr-defined]
        counting.close(decision)
        for place, ballot in enumerate(ballots):
            side = "against" if rng.randrange(12) == 0 else "for"
            for counter in counters:
                counting.read(ballot, by=counter, choices={"1": side}, scan=_shot(1000 + place))
        counting.count(decision, by=by, seed=f"演示开奖号 {day:%m%d} 2 7 8")
        result.publish(decision, by=by)
