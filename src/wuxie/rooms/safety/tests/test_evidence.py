"""The rules of evidence, each at its edge."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.rooms.safety.evidence import Figures, Given, Shot, beyond, can_be_late, clock_is_off, doubts, is_on_time

MINUTE, SECOND, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(seconds=1), datetime.timedelta(hours=1)
FIGURES = Figures(5 * MINUTE, 40 * SECOND, 3, 10 * MINUTE, 24 * HOUR)
NOON = datetime.datetime(2026, 10, 12, 12, tzinfo=datetime.UTC)
GOOD = Given(NOON - MINUTE, NOON, NOON, NOON, NOON - 4 * HOUR, NOON + 4 * HOUR, slack=FIGURES.clock_off)


def said(**known: Any) -> list[str]:
    return [str(one) for one in doubts(replace(GOOD, **known), FIGURES)]


def test_a_plain_check_is_believed() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"shots": [Shot("a", "b")], "used": {"b"}}, ["photo_reused"]),
        ({"shots": [Shot("a", "b"), Shot("c", "b")]}, ["photo_reused"]),
        ({"shots": [Shot("a", "a")]}, []),
        ({"shots": [Shot("a", "b", NOON - 11 * MINUTE)]}, []),
        ({"shots": [Shot("a", "b", NOON - 12 * MINUTE)]}, ["photo_old"]),
        ({"shots": [Shot("a", "b", NOON + 11 * MINUTE)]}, ["photo_old"]),
        ({"shots": [Shot("a", "b", NOON - 50 * MINUTE)], "started_at": NOON - HOUR}, []),
        ({"spots": [1, 2]}, ["not_at_place"]),
        ({"spots": [1, 2], "spot": 3}, ["wrong_place"]),
        ({"spots": [1, 2], "spot": 2}, []),
        ({"spot": 9}, []),
        ({"others": [NOON - 40 * SECOND, NOON - 20 * SECOND]}, ["too_fast"]),
        ({"others": [NOON - 41 * SECOND, NOON - 20 * SECOND]}, []),
        ({"others": [NOON - 30 * SECOND, NOON + 30 * SECOND]}, []),
        ({"opens_at": NOON + 5 * MINUTE}, []),
        ({"opens_at": NOON + 6 * MINUTE}, ["too_early"]),
        ({"done_at": NOON + 6 * MINUTE}, ["in_future"]),
    ],
)
def test_each_rule_at_its_edge(known: dict[str, Any], why: list[str]) -> None:
    assert said(**known) == why


def test_a_slow_upload_is_not_a_wrong_clock() -> None:
    slow = replace(GOOD, received_at=NOON + 4 * MINUTE, closes_at=NOON + MINUTE)
    assert (clock_is_off(slow), slow.happened_at, is_on_time(slow)) == (False, NOON, True)


@given(st.integers(-60 * 24 * 30, 60 * 24 * 30), st.integers(0, 60 * 24 * 5))
def test_however_the_clock_is_off_the_moment_of_the_act_is_right(off: int, waited: int) -> None:
    """A phone that is off by a constant, and sends some time after the act."""
    phone, later = off * MINUTE, NOON + waited * MINUTE
    one = replace(GOOD, done_at=NOON + phone, sent_at=later + phone, received_at=later)
    assert abs(one.happened_at - NOON) <= FIGURES.clock_off
    assert one.happened_at <= one.received_at
    assert clock_is_off(one) == (abs(off) > 5)


def test_late_ends_after_its_time() -> None:
    late = replace(GOOD, done_at=GOOD.closes_at, sent_at=GOOD.closes_at, received_at=GOOD.closes_at)
    assert (is_on_time(late), can_be_late(late, FIGURES)) == (False, True)
    moment = GOOD.closes_at + 24 * HOUR
    assert not can_be_late(replace(GOOD, done_at=moment, sent_at=moment, received_at=moment), FIGURES)


@pytest.mark.parametrize(
    ("value", "over"), [("85", "0"), ("85.1", "0.1"), ("91", "6"), ("0", "0"), ("-3", "-3"), ("84.9999", "0")]
)
def test_a_reading_is_beyond_its_limits_by_an_exact_figure(value: str, over: str) -> None:
    assert beyond({"least": "0", "most": "85"}, value) == Decimal(over)
