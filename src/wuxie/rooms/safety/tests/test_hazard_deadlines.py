"""What time does to a hazard by itself: reminders up the ladder, the upgrade, the report that nobody made."""

from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.clock.now import end_of, frozen
from wuxie.kernel.facts.models import Fact, Standing
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.rooms.safety.actions import hazards
from wuxie.rooms.safety.models import Hazard

from .hazards import AFTER, DAY, PHOTO, TEN, told

pytestmark = pytest.mark.django_db
S = Hazard.State
#: A Monday, ten in the morning.
HOUR, MINUTE, DAYS = (datetime.timedelta(**{unit: 1}) for unit in ("hours", "minutes", "days"))
MONDAY = DAY(2026, 11, 16)


def due(hazard, name):
    return DeadlineRow.objects.filter(
        workflow="hazard", case_pk=hazard.pk, name=name, state__in=["open", "overdue"]
    ).first()


def pass_by(moment):
    with frozen(moment):
        clock.take_due()


def run(first, last):
    """The clock comes by each hour of some days."""
    moment = first
    while moment <= last:
        pass_by(moment)
        moment += HOUR


def facts_of(kind):
    return Fact.objects.filter(kind=f"safety.{kind}").count()


def test_nobody_named_within_the_hour_is_told_to_the_safety_director(world):
    hazard = world.found()
    assert due(hazard, "assign").due_at == TEN + HOUR
    pass_by(TEN + HOUR - MINUTE)
    assert due(hazard, "assign").state == "open"
    pass_by(TEN + HOUR + MINUTE)
    pass_by(TEN + HOUR + 2 * MINUTE)
    assert due(hazard, "assign").state == "overdue"
    assert (
        told(world, "manager", "已逾期：派单")
        and told(world, "director", "派单")
        and not told(world, "principal", "逾期")
    )
    with frozen(TEN + 2 * HOUR):
        hazards.assign(hazard, by=world["manager"], fixer=world.people["electrician"])
    assert due(hazard, "assign") is None


@pytest.mark.parametrize("code,hours", [("HZ-E01", 2), ("HZ-F08", 2), ("HZ-L01", 2)])
def test_not_made_safe_in_time_is_told_to_the_principal_at_once(world, code, hours):
    hazard = world.assigned(code)
    assert due(hazard, "control").due_at == TEN + hours * HOUR
    for minute in range(1, 4):
        pass_by(TEN + hours * HOUR + minute * MINUTE)
    assert told(world, "principal", "临时管控") and told(world, "director", "临时管控")


def test_a_general_one_climbs_comes_late_once_and_becomes_a_major_one_after_three_days(world):
    hazard = world.rectifying()
    assert hazard.due_on == MONDAY + DAYS
    run(end_of(hazard.due_on) - HOUR, end_of(hazard.due_on) - MINUTE)
    assert facts_of("hazard_overdue") == 0
    run(end_of(hazard.due_on) + MINUTE, end_of(hazard.due_on + 3 * DAYS) - HOUR)
    hazard.refresh_from_db()
    assert not hazard.is_major and facts_of("hazard_overdue") == 1
    for name in ("lead", "manager", "director", "principal"):
        assert told(world, name, "逾期"), name
    assert not any(told(world, name, "逾期") for name in ("community", "street", "district"))
    run(end_of(hazard.due_on + 3 * DAYS), end_of(hazard.due_on + 3 * DAYS) + HOUR)
    hazard.refresh_from_db()
    assert hazard.is_major and "逾期 3 日" in hazard.why_level and due(hazard, "report") is not None
    run(end_of(hazard.due_on + 4 * DAYS), end_of(hazard.due_on + 12 * DAYS))
    assert told(world, "community", "重大隐患") and all(
        told(world, name, "整改到位") for name in ("street", "district")
    )
    assert facts_of("hazard_overdue") == 1 and facts_of("hazard_upgraded") == 1


def test_mended_late_is_closed_but_not_on_time(world):
    hazard = world.rectifying()
    run(end_of(hazard.due_on), end_of(hazard.due_on) + 2 * HOUR)
    with frozen(end_of(hazard.due_on) + 3 * HOUR):
        hazard.refresh_from_db()
        hazards.fix(hazard, by=world["electrician"], remedy="堵了", photo=AFTER)
        hazards.reject(hazard, by=world["lead"], note="还漏")
        clock.take_due()
        hazard.refresh_from_db()
        hazards.fix(hazard, by=world["electrician"], remedy="再堵", photo=AFTER)
        hazards.verify(hazard, by=world["lead"], note="好了")
    assert hazard.state == S.CLOSED and facts_of("hazard_closed_on_time") == 0 and facts_of("hazard_overdue") == 1


def test_a_major_one_not_reported_in_a_day_is_put_on_record_and_ends_after_it_was_reported(world):
    hazard = world.assigned("HZ-E01")
    hazards.control(hazard, by=world["electrician"], interim="断电", photo=PHOTO)
    assert due(hazard, "report").due_at == TEN + 24 * HOUR
    pass_by(TEN + 24 * HOUR - MINUTE)
    assert facts_of("major_hazard_unreported") == 0
    pass_by(TEN + 24 * HOUR + MINUTE)
    fact = Fact.objects.get(kind="safety.major_hazard_unreported")
    assert fact.trust == Trust.of("association_verified") and fact.valid_until is None, (
        "it bars with an authority's paper only"
    )
    assert all(told(world, name, "没有按时报告") for name in ("principal", "community", "street", "district"))
    with frozen(TEN + 30 * HOUR):
        hazard.refresh_from_db()
        hazards.report_major(hazard, by=world["principal"], authority="应急局", receipt="收1")
    assert Standing.objects.get(pk=fact.pk).superseded_by
    newest = Fact.objects.filter(kind="safety.major_hazard_unreported").order_by("-pk").first()
    assert newest.valid_until == DAY(2027, 5, 17)
    pass_by(TEN + 80 * HOUR)
    assert facts_of("major_hazard_unreported") == 2, "once, and its correction"


def test_reported_in_time_leaves_no_such_fact(world):
    hazard = world.rectifying("HZ-E01")
    run(TEN + 20 * HOUR, TEN + 30 * HOUR)
    assert facts_of("major_hazard_unreported") == 0 and due(hazard, "report") is None


def test_not_checked_in_two_working_days_is_told_to_the_safety_director(world):
    hazard = world.fixed()
    assert due(hazard, "verify").due_on == MONDAY + 2 * DAYS
    run(end_of(MONDAY + 2 * DAYS), end_of(MONDAY + 2 * DAYS) + 2 * HOUR)
    assert told(world, "director", "复核")


def test_a_last_day_off_moves_to_the_next_working_day(world):
    with frozen(MONDAY + 4 * DAYS):  # a Friday
        assert world.found().due_on == MONDAY + 7 * DAYS
