from __future__ import annotations

import datetime
import json
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wuxie.kernel.standards.calc import run
from wuxie.kernel.standards.document import load
from wuxie.kernel.standards.judge import judge, rounded
from wuxie.kernel.standards.selection import Filled

from .examples import TRUST, Slow, as_json, fact, standard


def explained(document: dict[str, Any], *facts: dict[str, Any], subject: str = "c1") -> dict[str, Any]:
    return run({"standard": document, "facts": [as_json(row) for row in facts], "explain": subject})


def scores(document: dict[str, Any], *facts: dict[str, Any]) -> list[dict[str, Any]]:
    found = run({"standard": document, "facts": [as_json(row) for row in facts]})["scores"]
    assert isinstance(found, list)
    return found


def shares(*formulas: tuple[str, str], points: int = 10, **changes: Any) -> dict[str, Any]:
    """One group for each (formula, no_data), worth ``points``."""
    groups = [
        {"id": f"G{place}", "points": points, "indicators": [{"id": f"I{place}", "points": points, "formula": formula, "no_data": no_data}]}
        for place, (formula, no_data) in enumerate(formulas, 1)
    ]  # fmt: skip
    return standard(groups=groups, **{"vetoes": [], "grades": []} | changes)


def test_the_example_of_the_interface() -> None:
    facts = [
        fact("f1", "m.due"), fact("f2", "m.due"), fact("f3", "m.due"), fact("f4", "m.due_done"), fact("f5", "v.found", "0"),
    ]  # fmt: skip
    assert explained(standard(), *facts) == {
        "subject": "c1", "total": "7.3", "stars": 0, "vetoes": [],
        "groups": [
            {
                "id": "A", "points": "10.00", "value": "7.33",
                "indicators": [
                    {"id": "A1", "points": "4.00", "value": "1.33", "state": "scored", "facts": ["f1", "f2", "f3", "f4"]},
                    {"id": "A2", "points": "6.00", "value": "6.00", "state": "scored", "facts": ["f5"]},
                ],
            }
        ],
    }  # fmt: skip


def test_points_not_applicable_go_to_the_rest_of_the_group_and_what_was_earned_grows() -> None:
    tree = explained(standard(), fact("f5", "v.found", "1"))
    assert tree["groups"][0]["indicators"] == [
        {"id": "A1", "points": "0.00", "value": None, "state": "not_applicable", "facts": []},
        {"id": "A2", "points": "10.00", "value": "5.00", "state": "scored", "facts": ["f5"]},
    ]


def test_a_group_with_none_left_passes_its_points_to_the_others_in_proportion() -> None:
    document = standard(
        groups=[
            {"id": "A", "points": 20, "indicators": [{"id": "A1", "points": 20, "formula": "1 / 0", "no_data": "skip"}]},
            {"id": "B", "points": 30, "indicators": [{"id": "B1", "points": 30, "formula": "15"}]},
            {"id": "C", "points": 50, "indicators": [{"id": "C1", "points": 50, "formula": "50"}]},
        ],
        grades=[{"stars": 1, "min": "81.25", "group_min": "0.5", "floors": {"A": "1"}}, {"stars": 2, "min": "81.26"}],
        vetoes=[],
    )  # fmt: skip
    tree = explained(document, fact("f", "x"))
    assert [(group["points"], group["value"]) for group in tree["groups"]] == [
        ("0.00", None), ("37.50", "18.75"), ("62.50", "62.50"),
    ]  # fmt: skip
    assert (tree["total"], tree["stars"]) == ("81.3", 1)


def test_with_no_group_left_the_total_is_nought() -> None:
    tree = explained(shares(("1 / 0", "skip"), ("1 / 0", "skip")), fact("f", "x"))
    assert (tree["total"], tree["stars"], [group["value"] for group in tree["groups"]]) == ("0.0", 0, [None, None])


def test_no_data_is_nought_or_full_or_not_applicable() -> None:
    tree = explained(shares(("1 / 0", "zero"), ("1 / 0", "full"), ("1 / 0", "skip")), fact("f", "x"))
    assert [(group["points"], group["value"]) for group in tree["groups"]] == [
        ("15.00", "0.00"), ("15.00", "15.00"), ("0.00", None),
    ]  # fmt: skip


def test_an_indicator_stays_between_nought_and_its_points() -> None:
    tree = explained(shares(("11", "zero"), ("-1", "zero"), ("10", "zero")), fact("f", "x"))
    assert [group["value"] for group in tree["groups"]] == ["10.00", "0.00", "10.00"]


