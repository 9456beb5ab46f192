"""Every night the duties of the day are laid down, once each; a missed night is made good; vacant posts are counted."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen, local
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.places.models import Place
from wuxie.rooms.register.actions.contracts import end_service
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions.lists import keep_profile, put_in_force, tailor
from wuxie.rooms.safety.actions.night import catch_up, lay_down
from wuxie.rooms.safety.models import Instance, Night

from . import factories as make

DAY = datetime.date
ONE = datetime.timedelta(days=1)
MONDAY = make.BEGAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return register.project()


def due(day: DAY, code: str, project: Project | None = None) -> list[tuple[DAY, int]]:
    """Which instances of a duty can be done at noon of a day."""
    rows = Instance.objects.filter(duty__code=code, state="scheduled", day__lte=day, closes_at__date__gte=day)
    rows = rows.filter(project=project) if project else rows
    return sorted(rows.values_list("day", "shift"))


def run(first: DAY, last: DAY) -> None:
    for step in range((last - first).days + 1):
        with frozen(first + ONE * step):
            catch_up()


def test_a_day_has_each_shift_each_daily_duty_and_the_running_periods(project: Project) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY)
    codes = Counter(Instance.objects.values_list("duty__code", flat=True))
    assert [codes[code] for code in ("FCR-01", "ELECTRICIAN-02", "CLEANER-01", "SECURITY-04", "PM-01", "PM-03", "PM-04", "PM-07")] == [
        3, 2, 1, 1, 1, 1, 1, 1,
    ]  # fmt: skip
    assert codes["PM-06"] == 0  # after an event only
    night = Instance.objects.get(duty__code="SECURITY-04")
    assert (local(night.opens_at).hour, local(night.closes_at).hour, night.shift) == (20, 8, 2)
    assert Instance.objects.get(duty__code="PM-04").day == DAY(2026, 10, 1)  # the month is running already


def test_a_second_run_of_the_same_night_adds_nothing(project: Project) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY)
    count = Instance.objects.count()
    assert lay_down(MONDAY) is None
    Night.objects.all().delete()  # even if the row of the night were lost
    with frozen(MONDAY):
        again = lay_down(MONDAY)
    assert again is not None
    assert (again.instances, Instance.objects.count()) == (0, count)


def test_missed_nights_are_made_good_once_each_and_in_order(project: Project) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY)
    with frozen(MONDAY + ONE * 9):
        assert catch_up() == [MONDAY + ONE * n for n in range(1, 10)]
        assert catch_up() == []
    whole = Counter(Instance.objects.values_list("duty__code", flat=True))
    assert (whole["PM-01"], whole["PM-03"], whole["PM-04"], whole["ELECTRICIAN-02"]) == (10, 2, 1, 20)


def test_the_list_of_the_day_counts_for_each_missed_day(project: Project) -> None:
    make.in_force(project)
    with frozen(MONDAY + ONE * 2):
        tailor(project, by=make.keeper(project), posts={}, dropped={"CS-02": "并入前台"})
        second = put_in_force(project, by=make.keeper(project), starts_on=MONDAY + ONE * 3, reason="改")
    with frozen(MONDAY + ONE * 5):
        catch_up()
    assert set(Instance.objects.filter(duty__code="CS-02").values_list("day", flat=True)) == {
        MONDAY + ONE * n for n in range(3)
    }
    assert set(
        Instance.objects.filter(duty__list_post__duty_list=second, duty__code="CS-01").values_list("day", flat=True)
    ) == {MONDAY + ONE * n for n in range(3, 6)}


def test_a_list_that_begins_in_a_month_asks_only_for_what_is_new(project: Project) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY + ONE)
    with frozen(MONDAY + ONE):
        keep_profile(project, by=make.keeper(project), equipment=make.EQUIPMENT | {"charging": 6})
        tailor(project, by=make.keeper(project), posts={}, dropped={"CS-07": "没有空置房"})
        put_in_force(project, by=make.keeper(project), starts_on=MONDAY + ONE * 2, reason="添了充电桩")
    run(MONDAY + ONE * 2, MONDAY + ONE * 2)
    assert Instance.objects.filter(duty__code="PM-04").count() == 1  # asked for already
    assert [str(one.opens_at.date()) for one in Instance.objects.filter(duty__code="ELECTRICIAN-10")] == ["2026-10-13"]
    assert Instance.objects.get(duty__code="CS-07").state == "withdrawn"
    assert due(MONDAY + ONE * 2, "CS-07") == []


def test_a_pool_is_looked_after_in_its_season_only(project: Project) -> None:
    make.prepared(project, pool=1)
    make.outsource(project, "POOL")
    with frozen(DAY(2026, 5, 28)):
        put_in_force(project, by=make.keeper(project), starts_on=DAY(2026, 5, 29), reason="首次编制")
    run(DAY(2026, 5, 29), DAY(2026, 6, 2))
    assert set(Instance.objects.filter(duty__code="POOL-01").values_list("day", flat=True)) == {
        DAY(2026, 6, 1),
        DAY(2026, 6, 2),
    }


def test_nothing_is_due_where_nobody_serves_any_more(project: Project) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY)
    end_service(project, by=make.keeper(project), on=MONDAY)
    run(MONDAY + ONE, MONDAY + ONE)
    assert not Instance.objects.filter(day=MONDAY + ONE).exists()


def test_each_vacant_day_of_a_post_is_a_fact_with_their_number(project: Project) -> None:
    made = make.in_force(project)
    posts = {post.code: post.post for post in made.posts.all()}
    for number, (code, post) in enumerate(posts.items()):
        if code not in ("CS", "MAINT"):
            register.holding(post, f"某{number}", f"137000000{number:02d}", certificate_number="Z", starts_on=MONDAY)
    run(MONDAY, MONDAY + ONE * 3)
    rows = Fact.objects.filter(kind="safety.post_without_holder").order_by("occurred_on")
    assert [(row.subject, row.occurred_on, row.amount) for row in rows] == [
        (project.key, MONDAY + ONE * n, "2") for n in range(3)
    ]


def test_a_holder_reads_what_their_posts_have_to_do_and_a_stranger_nothing(project: Project, someone: Any) -> None:
    made = make.in_force(project)
    cleaner = made.posts.get(code="CLEANER")
    person = register.holding(cleaner.post, "保洁丁", "13900000061").person
    run(MONDAY, MONDAY)
    with frozen(MONDAY):
        seen = Instance.objects.visible_to(actor_of(person))
        assert set(seen.values_list("duty__list_post__code", flat=True)) == {"CLEANER"}
        assert not Instance.objects.visible_to(actor_of(someone("旁人"))).exists()


def evening(day: DAY) -> Any:
    return frozen(datetime.datetime.combine(day, datetime.time(19), SHANGHAI))


def test_the_page_of_a_project_shows_what_is_due_today_and_what_soon(project: Project, enter: Any) -> None:
    make.in_force(project)
    run(MONDAY, MONDAY)
    manager = enter("经理", "project_manager", subject=project.key)
    address = reverse("safety:today", args=[project.pk])
    with evening(MONDAY):
        page = manager.get(address)
        text = page.content.decode()
        for said in ("20:00–08:00", "08:00–20:00", "00:00–24:00", "10-12 — 10-18", "未到时"):
            assert said in text
        assert len(page.context["shown"].rows) == Instance.objects.count()
        soon = manager.get(address, {"view": "soon", "f_every": "per_shift"}).context["shown"].rows
        assert set(soon.values_list("shift", flat=True)) == {1}
        assert all(local(row.closes_at).hour == 20 for row in soon)
        one = len(Queries(lambda: manager.get(address, {"q": "电工"})))
        assert len(Queries(lambda: manager.get(address))) <= one + 1, "a text is counted with the views at once"
        assert enter("业主", "owner", subject=project.estate.key).get(address).status_code == 404


def test_a_holder_sees_the_duties_of_today_of_their_own_posts(project: Project, enter: Any) -> None:
    made = make.in_force(project)
    person = register.holding(made.posts.get(code="CLEANER").post, "保洁戊", "13900000062").person
    run(MONDAY, MONDAY)
    with evening(MONDAY):
        text = enter(person=person).get(reverse("safety:mine")).content.decode()
    assert "垃圾点清运" in text
    assert "漏电保护器" not in text


class Queries(list):
    """The queries of a call."""

    def __init__(self, call: Any) -> None:
        with CaptureQueriesContext(connection) as found:
            call()
        super().__init__(found.captured_queries)


class AnyRun(TestCase):
    """However the nights are run, missed and repeated, the same instances come out."""

    def setUp(self) -> None:
        for code, level, parent in (
            ("5104", 1, None),
            ("510402", 2, "5104"),
            ("510402001", 3, "510402"),
            ("510402001001", 4, "510402001"),
        ):
            Place.objects.get_or_create(code=code, defaults={"name": code, "level": level, "parent_id": parent})

    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
    @given(st.dates(DAY(2026, 1, 1), DAY(2027, 12, 1)), st.lists(st.integers(0, 20), min_size=1, max_size=5))
    def test_instances_do_not_depend_on_when_the_nights_were_run(self, first: DAY, looks: list[int]) -> None:
        project = register.project()
        make.in_force(project, first)
        last = max(looks)
        for look in sorted(looks):
            with frozen(first + ONE * look):
                catch_up()
        found = Counter(Instance.objects.values_list("duty__code", flat=True))
        assert found["PM-01"] == last + 1
        assert found["FCR-01"] == 3 * (last + 1)
        weeks = {(first + ONE * n).isocalendar()[:2] for n in range(last + 1)}
        months = {((first + ONE * n).year, (first + ONE * n).month) for n in range(last + 1)}
        assert (found["PM-03"], found["PM-04"]) == (len(weeks), len(months))
        assert Night.objects.count() == last + 1
