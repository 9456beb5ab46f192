"""Drills: which the law asks for in which part of the year, how one is held and judged, what time does, what counts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import end_of, frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.safety import drill_law, jobs
from wuxie.rooms.safety.actions import drills, hazards
from wuxie.rooms.safety.actions.lists import keep_profile, put_in_force
from wuxie.rooms.safety.models import Drill
from wuxie.rooms.safety.tests import factories

from .hazards import AFTER, DAY, PHOTO, TEN, picture, told
from .work import HOUR

pytestmark = pytest.mark.django_db
S = Drill.State


@pytest.mark.parametrize(("months", "expected"), [
    (12, [(DAY(2026, 1, 1), DAY(2026, 12, 31))]),
    (6, [(DAY(2026, 1, 1), DAY(2026, 6, 30)), (DAY(2026, 7, 1), DAY(2026, 12, 31))]),
    (5, [(DAY(2026, 1, 1), DAY(2026, 5, 31)), (DAY(2026, 6, 1), DAY(2026, 10, 31)), (DAY(2026, 11, 1), DAY(2026, 12, 31))]),
])  # fmt: skip
def test_the_parts_of_a_year(months, expected):
    assert drill_law.parts(2026, months) == expected
    assert drill_law.part_of(DAY(2024, 2, 29), 2) == (DAY(2024, 1, 1), DAY(2024, 2, 29))
    with pytest.raises(ValueError):
        drill_law.parts(2026, 0)


def test_the_law_lays_down_what_this_part_of_the_year_asks_for_and_once(world):
    assert drills.lay_down(DAY(2026, 11, 16)) == 0, "a project without a list in force is asked for nothing"
    factories.in_force(world.project)
    assert drills.lay_down(DAY(2026, 11, 16)) == 3 and drills.lay_down(DAY(2026, 11, 16)) == 0
    rows = set(Drill.objects.values_list("form", "kind", "period_from", "due_on"))
    assert rows == {
        ("full", "flood", DAY(2026, 1, 1), DAY(2026, 12, 31)), ("site", "fire", DAY(2026, 7, 1), DAY(2026, 12, 31)),
        ("rescue", "lift", DAY(2026, 7, 1), DAY(2026, 12, 31)),
    }  # fmt: skip
    assert drills.lay_down(DAY(2027, 1, 1)) == 3 and drills.lay_down(DAY(2027, 7, 1)) == 2


def test_without_a_lift_nobody_practises_at_one(world):
    factories.in_force(world.project)
    with frozen(DAY(2026, 11, 16)):
        keep_profile(world.project, by=factories.keeper(world.project), equipment=factories.EQUIPMENT | {"lift": 0})
        put_in_force(world.project, by=factories.keeper(world.project), starts_on=DAY(2026, 11, 17), reason="电梯已拆")
    assert drills.lay_down(DAY(2026, 11, 17)) == 2
    assert not Drill.objects.filter(form="rescue").exists()


def test_the_whole_way_and_what_counts(world):
    drill = world.evaluated()
    assert Document.objects.get(case=f"drill:{drill.pk}").label == "演练评估表"
    assert not Fact.objects.filter(kind__startswith="safety.drill_held").exists(), "not before its lessons are drawn"
    drills.close(drill, by=world["director"])
    fact = Fact.objects.get(kind="safety.drill_held.fire")
    assert (fact.subject, fact.occurred_on, fact.quantity, fact.trust) == (
        world.project.key, DAY(2026, 11, 16), 1_000_000, Trust.of("association_verified"))  # fmt: skip
    assert fact.attachments


def test_whoever_led_it_does_not_judge_it_and_whoever_judged_does_not_close_it(world):
    drill = world.announced()
    drills.hold(
        drill,
        by=world["manager"],
        held_on=DAY(2026, 11, 16),
        people=3,
        minutes=5,
        leader=world.people["manager"],
        photos=[PHOTO],
    )
    with pytest.raises(Refusal, match="带队的人不能自己评"):
        drills.evaluate(drill, by=world["manager"], went_well="好", went_wrong="没有")
    drills.evaluate(drill, by=world["director"], went_well="好", went_wrong="未发现")
    with pytest.raises(Refusal, match="评估的人不能自己办结"):
        drills.close(drill, by=world["director"])
    drills.close(drill, by=world["principal"])


def test_what_went_wrong_opens_a_hazard_that_has_to_go_first(world):
    drill = world.evaluated(hazard_code="HZ-E05", place="2 栋大堂")
    assert drill.hazard.words == "一个门打不开" and drill.hazard.place == "2 栋大堂"
    with pytest.raises(Refusal, match="还没有销号"):
        drills.close(drill, by=world["director"])
    found = drill.hazard
    hazards.assign(found, by=world["manager"], fixer=world.people["electrician"])
    hazards.start(found, by=world["electrician"])
    hazards.fix(found, by=world["electrician"], remedy="修好", photo=AFTER)
    hazards.verify(found, by=world["lead"], note="看过")
    drill = Drill.objects.get(pk=drill.pk)
    drills.close(drill, by=world["director"])
    assert drill.state == S.CLOSED


def test_a_list_that_has_to_be_revised_is_revised_first(world):
    with frozen(DAY(2026, 10, 11)):
        factories.in_force(world.project)
    drill = world.evaluated(revise_list=True)
    with pytest.raises(Refusal, match="先启用新版清单"):
        drills.close(drill, by=world["director"])
    with frozen(TEN + HOUR):
        factories.put_in_force(
            world.project, by=factories.keeper(world.project), starts_on=DAY(2026, 11, 17), reason="按演练评估修订"
        )
        drills.close(Drill.objects.get(pk=drill.pk), by=world["director"])


@pytest.mark.parametrize("known", [{"held_on": DAY(2026, 11, 17)}, {"held_on": DAY(2026, 11, 15)}, {"leader": "owner"}])
def test_what_cannot_be_written_down(world, known):
    drill = world.announced()
    given = {"held_on": DAY(2026, 11, 16), "people": 5, "minutes": 9, "leader": "lead", "photos": [PHOTO]} | known
    with pytest.raises(ValidationError):
        drills.hold(drill, by=world["manager"], **(given | {"leader": world.people[given["leader"]]}))
    with pytest.raises(Refusal, match="演练照片"):
        drills.hold(
            drill,
            by=world["manager"],
            held_on=DAY(2026, 11, 16),
            people=5,
            minutes=9,
            leader=world.people["lead"],
            photos=[],
        )


def test_a_drill_that_nobody_held_climbs_the_ladder(world):
    drill = world.announced(due_on=DAY(2026, 11, 20))
    moment = end_of(DAY(2026, 11, 20)) - 2 * HOUR
    while moment < end_of(DAY(2026, 12, 25)):
        with frozen(moment):
            clock.take_due()
        moment += 12 * HOUR
    assert Fact.objects.filter(kind="safety.drill_overdue").count() == 1
    for name in ("manager", "director", "principal", "community"):
        assert told(world, name, "做演练"), name
    with frozen(DAY(2026, 12, 26)):
        drills.hold(
            drill,
            by=world["manager"],
            held_on=DAY(2026, 12, 25),
            people=5,
            minutes=9,
            leader=world.people["lead"],
            photos=[PHOTO],
        )
    assert Drill.objects.get(pk=drill.pk).state == S.HELD, "late is still held"


def test_the_pages(world, browser):
    drill = world.planned(kind="lift")
    page = f"/safety/drills/{drill.pk}/"
    manager = browser("manager")
    assert (
        manager.post(page + "announce/", {"kind": "lift", "planned_for": "2026-11-16", "scenario": "困人"}).status_code
        == 302
    )
    given = {"held_on": "2026-11-16", "people": "12", "minutes": "20", "leader": world.people["lead"].pk}
    assert manager.post(page + "hold/", given).status_code == 422
    photo = SimpleUploadedFile("现场.jpg", picture(), content_type="image/jpeg")
    assert manager.post(page + "hold/", given | {"photos": [photo]}).status_code == 302
    assert browser("community").post(page + "evaluate/", {"went_well": "快", "went_wrong": "未发现"}).status_code == 302
    assert browser("director").post(page + "close/", {}).status_code == 302
    assert Fact.objects.filter(kind="safety.drill_held.lift").exists()
    text = browser("street").get(page).content.decode()
    assert "演练评估表" in text and "lead某" not in text
    assert browser("owner").get(page).status_code == 404
    assert browser("lead").get(page).status_code == 200, "whoever led it"
    new = f"/safety/projects/{world.project.pk}/drills/new/"
    assert manager.post(new, {"kind": "fire", "due_on": "2026-11-15"}).status_code == 422
    assert manager.post(new, {"kind": "fire", "due_on": "2026-12-01"}).status_code == 302
    assert browser("street").get(new).status_code == 403


def test_so_many_at_a_time_and_none_twice(world):
    factories.in_force(world.project)
    assert drills.lay_down(DAY(2026, 11, 16), most=1) == 1 and drills.lay_down(DAY(2026, 11, 16), most=1) == 1
    first = Drill.objects.order_by("pk")[0]
    assert drills._lay(world.project, first.form, first.kind, first.period_from, first.due_on) == 0, (
        "another process was first"
    )
    assert Drill.objects.count() == 2


def test_the_job_lays_them_down(world):
    factories.in_force(world.project)
    jobs.lay_down_drills()
    assert Drill.objects.count() == 3


def test_what_an_announcement_is_refused_for(world):
    drill = world.planned(kind="lift")
    with pytest.raises(ValidationError, match="今天或以后"):
        drills.announce(drill, by=world["manager"], kind="lift", planned_for=DAY(2026, 11, 15), scenario="困人")
    Drill.objects.filter(pk=drill.pk).update(form="rescue")
    drill = Drill.objects.get(pk=drill.pk)
    with pytest.raises(ValidationError, match="科目不能换"):
        drills.announce(drill, by=world["manager"], kind="fire", planned_for=DAY(2026, 11, 16), scenario="起火")
    drills.drop(drill, by=world["director"], reason="电梯已拆")
    assert drill.state == S.DROPPED


def test_people_minutes_and_photos_are_real(world):
    drill = world.announced()
    given = {"held_on": DAY(2026, 11, 16), "leader": world.people["lead"], "by": world["manager"]}
    with pytest.raises(Refusal, match="至少写 1"):
        drills.hold(drill, people=0, minutes=5, photos=[PHOTO], **given)
    with pytest.raises(Problem, match="只收照片"):
        drills.hold(drill, people=4, minutes=5, photos=[("记录.pdf", b"%PDF-1.4\n%%EOF\n")], **given)
