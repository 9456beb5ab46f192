"""The numbers beside the menu: exact at each look, for each person's own seats, written once."""

import datetime

import pytest

from wuxie.kernel.clock.now import today
from wuxie.kernel.counting import _statement, counted
from wuxie.kernel.notify.models import Message


def mine(actor):
    return Message.objects.filter(person_key=actor.key, read_at=None).values("pk")


def ended(actor):
    return Message.objects.filter(created_at__date__lt=today()).values("pk")


def nothing(actor):
    return Message.objects.none()


@pytest.fixture
def two(actor):
    return actor("王芳", "gov_street"), actor("李强", "gov_street")


def write(person, number=1):
    for at in range(number):
        Message.objects.create(person_key=person.key, title=f"第{at}条")


def test_the_number_follows_every_change_and_each_person_has_their_own(two):
    first, second = two
    assert counted(mine, first) == 0
    write(first, 3)
    write(second)
    assert (counted(mine, first), counted(mine, second)) == (3, 1)
    Message.objects.filter(person_key=first.key).delete()
    assert counted(mine, first) == 0


def test_the_statement_is_written_once_for_the_same_seats_and_asked_each_time(two, django_assert_num_queries):
    counted(mine, two[0])
    before = _statement.cache_info().misses
    with django_assert_num_queries(2):
        assert counted(mine, two[0]) == counted(mine, two[0])
    assert _statement.cache_info().misses == before


def test_what_hangs_on_the_day_is_written_anew_the_next_day(two, monkeypatch):
    write(two[0])
    assert counted(ended, two[0]) == 0
    monkeypatch.setenv("WUXIE_TODAY", str(today() + datetime.timedelta(days=1)))
    assert counted(ended, two[0]) == 1


def test_what_can_have_no_rows_asks_nothing(two, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counted(nothing, two[0]) == 0
