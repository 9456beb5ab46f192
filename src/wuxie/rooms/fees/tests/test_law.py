"""The arithmetic against the oracle, a second reckoning in decimals, and what must hold for any figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.rooms.fees import law, prices

BASE = law.Base(7_800_000, Fraction(86, 100), 9_000_000)
COST = 186_000_000


def test_the_oracle_of_the_break_even_price():
    even = law.break_even(COST, BASE)
    assert even == Fraction((1_860_000 - 90_000) * 10_000) / (78_000 * 12 * Fraction(86, 100))
    assert prices.figures(even) == "2.1989"
    gap = law.rounded(even * 10_000 / law.PER_CENT) - law.monthly(16_000, 10_000)
    assert gap == 5_989, "59.89 yuan a month for 100 m²"


areas, rates = st.integers(100, 10**9), st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=10_000)
sums = st.integers(0, 10**11)


@given(sums, areas, rates, sums)
def test_at_the_break_even_price_nothing_is_missing(cost, area, rate, offset):
    base = law.Base(area, rate, offset)
    even = law.break_even(cost, base)
    if cost >= offset:
        assert law.brings(1, base) * even == cost - offset
    else:
        assert even == 0
    assert law.uncovered(cost, law.Plan(int(even) + 1), base) <= law.uncovered(cost, law.Plan(int(even)), base)


@given(sums, areas, rates, sums)
def test_a_second_reckoning_in_decimals_agrees(cost, area, rate, offset):
    if cost < offset:
        return
    second = (Decimal(cost - offset) / 100) / (
        Decimal(area) / 100 * 12 * Decimal(rate.numerator) / Decimal(rate.denominator)
    )
    assert abs(Decimal(float(law.break_even(cost, law.Base(area, rate, offset)))) / 10_000 - second) <= max(
        Decimal("1e-9"), second * Decimal("1e-9")
    )


@pytest.mark.parametrize(("area", "rate"), [(0, Fraction(1)), (100, Fraction(0))])
def test_without_area_or_payers_there_is_no_price(area, rate):
    with pytest.raises(ValueError, match="no area"):
        law.break_even(1, law.Base(area, rate))


@given(st.integers(0, 100_000), st.integers(1, 100_000), st.integers(1, 100_000))
def test_a_household_pays_for_its_own_area_to_the_cent(price, extra, area):
    exact = Fraction(price * area, 10_000)
    assert abs(law.monthly(price, area) - exact) <= Fraction(1, 2)
    plan = law.Plan(price, special=extra)
    assert law.effect(price, plan, area) == law.monthly(price + extra, area) - law.monthly(price, area) >= 0


def test_what_each_option_leaves():
    assert law.uncovered(COST, law.Plan(16_000), BASE) == COST - 9_000_000 - 128_793_600
    assert (
        law.uncovered(COST, law.Plan(16_000, cut=20_000_000, subsidy=10_000_000), BASE)
        == COST - 39_000_000 - 128_793_600
    )
    assert law.uncovered(COST, law.Plan(16_000, special=4_000), BASE) == law.uncovered(COST, law.Plan(20_000), BASE)


@pytest.mark.parametrize(("exact", "whole"), [(Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(12, 5), 2), (7, 7)])
def test_halves_go_away_from_nought(exact, whole):
    assert law.rounded(exact) == whole


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_the_next_billing_month_is_a_first_and_later(day):
    found = law.next_month(day)
    assert found.day == 1 and datetime.timedelta(0) < found - day <= datetime.timedelta(31)


def test_growth_is_by_item_the_largest_first():
    years = {2024: {"staff": 90, "green": 5}, 2025: {"staff": 1}, 2026: {"staff": 110, "running": 30}}
    assert law.growth(years) == [("running", 30), ("staff", 20), ("green", -5)]
    assert law.growth({2026: {"staff": 1}}) == []


def test_shapes_of_options():
    full = {"price": 20_000, "first_price": 18_000, "months": 6}
    assert law.misfits("e", 16_000, full) == [] and law.misfits("a", 16_000, {"price": 16_001}) == []
    assert law.misfits("d", 16_000, {"price": 16_000, "special": 10}) == []
    assert law.misfits("e", 16_000, full | {"first_price": 16_000}) == [("first_price", "between")]
    assert law.misfits("b", 16_000, {"price": 16_000}) == [("cut", "some")]


@pytest.mark.parametrize(
    ("companies", "may"), [([1] * 50, False), (range(9), False), ([*range(9), 8, 8], False), (range(10), True)]
)
def test_costs_are_compared_only_where_nobody_is_recognised(companies, may):
    assert law.may_compare(companies, 10) is may


@pytest.mark.parametrize(
    ("price", "text"),
    [(16_000, "1.60"), (16_050, "1.6050"), (16_005, "1.6005"), (Fraction(21_988_5, 10), "2.1989"), (0, "0.00")],
)
def test_prices_as_people_read_them(price, text):
    assert prices.figures(price) == text
