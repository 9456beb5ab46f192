"""Due months are anchored where the law anchors them, whatever day somebody came."""

from __future__ import annotations

import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.inspections.law import CYCLES, inspection, lift_schedule, lift_years


def lift(base="2020-06", until="2036-12", **more):
    return inspection({"object": "lift", "base": base, "until": until, **more})


def test_a_lift_is_inspected_in_seven_years_of_fifteen_and_then_every_year():
    schedule = lift(until="2037-06")["schedule"]

    assert [row["due"] for row in schedule if row["kind"] == "inspection"] == [
        "2021-06", "2024-06", "2027-06", "2029-06", "2031-06", "2033-06", "2035-06", "2036-06", "2037-06",
    ]  # fmt: skip
    assert [row["due"] for row in schedule] == [f"{year}-06" for year in range(2021, 2038)]


def test_the_next_is_the_first_that_was_not_done_also_where_a_later_one_was():
    assert lift()["next_due"] == "2021-06"
    assert lift(done=["2021-06", "2023-06"])["next_due"] == "2022-06"
    assert lift(until="2022-06", done=["2022-06", "2021-06"])["next_due"] is None
    assert lift(until="2021-05") == {"next_due": None, "schedule": []}


@pytest.mark.parametrize(
    ("name", "last", "due"),
    [
        ("fire_facilities", "2026-03-15", "2027-03-15"),
        ("lightning", "2024-02-29", "2025-02-28"),
        ("lightning_hazardous", "2026-08-31", "2027-02-28"),
        ("water_tank_cleaning", "2026-03-31", "2026-09-30"),
        ("water_test", "2023-11-30", "2024-02-29"),
        ("safety_valve", "2026-10-03", "2027-10-03"),
        ("pressure_gauge", "2026-07-01", "2027-01-01"),
    ],
)
def test_other_objects_are_due_on_the_same_day_or_the_months_last_and_never_move_for_a_holiday(name, last, due):
    assert inspection({"object": name, "last": last}) == {"next_due": due}


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ({}, "missing", "$.object"),
        ({"object": "escalator"}, "range", "$.object"),
        ({"object": "lift", "base": "2020-06"}, "missing", "$.until"),
        ({"object": "lift", "base": "2020-6", "until": "2036-12"}, "type", "$.base"),
        ({"object": "lift", "base": "2020-06", "until": "2036-00"}, "type", "$.until"),
        ({"object": "lift", "base": "2020-06", "until": "2036-12", "last": "2026-01-01"}, "unknown_key", "$.last"),
        ({"object": "lift", "base": "2020-06", "until": "2036-12", "done": ["2021-07"]}, "reference", "$.done[0]"),
        ({"object": "lift", "base": "2020-06", "until": "2036-12", "done": ["2021-06", "2021-06"]}, "duplicate", "$.done[1]"),
        ({"object": "lift", "base": "2020-06", "until": "2036-12", "done": "2021-06"}, "type", "$.done"),
        ({"object": "water_test"}, "missing", "$.last"),
        ({"object": "water_test", "last": "2026-02-30"}, "type", "$.last"),
        ({"object": "water_test", "last": "2026-03-15", "until": "2030-01"}, "unknown_key", "$.until"),
        ({"object": "water_test", "last": "9999-12-31"}, "range", "$.last"),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_place(document, code, path):
    with pytest.raises(Problem) as refused:
        inspection(document)

    assert (refused.value.code, refused.value.path) == (code, path)


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 400))
def test_every_year_has_one_due_month_and_it_is_the_month_of_the_base(base, months):
    base = base.replace(day=1)
    years, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    found = list(lift_schedule(base, datetime.date(years, month + 1, 1), lift_years(base)))

    assert [(due.year - base.year, due.month) for due, _kind in found] == [
        (year, base.month) for year in range(1, months // 12 + 1)
    ]


@given(st.sampled_from(sorted(CYCLES)), st.dates(datetime.date(2000, 1, 1), datetime.date(2200, 1, 1)))
def test_the_day_of_the_month_is_kept_or_is_the_months_last(name, last):
    due = datetime.date.fromisoformat(inspection({"object": name, "last": last.isoformat()})["next_due"])

    assert due.day == min(last.day, calendar.monthrange(due.year, due.month)[1])
    assert (due.year - last.year) * 12 + due.month - last.month in (3, 6, 12)
