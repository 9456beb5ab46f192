"""A cost shared to the cent: nothing left over, nobody pays a cent out of turn."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.shares import largest_remainder
from wuxie.rooms.fund.law import apportion


def shares(total, areas):
    answer = apportion({"total": total, "units": [{"id": name, "area": area} for name, area in areas.items()]})
    return {row["id"]: row["share"] for row in answer["shares"]}


def test_worked_cases():
    assert shares("100.00", {"a": "100", "b": "100", "c": "100"}) == {"a": "33.34", "b": "33.33", "c": "33.33"}
    doors = {f"{floor}-{side}": area for floor in "123" for side, area in (("l", "89.5"), ("r", "120.33"))}
    assert list(shares("18600.00", doors).values()) == ["2644.52", "3555.48"] * 3


def test_a_cent_left_over_goes_to_the_largest_fraction_not_to_the_largest_area():
    assert shares("0.10", {"a": "2", "b": "5"}) == {"a": "0.03", "b": "0.07"}


def test_a_balance_pays_first_and_the_rest_is_owed():
    units = [
        {"id": "a", "area": "50", "balance": "100.00"},
        {"id": "b", "area": "50", "balance": "0"},
        {"id": "c", "area": "100"},
    ]
    answer = apportion({"total": "200", "units": units})

    assert answer == {
        "total": "200.00", "area": "200.00",
        "shares": [
            {"id": "a", "share": "50.00", "from_balance": "50.00", "to_pay": "0.00"},
            {"id": "b", "share": "50.00", "from_balance": "0.00", "to_pay": "50.00"},
            {"id": "c", "share": "100.00"},
        ],
    }  # fmt: skip


@given(st.integers(0, 10**15), st.lists(st.integers(1, 10**8), min_size=1, max_size=60))
def test_the_parts_add_up_and_stay_within_a_cent(total, weights):
    parts = largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def plainly(total, areas):
    """The letter of the contract once more: whole cents first, then one at a time to whom most of one is still owed, the earlier of several."""
    owed = [Fraction(total * area, sum(areas)) for area in areas]
    given = [int(one) for one in owed]
    while sum(given) < total:
        given[max(range(len(areas)), key=lambda place: (owed[place] - given[place], -place))] += 1
    return given


@given(
    st.integers(0, 10**9), st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 10**6)), min_size=1, max_size=40)
)
def test_a_second_implementation_shares_every_random_cost_the_same(total, doors):
    def yuan(cents):
        return f"{cents // 100}.{cents % 100:02d}"

    units = [
        {"id": str(place), "area": yuan(area), "balance": yuan(balance)} for place, (area, balance) in enumerate(doors)
    ]
    parts = plainly(total, [area for area, _balance in doors])
    assert apportion({"total": yuan(total), "units": units})["shares"] == [
        {"id": str(place), "share": yuan(part), "from_balance": yuan(min(part, balance)), "to_pay": yuan(max(part - balance, 0))}
        for place, (part, (_area, balance)) in enumerate(zip(parts, doors, strict=True))
    ]  # fmt: skip


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**6), min_size=2, max_size=30))
def test_a_larger_area_never_pays_less(total, weights):
    parts = largest_remainder(total, weights)
    pairs = sorted(zip(weights, parts, strict=True), key=lambda pair: (pair[0], pair[1]))

    assert all(low[1] <= high[1] for low, high in zip(pairs, pairs[1:], strict=False) if low[0] < high[0])


def test_nothing_is_shared_to_the_cent_too_and_minus_nought_is_nought():
    assert shares("-0", {"a": "1", "b": "2"}) == {"a": "0.00", "b": "0.00"}
    assert shares("0.01", {"a": "1", "b": "2"}) == {"a": "0.00", "b": "0.01"}
    assert shares("0.01", {"a": "1", "b": "1"}) == {"a": "0.01", "b": "0.00"}


def test_the_largest_amounts_stay_exact():
    answer = shares("999999999999999.99", {str(n): "333333333333333.33" for n in range(3)} | {"x": "0.01"})
    assert sum(int(share.replace(".", "")) for share in answer.values()) == 99999999999999999


def test_fifty_thousand_units_in_one_call():
    answer = shares("1234567.89", {str(n): f"{50 + n % 90}.{n % 100:02d}" for n in range(50_000)})
    assert sum(int(share.replace(".", "")) for share in answer.values()) == 123456789


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ([], "type", "$"),
        ({"units": []}, "missing", "$.total"),
        ({"total": "1", "units": []}, "empty", "$.units"),
        ({"total": 1, "units": []}, "type", "$.total"),
        ({"total": "1.234", "units": []}, "range", "$.total"),
        ({"total": "-1", "units": []}, "range", "$.total"),
        ({"total": "1", "units": [{"id": "a", "area": "0"}]}, "range", "$.units[0].area"),
        ({"total": "1", "units": [{"id": "a"}]}, "missing", "$.units[0].area"),
        ({"total": "1", "units": [{"id": 1, "area": "1"}]}, "type", "$.units[0].id"),
        ({"total": "1", "units": [{"id": "a", "area": "1", "balance": None}]}, "type", "$.units[0].balance"),
        ({"total": "1", "units": [{"id": "a", "area": "1"}, {"id": "a", "area": "1"}]}, "duplicate", "$.units[1].id"),
        ({"total": "1", "units": ["a"]}, "type", "$.units[0]"),
        ({"total": "1"}, "missing", "$.units"),
        ({"total": "1", "units": {}}, "type", "$.units"),
        ({"total": "", "units": []}, "type", "$.total"),
        ({"total": "1" * 16, "units": []}, "range", "$.total"),
        ({"total": None, "units": []}, "type", "$.total"),
        ({"total": "1", "units": [{"id": "", "area": "1"}]}, "range", "$.units[0].id"),
        ({"total": "1", "units": [{"id": "a", "area": "1.001"}]}, "range", "$.units[0].area"),
        ({"total": "1", "units": [{"id": "a", "area": "-0"}]}, "range", "$.units[0].area"),
        ({"total": "1", "units": [{"id": "a", "area": "1", "balance": "-0.01"}]}, "range", "$.units[0].balance"),
        ({"total": "1", "units": [{"id": "a", "area": "1", "balance": 5}]}, "type", "$.units[0].balance"),
        ({"total": "1", "units": [{"id": "a", "area": "1", "owner": "x"}]}, "unknown_key", "$.units[0].owner"),
        ({"total": "1", "units": [{"id": "a", "area": "1"}], "extra": 1}, "unknown_key", "$.extra"),
    ],
)
def test_bad_input_is_refused_at_its_place(document, code, path):
    with pytest.raises(Problem) as refused:
        apportion(document)
    assert (refused.value.code, refused.value.path) == (code, path)
