"""The way of a case: what is behind it has its day and who, what stopped it too, and a private step has no name."""

import datetime
from typing import Any

from wuxie.kernel.workflow.models import Event
from wuxie.web.stations import path

WAY = ((("open",), "登记"), (("accept", "refuse"), "受理"), (("close",), "办结"))
AT = {"new": 1, "running": 2, "over": 3}
NOON = datetime.datetime(2026, 11, 5, 4, tzinfo=datetime.UTC)


def event(step: str, **known: object) -> Event:
    return Event(step=step, at=NOON, by_name="王芳", by_title="秘书", **known)


def drawn(state: str, *events: Event, **rest: Any) -> list[tuple[str, str]]:
    return [(one["state"], one["by"]) for one in path(WAY, AT, state, events, **rest)]


def test_what_is_passed_says_who_and_what_comes_does_not():
    assert drawn("running", event("accept"), event("open")) == [
        ("done", "秘书 王芳"), ("done", "秘书 王芳"), ("now", ""),
    ]  # fmt: skip
    assert drawn("new", event("open")) == [("done", "秘书 王芳"), ("now", ""), ("next", "")]


def test_where_the_way_stopped_it_says_by_whom():
    assert drawn("new", event("refuse"), event("open"), stopped=True)[1] == ("stop", "秘书 王芳")


def test_a_private_step_has_its_day_and_no_name():
    first = path(WAY, AT, "new", [event("open", private=True)])[0]
    assert first["by"] == "" and first["when"]


def test_a_station_that_the_case_does_not_know_is_left_out_and_one_without_a_step_says_so():
    assert drawn("over", event("close"), event("open"), without=["accept"]) == [
        ("done", "秘书 王芳"),
        ("done", "秘书 王芳"),
    ]
    assert [one["outcome"] for one in path(WAY, AT, "over", [event("close"), event("open")])] == [
        "",
        "没有单独登记",
        "",
    ]
