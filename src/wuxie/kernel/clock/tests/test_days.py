"""Periods end where the law says, over holidays and make-up days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock import tables
from wuxie.kernel.clock.days import Calendar, Due, add, add_months, statutory_days, used, working_days_between

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


def test_an_imported_year_is_used_and_ends_the_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    days = [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}, {"name": "国庆节", "date": "2027-10-01", "isOffDay": True},
            {"name": "国庆节", "date": "2027-10-09", "isOffDay": False}]  # fmt: skip
    tables.import_year({"year": 2027, "papers": [], "days": days})

    assert add(DAY(2027, 10, 8), 1, "working_day", tables.calendar()) == Due(DAY(2027, 10, 9), False)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], "$"),
        ({"year": "2027", "days": [1]}, "$.year"),
        ({"year": 2027, "days": []}, "$.days"),
        ({"year": 2027, "days": [{"date": "2027-13-01", "isOffDay": True}]}, "$.days[0].date"),
        ({"year": 2027, "days": [{"date": "2025-01-01", "isOffDay": True}]}, "$.days[0].date"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": "yes"}]}, "$.days[0].isOffDay"),
        ({"year": 2027, "days": [{"date": "2027-01-04", "isOffDay": False}]}, "$.days[0].isOffDay"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True}] * 2}, "$.days[1].date"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True}]}, "$.days"),
    ],
)
def test_a_broken_table_is_refused_at_its_place(document, path):
    with pytest.raises(Problem) as refused:
        tables.check_year(document)
    assert refused.value.path == path
