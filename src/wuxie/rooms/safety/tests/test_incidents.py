"""Incidents: the hour, the grade by law, the revision, the finding of the authority; whom they hurt; events that make duties due."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from wuxie.kernel.access.models import Look
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import end_of, frozen
from wuxie.kernel.facts.ledger import announce
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.safety import incident_law, seven, work_queries
from wuxie.rooms.safety.actions import drills, incidents, occurrences
from wuxie.rooms.safety.incident_workflow import INCIDENT
from wuxie.rooms.safety.models import Incident, Instance, Occurrence
from wuxie.rooms.safety.tests import factories
from wuxie.rooms.safety.views import stations

from .hazards import DAY, PHOTO, TEN, picture, told
from .work import HOUR

pytestmark = pytest.mark.django_db
S = Incident.State
MINUTE = HOUR / 60
PDF = ("批复.jpg", picture("blue"))


def revise(world, at):
    with frozen(at):
        factories.put_in_force(
            world.project, by=factories.keeper(world.project), starts_on=DAY(2026, 11, 18), reason="事故后修订"
        )


@pytest.mark.parametrize(("numbers", "grade"), [
    ((0, 1, 0), "general"), ((2, 9, 0), "general"), ((3, 0, 0), "larger"), ((0, 10, 0), "larger"),
    ((0, 0, 1000 * 10_000 * 100), "larger"), ((0, 0, 1000 * 10_000 * 100 - 1), "general"), ((10, 0, 0), "major"),
    ((0, 50, 0), "major"), ((0, 0, 5000 * 10_000 * 100), "major"), ((30, 0, 0), "grave"), ((0, 100, 0), "grave"),
    ((0, 0, 10_000 * 10_000 * 100), "grave"), ((9, 49, 4999 * 10_000 * 100), "larger"),
])  # fmt: skip
def test_the_grade_is_that_of_article_three(world, numbers, grade):
    assert incident_law.grade(*numbers, incidents.lines()) == grade
    with pytest.raises(ValueError):
        incident_law.grade(-1, 0, 0, incidents.lines())


def test_the_whole_way(world):
    with frozen(DAY(2026, 10, 11)):
        factories.in_force(world.project)
    incident = world.done()
    assert incident.grade == "general" and work_queries.wants_revision(world.project.pk)
    with pytest.raises(Refusal, match="修订责任清单"):
        incidents.verify(incident, by=world["director"], note="看过")
    revise(world, TEN + HOUR)
    assert not work_queries.wants_revision(world.project.pk)
    with frozen(TEN + 2 * HOUR):
        incidents.verify(incident, by=world["director"], note="梯子换了，交底有记录")
    assert incident.state == S.CLOSED and incident.closed_on == DAY(2026, 11, 16)
    labels = set(Document.objects.filter(case=f"incident:{incident.pk}").values_list("label", flat=True))
    assert labels == {"事故快报", "事故调查报告"}


def test_what_the_end_waits_for_stands_before_sending_it_back(world, browser):
    with frozen(DAY(2026, 10, 11)):
        factories.in_force(world.project)
    incident = world.done()
    page = browser("director").get(incident.get_absolute_url())
    text = page.content.decode()
    assert page.context["mine"] == [] and "reject" in [offer.name for offer in page.context["aside"]]
    assert "整改已报完，还不能结案" in text and "先启用新版清单，再结案" in text
    assert f"/safety/projects/{incident.project_id}/" in text
    assert page.context["crumbs"][-1][0] == f"{incident} · 2026-11-16", "a name, not the number of a row"

    revise(world, TEN + HOUR)
    with frozen(TEN + 2 * HOUR):
        page = browser("director").get(incident.get_absolute_url())
    assert page.context["mine"][0].name == "verify" and "还不能结案" not in page.content.decode()


def test_whoever_mended_does_not_verify(world):
    incident = world.done()
    for name in ("electrician", "manager"):
        with pytest.raises(Refusal, match="整改的人不能自己验证"):
            incidents.verify(incident, by=world[name], note="好")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(done_by="person:1", verified_by="person:1")
    incidents.reject(incident, by=world["street"], note="还有一把旧梯子")
    assert incident.state == S.MENDING


def test_the_hour_begins_when_the_company_hears_of_it(world):
    incident = world.reported()
    row = DeadlineRow.objects.get(workflow="incident", case_pk=incident.pk, name="tell")
    assert row.due_at == TEN + HOUR and "第9条" in row.basis
    for name in ("manager", "director", "principal"):
        assert told(world, name, "事故险情"), name
    with frozen(TEN + HOUR - MINUTE):
        clock.take_due()
    assert not Fact.objects.filter(kind="safety.incident_report_missed").exists()
    with frozen(TEN + HOUR + MINUTE):
        clock.take_due()
        clock.take_due()
        assert Fact.objects.filter(kind="safety.incident_report_missed").count() == 1
        assert all(told(world, name, "没有按时报告") for name in ("principal", "community", "street", "district"))
        incident = Incident.objects.get(pk=incident.pk)
        incidents.tell(incident, by=world["principal"], authority="应急局")
    assert incident.state == S.TOLD and incident.report_missed, "told late is told, and stays late"


def test_told_in_time_leaves_no_trace_of_lateness(world):
    incident = world.told()
    with frozen(TEN + 3 * HOUR):
        clock.take_due()
    assert not Incident.objects.get(pk=incident.pk).report_missed


def test_a_close_call_need_not_be_told(world):
    incident = world.graded(injured=0)
    assert incident.grade == "near"
    with frozen(TEN + 3 * HOUR):
        clock.take_due()
        incident = Incident.objects.get(pk=incident.pk)
        assert not incident.report_missed
        with pytest.raises(Refusal, match="险情不用报"):
            incidents.tell(incident, by=world["principal"], authority="应急局")
        incidents.keep_site(incident, by=world["lead"], words="围了", photo=PHOTO)
        incidents.investigate(incident, by=world["director"])
    assert incident.state == S.INVESTIGATING


def test_nobody_investigates_before_the_authority_knows_and_the_site_is_kept(world):
    incident = world.graded()
    with pytest.raises(Refusal) as refused:
        incidents.investigate(incident, by=world["director"])
    assert "先报主管部门" in str(refused.value) and "现场怎样保护" in str(refused.value)


def test_without_the_receipt_it_is_not_closed(world):
    incident = world.done()
    Incident.objects.filter(pk=incident.pk).update(authority_receipt="")
    incident = Incident.objects.get(pk=incident.pk)
    with pytest.raises(Refusal, match="回执号"):
        incidents.verify(incident, by=world["director"], note="看过")
    incidents.note_receipt(incident, by=world["principal"], receipt="应急收2号")
    with pytest.raises(Refusal, match="回执号已经登记"):
        incidents.note_receipt(incident, by=world["principal"], receipt="又一个")


def test_numbers_that_change_are_told_within_thirty_days(world):
    incident = world.told()
    with frozen(TEN + 29 * 24 * HOUR):
        incidents.supplement(incident, by=world["manager"], deaths=3, injured=0, slight=0, loss=0, note="医院通知")
    assert incident.grade == "larger" and told(world, "district", "较大事故")
    with pytest.raises(Refusal, match="不能改成险情"):
        incidents.supplement(incident, by=world["manager"], deaths=0, injured=0, slight=0, loss=0)
    with frozen(TEN + 31 * 24 * HOUR), pytest.raises(Refusal, match="补报期到 2026-12-16"):
        incidents.supplement(incident, by=world["manager"], deaths=4, injured=0, slight=0, loss=0)


@pytest.mark.parametrize(("deaths", "injured", "liable", "variant"), [
    (1, 0, True, "fatal"), (3, 0, True, "major"), (0, 10, True, "major"), (0, 1, True, ""), (1, 0, False, ""),
])  # fmt: skip
def test_only_the_authoritys_finding_bars_a_star_and_only_where_the_catalogue_says(
    world, deaths, injured, liable, variant
):
    incident = world.told(deaths=deaths, injured=injured)
    assert not Fact.objects.filter(kind__startswith="safety.accident_liable").exists()
    with pytest.raises(Refusal, match="区县、市级主管部门"):
        incidents.judge(incident, by=world["principal"], liable=liable, number="批复1号", paper=PDF)
    incidents.judge(incident, by=world["district"], liable=liable, number="批复1号", paper=PDF)
    found = [
        (one.kind, one.occurred_on, one.valid_until, one.trust)
        for one in Fact.objects.filter(kind__startswith="safety.accident_liable")
    ]
    assert found == (
        [(f"safety.accident_liable.{variant}", DAY(2026, 11, 16), DAY(2028, 11, 16), Trust.of("authority_document"))]
        if variant
        else []
    )
    with pytest.raises(Refusal, match="责任已经认定"):
        incidents.judge(incident, by=world["district"], liable=True, number="批复2号", paper=PDF)


def test_an_incident_is_never_deleted(world):
    incident = world.reported()
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk)._raw_delete("default")
    assert Incident.objects.filter(pk=incident.pk).exists()


def test_what_cannot_have_happened_is_refused(world):
    for moment in (TEN + MINUTE, TEN - 4000 * 24 * HOUR):
        with pytest.raises(ValidationError):
            world.reported(happened_at=moment)
    with pytest.raises(Refusal):
        incidents.report(world.project, by=world["owner"], kind="fall", place="屋面", words="看到", happened_at=TEN)


def test_the_ladder_of_what_was_to_be_mended(world):
    incident = world.mending()
    moment = end_of(incident.due_on) - HOUR
    while moment < end_of(DAY(2026, 12, 24)):
        with frozen(moment):
            clock.take_due()
        moment += 12 * HOUR
    for name in ("manager", "principal", "street", "district"):
        assert told(world, name, "整改到位"), name
    assert told(world, "director", "修订责任清单")


def test_whom_it_hurt_is_sealed_masked_and_read_for_a_reason(world, browser):
    incident = world.graded()
    incidents.add_injured(incident, by=world["manager"], name="孙样四", phone="13900002222", hurt="serious")
    with pytest.raises(Refusal, match="已经登记过"):
        incidents.add_injured(incident, by=world["manager"], name="孙样四", phone="13900002222", hurt="slight")
    person = incident.people.get().person
    page, look = f"/safety/incidents/{incident.pk}/", reverse("looks:person", args=[person.pk])
    for name in ("manager", "director", "principal", "admin", "district", "city"):
        text = browser(name).get(page).content.decode()
        assert "孙**" in text and "孙样四" not in text, name
    for name in ("electrician", "street", "community", "office"):
        text = browser(name).get(page).content.decode()
        assert "孙" not in text, name
    assert browser("street").get(look).status_code == 404
    shown = browser("district").post(look, {"fields_wanted": ["name"], "reason": "事故调查"})
    assert "孙样四" in shown.content.decode() and Look.objects.filter(reason="事故调查").count() == 1


def test_the_pages(world, browser, enter):
    electrician = browser("electrician")
    form = "/safety/incidents/new/"
    given = {
        "project": world.project.pk,
        "kind": "fall",
        "place": "3 栋",
        "words": "滑倒",
        "happened_at": "2026-11-16T09:40",
    }
    assert electrician.post(form, given | {"place": ""}).status_code == 422
    page = electrician.post(form, given).headers["Location"]
    incident = Incident.objects.get()
    assert page == f"/safety/incidents/{incident.pk}/"
    assert browser("owner").get(form).status_code == 404 and browser("street").get(form).status_code == 404
    manager = browser("manager")
    assert (
        manager.post(page + "grade/", {"deaths": "0", "injured": "1", "slight": "0", "loss": "1200.5"}).status_code
        == 302
    )
    incident.refresh_from_db()
    assert incident.loss == 120_050 and "1,200.50" in manager.get(page).content.decode()
    assert manager.post(page + "tell/", {"authority": "应急局", "text": "送医"}).status_code == 302
    photo = SimpleUploadedFile("批.jpg", picture("blue"), content_type="image/jpeg")
    judged = browser("district").post(page + "judge/", {"liable": "no", "number": "批1", "paper": photo})
    assert judged.status_code == 302 and Incident.objects.get().judged == "free"
    hurt = page + "hurt/"
    assert manager.post(hurt, {"name": "孙样四", "phone": "13900002222", "hurt": "slight"}).status_code == 302
    assert browser("street").get(hurt).status_code == 404
    assert enter("外人", "gov_street", place="510403001").get(page).status_code == 404


def test_what_is_to_be_mended_has_a_day_and_somebody_of_the_project(world):
    incident = world.investigating()
    given = {"by": world["director"], "cause": "没交底", "measures": "重做"}
    with pytest.raises(ValidationError, match="今天或以后"):
        incidents.decide(incident, mender=world.people["electrician"], due_on=DAY(2026, 11, 15), **given)
    with pytest.raises(ValidationError, match="有岗位"):
        incidents.decide(incident, mender=world.people["owner"], due_on=DAY(2026, 11, 18), **given)


def test_a_close_call_that_turns_out_otherwise_is_another_incident(world):
    incident = world.graded(injured=0)
    incidents.keep_site(incident, by=world["lead"], words="围了", photo=PHOTO)
    incidents.investigate(incident, by=world["director"])
    with pytest.raises(Refusal, match="另上报一件事故"):
        incidents.supplement(incident, by=world["manager"], deaths=0, injured=1, slight=0, loss=0)
    incidents.supplement(incident, by=world["manager"], deaths=0, injured=0, slight=0, loss=0, note="核对过")
    incidents.decide(incident, by=world["director"], cause="没绑牢", measures="绑牢", mender=world.people["electrician"],
                     due_on=DAY(2026, 11, 18))  # fmt: skip
    incidents.done(incident, by=world["electrician"], words="绑好", photo=PHOTO)
    incidents.verify(incident, by=world["director"], note="看过")
    assert incident.state == S.CLOSED, "no receipt and no new list are asked for a close call"
    with pytest.raises(Refusal, match="已经结案"):
        incidents.add_injured(incident, by=world["manager"], name="孙样四", phone="13900002222", hurt="slight")


def test_the_site_is_shown_by_a_photo(world):
    incident = world.reported(photos=[PHOTO])
    with pytest.raises(Problem, match="只收照片"):
        incidents.keep_site(incident, by=world["lead"], words="围了", photo=("图.pdf", b"%PDF-1.4\n%%EOF\n"))
    assert incidents.leave_untold(world.told(place="别处")) is None, "what was told meanwhile is not late"


# Events.


def test_an_event_makes_its_duties_due_at_once_and_once(world):
    with frozen(DAY(2026, 10, 11)):
        factories.in_force(world.project)
    made = occurrences.declare(world.project, by=world["manager"], event="weather_warning", words="暴雨橙色预警")
    rows = Instance.objects.filter(project=world.project, duty__event="weather_warning")
    assert made.duties == rows.count() > 1
    terms = {row.duty.code: row.closes_at - row.opens_at for row in rows.select_related("duty")}
    assert terms["PM-09"] == HOUR and terms["SECURITY-09"] == 24 * HOUR, "each within its own term"
    assert {row.opens_at for row in rows} == {TEN}
    with frozen(TEN + HOUR):
        again = occurrences.declare(world.project, by=world["street"], event="weather_warning", words="又一次")
    assert again == made and rows.count() == made.duties
    with frozen(TEN + 24 * HOUR):
        tomorrow = occurrences.declare(world.project, by=world["street"], event="weather_warning", words="次日")
    assert tomorrow.duties == made.duties and Occurrence.objects.count() == 2
    assert Fact.objects.filter(kind="safety.occurred").count() == 2


def test_without_a_list_an_event_is_still_on_record(world):
    assert occurrences.declare(world.project, by=world["director"], event="emergency", words="地震").duties == 0


@pytest.mark.parametrize(("name", "may"), [
    ("manager", True), ("admin", True), ("director", True), ("community", True), ("street", True), ("district", True),
    ("city", False), ("electrician", False), ("owner", False), ("visitor", False),
])  # fmt: skip
def test_who_declares_an_event(world, name, may):
    if may:
        assert occurrences.declare(world.project, by=world[name], event="thunder").pk
    else:
        with pytest.raises(Refusal):
            occurrences.declare(world.project, by=world[name], event="thunder")


def test_an_incident_declares_itself(world):
    world.reported()
    assert Occurrence.objects.get().event == "accident"


def test_declaring_on_the_page(world, browser):
    with frozen(DAY(2026, 10, 11)):
        factories.in_force(world.project)
    page = f"/safety/projects/{world.project.pk}/events/new/"
    answer = browser("street").post(page, {"event": "weather_warning", "words": "暴雨"}, follow=True)
    assert "接到气象、防汛预警后布置到岗并回传" in answer.content.decode()
    assert "气象、防汛预警" in browser("manager").get("/safety/events/").content.decode()


# The seven duties.


def verdicts(world):
    return {one.number: str(one.verdict) for one in seven.lines(world.project.company, DAY(2026, 11, 16))}


def test_the_seven_duties_are_reckoned_from_records(world, browser):
    assert verdicts(world) == {
        1: "wanting",
        2: "unknown",
        3: "unknown",
        4: "unknown",
        5: "wanting",
        6: "wanting",
        7: "met",
    }
    factories.risk_point(world.project)
    drill = world.evaluated()
    drills.close(drill, by=world["director"])
    world.reported()
    with frozen(TEN + 2 * HOUR):
        clock.take_due()
    assert verdicts(world) == {1: "wanting", 2: "unknown", 3: "unknown", 4: "unknown", 5: "met", 6: "met", 7: "wanting"}
    for kind, n in (("training.staff_required", "12"), ("training.staff_compliant", "11")):
        announce(kind, world.project.key, quantity=n, occurred_on=DAY(2026, 11, 2), source=f"test/{kind}", by="test")
    training = seven.lines(world.project.company, DAY(2026, 11, 16))[2]
    assert training.verdict == "wanting" and "应训 12 人，学时达标 11 人" in training.evidence
    page = f"/safety/principal/{world.project.company_id}/"
    for name in ("admin", "principal", "director", "office"):
        assert "七项中 2 项" in browser(name).get(page).content.decode(), name
    for name in ("electrician", "owner", "manager", "district"):
        assert browser(name).get(page).status_code == 404, name
    assert browser("principal").get("/safety/principal/").headers["Location"] == page
    assert browser("manager").get("/safety/principal/").status_code == 404


def test_the_days_figures_stand_on_the_projects_page(world, browser):
    world.applied("height")
    world.reported()
    text = browser("manager").get(f"/safety/projects/{world.project.pk}/").content.decode()
    for words in ("今天的作业票", "该做的演练", "未结案的事故险情", "申请作业票", "上报事故险情", "宣布突发事"):
        assert words in text


@pytest.mark.parametrize("state", [S.REPORTED, S.GRADED])
def test_who_may_take_several_steps_is_named_once(state):
    names = stations.turn(INCIDENT, state).split("、")
    assert "安全总监" in names and len(names) == len(set(names))
