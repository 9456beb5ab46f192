"""Due dates keep the month of their base, whatever day somebody came."""

from __future__ import annotations

import datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.clock.days import add_months
from wuxie.rooms.inspections.catalogue import items
from wuxie.rooms.inspections.law import INSPECTION, TESTING, Cycle, covered, due_after, due_next, dues

DAY = datetime.date
YEARS = (1, 4, 7, 9, 11, 13, 15)
LIFT, TEST = Cycle(12, lift=INSPECTION, years=YEARS), Cycle(12, lift=TESTING, years=YEARS)
BASE = DAY(2020, 6, 18)


def test_a_lift_is_due_until_the_end_of_its_month_in_the_years_of_the_rule():
    assert [day.isoformat() for day in islice(dues(LIFT, BASE), 9)] == [
        "2021-06-30", "2024-06-30", "2027-06-30", "2029-06-30", "2031-06-30", "2033-06-30", "2035-06-30", "2036-06-30", "2037-06-30",
    ]  # fmt: skip


def test_the_years_between_are_for_testing_and_end_when_every_year_is_one_of_inspection():
    assert [day.year for day in dues(TEST, BASE)] == [2022, 2023, 2025, 2026, 2028, 2030, 2032, 2034]


@pytest.mark.parametrize(
    ("due", "done", "following"),
    [
        (DAY(2024, 6, 30), DAY(2024, 6, 20), DAY(2027, 6, 30)),
        (DAY(2024, 6, 30), DAY(2024, 5, 2), DAY(2027, 6, 30)),  # up to two months early keeps the month
        (DAY(2024, 6, 30), DAY(2025, 1, 9), DAY(2027, 6, 30)),  # late moves nothing
        (DAY(2024, 6, 30), DAY(2027, 8, 1), DAY(2029, 6, 30)),  # one that fell due meanwhile is passed over
    ],
)
def test_the_next_inspection_of_a_lift_does_not_follow_the_visit(due, done, following):
    assert due_next(LIFT, BASE, due=due, done=done, early=2) == (BASE, following)


YEARLY = Cycle(12)


@pytest.mark.parametrize(
    ("done", "base", "following"),
    [
        (DAY(2026, 3, 1), DAY(2025, 3, 15), DAY(2027, 3, 15)),
        (DAY(2026, 1, 20), DAY(2025, 3, 15), DAY(2027, 3, 15)),
        (DAY(2026, 5, 30), DAY(2025, 3, 15), DAY(2027, 3, 15)),
        (DAY(2025, 11, 1), DAY(2025, 11, 1), DAY(2026, 11, 1)),  # far too early: a new base
        (DAY(2027, 2, 1), DAY(2025, 3, 15), DAY(2028, 3, 15)),  # so late that it is early for the next
    ],
)
def test_another_object_keeps_its_month_too(done, base, following):
    assert due_next(YEARLY, DAY(2025, 3, 15), due=DAY(2026, 3, 15), done=done, early=2) == (base, following)


def test_a_first_time_of_another_length_and_a_cycle_that_grows_denser():
    powder = Cycle(24, first=60)
    assert [day.year for day in islice(dues(powder, DAY(2020, 1, 1)), 4)] == [2025, 2027, 2029, 2031]
    governor = Cycle(24, old_months=12, old_after=180)
    assert [day.year - 2000 for day in islice(dues(governor, DAY(2000, 1, 1)), 10)] == [
        2,
        4,
        6,
        8,
        10,
        12,
        14,
        16,
        17,
        18,
    ]


def test_the_last_of_a_month_is_not_worn_down_by_february():
    assert [day.isoformat() for day in islice(dues(Cycle(1), DAY(2025, 12, 31)), 3)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
    ]


@given(st.dates(DAY(2000, 1, 1), DAY(2050, 1, 1)), st.sampled_from([1, 3, 6, 12, 24, 36, 60]), st.integers(0, 2000))
def test_what_is_due_next_lies_behind_the_visit_and_on_the_grid(base, months, late):
    cycle = Cycle(months)
    due = due_after(cycle, base, base)
    done = due + datetime.timedelta(days=late)
    kept, following = due_next(cycle, base, due=due, done=done, early=2)
    assert kept == base and following > done
    assert following in {add_months(base, months * n) for n in range(1, 2000 // (28 * months) + 12)}
    assert following <= add_months(covered(cycle, done, 2), months)


def test_every_item_of_the_catalogue_has_a_cycle_of_law_or_of_its_own():
    assert sorted(items()) == [f"IN-{n:02}" for n in range(1, 51)]
    for item in items().values():
        if not item.kept:
            cycle = item.cycle(DAY(2026, 11, 16))
            assert cycle.months > 0 and next(dues(cycle, DAY(2020, 1, 31))) > DAY(2020, 1, 31), item.code
        assert item.a_year(DAY(2026, 11, 16)) > 0, item.code
        assert item.lead > 0 and item.basis and item.label
