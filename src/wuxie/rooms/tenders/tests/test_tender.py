"""Low prices are asked about and never forbidden; bids that were made together show it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.tenders.law import EQUAL, runs, tender

TRIGGERS = {"of_mean": "0.50", "of_next": "0.50", "of_ceiling": "0.45"}


def bid(name, price, **more):
    return {"id": name, "price": price, **more}


def review(*bids, ceiling="2.80", triggers=TRIGGERS):
    answer = tender({"ceiling": ceiling, "bids": list(bids), "triggers": triggers})
    return {row["id"]: row["flags"] for row in answer["reviews"]}, answer["signals"]


def kinds(found):
    return [(row["kind"], row["bids"]) for row in found]


def test_a_price_is_compared_with_the_mean_the_next_and_the_ceiling():
    flags, _ = review(bid("b1", "1.00"), bid("b2", "2.60"), bid("b3", "2.70"), bid("b4", "2.81"))

    assert flags == {"b1": ["below_of_mean", "below_of_next", "below_of_ceiling"], "b4": ["above_ceiling"]}


def test_a_share_that_is_just_reached_raises_nothing_and_what_is_above_the_ceiling_pulls_no_mean_up():
    flags, _ = review(bid("b1", "1.26"), bid("b2", "2.52"), bid("b3", "900"))

    assert flags == {"b3": ["above_ceiling"]}
    assert "b1" in review(bid("b1", "1.2599"), bid("b2", "2.52"))[0]


def test_labour_below_the_lawful_wage_of_the_offered_posts_is_asked_about():
    posts = [{"count": 10, "monthly_floor": "2100.00"}, {"count": 2, "monthly_floor": "3200.50"}]
    just = bid("b1", "2", labour="328812.00", posts=posts, months=12)
    short = bid("b2", "2", labour="328811.99", posts=posts, months=12)

    assert review(just, short)[0] == {"b2": ["labour_below_legal_floor"]}


def test_each_set_of_bids_that_shares_a_value_is_named_once_and_empty_values_are_nobodys():
    _, found = review(
        bid("b1", "2", contacts=["13900000001", "13900000002"], bank="", author="甲"),
        bid("b2", "2", contacts=["13900000003", "13900000003"], bank="", author="乙"),
        bid("b3", "2", contacts=["13900000002", "13900000001"], bank="6222", author="甲"),
        bid("b4", "2", contacts=["13900000001"], bank="6222"),
    )

    assert kinds(found) == [
        ("same_contact", ["b1", "b3", "b4"]), ("same_contact", ["b1", "b3"]), ("same_bank", ["b3", "b4"]),
        ("same_author", ["b1", "b3"]),
    ]  # fmt: skip


def test_three_prices_that_rise_by_equal_steps_or_ratios_are_a_signal_in_the_order_of_the_input():
    assert kinds(review(bid("b1", "3"), bid("b2", "1"), bid("b3", "2"), bid("b4", "9"), ceiling="9")[1]) == [
        ("equal_steps", ["b1", "b2", "b3"])
    ]
    assert ("equal_ratio", ["b1", "b2", "b3"]) in kinds(review(bid("b1", "1"), bid("b2", "1.5"), bid("b3", "2.25"))[1])
    assert kinds(review(bid("b1", "2"), bid("b2", "2"), bid("b3", "2"))[1]) == []
    assert kinds(review(bid("b1", "0"), bid("b2", "1"), bid("b3", "3"))[1]) == []


def test_half_a_percent_is_equal_and_a_hair_more_is_not():
    assert kinds(review(bid("a", "1"), bid("b", "1.2"), bid("c", "1.401"))[1]) == [("equal_steps", ["a", "b", "c"])]
    assert kinds(review(bid("a", "1"), bid("b", "1.2"), bid("c", "1.40100001"))[1]) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"floor_price": "1"}, "$.floor_price"),
        ({"triggers": {**TRIGGERS, "Minimum": "1"}}, "$.triggers.Minimum"),
        ({"bids": [bid("b1", "1", lowest="1")]}, "$.bids[0].lowest"),
        ({"bids": [bid("b1", "1", posts=[{"count": 1, "monthly_floor": "1", "min": "1"}])]}, "$.bids[0].posts[0].min"),
    ],
)
def test_a_lowest_price_cannot_be_written_anywhere(change, path):
    with pytest.raises(Problem) as refused:
        tender({"ceiling": "2.80", "bids": [bid("b1", "1")], "triggers": TRIGGERS} | change)

    assert (refused.value.code, refused.value.path) == ("forbidden_minimum_price", path)
    assert "招标投标法实施条例第27条" in refused.value.message


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"bids": []}, "empty", "$.bids"),
        ({"ceiling": 2.8}, "type", "$.ceiling"),
        ({"extra": 1}, "unknown_key", "$.extra"),
        ({"triggers": {"of_mean": "0.5"}}, "missing", "$.triggers.of_next"),
        ({"triggers": []}, "type", "$.triggers"),
        ({"bids": [bid("b1", "1"), bid("b1", "1")]}, "duplicate", "$.bids[1].id"),
        ({"bids": [bid("b1", "-1")]}, "range", "$.bids[0].price"),
        ({"bids": [bid("b1", "1", labour="1.001")]}, "range", "$.bids[0].labour"),
        ({"bids": [bid("b1", "1", months=0)]}, "range", "$.bids[0].months"),
        ({"bids": [bid("b1", "1", posts=[{"count": 1, "monthly_floor": "1"}])]}, "missing", "$.bids[0].months"),
        ({"bids": [bid("b1", "1", contacts=[1])]}, "type", "$.bids[0].contacts[0]"),
    ],
)
def test_what_is_refused_names_its_place(change, code, path):
    with pytest.raises(Problem) as refused:
        tender({"ceiling": "2.80", "bids": [bid("b1", "1")]} | change)

    assert (refused.value.code, refused.value.path) == (code, path)


gap = st.one_of(
    st.none(),
    st.integers(1, 400).map(lambda whole: Fraction(whole, 100)),
    st.sampled_from([Fraction(200), Fraction(201)]),
)


@given(st.lists(gap, max_size=14))
def test_every_longest_run_is_named_and_nothing_else(gaps):
    def equal(first, last):
        some = gaps[first:last]
        return last - first >= 2 and None not in some and max(some) <= EQUAL * min(some)

    every = [(i, j) for i in range(len(gaps)) for j in range(i + 1, len(gaps) + 1) if equal(i, j)]
    longest = [
        one for one in every if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in every)
    ]

    assert list(runs(gaps)) == longest
