"""Every step, in every state, by every person; and what each step asks for and does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import outbox
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document, Void
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import inspections
from wuxie.rooms.inspections.actions import cases
from wuxie.rooms.inspections.models import Inspection
from wuxie.rooms.inspections.workflow import INSPECTION, NOTICE
from wuxie.rooms.safety.actions.library import publish_shipped
from wuxie.rooms.safety.models import Hazard

from .factories import AGENCY, DAY, PDF, duty

pytestmark = pytest.mark.django_db
KEEPERS, DIRECTOR, CLOCK = {"manager", "admin"}, {"director"}, {"clock"}
PEOPLE = (
    "admin", "contact", "manager", "director", "principal", "community", "street", "district", "city", "office", "owner", "visitor", "clock",
)  # fmt: skip
#: step → (from, to, who).
STEPS = {
    "remind": ("due", "reminded", CLOCK),
    "book": ("due reminded overdue", "booked", KEEPERS),
    "inspect": ("due reminded booked overdue", "inspected", KEEPERS),
    "pass": ("inspected rectified", "passed", KEEPERS),
    "fail": ("inspected rectified", "failed", KEEPERS),
    "rectify": ("failed", "rectified", KEEPERS),
    "exempt": ("due reminded booked overdue", "withdrawn", DIRECTOR),
    "expire": ("due reminded booked", "overdue", CLOCK),
    "withdraw": ("due reminded booked overdue inspected failed rectified", "withdrawn", CLOCK),
}
TODAY = DAY(2027, 5, 10)
S = Inspection.State


@pytest.fixture
def case(world):
    return world.opened(world.lift())


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(INSPECTION.steps)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_who_may_take_a_step_in_which_state(world, case, name):
    source, target, who = STEPS[name]
    people = {one: THE_CLOCK if one == "clock" else world[one] for one in PEOPLE}
    Inspection.objects.filter(pk=case.pk).update(report_number="R", inspected_on=TODAY)
    for state in S.values:
        Inspection.objects.filter(pk=case.pk).update(state=state)
        found = Inspection.objects.select_related("project", "obligation", "asset").get(pk=case.pk)
        for person, actor in people.items():
            with transaction.atomic():
                try:
                    engine.check(INSPECTION, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                transaction.set_rollback(True)
            assert got == (state in source.split() and person in who), (name, state, person)
    assert INSPECTION.steps[name].target == target


def test_without_a_director_the_administrator_acts_for_them(world, case):
    from wuxie.kernel.parties.models import Appointment

    Appointment.objects.filter(role="safety_director").delete()
    assert INSPECTION.steps["exempt"].by.test(world["admin"], case)


def test_booking_writes_the_order_and_asks_for_the_licence(world, case):
    given = {"agency": "川检中心", "price": 80000, "visit_on": DAY(2027, 6, 1)}
    with pytest.raises(Refusal, match="资质证号"):
        cases.book(case, by=world["manager"], licence=" ", **given)
    with pytest.raises(Refusal, match="已经过了"):
        cases.book(case, by=world["manager"], licence="TS1", **(given | {"visit_on": DAY(2027, 5, 9)}))
    cases.book(case, by=world["manager"], licence="TS1", **given)
    paper = Document.objects.get(case=INSPECTION.key(case))
    assert case.state == S.BOOKED and paper.label == "检验检测委托单" and paper.values["fields"]["price"] == "800 元"


def test_passing_asks_for_report_and_number_and_moves_on_by_the_due_month(world, case):
    with pytest.raises(Refusal, match="晚于今天"):
        world.inspected(case, DAY(2027, 5, 11))
    world.inspected(case, DAY(2027, 5, 8))
    with pytest.raises(Refusal, match="报告编号"):
        cases.passed(case, by=world["manager"], report_number=" ", file=PDF)
    cases.passed(case, by=world["manager"], report_number="川检-9", file=PDF)
    row = duty(case.asset)
    assert case.state == S.PASSED and row.due_on == DAY(2029, 6, 30), (
        "years 7 and 9 of the base, not two years from the visit"
    )
    assert row.last_on == DAY(2027, 5, 8) and case.asset.last_on == DAY(2027, 5, 8)


def test_one_report_is_for_one_lift(world, case):
    world.passed(case, DAY(2027, 5, 8), "川检-9")
    other = world.opened(world.lift())
    world.inspected(other, DAY(2027, 5, 8))
    with pytest.raises(Refusal, match="一份报告只对一台设备"):
        cases.passed(other, by=world["manager"], report_number="川检-9", file=PDF)


def test_failing_stops_the_lift_and_opens_one_hazard_however_often_it_is_told(world, case):
    publish_shipped()
    world.inspected(case, DAY(2027, 5, 8))
    with pytest.raises(Refusal, match="哪里不合格"):
        cases.failed(case, by=world["manager"], failure="")
    cases.failed(case, by=world["manager"], failure="层门锁紧装置失效", report_number="川检-10", file=PDF)
    outbox.drain_all()
    case.asset.refresh_from_db()
    assert case.state == S.FAILED and case.asset.stopped_on == TODAY
    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.code, hazard.is_major) == ("inspection", "HZ-L02", True)
    assert "层门锁紧装置失效" in hazard.words and case.asset.code in hazard.place
    from wuxie.rooms.safety.actions.reporting import follow_fact

    assert follow_fact(Fact.objects.get(kind="inspection.failed")).pk == hazard.pk and Hazard.objects.count() == 1


def test_what_failed_and_its_hazard_lead_to_each_other_and_say_how_the_other_stands(world, case, enter):
    publish_shipped()
    world.inspected(case, DAY(2027, 5, 8))
    cases.failed(case, by=world["manager"], failure="层门锁紧装置失效")
    outbox.drain_all()
    outbox.drain_all()
    hazard, manager = Hazard.objects.get(), enter(person=world.people["manager"])
    told = [event.data["elsewhere"] for event in engine.history(INSPECTION, case) if "elsewhere" in event.data]
    assert told == [f"hazard:{hazard.pk}"], "once, however often the outbox runs"
    page = manager.get(case.get_absolute_url()).content.decode()
    assert "由它立的隐患" in page and f'href="{hazard.get_absolute_url()}"' in page and "已发现" in page
    page = manager.get(hazard.get_absolute_url()).content.decode()
    assert f'href="{case.get_absolute_url()}"' in page and "不合格，整改中" in page


def test_a_notice_on_the_door_is_void_once_the_lift_has_passed(world, case):
    world.inspected(case, DAY(2027, 5, 8))
    cases.failed(case, by=world["manager"], failure="制动器卡阻")
    notice = Document.objects.get(case=INSPECTION.key(case), label=NOTICE)
    assert not Void.objects.filter(document=notice).exists()
    cases.rectify(case, by=world["manager"], remedy="换制动器")
    cases.passed(case, by=world["manager"], report_number="川检-12", file=PDF, inspected_on=TODAY)
    assert Void.objects.get(document=notice).voided_on == TODAY
    released = Message.objects.filter(title__contains="恢复使用")
    assert {row.person_key for row in released} >= {world["manager"].key, world["director"].key, world["principal"].key}


def test_mended_and_looked_at_again_it_is_used_again(world, case):
    world.inspected(case, DAY(2027, 5, 8))
    cases.failed(case, by=world["manager"], failure="制动器卡阻")
    with pytest.raises(Refusal):
        cases.passed(case, by=world["manager"], report_number="R", file=PDF)
    cases.rectify(case, by=world["manager"], remedy="换制动器")
    cases.failed(case, by=world["manager"], failure="还卡", inspected_on=DAY(2027, 5, 9))
    cases.rectify(case, by=world["manager"], remedy="再换")
    cases.passed(case, by=world["manager"], report_number="川检-11", file=PDF, inspected_on=TODAY)
    case.asset.refresh_from_db()
    assert case.state == S.PASSED and case.asset.stopped_on is None
    assert Fact.objects.filter(kind="inspection.asset_released").count() == 1


def test_a_retest_has_a_day_of_its_own_and_none_before_the_failure(world, case):
    world.inspected(case, DAY(2027, 5, 8))
    cases.failed(case, by=world["manager"], failure="制动器卡阻")
    cases.rectify(case, by=world["manager"], remedy="换制动器")

    for day in (None, DAY(2027, 5, 7), DAY(2027, 5, 11)):
        with pytest.raises(Refusal, match="复检日"):
            cases.passed(case, by=world["manager"], report_number="川检-11", file=PDF, inspected_on=day)
        with pytest.raises(Refusal, match="复检日"):
            cases.failed(case, by=world["manager"], failure="还卡", inspected_on=day)
    case.refresh_from_db()
    assert (case.state, case.inspected_on, case.report_number) == (S.RECTIFIED, DAY(2027, 5, 8), "")

    cases.passed(case, by=world["manager"], report_number="川检-11", file=PDF, inspected_on=DAY(2027, 5, 9))
    case.asset.refresh_from_db()
    days = {
        event.step: event.data["inspected_on"]
        for event in Event.objects.filter(workflow="inspection", case_pk=case.pk)
        if event.step in ("inspect", "pass")
    }
    assert days == {"inspect": "2027-05-08", "pass": "2027-05-09"}
    assert case.inspected_on == case.asset.last_on == DAY(2027, 5, 9)


def test_what_the_company_does_itself_needs_no_agency(world):
    from wuxie.rooms.inspections.actions import obligations
    from wuxie.rooms.inspections.models import Obligation
    from wuxie.rooms.safety.actions.lists import keep_profile

    keep_profile(world.project, by=world["admin"], equipment={"sump": 1})
    obligations.refresh([world.project])
    row = Obligation.objects.select_related("project__estate", "project__company", "asset").get(item="IN-47")
    case = cases.open_now(row, by=world["manager"])
    cases.inspect(case, by=world["manager"], inspected_on=TODAY)
    assert case.agency == world.project.company.name
    cases.passed(case, by=world["manager"], report_number="自查-1", file=PDF)
    row.refresh_from_db()
    assert row.due_on == DAY(2028, 5, 10) and not Fact.objects.filter(kind="inspection.valid").exists(), (
        "no law asks for it"
    )


def test_each_step_leaves_its_event(world, case):
    cases.book(case, by=world["manager"], price=None, visit_on=DAY(2027, 5, 20), **AGENCY)
    world.passed(case, DAY(2027, 5, 10))
    steps = (
        Event.objects.filter(workflow="inspection", case_pk=case.pk).order_by("at", "id").values_list("step", flat=True)
    )
    assert sorted(steps) == ["book", "inspect", "open", "pass"]


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(inspections.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert f"{BEGIN.format(name=INSPECTION.name)}\n{mermaid(INSPECTION)}\n{END}" in text