def test_a_grade_looks_at_the_total_before_it_is_rounded() -> None:
    grades = [{"stars": 1, "min": "9.96"}, {"stars": 2, "min": "9.95"}]
    tree = explained(shares(("9.955", "zero"), grades=grades), fact("f", "x"))
    assert (tree["total"], tree["stars"]) == ("10.0", 2)
    tree = explained(shares(("9.949999999999", "zero"), grades=grades), fact("f", "x"))
    assert (tree["total"], tree["stars"]) == ("9.9", 0)


def test_a_floor_holds_beside_the_least_of_all_groups() -> None:
    rates = {"A": 95, "B": 90, "C": 96, "D": 84, "E": 97, "F": 95, "G": 95, "H": 95}
    groups = [
        {"id": name, "points": 100, "indicators": [{"id": f"{name}1", "points": 100, "formula": str(rate)}]}
        for name, rate in rates.items()
    ]
    grades = [
        {"stars": 4, "min": "700", "group_min": "0.6", "floors": {"D": "0.75"}},
        {"stars": 5, "min": "740", "group_min": "0.7", "floors": {"D": "0.85", "F": "0.85"}},
    ]
    assert explained(standard(groups=groups, grades=grades, vetoes=[]), fact("f", "x"))["stars"] == 4
    groups[3]["indicators"][0]["formula"] = "85"  # type: ignore[index]
    assert explained(standard(groups=groups, grades=grades, vetoes=[]), fact("f", "x"))["stars"] == 5


def test_the_lowest_cap_of_the_vetoes_that_hold_counts_and_one_without_data_does_not_hold() -> None:
    vetoes = [
        {"id": "V1", "when": "count('x') > 1", "max_stars": 0},
        {"id": "V2", "when": "has('x')", "max_stars": 3},
        {"id": "V3", "when": "1 / 0 > 0 or 1", "max_stars": 0},
        {"id": "V4", "when": "active('x')", "max_stars": 2},
        {"id": "V5", "when": "1", "max_stars": 9},
    ]
    document = shares(("10", "zero"), grades=[{"stars": 5, "min": "10"}]) | {"vetoes": vetoes}
    tree = explained(document, fact("f", "x"))
    assert (tree["stars"], tree["vetoes"]) == (2, ["V2", "V4", "V5"])
    assert scores(document, fact("f", "x")) == [
        {"subject": "c1", "total": "10.0", "stars": 2, "vetoes": ["V2", "V4", "V5"]}
    ]


def test_an_explanation_names_all_facts_the_functions_select() -> None:
    facts = [
        fact("in", "k"), fact("first", "k", occurred_on="2025-09-01"), fact("last", "k", occurred_on="2026-08-31"),
        fact("before", "k", occurred_on="2025-08-31"), fact("after", "k", occurred_on="2026-09-01"),
        fact("ended", "k", occurred_on="2025-01-01", valid_until="2026-08-30"),
        fact("open", "k", occurred_on="2025-01-01"), fact("until", "k", occurred_on="2025-01-01", valid_until="2026-08-31"),
        fact("low", "k", trust="self_declared"), fact("late", "k", recorded_on="2026-10-01"),
        fact("old", "k", superseded_by="in"), fact("doubted", "k", disputed="true"), fact("other", "j"),
        fact("else", "k", subject="c2"),
    ]  # fmt: skip
    document = standard(
        "count('k')", "active('k')", "count('k', 1)", "count('k', 13)", "1 if 1 else sum('j')", "has('k')"
    )
    assert [row["facts"] for row in explained(document, *facts)["groups"][0]["indicators"]] == [
        ["first", "in", "last"],
        ["before", "first", "in", "last", "open", "until"],
        ["last"],
        ["before", "first", "in", "last"],
        ["other"],
        ["before", "first", "in", "last", "open", "until"],
    ]


def test_facts_that_do_not_count_leave_their_subject_in_the_table() -> None:
    found = scores(standard(), fact("f", "m.due", subject="z", trust="self_declared"))
    assert found == [{"subject": "z", "total": "10.0", "stars": 4, "vetoes": []}]


def test_subjects_are_ordered_by_code_points() -> None:
    names = ["b", "B", "a", "项目", "é", "\U0001f600", "10", "9"]
    facts = [fact(str(place), "x", subject=name) for place, name in enumerate(names)]
    assert [row["subject"] for row in scores(standard(), *facts)] == sorted(names)


# ── properties ──────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS = ["k.a", "k.b", "k.c"]
days = st.dates(min_value=datetime.date(2025, 6, 1), max_value=datetime.date(2026, 11, 30)).map(str)
amounts = st.one_of(
    st.integers(-5, 50).map(str),
    st.decimals(-100, 100, places=2).map("{:f}".format),
    st.decimals(-3, 3, places=20).map("{:f}".format),
)


