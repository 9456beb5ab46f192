"""Periods end where the law says, over holidays and make-up days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.clock import tables
from wuxie.kernel.clock.days import (
    Calendar,
    Due,
    add,
    add_months,
    remaining,
    statutory_days,
    used,
    working_days_between,
)

DAY = datetime.date
DAYS = st.dates(DAY(2024, 1, 1), DAY(2026, 6, 30))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.of(tables.packaged().values())


@pytest.mark.parametrize(
    ("start", "count", "unit", "due"),
    [
        ("2026-09-18", 5, "working_day", "2026-09-24"),
        ("2026-09-30", 3, "working_day", "2026-10-10"),
        ("2026-02-13", 2, "working_day", "2026-02-24"),
        ("2026-09-24", 7, "day", "2026-10-08"),
        ("2026-09-01", 30, "day", "2026-10-08"),
        ("2026-05-08", 1, "working_day", "2026-05-09"),
        ("2026-10-09", 1, "working_day", "2026-10-10"),
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2024-02-29", 1, "year", "2025-02-28"),
    ],
)
def test_worked_cases(calendar, start, count, unit, due):
    assert add(DAY.fromisoformat(start), count, unit, calendar) == Due(DAY.fromisoformat(due), False)


def test_2026_has_248_working_days(calendar):
    assert working_days_between(DAY(2025, 12, 31), DAY(2026, 12, 31), calendar) == 248


def test_an_unpublished_year_is_counted_by_weekends_and_statutory_days_and_says_so(calendar):
    assert add(DAY(2027, 4, 30), 1, "working_day", calendar) == Due(DAY(2027, 5, 3), True)
    assert add(DAY(2027, 2, 4), 1, "working_day", calendar) == Due(DAY(2027, 2, 9), True)
    assert add(DAY(2026, 12, 30), 5, "day", calendar) == Due(DAY(2027, 1, 4), True)


def test_the_thirteen_statutory_days():
    assert len(statutory_days(2027)) == 13
    assert DAY(2027, 2, 5) in statutory_days(2027)  # New Year's Eve of the lunar calendar
    published = {DAY.fromisoformat(day["date"]) for day in tables.packaged()[2026]["days"] if day["isOffDay"]}
    assert statutory_days(2026) <= published


def test_months_end_on_the_last_day_where_the_day_does_not_exist():
    assert add_months(DAY(2025, 10, 31), 4) == DAY(2026, 2, 28)
    assert add_months(DAY(2026, 3, 31), -1) == DAY(2026, 2, 28)


@given(DAYS, st.integers(1, 60))
def test_a_period_in_working_days_ends_on_one_and_holds_as_many(start, count):
    calendar = tables.calendar()
    due = add(start, count, "working_day", calendar).on

    assert calendar.is_working_day(due)
    assert working_days_between(start, due, calendar) == count


@given(DAYS, st.integers(1, 90))
def test_a_period_in_days_never_ends_early_nor_on_a_day_off(start, count):
    calendar = tables.calendar()
    due = add(start, count, "day", calendar).on

    assert calendar.is_working_day(due)
    assert due >= start + datetime.timedelta(days=count)


@given(DAYS, st.integers(2, 30), st.integers(1, 40), st.integers(0, 60), st.sampled_from(["day", "working_day"]))
def test_a_pause_keeps_the_used_units(start, count, run, rest, unit):
    calendar = tables.calendar()
    stopped = start + datetime.timedelta(days=run)
    spent = used(start, stopped, unit, calendar)
    again = stopped + datetime.timedelta(days=rest)
    due = add(again, max(count - spent, 0), unit, calendar, roll=False).on

    left = count - spent
    if left > 0:
        counted = working_days_between(again, due, calendar) if unit == "working_day" else (due - again).days
        assert counted == left


@given(DAYS, st.integers(1, 60), st.integers(0, 40), st.sampled_from(["day", "working_day", "month"]))
def test_a_clock_stopped_and_started_on_the_same_day_loses_at_most_that_day(start, count, run, unit):
    calendar = tables.calendar()
    count = count % 4 + 1 if unit == "month" else count
    stopped = start + datetime.timedelta(days=run)
    left, left_unit = remaining(start, stopped, count, unit, calendar)
    before = add(start, count, unit, calendar, roll=False).on
    after = add(stopped, left, left_unit, calendar, roll=False).on

    if left and run == 0:
        assert after == before
    elif left:
        # The day of the stop is outside the period, so one day more is left of it, never more.
        following = add(before, 1, "working_day" if unit == "working_day" else "day", calendar).on
        assert before <= after <= following


def test_a_month_stopped_half_way_goes_on_in_days():
    calendar = tables.calendar()

    assert remaining(DAY(2026, 6, 1), DAY(2026, 6, 20), 1, "month", calendar) == (12, "day")
    assert remaining(DAY(2026, 6, 1), DAY(2026, 6, 1), 1, "month", calendar) == (30, "day")
    assert remaining(DAY(2026, 6, 1), DAY(2026, 7, 2), 1, "month", calendar) == (0, "day")
    assert remaining(DAY(2026, 9, 28), DAY(2026, 10, 9), 5, "working_day", calendar) == (2, "working_day")


@pytest.mark.parametrize(
    ("year", "spring", "qingming", "dragon", "moon"),
    [(2024, "02-10", "04-04", "06-10", "09-17"), (2025, "01-29", "04-04", "05-31", "10-06"), (2026, "02-17", "04-05", "06-19", "09-25")],
)  # fmt: skip
def test_the_movable_days_fall_where_the_published_years_put_them(year, spring, qingming, dragon, moon):
    off = {DAY.fromisoformat(day["date"]): day["name"] for day in tables.packaged()[year]["days"] if day["isOffDay"]}
    for day, name in ((spring, "春节"), (qingming, "清明节"), (dragon, "端午节"), (moon, "中秋节")):
        date = DAY.fromisoformat(f"{year}-{day}")
        assert date in statutory_days(year)
        assert name in off[date] or "中秋" in off[date]


@pytest.mark.parametrize("year", range(2000, 2100))
def test_every_year_has_thirteen_statutory_days_but_where_two_fall_together(year):
    # 中秋 on 1–3 October coincides with the National Day (2001, 2009, 2020, 2028 …).
    assert 12 <= len(statutory_days(year)) <= 13


def test_a_period_over_new_year_is_provisional_from_either_side():
    calendar = tables.calendar()
    assert add(DAY(2026, 12, 31), 1, "day", calendar).provisional
    assert not add(DAY(2026, 12, 30), 1, "day", calendar).provisional
    assert add(DAY(2023, 12, 31), 5, "day", calendar).provisional
    assert add(DAY(2027, 1, 10), -15, "day", calendar) == Due(DAY(2026, 12, 26), True)


def test_a_year_without_days_counts_as_not_published():
    assert not Calendar.of([{"year": 2027, "days": []}]).years


@pytest.mark.parametrize(
    ("day", "unit", "full"),
    [
        ("2026-03-31", "month", 1),
        ("2026-03-01", "month", 1),
        ("2026-02-28", "month", 0),
        ("2028-01-31", "year", 1),
        ("2028-02-01", "year", 2),
    ],
)
def test_months_and_years_count_when_they_are_over(calendar, day, unit, full):
    assert used(DAY(2026, 1, 31), DAY.fromisoformat(day), unit, calendar) == full


def test_working_days_are_counted_backwards_too(calendar):
    assert working_days_between(DAY(2026, 9, 24), DAY(2026, 9, 18), calendar) == -5
