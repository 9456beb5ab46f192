"""What the night makes of the day: numbers on record once, missed ones marked, and who hears of what nobody did."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db.models import Q

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.safety import queries
from wuxie.rooms.safety.actions.ladder import climb
from wuxie.rooms.safety.actions.night import catch_up
from wuxie.rooms.safety.actions.waivers import waive
from wuxie.rooms.safety.models import Instance, Night

from . import factories as make
from .phones import DAY, HOUR, MINUTE, MONDAY, at, entry, instance, on_duty, picture, send, started

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + DAY


@pytest.fixture
def project() -> Project:
    return started()


@pytest.fixture
def electrician(project: Project) -> Holding:
    return on_duty(project, "ELECTRICIAN")


def night(day: datetime.date) -> None:
    with frozen(at(0, 5, day)):
        catch_up()


def counted(kind: str) -> list[tuple[datetime.date, str]]:
    return sorted((fact.occurred_on, fact.amount) for fact in Fact.objects.filter(kind=kind))


def due_on(day: datetime.date) -> int:
    return queries.ended_on(day).exclude(Q(state="withdrawn") | Q(state="waived")).count()


def test_what_was_due_and_what_was_done_in_time_goes_on_record_by_project_and_day(
    project: Project, electrician: Holding
) -> None:
    send(entry(instance("ELECTRICIAN-02", shift=1), at(9)), electrician, at(9))
    late, photo = instance("ELECTRICIAN-01", shift=1), [picture(1)]
    send(entry(late, at(20, 30)), electrician, at(20, 30))
    used = instance("ELECTRICIAN-03")
    send(entry(used, at(10), photo), electrician, at(10), photo)
    due = due_on(MONDAY)
    night(TUESDAY)
    assert counted("safety.duty_due") == [(MONDAY, str(due))]
    assert counted("safety.duty_on_time") == [(MONDAY, "2")]


def test_the_same_night_again_counts_nothing_twice(project: Project, electrician: Holding) -> None:
    send(entry(instance("ELECTRICIAN-02", shift=1), at(9)), electrician, at(9))
    night(TUESDAY)
    night(TUESDAY)
    assert [amount for _day, amount in counted("safety.duty_on_time")] == ["1"]
    assert Night.objects.count() == 2


def test_what_a_phone_sends_days_later_counts_once_for_the_day_it_was_due(
    project: Project, electrician: Holding
) -> None:
    due = instance("ELECTRICIAN-02", shift=1)
    item = entry(due, at(9))
    for step in range(1, 4):
        night(MONDAY + step * DAY)
    assert Instance.objects.get(pk=due.pk).state == "missed"
    assert counted("safety.duty_on_time") == []
    for _time in range(2):
        send(item | {"account": electrician.person.key}, electrician, at(9, day=MONDAY + 3 * DAY))
    assert Instance.objects.get(pk=due.pk).state == "done"
    for step in range(4, 6):
        night(MONDAY + step * DAY)
    assert counted("safety.duty_on_time") == [(MONDAY, "1")]


def test_evidence_that_is_not_believed_does_not_count(project: Project, electrician: Holding) -> None:
    old = [picture(1, taken=at(9) - DAY)]
    send(entry(instance("ELECTRICIAN-03"), at(9), old), electrician, at(9), old)
    night(TUESDAY)
    assert counted("safety.duty_on_time") == []


def test_a_waived_duty_is_not_due(project: Project) -> None:
    before = due_on(MONDAY)
    with frozen(at(9)):
        waive(instance("ELECTRICIAN-03"), by=make.keeper(project), reason="停电检修")
    night(TUESDAY)
    assert counted("safety.duty_due") == [(MONDAY, str(before - 1))]


def test_a_duty_is_missed_when_it_cannot_even_be_done_late(project: Project) -> None:
    due = instance("ELECTRICIAN-02", shift=1)
    night(TUESDAY)
    assert Instance.objects.get(pk=due.pk).state == "scheduled"
    night(TUESDAY + DAY)
    assert Instance.objects.get(pk=due.pk).state == "missed"


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person_key=person.key).order_by("pk").values_list("title", flat=True))


def test_the_ladder_is_climbed_rung_by_rung_and_each_is_told_once(project: Project, someone: Any) -> None:
    boss = on_duty(project, "ENG_LEAD", "工样主", "13900000091").person
    manager = someone("经理", "project_manager", subject=project.key)
    director = someone("总监", "safety_director", organisation=project.company)
    company = someone("管理员", "company_admin", organisation=project.company)
    keep = instance("ELECTRICIAN-02", shift=1)
    Instance.objects.exclude(pk=keep.pk).update(state="done")
    heard = []
    for moment in (
        keep.closes_at + 2 * HOUR - MINUTE,
        keep.closes_at + 2 * HOUR,
        keep.closes_at + DAY,
        keep.closes_at + 3 * DAY,
    ):
        with frozen(moment):
            climb()
            climb()
        heard.append((len(told(boss)), len(told(manager)), len(told(director))))
    assert heard == [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)]
    assert "超时 2 小时" in told(boss)[0] and "超时 72 小时" in told(director)[0]
    assert "10-12 20:00 前要做的：" in Message.objects.get(person_key=boss.key).body, "which shift it was"
    assert told(company) == []


def test_a_duty_that_was_done_is_nobodys_worry(project: Project, electrician: Holding, someone: Any) -> None:
    manager = someone("经理", "project_manager", subject=project.key)
    keep = instance("ELECTRICIAN-02", shift=1)
    Instance.objects.exclude(pk=keep.pk).update(state="done")
    send(entry(keep, at(9)), electrician, at(9))
    with frozen(keep.closes_at + DAY):
        assert climb() == 0
    assert told(manager) == []


def test_three_misses_of_a_post_within_thirty_days_reach_the_principal_once(project: Project, someone: Any) -> None:
    company = someone("管理员", "company_admin", organisation=project.company)  # acts while no principal is appointed
    Instance.objects.exclude(duty__code="ELECTRICIAN-02").update(state="done")
    for step in range(1, 5):
        night(MONDAY + step * DAY)
        Instance.objects.filter(state="scheduled").exclude(duty__code="ELECTRICIAN-02").update(state="done")
    about = [title for title in told(company) if "30 天里" in title]
    assert len(about) == 1 and "电工" in about[0]
