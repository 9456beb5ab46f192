"""The votes of the demo city: told through the room's own verbs, alive on the day of loading."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from wuxie.config.demo import votes
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Person
from wuxie.rooms.assembly import queries
from wuxie.rooms.assembly.models import Ballot, Decision
from wuxie.rooms.register.tests import factories as register


@pytest.mark.django_db
def test_one_vote_is_being_collected_and_one_posted_up(city):
    home, today = register.estate("演示里"), datetime.date(2026, 11, 29)
    for floor in range(1, 6):
        for door in range(1, 4):
            unit = register.unit(
                home,
                f"{floor}{door:02d}",
                "1栋",
                entrance="1单元",
                floor=floor,
                status="unsold" if floor == door == 3 else "delivered",
            )
            if unit.status == "delivered":
                register.owner(unit, f"业主{floor}{door}", f"1380000{floor}{door:03d}")
    made = SimpleNamespace(
        estates=[home], people={}, size=SimpleNamespace(since=datetime.date(2021, 3, 1)),
        person=lambda name: Person(name=name, phone=f"137{Person.objects.count():08d}").index(),
    )  # fmt: skip
    with print_later():
        for back in (58, 30, 1):
            votes.tell(made, today - back * votes.DAY, today)
    lamp, wall = Decision.objects.order_by("-pk")
    assert (wall.state, lamp.state) == ("collecting", "published") and wall.items.count() == 2
    assert lamp.result[0]["quorate"] and set(made.people) == {"committee", "collector", "collector2"}
    said, items = queries.consulted(lamp)
    assert said == 7 and dict(items[0].sides) == {"for": 5, "against": 2}
    with frozen(today):
        found = queries.participation(wall)
    assert 0 < found.doors["collected"] < 15 and not Ballot.objects.filter(state="doubtful").exists()
