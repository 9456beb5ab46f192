"""No small count can be read or worked out: by worked cases, and by trying every table that fits what is said."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.rooms.rating import suppress
from wuxie.rooms.rating.suppress import LEAST


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([9, 9, 9], [(0, 0), (1, 1), (2, 2)]), ([0, 0, 9], [(0, 0), (1, 1), (2, 2)]), ([1, 9, 9], [(0, 1), (2, 2)]),
        ([9, 9, 2], [(0, 0), (1, 2)]), ([1, 1, 1, 1, 1, 9], [(0, 4), (5, 5)]), ([1, 0, 2], [(0, 2)]), ([9, 0, 2], [(0, 2)]),
        ([9, 1, 0, 0], [(0, 3)]),
    ],
)  # fmt: skip
def test_levels_are_put_together_until_none_is_small(counts, expected):
    assert suppress.bands(counts) == expected


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_bands_cover_every_level_once_and_none_is_small(counts):
    made = suppress.bands(counts)
    assert [level for first, last in made for level in range(first, last + 1)] == list(range(len(counts)))
    if sum(counts) >= LEAST:
        assert all(not 0 < sum(counts[first : last + 1]) < LEAST for first, last in made)


def test_small_groups_go_with_the_next_larger_one():
    assert suppress.merged({"a": 3, "b": 7, "c": 20, "d": 0}) == [("c",), ("a", "b")]
    assert suppress.merged({"a": 3, "b": 2, "c": 9}) == [("c",), ("a", "b")]


def test_one_small_count_takes_others_with_it():
    cells = {("x", "1"): 2, ("x", "2"): 9, ("y", "1"): 8, ("y", "2"): 7, ("z", "1"): 30, ("z", "2"): 30}
    out = suppress.hidden(cells)
    assert out >= {("x", "1"), ("x", "2")} and len(out) == 4 and not suppress.fixed(cells, out)


def test_ones_in_a_ring_that_leave_no_choice_are_seen():
    # each row and column lacks two counts of five together, and still no other table fits
    ring = {("a", "1"): 1, ("a", "2"): 4, ("b", "2"): 4, ("b", "3"): 1, ("c", "3"): 4, ("c", "1"): 4}
    cells = {(row, column): ring.get((row, column), 50) for row in "abc" for column in "123"}
    assert suppress.fixed(cells, set(ring)) == set(ring)
    assert not suppress.fixed(cells, suppress.hidden(cells))


def possible(cells, out):
    """Every way to fill in what is left out that fits all totals; what is left out is not nought."""
    names = sorted(out)
    lines = suppress._lines(out)
    most = [min(sum(cells[one] for one in line) - len(line) + 1 for line in lines if name in line) for name in names]
    for filled in product(*(range(1, limit + 1) for limit in most)):
        made = dict(zip(names, filled, strict=True))
        if all(sum(made[one] for one in line) == sum(cells[one] for one in line) for line in lines):
            yield made


tables = st.integers(2, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 1, 1, 2, 3, 4, 5, 6]), min_size=columns, max_size=columns), min_size=2, max_size=3
    )
)


@given(tables, st.data())
def test_a_count_is_fixed_exactly_when_no_other_table_fits(rows, data):
    cells = {(f"r{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    filled = sorted(cell for cell, n in cells.items() if n)
    out = set(data.draw(st.lists(st.sampled_from(filled), max_size=6, unique=True))) if filled else set()
    found = list(possible(cells, out))
    assert suppress.fixed(cells, out) == {cell for cell in out if len({made[cell] for made in found}) == 1}


@given(tables)
def test_nothing_small_is_said_or_can_be_worked_out(rows):
    cells = {(f"r{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    out = suppress.hidden(cells)
    assert not [cell for cell, n in cells.items() if 0 < n < LEAST and cell not in out]
    if out == set(cells):
        return  # nothing but totals is said, which the caller has made large
    assert suppress.fixed(cells, out) == set()
    assert all(sum(cells[cell] for cell in line) >= LEAST for line in suppress._lines(out))


@pytest.mark.parametrize(
    ("value", "known", "said"),
    [(0, [9], True), (9, [9], True), (3, [], False), (9, [12], False), (9, [14, 4], True), (14, [0, 14, 20], True)],
)
def test_counts_of_the_same_people_may_not_lie_close(value, known, said):
    assert suppress.apart(value, known) is said
