"""A collector's phone without a signal: what it takes along, what it sends, each once, and two collectors at one door."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now
from wuxie.rooms.assembly import phone
from wuxie.rooms.assembly.models import Ballot, Visit

from .factories import AFTER, OPENS_ON, PDF, moment, shot

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return world.collecting()


def body(world, case, label="1-1-101", by="collector", act="collected", **known):
    """What the phone stores, and the photo that goes with it."""
    picture = known.pop("picture", shot()[1])
    item = {
        "id": str(uuid.uuid4()), "account": world.people[by].key, "entry": world.entry(case, label).pk, "act": act,
        "done_at": "2027-03-20T09:05:00+08:00", "photo": hashlib.sha256(picture).hexdigest() if picture else "",
        "second": world.people["second" if by == "collector" else "collector"].pk, "capacity": "owner",
    } | known  # fmt: skip
    return json.dumps(item).encode(), [picture] if picture else []


def send(world, content, by="collector", at=None):
    with frozen(at or moment(OPENS_ON, 11)):
        return phone.receive(*content, now(), world[by])


def test_the_phone_takes_along_the_doors_of_its_own_votes_and_no_side(world, case):
    with frozen(moment(OPENS_ON)):
        [vote] = phone.day(world["collector"])
        assert [len(one["doors"]) for one in vote["entrances"]] == [4, 2] and vote["takes"] is True
        assert [one["person"] for one in vote["seconds"]] == [world.people["second"].pk]
        assert "甲一" not in str(vote), "names are masked"
        assert {one["signs"] for entrance in vote["entrances"] for one in entrance["doors"]} == {"owner"}
        for name in ("counter", "committee", "street", "manager", "owner"):
            assert phone.day(world[name]) == [], name
        assert phone.day(NOBODY) == []


def test_a_paper_taken_without_a_signal_is_collected_once(world, case):
    content = body(world, case)
    first = send(world, content)
    assert first == send(world, content) and first["standing"] == "taken"
    ballot = Ballot.objects.get()
    assert (ballot.entry.label, ballot.collector, ballot.second) == (
        "1-1-101",
        world.people["collector"],
        world.people["second"],
    )
    assert "手机上记的时间 03-20 09:05" in Visit.objects.get().note
    with pytest.raises(Problem, match="另一份内容"):
        send(world, (content[0].replace(b"owner", b"proxy"), content[1]))


def test_two_collectors_at_one_door_are_both_kept_and_the_second_is_told(world, case):
    send(world, body(world, case))
    told = send(world, body(world, case, by="second"), by="second")
    assert told["standing"] == "conflict" and "已经有人收了票" in told["words"][0]
    assert Ballot.objects.count() == 1
    kept = Visit.objects.get(by=world.people["second"])
    assert "这一张没有收进来" in kept.note and kept.picture.startswith("attachment:")
    assert world.entry(case, "1-1-101").door == "collected"


def test_the_other_acts_at_a_door(world, case):
    send(world, body(world, case, "1-1-102", act="delivered", picture=b""))
    send(world, body(world, case, "1-1-201", act="nobody", picture=b""))
    send(world, body(world, case, "1-1-202", act="refused"))
    assert [world.entry(case, one).door for one in ("1-1-102", "1-1-201", "1-1-202")] == [
        "delivered",
        "nobody",
        "refused",
    ]


@pytest.mark.parametrize(("known", "words"), [
    ({"account": "person:0"}, "另一个账号"), ({"act": "counted"}, "可选范围"), ({"entry": 999_999}, "没有这一户"), ({"picture": b""}, "要拍照"),
    ({"photo": "0" * 64}, "没有传完"), ({"picture": PDF[1]}, "只收照片"), ({"second": 0}, "同行"), ({"capacity": "tenant"}, "没有投票权"),
    ({"capacity": "official"}, "签名的是谁"), ({"id": "7"}, "编号或时间"), ({"done_at": "2027-03-20T09:05:00"}, "时区"), ({"words": "字" * 201}, "最多 200"),
    ({"side": "for"}, "side"),
])  # fmt: skip
def test_what_is_refused_is_said_in_words_and_leaves_no_trace(world, case, known, words):
    with pytest.raises(Problem, match=words):
        send(world, body(world, case, **known))
    assert not Ballot.objects.exists() and not Visit.objects.exists()


@pytest.mark.parametrize("by", ["counter", "committee", "manager"])
def test_nobody_else_s_phone_collects(world, case, by):
    with pytest.raises(Problem, match="不是这次表决的收票人"):
        send(world, body(world, case, by=by), by=by)


def test_what_comes_in_after_the_close_is_not_taken_and_the_phone_keeps_it(world, case):
    with pytest.raises(Problem, match="已经截止"):
        send(world, body(world, case), at=AFTER)
    assert not Ballot.objects.exists()


def test_the_field_pages_carry_it(world, case, enter):
    with frozen(moment(OPENS_ON, 11)):
        browser = enter(person=world.people["collector"])
        shell = browser.get("/field/").content.decode()
        assert 'id="field-doors"' in shell and "1-1-101" not in shell, "the shell holds nobody's data"
        assert browser.get("/field/day/").json()["doors"][0]["vote"] == case.pk
        text, [picture] = body(world, case)
        given = {
            "kind": "doors", "item": text.decode(), "sent_at": datetime.datetime.now(datetime.UTC).isoformat(),
            "photo": SimpleUploadedFile("1.jpg", picture, content_type="image/png"),
        }  # fmt: skip
        answer = browser.post("/field/checks/", given)
        assert answer.status_code == 200 and answer.json()["standing"] == "taken", answer.json()
        unknown = browser.post("/field/checks/", {"kind": "cats", "item": "{}", "sent_at": given["sent_at"]})
        assert unknown.status_code == 422 and "收不了" in unknown.json()["error"]["message"]
        page = browser.get(f"/votes/{case.pk}/doors/").content.decode()
        assert f"/field/#doors={case.pk}" in page


def test_the_day_asks_the_same_for_one_vote_and_for_three(world, case):
    def asked():
        with frozen(moment(OPENS_ON)), CaptureQueriesContext(connection) as found:
            phone.day(world["collector"])
        return len(found)

    one = asked()
    world.collecting(title="第二次")
    world.collecting(title="第三次")
    assert asked() == one
