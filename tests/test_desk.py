"""The desk's filters and order: by the address, only what is offered, with a way back."""

from __future__ import annotations

import contextlib
import datetime
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import end_of, today
from wuxie.kernel.workflow.desk import turns_of
from wuxie.kernel.workflow.models import DeadlineRow, Turn
from wuxie.kernel.workflow.table import workflows

from . import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(whole: world.City) -> world.City:
    return whole


@pytest.fixture
def office(city: world.City) -> Any:
    """The office's desk with a thing late, one today, one this week's end (a Friday is today: Sunday) and one later."""
    turns = turns_of(actor_of(city.people["secretariat"]))
    like = turns.first()
    assert like is not None
    turns.delete()
    kept = {field.name: getattr(like, field.name) for field in Turn._meta.fields if field.name != "id"}
    for pk, (title, days, kind) in enumerate(
        [("迟了的", -3, "star_application"), ("今天的", 0, "star_benefit"), ("周日的", 2, "star_benefit"), ("下周的", 5, "star_application")],
        start=900_000,
    ):  # fmt: skip
        on = today() + datetime.timedelta(days=days)
        Turn.objects.create(**kept | {
            "title": title, "due_on": on, "due_at": end_of(on), "workflow": kind, "case_pk": pk,
            "since": end_of(today()) - datetime.timedelta(days=pk - 900_000),
        })  # fmt: skip
    return city.browsers["secretariat"]


def titles(browser: Any, **asked: str) -> list[str]:
    groups = browser.get("/desk/", asked).context["groups"]
    return [row.title for group in groups if group["key"] != "waiting" for row in group["rows"]]


ALL = ["迟了的", "今天的", "周日的", "下周的"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, ALL),
        ({"f_due": "late"}, ["迟了的"]),
        ({"f_due": "today"}, ["今天的"]),
        ({"f_due": "week"}, ["今天的", "周日的"]),
        ({"f_kind": "star_application"}, ["迟了的", "下周的"]),
        ({"f_kind": "star_application", "f_due": "late"}, ["迟了的"]),
        ({"f_kind": "auth_user", "f_due": "' OR 1=1", "sort": "person_key", "view": "others"}, ALL),
    ],
)
def test_the_desk_is_narrowed_to_what_is_offered(office: Any, asked: dict[str, str], left: list[str]) -> None:
    assert titles(office, **asked) == left


def test_the_order_of_receipt_holds_within_the_groups(office: Any) -> None:
    Turn.objects.filter(title="下周的").update(since=end_of(today()))
    assert titles(office, sort="received") == ["迟了的", "今天的", "下周的", "周日的"]


def test_the_tabs_keep_the_filters_and_count_by_them(office: Any) -> None:
    tabs = office.get("/desk/", {"f_due": "late", "sort": "received"}).context["tabs"]
    assert tabs[0]["count"] == 1
    assert tabs[1]["url"] == "/desk/?view=all&sort=received&f_due=late"


def test_an_empty_answer_names_the_filter_and_the_way_back(office: Any) -> None:
    page = office.get("/desk/", {"view": "followed", "f_due": "late"}).content.decode()
    assert "这里没有符合“已逾期”的事。" in page
    assert 'href="/desk/?view=followed">清除筛选</a>' in page
    assert "清除筛选" not in office.get("/desk/", {"view": "followed"}).content.decode()


def test_the_desk_leads_to_the_settings_of_reminders(office: Any) -> None:
    assert 'href="/messages/ways/"' in office.get("/desk/").content.decode()


def test_a_filter_costs_no_query_a_row(office: Any) -> None:
    titles(office)  # what is kept between requests is there already
    counts = []
    for more_rows in (0, 20):
        like = Turn.objects.get(title="迟了的")
        for more in range(more_rows):
            like.pk, like.case_pk, like.title = None, 950_000 + more, f"又一件{more}"
            like.save()
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/desk/", {"f_due": "late"}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_period_of_working_days_is_said_in_working_days(office: Any) -> None:
    late, later = Turn.objects.get(title="迟了的"), Turn.objects.get(title="下周的")
    for turn, unit in ((late, "day"), (later, "working_day")):
        DeadlineRow.objects.create(
            workflow=turn.workflow, case_pk=turn.case_pk, name="reply", label="答复", count=5, unit=unit,
            started_on=today(), due_on=turn.due_on, due_at=turn.due_at, look_at=turn.due_at,
        )  # fmt: skip
    page = office.get("/desk/").content.decode()
    assert "逾期 3 日" in page
    assert "剩 3 个工作日" in page
    assert "剩 5 日" not in page


def test_a_row_that_waits_for_others_says_in_whose_hands_it_is(city: world.City) -> None:
    answer = city.browsers["secretariat"].get("/desk/", {"view": "all"})
    rows = [row for group in answer.context["groups"] for row in group["rows"]]
    others = [row for row in rows if not row.mine]
    assert others
    assert all(row.hands for row in others)
    page = answer.content.decode()
    assert f"在{'、'.join(others[0].hands)}手上" in page
    assert page.count("手上") == len(
        [*others, *(row for group in answer.context["groups"] for row in group["rest"] if not row.mine)]
    )


def test_who_may_see_a_case_stands_in_the_statement(whole: world.City, django_assert_num_queries: Any) -> None:
    """What is counted beside the menu is written once a day: nothing that may change sooner may be looked up for it before."""
    for person in whole.people.values():
        actor = actor_of(person)
        for table in workflows():
            with django_assert_num_queries(0, info=f"{table.name} for {actor.name}"):
                rows = table.model.objects.visible_to(actor)
                with contextlib.suppress(EmptyResultSet):
                    rows.query.sql_with_params()