@st.composite
def many_facts(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        fact(
            f"f{place}", draw(st.sampled_from(KINDS)), draw(amounts), subject=draw(st.sampled_from(["c1", "c2"])),
            occurred_on=draw(days), recorded_on=draw(days), valid_until=draw(st.one_of(st.just(""), days)),
            trust=draw(st.sampled_from(TRUST)), superseded_by=draw(st.sampled_from(["", "", "", "x"])),
            disputed=draw(st.sampled_from(["false", "false", "False", "true"])),
        )
        for place in range(draw(st.integers(1, 12)))
    ]  # fmt: skip


def formulas() -> st.SearchStrategy[str]:
    kinds = st.sampled_from(KINDS)
    leaves = st.one_of(
        st.sampled_from(["0", "1", "2.5", "0.1", "10"]),
        st.builds("{}('{}')".format, st.sampled_from(["count", "sum", "days", "active", "has"]), kinds),
        st.builds(
            "{}('{}', {})".format, st.sampled_from(["count", "sum", "days"]), kinds, st.sampled_from([1, 6, 13, 120])
        ),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from(list("+-*/")), inner),
            st.builds("({} {} {})".format, inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner),
            st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
            st.builds("({} if {} else {})".format, inner, inner, inner),
            st.builds("ratio({}, {})".format, inner, inner),
            st.builds("(not {})".format, inner),
            st.builds("(-{})".format, inner),
            st.builds("clamp({}, 0, 3)".format, inner),
            st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
            st.builds("bands({}, [[{}, 2], [-1, {}]])".format, inner, inner, inner),
        ),
        max_leaves=6,
    )


@settings(max_examples=150, deadline=None)
@given(facts=many_facts(), formula=formulas())
def test_a_second_opinion_agrees_on_every_formula(facts: list[dict[str, Any]], formula: str) -> None:
    document = standard(formula)
    for subject in sorted({row["subject"] for row in facts}):
        expected = Slow(document, facts, subject).value(formula)
        got = explained(document, *facts, subject=subject)["groups"][0]["indicators"][0]
        if expected is None:
            assert got["state"] == "not_applicable"
        else:
            value = min(max(expected, Fraction(0)), Fraction(10))
            assert got["value"] == rounded((value.numerator, value.denominator), 2)


@settings(max_examples=50, deadline=None)
@given(facts=many_facts(), order=st.randoms())
def test_the_order_of_facts_means_nothing(facts: list[dict[str, Any]], order: Any) -> None:
    document = standard("sum('k.a') / count('k.b')", "active('k.c')", "days('k.a')")
    first = scores(document, *facts)
    shuffled = json.loads(json.dumps(facts))
    order.shuffle(shuffled)
    assert scores(document, *shuffled) == first


@settings(max_examples=200, deadline=None)
@given(
    groups=st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["1", "3", "-2", "1 / 0", "0.5"]), st.sampled_from(["skip", "zero", "full"])), min_size=1, max_size=4),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_spreading_keeps_all_points_and_the_total_stays_inside_them(groups: list[list[tuple[int, str, str]]]) -> None:
    document = standard(
        groups=[
            {
                "id": f"G{g}", "points": sum(points for points, _, _ in group),
                "indicators": [
                    {"id": f"I{g}-{i}", "points": points, "formula": formula, "no_data": no_data}
                    for i, (points, formula, no_data) in enumerate(group)
                ],
            }
            for g, group in enumerate(groups)
        ],
        vetoes=[], grades=[],
    )  # fmt: skip
    result = judge(load(document), Filled())
    everything = sum(points for group in groups for points, _, _ in group)
    left = any(
        points and (formula != "1 / 0" or no_data != "skip") for group in groups for points, formula, no_data in group
    )
    assert sum(Fraction(*group.points) for group in result.groups) == (everything if left else 0)
    for group in result.groups:
        assert sum(Fraction(*indicator.points) for indicator in group.indicators) == Fraction(*group.points)
        assert group.value is None or 0 <= Fraction(*group.value) <= Fraction(*group.points)
    assert 0 <= Fraction(*result.total) <= everything


def test_figures_are_shown_half_up() -> None:
    assert [rounded(value, 2) for value in [(1, 200), (1, 201), (0, 1), (19999, 20000), (5, 2)]] == [
        "0.01", "0.00", "0.00", "1.00", "2.50",
    ]  # fmt: skip
    assert rounded((5, 2), 0) == "3"
