"""A duty done on a phone: taken once, whole or not at all; believed or done again; refused in words."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.places.models import Place
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.safety.actions import ladder
from wuxie.rooms.safety.actions import spots as places_of
from wuxie.rooms.safety.models import Check, Hazard, Instance, UsedPhoto

from . import factories as make
from .phones import DAY, HOUR, MINUTE, MONDAY, at, body, entry, instance, on_duty, picture, send, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return started()


@pytest.fixture
def electrician(project: Project) -> Holding:
    return on_duty(project, "ELECTRICIAN")


def refused(code: str, *args: Any, **known: Any) -> str:
    with pytest.raises(Problem) as caught:
        send(*args, **known)
    assert caught.value.code == code, caught.value.message
    return caught.value.message


def state(of: Instance) -> str:
    return str(Instance.objects.get(pk=of.pk).state)


def test_a_check_is_taken_once_and_the_same_receipt_is_given_again(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    item = entry(due, at(9), photo)
    first = send(item, electrician, at(9, 5), photo)
    again = send(item, electrician, at(12), photo)
    assert first == again
    assert (first["id"], first["standing"], first["verdict"]) == (item["id"], "on_time", "accepted")
    check = Check.objects.get()
    assert (check.done_at, check.received_at, check.signed_name) == (at(9), at(9, 5), "周样建")
    assert state(due) == "done"
    assert Attachment.objects.on(check.case).count() == 1


def test_the_same_number_with_another_content_is_refused(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    item = entry(due, at(9), photo)
    send(item, electrician, at(9, 5), photo)
    refused("key_reused", item | {"words": "改过"}, electrician, at(9, 6), photo)
    assert Check.objects.get().words == ""


def test_a_queue_sent_from_another_account_is_refused(project: Project, electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    item = entry(due, at(9), photo)
    send(item, electrician, at(9, 5), photo)
    other = on_duty(project, "ELECTRICIAN", "赵样二", "13900000082", substitute=True)
    assert "另一个账号" in refused("other_account", item, other, at(9, 6), photo)
    stranger = on_duty(project, "CLEANER", "保样三", "13900000083")
    refused("reference", entry(due, at(9), photo), stranger, at(9, 6), photo)
    mine = entry(instance("ELECTRICIAN-03"), at(9), photo, account=electrician.person.key)
    refused("other_account", mine, other, at(9, 6), photo)  # stolen before it was ever sent


def test_whoever_no_longer_holds_the_post_can_neither_act_nor_send(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    item = entry(due, at(19), photo)
    Holding.objects.filter(pk=electrician.pk).update(ends_on=MONDAY)
    assert "已经不在这个岗位" in refused("not_holding", item, electrician, at(9, day=MONDAY + DAY), photo)
    Holding.objects.filter(pk=electrician.pk).update(starts_on=MONDAY + DAY, ends_on=None)
    assert "不是您的" in refused("not_holding", item, electrician, at(9, day=MONDAY + DAY), photo)
    assert not Check.objects.exists()
    assert not Attachment.objects.exists()


def test_a_withdrawn_duty_is_refused_in_words(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    Instance.objects.filter(pk=due.pk).update(state="withdrawn")
    assert "撤下" in refused("withdrawn", entry(due, at(9), photo), electrician, at(9, 5), photo)
    assert state(due) == "withdrawn"


def test_a_reading_is_a_number_and_beyond_its_limits_is_abnormal(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    names = [row["name"] for row in due.duty.readings]
    good = [row["most"] for row in due.duty.readings]
    unit = due.duty.readings[0]["unit"]
    words = refused(
        "type", entry(due, at(9), photo, readings=[f"{good[0]}{unit}", *good[1:]]), electrician, at(9), photo
    )
    assert names[0] in words and unit in words
    refused("missing", entry(due, at(9), photo, readings=[]), electrician, at(9), photo)
    over = [str(int(float(good[0])) + 6), *good[1:]]
    got = send(entry(due, at(9), photo, readings=over), electrician, at(9), photo)
    assert got["abnormal"] is True
    assert Check.objects.get().readings[0]["beyond"] == "6"
    assert [said for said in got["words"] if Hazard.objects.get().number in said] == [
        f"已生成隐患 {Hazard.objects.get().number}，通知了项目经理"
    ]
    fact = Fact.objects.get(kind="safety.abnormal_found")
    assert fact.attachments == [Check.objects.get().photos[0]["sha256"]]


def test_what_is_abnormal_is_a_hazard_at_once_and_only_once(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    most = due.duty.readings[0]["most"]
    hot = entry(
        due, at(9), photo, readings=[str(int(float(most)) + 6), *(row["most"] for row in due.duty.readings[1:])]
    )
    for _again in range(3):
        send(hot, electrician, at(9), photo)
    hazard = Hazard.objects.get()
    assert (hazard.code, hazard.state, hazard.source) == (due.duty.hazards[0], "found", "duty")
    assert hazard.reported_by == electrician.person.key
    assert "高出上限 6" in hazard.words
    assert Attachment.objects.filter(case=f"hazard:{hazard.pk}").count() == 1
    assert Fact.objects.filter(kind="safety.hazard_found").count() == 1


def test_what_is_normal_is_none(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    send(entry(due, at(9), photo, readings=[row["most"] for row in due.duty.readings]), electrician, at(9), photo)
    assert not Hazard.objects.exists()


def test_what_is_no_photo_is_refused_and_nothing_is_half_written(electrician: Holding) -> None:
    due = instance("ELECTRICIAN-01")
    for wrong in (b"not a photo", b"%PDF-1.4\n%%EOF\n", picture(1)[:200]):
        said = refused("type", entry(due, at(9), [wrong]), electrician, at(9), [wrong])
        assert "第 1 张" in said
    good, bad = picture(1), b"GIF89a"
    refused("type", entry(due, at(9), [good, bad]), electrician, at(9), [good, bad])
    refused("missing", entry(due, at(9), [good]), electrician, at(9), [])
    refused("reference", entry(due, at(9), [good]), electrician, at(9), [picture(2)])
    refused("missing", entry(instance("ELECTRICIAN-03"), at(9)), electrician, at(9))
    assert (Check.objects.count(), Attachment.objects.count(), state(due)) == (0, 0, "scheduled")


def test_a_photo_proves_one_duty_only_and_the_duty_is_done_again(electrician: Holding) -> None:
    first, second = instance("ELECTRICIAN-01"), instance("ELECTRICIAN-02", shift=1)
    photo = [picture(1)]
    send(entry(first, at(9), photo), electrician, at(9), photo)
    got = send(entry(second, at(10), photo), electrician, at(10), photo)
    assert (got["verdict"], got["reasons"], state(second)) == ("suspicious", ["photo_reused"], "suspicious")
    fresh = [picture(2)]
    again = send(entry(second, at(11), fresh), electrician, at(11), fresh)
    assert (again["standing"], state(second), Check.objects.filter(instance=second).count()) == ("on_time", "done", 2)


def test_two_phones_did_the_same_duty_and_both_are_kept(project: Project, electrician: Holding) -> None:
    other = on_duty(project, "ELECTRICIAN", "赵样二", "13900000082", substitute=True)
    due, one, two = instance("ELECTRICIAN-01"), [picture(1)], [picture(2)]
    send(entry(due, at(9), one), electrician, at(12), one)
    got = send(entry(due, at(8, 30), two), other, at(13), two)
    assert got["standing"] == "conflict"
    assert [check.standing for check in Check.objects.order_by("received_at")] == ["on_time", "conflict"]
    assert state(due) == "done"


@pytest.mark.parametrize(
    ("done", "received", "standing", "then"),
    [
        (at(19), at(9, day=MONDAY + 3 * DAY), "on_time", "done"),
        (at(20, 30), at(21), "late", "done_late"),
        (at(21, day=MONDAY + DAY), at(22, day=MONDAY + DAY), "missed", "scheduled"),
    ],
)
def test_when_it_was_done_decides_not_when_it_arrived(
    electrician: Holding, done: datetime.datetime, received: datetime.datetime, standing: str, then: str
) -> None:
    due, photo = instance("ELECTRICIAN-02", shift=1), [picture(1)]
    got = send(entry(due, done, photo), electrician, received, photo)
    assert (got["standing"], state(due)) == (standing, then)


@pytest.mark.parametrize("off", [-DAY, DAY, -10 * MINUTE, 30 * DAY])
def test_a_clock_that_is_off_is_noticed_and_both_times_are_kept(electrician: Holding, off: datetime.timedelta) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    got = send(entry(due, at(9) + off, photo), electrician, at(9, 30), photo, sent=at(9, 30) + off)
    check = Check.objects.get()
    assert (got["clock_off"], got["standing"], check.happened_at) == (True, "on_time", at(9))
    assert (check.done_at, check.received_at) == (at(9) + off, at(9, 30))


def test_a_clock_that_is_right_says_nothing(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    got = send(entry(due, at(9), photo), electrician, at(9, 30), photo, sent=at(9, 29))
    assert (got["clock_off"], got["words"]) == (False, ["按时做的"])


def test_an_old_photo_and_a_duty_before_its_time_are_not_believed(electrician: Holding) -> None:
    due, old = instance("ELECTRICIAN-01"), [picture(1, taken=at(9) - DAY)]
    assert send(entry(due, at(9), old), electrician, at(9), old)["reasons"] == ["photo_old"]
    early, photo = instance("ELECTRICIAN-02", shift=2), [picture(2, taken=at(9, 4))]
    assert send(entry(early, at(9, 5), photo), electrician, at(9, 5), photo)["reasons"] == ["too_early"]


@pytest.mark.parametrize(
    ("papers", "believed"),
    [
        ({"certificate_number": ""}, False),
        ({"certificate_number": "Z9", "certificate_until": MONDAY - DAY}, False),
        ({"certificate_number": "Z9", "certificate_until": MONDAY}, True),
        ({"certificate_number": "Z9"}, True),
    ],
)
def test_whoever_stands_in_has_the_paper_that_the_post_asks_for(
    project: Project, papers: dict[str, Any], believed: bool
) -> None:
    other = on_duty(project, "ELECTRICIAN", "赵样二", "13900000082", substitute=True, **papers)
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    assert due.duty.list_post.certificate
    got = send(entry(due, at(9), photo), other, at(9), photo)
    assert got["reasons"] == ([] if believed else ["uncertified"])
    assert state(due) == ("done" if believed else "suspicious")


def test_ticking_everything_in_forty_seconds_is_not_believed(project: Project, electrician: Holding) -> None:
    codes = ["ELECTRICIAN-01", "ELECTRICIAN-02", "ELECTRICIAN-03"]
    got = []
    for number, code in enumerate(codes):
        photo = [picture(number)]
        moment = at(9) + datetime.timedelta(seconds=15 * number)
        got.append(send(entry(instance(code), moment, photo), electrician, at(10), photo)["reasons"])
    assert got == [[], [], ["too_fast"]]


def test_a_place_code_is_scanned_or_the_duty_is_not_at_the_place(project: Project, electrician: Holding) -> None:
    with frozen(at(8)):
        room = places_of.put_up(
            project, by=make.keeper(project), label="2# 配电室", kind="power_room", duties=["ELECTRICIAN-01"]
        )
        other = places_of.put_up(project, by=make.keeper(project), label="西门车棚", kind="charging_area", duties=[])
    due = instance("ELECTRICIAN-01")
    answers = []
    for number, spot in enumerate(["", other.code, room.code.lower().replace("-", " ")]):
        photo = [picture(number)]
        answers.append(
            send(entry(due, at(9 + number), photo, spot=spot), electrician, at(9 + number), photo)["reasons"]
        )
    assert answers == [["not_at_place"], ["wrong_place"], []]
    photo = [picture(9)]
    forged = room.code[:-1] + ("A" if room.code[-1] != "A" else "B")
    for wrong in (forged, "hello", "https://elsewhere.example/x", "2"):
        assert "不是本系统发的" in refused("forged", entry(due, at(12), photo, spot=wrong), electrician, at(12), photo)
    with frozen(at(13)):
        places_of.take_down(room, by=make.keeper(project))
    refused("forged", entry(due, at(14), photo, spot=room.code), electrician, at(14), photo)


def test_what_a_phone_sent_is_never_changed(electrician: Holding) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    send(entry(due, at(9), photo), electrician, at(9), photo)
    for verb in (lambda: Check.objects.update(words="x"), lambda: UsedPhoto.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            verb()


def test_a_check_is_seen_by_those_who_read_the_list_and_by_whoever_did_it(
    electrician: Holding, project: Project, someone: Any
) -> None:
    due, photo = instance("ELECTRICIAN-01"), [picture(1)]
    send(entry(due, at(9), photo), electrician, at(9), photo)
    with frozen(at(10)):
        seers = [actor_of(electrician.person), actor_of(someone("经理", "project_manager", subject=project.key)),
                 actor_of(someone("街道", "gov_street", place=project.estate.place_id[:9]))]  # fmt: skip
        others = [actor_of(someone("旁人")), actor_of(someone("业主", "owner", subject=project.estate.key)),
                  actor_of(someone("西区", "gov_street", place="510403001"))]  # fmt: skip
    assert [Check.objects.visible_to(one).count() for one in seers + others] == [1, 1, 1, 0, 0, 0]


class AnyQueue(TestCase):
    """However entries are reordered, doubled and sent by whom: what should be there is there, once."""

    def setUp(self) -> None:
        for code, level, parent in (("5104", 1, None), ("510402", 2, "5104"), ("510402001", 3, "510402"), ("510402001001", 4, "510402001")):  # fmt: skip
            Place.objects.get_or_create(code=code, defaults={"name": code, "level": level, "parent_id": parent})

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_the_sets_are_equal(self, data: st.DataObject) -> None:
        project = started()
        people = [
            on_duty(project, "ELECTRICIAN"),
            on_duty(project, "ELECTRICIAN", "赵样二", "13900000082", substitute=True),
        ]
        codes = ["ELECTRICIAN-01", "ELECTRICIAN-02", "ELECTRICIAN-03"]
        queue = []
        for number in range(5):
            due, photo = instance(data.draw(st.sampled_from(codes))), [picture(number)]
            item = entry(due, at(9) + number * HOUR, photo, account=people[number % 2].person.key)
            queue.append((number % 2, item, photo))
        gone = instance("ELECTRICIAN-03")
        Instance.objects.filter(pk=gone.pk).update(state="withdrawn")
        order = data.draw(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=4, max_size=15))
        accepted: dict[str, bytes] = {}
        for turn, (at_, wrong) in enumerate(order):
            owner, item, photo = queue[at_]
            sender = people[1 - owner] if wrong else people[owner]
            received = at(15) + turn * MINUTE
            try:
                got = send(item, sender, received, photo)
            except Problem as problem:
                assert problem.code == ("other_account" if wrong else "withdrawn")
                continue
            assert got["id"] == item["id"] and not wrong
            assert accepted.setdefault(item["id"], body(item)) == body(item)
        assert {str(pk) for pk in Check.objects.values_list("pk", flat=True)} == set(accepted)
        settled = Counter(Check.objects.filter(standing__in=["on_time", "late"]).values_list("instance", flat=True))
        assert all(count == 1 for count in settled.values())
        assert set(Instance.objects.filter(state="done").values_list("pk", flat=True)) == set(settled)
        assert not Check.objects.filter(instance=gone).exists()


def test_a_check_of_nothing_that_is_there_is_refused(electrician: Holding) -> None:
    due = instance("ELECTRICIAN-01")
    message = refused(
        "reference", entry(due, at(9), [picture(1)]) | {"instance": 999_999}, electrician, at(9, 5), [picture(1)]
    )
    assert message == "没有这件职责，或者它不是您岗位上的。"


def test_what_is_wrong_with_a_duty_that_no_hazard_belongs_to_goes_on_record(electrician: Holding) -> None:
    due = next(
        one
        for one in Instance.objects.filter(duty__list_post__code="ELECTRICIAN").select_related("duty")
        if not one.duty.hazards
    )
    photo, when = [picture(1)], due.opens_at + HOUR
    answer = send(entry(due, when, photo, outcome="abnormal", words="柜门打不开"), electrician, when + MINUTE, photo)
    assert answer["standing"] == "on_time" and not Hazard.objects.exists()
    assert Fact.objects.get(kind__startswith="safety.abnormal").details["hazards"] == ""


def test_where_posts_that_are_not_technical_are_late_the_manager_hears_of_it(
    project: Project, electrician: Holding
) -> None:
    with frozen(at(9)):
        assert ladder.lead(project, {"GUARD"}) == ladder.manager(project, {"GUARD"})
        assert set(ladder.lead(project, {"ELECTRICIAN", "GUARD"})) >= set(ladder.manager(project, {"GUARD"}))
