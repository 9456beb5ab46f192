"""The owner's own phone: an opinion after proof of identity, one a unit, that is never counted."""

from __future__ import annotations

import json

import pytest

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly import queries
from wuxie.rooms.assembly.actions import consulting
from wuxie.rooms.assembly.models import Ballot, Opinion
from wuxie.rooms.register.tests import factories as register

from .factories import AFTER, DAY, OPENS_ON, moment

pytestmark = pytest.mark.django_db
ID = "510402198001011239"


@pytest.fixture
def case(world):
    person = world.people["voter"]
    person.id_number = ID
    person.save()
    appoint(person, "owner", by="test", starts_on=DAY(2020, 1, 1), subject=world.estate.key)
    return world.collecting("fund_use", "other")


def consult(world, case, label="2-1-101", by="voter", id_number=ID, sides=None, at=None):
    with frozen(at or moment(OPENS_ON)):
        given = {"1": "for", "2": "against"} if sides is None else sides
        return consulting.consult(world.entry(case, label), by=world[by], id_number=id_number, sides=given)


def test_an_owner_says_what_they_think_once_and_may_say_it_anew(world, case):
    consult(world, case)
    consult(world, case, id_number=" 510402 19800101 1239 ", sides={"1": "abstain", "2": "for"})
    kept = Opinion.objects.get()
    assert kept.sides == {"1": "abstain", "2": "for"} and kept.person == world.people["voter"]
    raw = bytes(Opinion.objects.extra(select={"raw": "said"}).values_list("raw", flat=True)[0])
    assert b"abstain" not in raw, "kept encrypted"


@pytest.mark.parametrize(("known", "sentence"), [
    ({"id_number": "510402198001011247"}, "对不上"), ({"id_number": ""}, "对不上"), ({"by": "committee"}, "登记的业主"),
    ({"by": "owner"}, "登记的业主"), ({"label": "1-1-101"}, "登记的业主"), ({"sides": {"1": "for"}}, "每一项"),
    ({"sides": {"1": "for", "2": "void"}}, "每一项"), ({"sides": {"1": "for", "2": "for", "3": "for"}}, "每一项"), ({"at": AFTER}, "现在不征求意见"),
])  # fmt: skip
def test_what_is_refused_leaves_nothing(world, case, known, sentence):
    with pytest.raises(Refusal, match=sentence):
        consult(world, case, **known)
    assert not Opinion.objects.exists()


def test_without_a_number_in_the_register_nobody_can_be_recognised(world, case):
    person = world.people["voter"]
    person.id_number = ""
    person.save()
    with pytest.raises(Refusal, match="没有登记你的证件号"):
        consult(world, case, id_number="")


def test_a_unit_of_two_owners_has_one_opinion(world, case):
    other = register.owner(world.units[4], "丁二", "13900000099").person
    other.id_number = "51040219850101123X"
    other.save()
    consult(world, case)
    with frozen(moment(OPENS_ON)), pytest.raises(Refusal, match="一户只记一份"):
        consulting.consult(
            world.entry(case, "2-1-101"), by=actor_of(other), id_number=other.id_number, sides={"1": "for", "2": "for"}
        )


def test_it_is_no_ballot_and_the_count_does_not_know_it(world):
    person = world.people["voter"]
    person.id_number = ID
    person.save()
    case = world.collecting()
    before = queries.participation(case)
    consult(world, case, sides={"1": "against"})
    after = queries.participation(case)
    assert not Ballot.objects.exists() and (before.came, before.doors) == (after.came, after.doors)
    world.collect(case, "2-1-101")
    world.close(case)
    world.read(case.ballots.get(), "for")
    from wuxie.rooms.assembly import tallying

    found = tallying.results(case)[0]
    assert found["for"]["heads"] == 1 and found["against"]["heads"] == 0


def test_only_from_five_units_on_it_is_shown_by_item(world, case):
    sides = ["for", "for", "against", "abstain", "for"]
    for place, (label, side) in enumerate(
        zip(("1-1-101", "1-1-102", "1-1-202", "2-1-101", "2-1-102"), sides, strict=True)
    ):
        Opinion.objects.create(
            entry=world.entry(case, label),
            person=world.people["voter"],
            said=json.dumps({"1": side, "2": "for"}),
            at=AFTER,
        )
        units, found = queries.consulted(case)
        assert units == place + 1 and bool(found) == (units >= 5)
    assert dict(found[0].sides) == {"for": 3, "against": 1, "abstain": 1}


def test_the_page_says_that_it_is_no_vote_and_is_the_owners_alone(world, case, enter):
    address = f"/votes/consult/{world.entry(case, '2-1-101').pk}/"
    with frozen(moment(OPENS_ON)):
        owner = enter(person=world.people["voter"])
        assert address in owner.get(case.get_absolute_url()).content.decode()
        text = owner.get(address).content.decode()
        assert "这不是投票，不计入结果" in text and "纸票" in text
        wrong = owner.post(address, {"item1": "for", "item2": "for", "id_number": "510402198001011247"})
        assert wrong.status_code == 422 and "对不上" in wrong.content.decode() and not Opinion.objects.exists()
        assert owner.post(address, {"item1": "for", "item2": "for", "id_number": ID}).status_code == 302
        assert "改手机上的意见" in owner.get(case.get_absolute_url()).content.decode()
        for name in ("committee", "owner", "collector", "street", "manager"):
            assert enter(person=world.people[name]).get(address).status_code == 404, name
    with frozen(AFTER):
        assert owner.get(address).status_code == 404


def test_somebody_who_tries_numbers_is_stopped(world, case, enter, monkeypatch):
    from wuxie.rooms.assembly.views import consult as views
    from wuxie.web.throttle import Limit

    monkeypatch.setattr(views, "PROVING", Limit("vote_identity", 1, 3600))
    address = f"/votes/consult/{world.entry(case, '2-1-101').pk}/"
    with frozen(moment(OPENS_ON)):
        owner = enter(person=world.people["voter"])
        given = {"item1": "for", "item2": "for", "id_number": "510402198001011247"}
        assert "对不上" in owner.post(address, given).content.decode()
        again = owner.post(address, given | {"id_number": ID})
        assert again.status_code == 422 and "试得太多" in again.content.decode() and not Opinion.objects.exists()
