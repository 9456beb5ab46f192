"""Who someone is today, and which seats answer which question."""

import datetime

import pytest

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Seat, actor_of, people_on
from wuxie.kernel.access.who import only, seated, the_clock
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person

pytestmark = pytest.mark.django_db


def test_a_seat_over_a_street_covers_its_communities_and_nothing_beside_it(city, actor):
    wang = actor("王芳", "gov_street", place="510402001")

    assert wang.holds("gov_street", place="510402001001")
    assert not wang.holds("gov_street", place="510402002001")
    assert not wang.holds("gov_street", place="510402")
    assert not wang.holds("gov_city", place="510402001001")


def test_a_seat_at_one_company_is_no_seat_at_another(actor):
    mine = Organisation.objects.create(kind="company", name="甲物业")
    other = Organisation.objects.create(kind="company", name="乙物业")
    liu = actor("刘洋", "company_admin", organisation=mine)

    assert liu.holds("company_admin", organisation=mine.pk)
    assert not liu.holds("company_admin", organisation=other.pk)
    assert liu.organisations("company_admin") == {mine.pk}


def test_an_appointment_that_ended_yesterday_gives_nothing(city):
    person = Person.objects.create(name="王芳")
    appoint(person, "gov_street", by="t", place_code="510402001",
            starts_on=datetime.date(2026, 1, 1), ends_on=datetime.date(2026, 6, 30))  # fmt: skip

    with frozen(datetime.date(2026, 6, 30)):
        assert actor_of(person).roles == {"gov_street"}
    with frozen(datetime.date(2026, 7, 1)):
        assert actor_of(person).roles == frozenset()


def test_the_people_behind_a_seat_are_found_upwards(city, someone):
    wang = someone("王芳", "gov_street", place="510402001")
    someone("李军", "gov_street", place="510402002")

    assert people_on(Seat("gov_street", place_code="510402001001")) == [wang.pk]


def test_predicates_join_as_sentences_do(city, actor):
    wang = actor("王芳", "gov_street", place="510402001")
    li = actor("李军", "gov_street", place="510402002")
    here = seated("街道", "gov_street", at=lambda case: Seat("gov_street", place_code="510402001001"))
    author = only("经办人", lambda someone, case: someone.key == wang.key)

    assert here.test(wang, None)
    assert not here.test(li, None)
    assert not (here & ~author).test(wang, None)
    assert (here | author).label == "街道、经办人"
    assert list((here & ~author).seats(None)) == [Seat("gov_street", place_code="510402001001")]


def test_only_the_clock_is_the_clock():
    assert the_clock.test(THE_CLOCK, None)
    assert not the_clock.test(NOBODY, None)
