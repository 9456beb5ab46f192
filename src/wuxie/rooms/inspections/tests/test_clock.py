"""What time does by itself: opens, reminds, lets the day pass, climbs the ladder, once."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import SHANGHAI, end_of, frozen
from wuxie.kernel.facts.models import Fact, Standing
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow, Event, Turn
from wuxie.rooms.inspections.actions import cases, night
from wuxie.rooms.inspections.models import Inspection, Night

from .factories import DAY, World, duty
from .test_assets import level

pytestmark = pytest.mark.django_db
S = Inspection.State
ONE, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
#: The last day of the month in which the lift of these tests is due.
DUE = DAY(2027, 6, 30)


@pytest.fixture
def world(city):
    with frozen(DAY(2026, 11, 16)):
        made = World()
        made.asset = made.lift()
    return made


def at(day, hour=10):
    return frozen(datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))


def pass_by(day, hour=10):
    """A night and the clock of some hours of a day."""
    with at(day, hour):
        night.run()
        for _again in range(4):
            clock.take_due()


def told(world, name, words):
    return Message.objects.filter(person_key=world.people[name].key, title__contains=words).count()


def the_case(world):
    return Inspection.objects.get(obligation=duty(world.asset))


def test_a_case_opens_at_the_lead_time_and_not_a_day_before(world):
    pass_by(DUE - 61 * ONE)
    assert not Inspection.objects.exists()
    pass_by(DUE - 60 * ONE)
    case = the_case(world)
    assert (case.state, case.due_on) == (S.DUE, DUE)
    assert Event.objects.filter(workflow="inspection", case_pk=case.pk, step="open").count() == 1
    assert {row.name for row in DeadlineRow.objects.filter(workflow="inspection", case_pk=case.pk)} == {
        "request",
        "expiry",
    }
    assert Turn.objects.filter(workflow="inspection", case_pk=case.pk, role="project_manager").count() == 2
    pass_by(DUE - 60 * ONE)
    pass_by(DUE - 59 * ONE)
    assert Inspection.objects.count() == 1


def test_missed_nights_are_made_good_once(world):
    pass_by(DUE - 70 * ONE)
    pass_by(DUE - 20 * ONE)
    assert Inspection.objects.count() == 1 and Night.objects.count() == 2
    with frozen(DUE - 20 * ONE):
        assert night.run() is None


def test_a_lift_has_to_be_asked_for_a_month_before_and_the_director_hears_of_it(world):
    pass_by(DUE - 60 * ONE)
    row = DeadlineRow.objects.get(workflow="inspection", name="request")
    assert row.due_on == DAY(2027, 5, 30) and "40条" in row.basis
    pass_by(DAY(2027, 5, 30), 23)
    assert the_case(world).state == S.DUE
    pass_by(DAY(2027, 5, 31))
    assert the_case(world).state == S.REMINDED
    assert told(world, "director", "还没有预约") == 1 and told(world, "manager", "还没有预约") == 1


def test_reminders_climb_down_the_days_of_the_ladder(world):
    pass_by(DUE - 60 * ONE)
    for days in (30, 15, 7, 0):
        before = told(world, "manager", "将到期：应检日")
        pass_by(DUE - days * ONE)
        assert told(world, "manager", "将到期：应检日") == before + 1, days


def test_an_overdue_lift_stops_at_once_with_a_notice_and_climbs_to_the_principal(world):
    pass_by(DUE - 60 * ONE)
    pass_by(DUE, 23)
    world.asset.refresh_from_db()
    assert world.asset.stopped_on is None
    with frozen(end_of(DUE) + HOUR):
        for _again in range(4):
            clock.take_due()
    case = the_case(world)
    world.asset.refresh_from_db()
    assert case.state == S.OVERDUE and case.overdue_on == DUE + ONE and world.asset.stopped_on == DUE + ONE
    notice = Document.objects.get(case=f"inspection:{case.pk}")
    assert notice.label == "停止使用告示" and world.asset.code in str(notice.values["fields"])
    assert all(told(world, name, "停止使用") == 1 for name in ("manager", "director", "principal"))
    fact = Fact.objects.get(kind="inspection.overdue.special_equipment")
    assert fact.subject == world.project.key and fact.occurred_on == DUE + ONE and fact.valid_until is None
    pass_by(DUE + 10 * ONE)
    assert told(world, "director", "逾期 1 个工作日") == 1 and told(world, "principal", "逾期 3 个工作日") == 1
    assert Fact.objects.filter(kind__startswith="inspection.overdue").count() == 1


def test_booked_too_late_is_still_overdue_until_it_passes_and_counts_for_six_months_more(world):
    pass_by(DUE - 60 * ONE)
    pass_by(DUE + ONE)
    with frozen(DUE + 3 * ONE):
        case = the_case(world)
        cases.book(case, by=world["manager"], agency="川检", licence="TS1", price=60000, visit_on=DUE + 5 * ONE)
        assert level(world, "inspection.overdue") == 1
    with frozen(DUE + 6 * ONE):
        world.passed(the_case(world), DUE + 5 * ONE)
        world.asset.refresh_from_db()
        assert world.asset.stopped_on is None and duty(world.asset).due_on == DAY(2029, 6, 30)
        assert level(world, "inspection.valid") == 1
    newest = Fact.objects.exclude(pk__in=Standing.objects.exclude(superseded_by="").values("pk")).get(
        kind="inspection.overdue.special_equipment"
    )
    assert newest.valid_until == DAY(2028, 1, 6)


def test_inspected_in_time_with_the_report_still_on_its_way_is_not_overdue(world):
    pass_by(DUE - 60 * ONE)
    with frozen(DUE - 2 * ONE):
        world.inspected(the_case(world), DUE - 2 * ONE)
    pass_by(DUE + 2 * ONE)
    world.asset.refresh_from_db()
    assert the_case(world).state == S.INSPECTED and world.asset.stopped_on is None
    assert not Fact.objects.filter(kind__startswith="inspection.overdue").exists()


def test_a_failure_not_mended_in_thirty_days_reaches_the_principal(world):
    pass_by(DUE - 60 * ONE)
    with frozen(DUE - 50 * ONE):
        world.inspected(the_case(world), DUE - 50 * ONE)
        cases.failed(the_case(world), by=world["manager"], failure="钢丝绳断丝")
    for day in range(0, 8):
        pass_by(DUE - 20 * ONE + day * ONE)
    assert told(world, "director", "整改") and told(world, "principal", "整改")


def test_a_thousand_cases_open_by_as_many_statements_as_ten(world):
    def opened(count):
        with frozen(DAY(2027, 5, 15)):
            for _n in range(count):
                world.lift()
            with CaptureQueriesContext(connection) as found:
                made = night.open_due(DAY(2027, 5, 15))
        return made, len(found)

    few, many = opened(3), opened(30)
    assert few[0] == 4 and many[0] == 30 and many[1] <= few[1] + 3, "rows go in by batches"
