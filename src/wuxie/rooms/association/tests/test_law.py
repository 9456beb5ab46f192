"""Shares, counts, the Gini coefficient and the quarter's score, against their definitions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.rooms.association.law import Count, Part, Share, carried, gini, score

HALF, THIRDS = Share(Fraction(1, 2), beyond=True), Share(Fraction(2, 3))
numbers = st.lists(st.integers(0, 10_000), max_size=30)


@given(st.integers(1, 500), st.fractions(0, 1), st.booleans())
def test_the_least_that_reaches_a_share_reaches_it_and_one_less_does_not(whole, of, beyond):
    share = Share(of, beyond)
    least = share.least(whole)
    assert share.reached(least, whole)
    assert not share.reached(least - 1, whole)


@pytest.mark.parametrize(
    ("share", "part", "whole", "reached"),
    [(HALF, 4, 8, False), (HALF, 5, 8, True), (THIRDS, 6, 9, True), (THIRDS, 5, 9, False), (THIRDS, 0, 0, False)],
)
def test_half_has_to_be_exceeded_and_two_thirds_only_reached(share, part, whole, reached):
    assert share.reached(part, whole) is reached


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_who_is_there_and_does_not_vote_counts_like_a_no(yes, no, silent, away):
    present = yes + no + silent
    count = Count(present + away, present, yes, no)
    wanted = present > 0 and 3 * present >= 2 * (present + away) and 2 * yes > present
    assert carried(count, quorum=THIRDS, approval=HALF) is wanted


def test_more_votes_than_members_are_no_count():
    with pytest.raises(ValueError, match="more votes"):
        carried(Count(9, 6, 5, 2), quorum=THIRDS, approval=HALF)


@given(numbers)
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    n, total = len(values), sum(values)
    wanted = Fraction(sum(abs(a - b) for a in values for b in values), 2 * n * total) if total else 0
    assert gini(values) == wanted
    assert 0 <= gini(values) < 1


@given(numbers, st.integers(1, 9))
def test_gini_knows_no_unit_and_no_order(values, times):
    assert gini([value * times for value in values]) == gini(values) == gini(values[::-1])


def test_gini_of_equals_is_nothing_and_of_one_that_bears_all_the_rest():
    assert (gini([7] * 5), gini([0, 0, 0, 8]), gini([]), gini([0, 0])) == (0, Fraction(3, 4), 0, 0)


parts = st.lists(st.tuples(st.fractions(Fraction(1, 100), 1), st.none() | st.fractions(0, 1)), min_size=1, max_size=4)


@given(parts)
def test_a_score_lies_between_its_parts(rows):
    made = [Part(weight, reached) for weight, reached in rows]
    measured = [reached for _weight, reached in rows if reached is not None]
    if not measured:
        with pytest.raises(ValueError, match="nothing"):
            score(made)
    else:
        assert min(measured) * 100 <= score(made) <= max(measured) * 100


def test_the_published_weights_give_the_published_score():
    weights = (Fraction(60, 100), Fraction(25, 100), Fraction(15, 100))
    reached = (Fraction(9, 10), Fraction(80, 100), Fraction(4, 5))
    assert score([Part(*pair) for pair in zip(weights, reached, strict=True)]) == 54 + 20 + 12
    assert score([Part(weights[0], reached[0]), Part(weights[1], reached[1]), Part(weights[2], None)]) == Fraction(
        7400, 85
    )
