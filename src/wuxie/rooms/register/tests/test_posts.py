"""Whoever holds a post may open its pages: the seat comes with the first post at a project and goes with the last."""

import datetime

import pytest

from wuxie.kernel.access.actor import THE_CLOCK, actor_of
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.parties.models import Appointment

from ..actions import posts
from . import factories as make

DAY, ONE = datetime.date(2026, 6, 15), datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _that_day(city):
    with frozen(DAY):
        yield


def seats(person):
    rows = Appointment.objects.filter(person=person, role="post_holder").order_by("starts_on")
    return list(rows.values_list("subject", "starts_on", "ends_on"))


def test_a_holder_has_a_seat_at_the_project_until_the_last_of_their_posts_there_ends():
    project = make.project(make.estate())
    first = make.holding(make.post(project, "电工"), name="例电工", phone="13600000001", starts_on=DAY)
    second = posts.assign(make.post(project, "水泵工"), by=THE_CLOCK, person=first.person, starts_on=DAY)
    assert seats(first.person) == [(project.key, DAY, None)]
    assert "post_holder" in {seat.role for seat in actor_of(first.person).seats}
    posts.end_holding(first, by=THE_CLOCK, on=DAY + ONE)
    assert seats(first.person) == [(project.key, DAY, None)], "the other post is still held"
    posts.end_holding(second, by=THE_CLOCK, on=DAY + 9 * ONE)
    assert seats(first.person) == [(project.key, DAY, DAY + 9 * ONE)]
    with frozen(DAY + 10 * ONE):
        assert not actor_of(first.person).seats


def test_who_follows_on_a_post_takes_the_seat_of_who_was_there():
    at = make.post(make.project(make.estate()), "电工")
    before = make.holding(at, name="例甲", phone="13600000001", starts_on=DAY - 9 * ONE)
    after = make.holding(at, name="例乙", phone="13600000002", starts_on=DAY)
    assert (seats(before.person)[0][2], seats(after.person)[0][1:]) == (DAY - ONE, (DAY, None))


def test_who_comes_back_has_the_seat_again():
    project = make.project(make.estate())
    first = make.holding(make.post(project, "电工"), name="例甲", phone="13600000001", starts_on=DAY, ends_on=DAY + ONE)
    posts.assign(make.post(project, "水泵工"), by=THE_CLOCK, person=first.person, starts_on=DAY + 5 * ONE)
    assert [row[1:] for row in seats(first.person)] == [(DAY, DAY + ONE), (DAY + 5 * ONE, None)]


def test_who_stood_there_only_in_the_past_gets_no_seat():
    held = make.holding(
        make.post(make.project(make.estate()), "电工"), name="例甲", phone="13600000001", starts_on=DAY - 9 * ONE,
        ends_on=DAY - ONE,
    )  # fmt: skip
    assert seats(held.person) == []


def test_nobody_seats_themselves():
    project = make.project(make.estate())
    keeper = make.holding(make.post(project, "电工"), name="例甲", phone="13600000001", starts_on=DAY).person
    Appointment.objects.all().delete()
    posts.assign(make.post(project, "水泵工"), by=actor_of(keeper), person=keeper, starts_on=today())
    assert seats(keeper) == []
