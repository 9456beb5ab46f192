"""When a duty can be done: every rhythm, over years of days, with holidays, months of every length and the flood season."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.clock.days import Calendar
from wuxie.kernel.clock.now import local
from wuxie.kernel.clock.tables import calendar
from wuxie.rooms.safety.law import SHIFTS, Figures, in_season, last_day, period, windows
from wuxie.rooms.safety.words import Every

DAY = datetime.date
ONE = datetime.timedelta(days=1)
FIGURES = Figures(("05-01", "09-30"), 30)
LONG = ("weekly", "monthly", "quarterly", "half_yearly", "yearly")

days = st.dates(DAY(2024, 1, 1), DAY(2031, 12, 31))


def opened(day: DAY, every: str, shifts: str = "") -> list:
    return [one for one in windows(day, calendar(), FIGURES) if one.every == every and one.shifts == shifts]


@given(days, st.sampled_from(LONG))
def test_every_day_lies_in_one_period_and_periods_leave_no_gap(day: DAY, every: str) -> None:
    first, last = period(every, day)
    assert first <= day <= last
    assert period(every, first) == period(every, last) == (first, last)
    assert period(every, last + ONE)[0] == last + ONE


@given(days, st.sampled_from(LONG))
def test_a_period_opens_once_on_its_first_day_and_runs_on_the_others(day: DAY, every: str) -> None:
    (window,) = opened(day, every)
    assert (window.day, window.running) == (period(every, day)[0], day != period(every, day)[0])
    assert window.closes_at > window.opens_at


@given(days, st.sampled_from(LONG))
def test_a_last_day_is_never_earlier_than_the_period_and_never_a_holiday_put_off_in_flood(day: DAY, every: str) -> None:
    last, due = period(every, day)[1], last_day(every, day, calendar(), FIGURES)
    usual = last + ONE * (30 if every == "half_yearly" else 0)
    assert due >= usual
    if due != usual:
        assert calendar().is_working_day(due)
        assert not in_season(usual, *FIGURES.flood)
        assert not any(calendar().is_working_day(usual + ONE * n) for n in range((due - usual).days))


@given(days, st.sampled_from(sorted(SHIFTS)))
def test_shifts_follow_each_other_without_overlap_across_midnight(day: DAY, shifts: str) -> None:
    found = [one for n in range(2) for one in opened(day + ONE * n, Every.SHIFT, shifts)]
    assert all(a.closes_at <= b.opens_at for a, b in pairwise(found))
    assert len({(one.day, one.shift) for one in found}) == len(found)
    if shifts != "day":
        assert all(a.closes_at == b.opens_at for a, b in pairwise(found))


def test_a_night_shift_belongs_to_the_day_it_began() -> None:
    night = opened(DAY(2026, 12, 31), Every.SHIFT, "two")[1]
    assert (night.day, night.only) == (DAY(2026, 12, 31), "night")
    assert [local(night.opens_at).isoformat(), local(night.closes_at).isoformat()] == [
        "2026-12-31T20:00:00+08:00", "2027-01-01T08:00:00+08:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("every", "day", "due"),
    [
        ("monthly", DAY(2026, 1, 31), DAY(2026, 1, 31)),
        ("monthly", DAY(2026, 4, 30), DAY(2026, 4, 30)),
        ("monthly", DAY(2028, 2, 29), DAY(2028, 2, 29)),
        ("weekly", DAY(2026, 2, 18), DAY(2026, 2, 24)),  # Sunday of the Spring Festival → the first working day after
        ("weekly", DAY(2026, 10, 1), DAY(2026, 10, 8)),  # National Day, after the flood season
        ("weekly", DAY(2026, 5, 1), DAY(2026, 5, 3)),  # Labour Day, in the flood season: not put off
        ("weekly", DAY(2026, 3, 4), DAY(2026, 3, 8)),  # a plain Sunday stays
        ("quarterly", DAY(2026, 9, 30), DAY(2026, 9, 30)),
        ("half_yearly", DAY(2026, 3, 1), DAY(2026, 7, 30)),
        ("half_yearly", DAY(2026, 12, 31), DAY(2027, 1, 30)),
        ("yearly", DAY(2026, 6, 1), DAY(2026, 12, 31)),
    ],
)
def test_the_last_day_in_words_of_the_calendar(every: str, day: DAY, due: DAY) -> None:
    assert last_day(every, day, calendar(), FIGURES) == due


def test_a_year_without_a_published_arrangement_goes_by_the_law_itself() -> None:
    nothing = Calendar.of([])
    assert last_day("weekly", DAY(2026, 10, 1), nothing, FIGURES) == DAY(2026, 10, 4)  # the 4th is no statutory day
    assert last_day("weekly", DAY(2023, 9, 30), nothing, Figures(("05-01", "06-01"), 30)) == DAY(2023, 10, 4)


def test_a_season_may_lie_across_new_year() -> None:
    assert [in_season(DAY(2026, m, 15), "11-01", "02-28") for m in (10, 11, 1, 3)] == [False, True, True, False]
    assert [in_season(DAY(2026, 6, d), "06-01", "06-30") for d in (1, 30)] == [True, True]
