"""Permits of dangerous work: what refuses one, what stops the work, what time does by itself, who reads whom."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.safety import permit_words
from wuxie.rooms.safety.actions import permits
from wuxie.rooms.safety.models import GasReading, Permit

from .hazards import AFTER, DAY, PHOTO, TEN, picture, told
from .work import FOUL, GOOD, HOUR

pytestmark = pytest.mark.django_db
S = Permit.State
MINUTE = HOUR / 60


def test_the_whole_way_of_hot_work_with_its_watch(world):
    permit = world.started("hot")
    assert permit.number.startswith("ZY-") and permit.approved_by == world["manager"].key
    with frozen(TEN + 2 * HOUR):
        permits.finish(permit, by=world["repairer"])
        with pytest.raises(Refusal, match="看守到 12:30"):
            permits.check(permit, by=world["guard"], photo=AFTER, note="看过")
    with frozen(TEN + 2 * HOUR + 30 * MINUTE):
        permits.check(permit, by=world["guard"], photo=AFTER, note="没有余火")
        permits.close(permit, by=world["director"])
    assert permit.state == S.CLOSED
    labels = set(Document.objects.filter(case=f"permit:{permit.pk}").values_list("label", flat=True))
    assert labels == {"危险作业票", "完工清场单"}


def test_other_work_is_looked_at_at_once(world):
    assert world.checked("height").state == S.CHECKED


def test_measures_are_ticked_one_by_one_and_all_of_them(world):
    permit = world.applied("hot")
    with pytest.raises(Refusal, match="先拍一张现场照片"):
        permits.measure(permit, by=world["guard"], measures=["briefed"])
    permits.measure(permit, by=world["guard"], measures=["briefed"], photo=PHOTO)
    permits.measure(permit, by=world["repairer"], measures=["gear", "fenced"])
    assert permit.measures["gear"]["by"] == world["repairer"].name
    with pytest.raises(Refusal, match="还没确认的措施：10 米内可燃物"):
        permits.approve(permit, by=world["manager"])


@pytest.mark.parametrize(("gas", "value", "words"), [
    ("oxygen", 1949, "氧含量 19.49 %，低于下限 19.5"), ("oxygen", 2351, "高于上限 23.5"),
    ("combustible", 1001, "可燃气体 10.01 %LEL，高于上限 10"), ("sulfide", 1001, "硫化氢"), ("monoxide", 3001, "一氧化碳"),
])  # fmt: skip
def test_a_reading_beyond_a_limit_refuses_approval(world, gas, value, words):
    permit = world.measured("confined")
    permits.gas(permit, by=world["guard"], **(GOOD | {gas: value}))
    with pytest.raises(Refusal, match=words):
        permits.approve(permit, by=world["manager"])


def test_a_reading_at_the_limit_is_within_it():
    edge = {"oxygen": 1950, "combustible": 1000, "sulfide": 1000, "monoxide": 3000}
    assert permit_words.beyond(edge, DAY(2026, 11, 16)) == []
    assert permit_words.beyond(edge | {"oxygen": 2350}, DAY(2026, 11, 16)) == []
    assert [permit_words.plain(n) for n in (0, 5, 1000, 1950, 2090, 10000)] == [
        "0",
        "0.05",
        "10",
        "19.5",
        "20.9",
        "100",
    ]


def test_a_reading_grows_old_and_none_is_no_reading(world):
    permit = world.applied("confined", wants_gas=False)
    assert permit.wants_gas, "of a confined space nobody can choose"
    permits.measure(permit, by=world["guard"], measures=list(permit_words.measures_of("confined")), photo=PHOTO)
    with pytest.raises(Refusal, match="还没有气体检测读数"):
        permits.approve(permit, by=world["manager"])
    permits.gas(permit, by=world["guard"], **GOOD)
    with frozen(TEN + 31 * MINUTE), pytest.raises(Refusal, match="过了 30 分钟就不算数"):
        permits.approve(permit, by=world["manager"])
    with frozen(TEN + 30 * MINUTE):
        permits.approve(permit, by=world["manager"])


def test_foul_air_stops_the_work_at_once_and_good_air_lets_it_go_on(world):
    permit = world.started("confined")
    permits.gas(permit, by=world["guard"], **FOUL)
    assert permit.state == S.SUSPENDED and told(world, "manager", "气体超限，作业已停")
    with pytest.raises(Refusal, match="最近一次气体检测不合格：氧含量 18.9"):
        permits.resume(permit, by=world["manager"], note="通风了")
    with frozen(TEN + 10 * MINUTE):
        permits.gas(permit, by=world["guard"], **GOOD)
        permits.resume(permit, by=world["manager"], note="通风后重测合格")
    assert permit.state == S.STARTED


def test_what_was_measured_is_never_changed(world):
    permit = world.measured("confined")
    for act in (lambda: GasReading.objects.update(values={}), lambda: permit.readings.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            act()


def test_nobody_approves_their_own(world):
    permit = world.measured()
    for name in ("electrician", "repairer", "guard"):
        with pytest.raises(Refusal, match="不能自己批"):
            permits.approve(permit, by=world[name])
    for role in ("applicant", "worker", "guardian"):
        Permit.objects.filter(pk=permit.pk).update(
            applicant="person:0", worker=world.people["repairer"], guardian=world.people["guard"]
        )
        value = world["manager"].key if role == "applicant" else world.people["manager"]
        Permit.objects.filter(pk=permit.pk).update(**{role: value})
        with pytest.raises(Refusal, match="不能自己批"):
            permits.approve(Permit.objects.get(pk=permit.pk), by=world["manager"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(applicant="person:1", approved_by="person:1")


def test_the_worker_never_looks_afterwards_and_the_looker_never_closes(world):
    permit = world.finished()
    Permit.objects.filter(pk=permit.pk).update(worker=world.people["manager"])
    with pytest.raises(Refusal, match="作业人不能自己查"):
        permits.check(Permit.objects.get(pk=permit.pk), by=world["manager"], photo=AFTER, note="看过")
    Permit.objects.filter(pk=permit.pk).update(worker=world.people["repairer"])
    permit = Permit.objects.get(pk=permit.pk)
    permits.check(permit, by=world["manager"], photo=AFTER, note="看过")
    with pytest.raises(Refusal, match="不是现场复查的那个人"):
        permits.close(permit, by=world["manager"])
    permits.close(permit, by=world["director"])


def test_one_person_is_not_on_two_permits_at_once(world):
    first = world.applied()
    for known in (
        {},
        {"worker": world.people["lead"]},
        {"worker": world.people["guard"], "guardian": world.people["lead"]},
    ):
        with pytest.raises(Refusal, match="一个人不能同时在两处"):
            world.applied("height", **known)
    later = world.applied("height", starts_at=TEN + 4 * HOUR, ends_at=TEN + 6 * HOUR)
    assert later.state == S.APPLIED, "the hours touch and do not overlap"
    permits.cancel(first, by=world["electrician"], reason="不做了")
    assert world.applied("height").state == S.APPLIED


def test_work_that_was_finished_early_keeps_nobody_but_who_watches_for_embers(world):
    world.finished("height")
    assert world.applied("power").state == S.APPLIED
    hot = world.finished("hot", worker=world.people["lead"], guardian=world.people["electrician"])
    given = {"worker": world.people["lead"], "guardian": world.people["electrician"]}
    with pytest.raises(Refusal, match="一个人不能同时在两处"):
        world.applied("height", **given)
    with frozen(TEN + HOUR):
        permits.check(hot, by=world["manager"], photo=AFTER, note="没有余火")
        assert world.applied("height", **given).state == S.APPLIED


def test_the_database_itself_refuses_two_works_of_one_person(world):
    first = world.started("hot", ends_at=TEN + HOUR)
    second = world.applied("height", starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=second.pk).update(state="started")
    with frozen(TEN + HOUR + MINUTE):
        permits.measure(second, by=world["guard"], measures=list(permit_words.measures_of("height")), photo=PHOTO)
        permits.approve(second, by=world["manager"])
        with pytest.raises(Refusal, match="还有一张票没有完工"):
            permits.start(second, by=world["guard"])
    assert first.state == S.STARTED


@pytest.mark.parametrize(("known", "field"), [
    ({"ends_at": TEN + 9 * HOUR}, "ends_at"), ({"ends_at": TEN - HOUR}, "ends_at"),
    ({"starts_at": TEN - 3 * HOUR, "ends_at": TEN - HOUR}, "ends_at"), ({"certificate_until": DAY(2026, 11, 15)}, "certificate_until"),
])  # fmt: skip
def test_what_an_application_is_refused_for(world, known, field):
    with pytest.raises(ValidationError) as refused:
        world.applied("hot", **known)
    assert list(refused.value.message_dict) == [field] and not Permit.objects.exists()


@pytest.mark.parametrize(("kind", "hours"), [("hot", 8), ("height", 168), ("confined", 24), ("power", 360)])
def test_a_permit_lasts_as_long_as_its_kind_may(world, kind, hours):
    with pytest.raises(ValidationError, match=f"最长 {hours} 小时"):
        world.applied(kind, ends_at=TEN + hours * HOUR + MINUTE)
    assert world.applied(kind, ends_at=TEN + hours * HOUR).state == S.APPLIED


def test_a_certificate_that_lapses_before_the_end_refuses_approval(world):
    permit = world.measured("power", ends_at=TEN + 48 * HOUR, certificate_until=DAY(2026, 11, 17))
    with pytest.raises(Refusal, match="盖不住作业时间"):
        permits.approve(permit, by=world["manager"])


def test_the_guardian_is_another_and_of_the_project(world):
    with pytest.raises(ValidationError, match="监护人不能是作业人自己"):
        world.applied(guardian=world.people["repairer"])
    with pytest.raises(ValidationError, match="监护人要在这个项目有岗位"):
        world.applied(guardian=world.people["owner"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=world.applied().pk).update(guardian=world.people["repairer"])


def test_a_permit_that_nobody_began_expires_by_itself(world):
    waiting, allowed = (
        world.applied(),
        world.approved("height", worker=world.people["lead"], guardian=world.people["electrician"]),
    )
    with frozen(TEN + 4 * HOUR - MINUTE):
        clock.take_due()
    assert set(Permit.objects.values_list("state", flat=True)) == {"applied", "approved"}
    with frozen(TEN + 4 * HOUR + MINUTE):
        clock.take_due()
        for permit in (waiting, allowed):
            permit.refresh_from_db()
            assert permit.state == S.EXPIRED
        with pytest.raises(Refusal):
            permits.start(allowed, by=world["repairer"])
    assert told(world, "guard", "过期没有开工")


def test_work_after_its_hours_climbs_the_ladder_and_cannot_go_on(world):
    permit = world.started("height")
    with frozen(TEN + 4 * HOUR + MINUTE):
        clock.take_due()
        clock.take_due()
        clock.take_due()
        permit.refresh_from_db()
        assert permit.state == S.STARTED and permit.overruns, "whoever is up there is not forgotten"
        permits.suspend(permit, by=world["guard"], reason="到点了")
        with pytest.raises(Refusal, match="现在不在这段时间里"):
            permits.resume(permit, by=world["manager"], note="接着干")
    with frozen(TEN + 48 * HOUR):
        for _n in range(3):
            clock.take_due()
    assert Fact.objects.filter(kind="safety.permit_overrun").count() == 1
    assert all(told(world, name, "在票上时间内完工") for name in ("manager", "director", "principal"))


def test_not_looked_at_in_time_is_told(world):
    world.finished("height")
    with frozen(TEN + 2 * HOUR + MINUTE):
        clock.take_due()
        clock.take_due()
    assert told(world, "guard", "完工后现场复查")


def test_start_waits_for_its_hour(world):
    permit = world.approved("height", starts_at=TEN + HOUR)
    with pytest.raises(Refusal, match="现在不在这段时间里"):
        permits.start(permit, by=world["guard"])


def test_a_contractors_worker_is_sealed_and_masked(world, browser):
    given = {"worker": None, "worker_name": "赵样三", "worker_phone": "13900001111", "contractor": "样安装公司"}
    with pytest.raises(Refusal, match="哪个单位"):
        world.applied(**(given | {"contractor": ""}))
    permit = world.applied(**given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM parties_person WHERE id = %s", [permit.worker_id])
        name = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT certificate FROM safety_permit WHERE id = %s", [permit.pk])
        number = bytes(cursor.fetchone()[0])
    assert "赵样三".encode() not in name and b"510402199001011234" not in number
    for who in ("manager", "guard", "street"):
        for address in (f"/safety/permits/{permit.pk}/", "/safety/permits/"):
            text = browser(who).get(address).content.decode()
            assert "赵**" in text and "赵样三" not in text and "510402199001011234" not in text


def test_who_sees_a_permit(world, browser, enter):
    page = f"/safety/permits/{world.applied().pk}/"
    for name in ("admin", "contact", "manager", "director", "principal", "community", "street", "district", "city", "office",
                 "electrician", "repairer", "guard"):  # fmt: skip
        assert browser(name).get(page).status_code == 200, name
    for name in ("owner", "lead"):
        assert browser(name).get(page).status_code == 404, name
    assert enter("外人", "gov_street", place="510403001").get(page).status_code == 404


def photo(name="现场.jpg", colour="red"):
    return SimpleUploadedFile(name, picture(colour), content_type="image/jpeg")


def test_the_way_in_browsers(world, browser):
    electrician, guard, manager, director = (browser(name) for name in ("electrician", "guard", "manager", "director"))
    assert (
        electrician.get("/safety/permits/new/").headers["Location"]
        == f"/safety/projects/{world.project.pk}/permits/new/"
    )
    form = f"/safety/projects/{world.project.pk}/permits/new/"
    given = {
        "kind": "height", "work": "换屋面灯", "place": "3 栋屋面", "starts_at": "2026-11-16T10:00", "ends_at": "2026-11-16T12:00",
        "worker": world.people["repairer"].pk, "certificate": "T510402", "certificate_until": "2028-01-01",
        "guardian": world.people["guard"].pk,
    }  # fmt: skip
    wrong = electrician.post(form, given | {"guardian": world.people["repairer"].pk})
    assert wrong.status_code == 422 and "监护人不能是作业人自己" in wrong.content.decode()
    nobody = electrician.post(form, given | {"worker": ""})
    assert nobody.status_code == 422 and "写外来作业人的姓名" in nobody.content.decode()
    page = electrician.post(form, given).headers["Location"]
    permit = Permit.objects.get()
    assert page == f"/safety/permits/{permit.pk}/" and permit.starts_at == now()
    assert guard.post(page + "measure/", {"measures": ["briefed"]}).status_code == 422
    ticks = list(permit_words.measures_of("height"))
    assert guard.post(page + "measure/", {"measures": ticks, "photo": photo()}).status_code == 302
    text = guard.get(page).content.decode()
    assert "不能自己批" in text and "已确认" in text
    assert guard.post(page + "approve/", {}).status_code == 302 and Permit.objects.get().state == S.APPLIED
    assert manager.post(page + "approve/", {"note": "看过现场"}).status_code == 302
    assert guard.post(page + "start/", {}).status_code == 302
    assert guard.post(page + "suspend/", {"reason": "起风了"}).status_code == 302
    assert manager.post(page + "resume/", {"note": "风停了"}).status_code == 302
    assert guard.post(page + "finish/", {}).status_code == 302
    assert guard.post(page + "check/", {"note": "没有遗留"}).status_code == 422
    assert guard.post(page + "check/", {"note": "没有遗留", "photo": photo("后.jpg", "green")}).status_code == 302
    assert director.post(page + "close/", {}).status_code == 302
    permit.refresh_from_db()
    assert permit.state == S.CLOSED
    paper = Document.objects.get(case=f"permit:{permit.pk}", label="危险作业票")
    assert manager.get(paper.get_absolute_url()).content[:4] == b"%PDF"
    word = manager.get(f"{paper.get_absolute_url()}?as=word")
    assert word.content[:2] == b"PK"
    assert browser("owner").get(paper.get_absolute_url()).status_code == 404


def test_gas_is_typed_as_the_meter_shows_it(world, browser):
    permit = world.applied("confined")
    page = f"/safety/permits/{permit.pk}/"
    form = browser("guard").get(page + "gas/").content.decode()
    assert "19.5–23.5 %" in form and "≤ 10 %LEL" in form and "按未核定数值" in form
    given = {"oxygen": "18,9", "combustible": "0", "sulfide": "0", "monoxide": "0"}
    for wrong in ("18,9", "18.9%", "十八"):
        answer = browser("guard").post(page + "gas/", given | {"oxygen": wrong})
        assert answer.status_code == 422 and "只写数字，不写单位" in answer.content.decode()
        assert f'value="{wrong}"' in answer.content.decode(), "what was typed stays"
    assert browser("guard").post(page + "gas/", given | {"oxygen": "18.9"}).status_code == 302
    text = browser("manager").get(page).content.decode()
    assert "氧含量 18.9 %" in text and "超限" in text


def test_saved_views_count_what_is_on_today(world, browser):
    world.started("height")
    world.applied(
        "hot",
        worker=world.people["lead"],
        guardian=world.people["manager"],
        starts_at=TEN + 30 * HOUR,
        ends_at=TEN + 32 * HOUR,
    )
    with frozen(TEN + 5 * HOUR):
        shown = browser("manager").get("/safety/permits/").context["shown"]
    counts = {str(one["label"]): one["count"] for one in shown.segments if one["label"]}
    assert counts == {"今天的": 1, "待批": 1, "作业中": 1, "超时作业": 1, "待复查": 0}


def test_people_of_permits_are_read_in_plain_for_a_reason_only(world, browser):
    permit = world.applied(worker=None, worker_name="赵样三", worker_phone="13900001111", contractor="样安装公司")
    address = reverse("looks:person", args=[permit.worker_id])
    assert "赵样三" not in browser("manager").get(address).content.decode()
    shown = browser("manager").post(address, {"fields_wanted": ["name"], "reason": "核对进场人员"})
    assert "赵样三" in shown.content.decode()
    assert browser("owner").get(address).status_code == 404
    assert Person.objects.filter(pk=permit.worker_id).exists()


def test_an_application_names_a_kind_and_a_phone(world):
    with pytest.raises(ValidationError, match="请选作业类别"):
        world.applied("diving")
    with pytest.raises(ValidationError, match="手机号"):
        world.applied(worker=None, worker_name="赵样三", contractor="样安装公司")
    with pytest.raises(Refusal, match="项目和企业的人"):
        permits.apply(world.project, by=world["owner"], kind="hot", work="焊", place="家里", starts_at=TEN, ends_at=TEN + HOUR,
                      guardian=world.people["guard"], certificate="1", certificate_until=DAY(2028, 1, 1))  # fmt: skip


def test_a_photo_is_a_photo_and_ticking_nothing_is_refused(world):
    permit = world.applied()
    with pytest.raises(Problem, match="只收照片"):
        permits.measure(permit, by=world["guard"], measures=["gear"], photo=("票.pdf", b"%PDF-1.4\n%%EOF\n"))
    with pytest.raises(Refusal, match="没有新勾的措施"):
        permits.measure(permit, by=world["guard"], measures=["nonsense"])
    permits.measure(permit, by=world["guard"], measures=[], photo=PHOTO)
    permits.measure(permit, by=world["guard"], measures=list(permit_words.measures_of("hot")))
    with pytest.raises(Refusal, match="措施已经全部确认"):
        permits.measure(permit, by=world["guard"], measures=["gear"])


def test_refused_and_cancelled_say_why_and_are_over(world):
    permit = world.applied()
    with pytest.raises(Refusal, match="请写差什么"):
        permits.refuse(permit, by=world["manager"], reason=" ")
    permits.refuse(permit, by=world["manager"], reason="先清走纸箱")
    assert permit.state == S.REFUSED and told(world, "guard", "没有批准")
    again = world.applied()
    permits.cancel(again, by=world["manager"], reason="改日")
    assert again.state == S.CANCELLED


def test_approval_needs_the_time_not_to_be_over(world):
    permit = world.measured("height", ends_at=TEN + HOUR)
    with frozen(TEN + HOUR), pytest.raises(Refusal, match="已经过了，不能再批"):
        permits.approve(permit, by=world["manager"])
    with pytest.raises(Refusal, match="不用测气体"):
        permits.gas(permit, by=world["guard"], **GOOD)
