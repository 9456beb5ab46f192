"""The demonstration standard gives the figures that were worked out by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts import kinds
from wuxie.kernel.standards import actions, selection
from wuxie.kernel.standards.document import Standard, contract_form, for_cycle, load, load_yaml
from wuxie.kernel.standards.judge import Result, judge, rounded

HERE = Path(__file__).parent
CASE = yaml.safe_load((HERE / "whole_project.yaml").read_text(encoding="utf-8"))
SHIPPED = load_yaml((HERE.parent / "data" / "star-rating.yaml").read_bytes())
WINDOW = {"start": datetime.date(2025, 9, 1), "end": datetime.date(2026, 8, 31), "cutoff": datetime.date(2026, 9, 30)}


def standard(klass: str = "new_residential") -> Standard:
    return load(for_cycle(SHIPPED, **WINDOW, klass=klass))


def rows(quantities: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind, given in quantities.items():
        for place, quantity in enumerate(given if isinstance(given, list) else [given]):
            yield {
                "id": f"{kind}-{place}", "kind": kind, "subject": "project:1", "quantity": int(Fraction(str(quantity)) * 10**6),
                "occurred_on": "2026-03-01", "recorded_on": "2026-03-02", "valid_until": "", "trust": 3, "superseded": 0,
                "disputed": 0,
            }  # fmt: skip


def score(quantities: dict[str, Any], made: Standard) -> Result:
    return judge(made, selection.add_up(made, rows(quantities), scale=10**6).of("project:1"))


def shown(value: tuple[int, int] | None) -> str | None:
    return None if value is None else rounded(value, 2)


def test_a_whole_project_scores_what_was_worked_out_by_hand() -> None:
    result = score(CASE["facts"], standard())
    expect = CASE["expect"]
    assert (rounded(result.total, 1), result.stars, result.vetoes) == (expect["total"], expect["stars"], ())
    assert {group.group.id: shown(group.value) for group in result.groups} == expect["groups"]
    assert {one.indicator.id: shown(one.value) for group in result.groups for one in group.indicators} == expect[
        "indicators"
    ]


@pytest.mark.parametrize("case", CASE["alone"], ids=[case["id"] for case in CASE["alone"]])
def test_single_indicators_earn_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    earned = score(case["facts"], standard()).indicator(case["id"]).raw
    assert earned is not None
    assert Fraction(*earned) == Fraction(case["expect"])


def test_an_old_estate_without_smart_devices_is_not_marked_down_for_them() -> None:
    without = {kind: given for kind, given in CASE["facts"].items() if kind != "smart.device_online_rate"}
    assert score(without, standard("old_estate")).indicator("H5").value is None
    assert score(without, standard()).indicator("H5").value == (0, 1)
    assert score(CASE["facts"], standard("old_estate")).indicator("H5").value is not None


@pytest.mark.parametrize(
    ("kind", "stars"), [("safety.accident_liable.fatal", 0), ("credit.graded.d", 0), ("rating.capped_at_four", 3)]
)
def test_a_veto_caps_the_stars(kind: str, stars: int) -> None:
    result = score(CASE["facts"] | {kind: "1"}, standard())
    assert (result.stars, len(result.vetoes), result.grade) == (stars, 1, 3)


def test_it_is_a_hundred_points_and_every_kind_it_reads_is_declared() -> None:
    made = standard()
    assert sum(Fraction(*group.points) for group in made.groups) == 100
    assert [kind for kind in made.kinds if kinds.find(kind) is None] == []


def test_the_room_takes_it_and_a_stranger_gets_the_bare_form() -> None:
    assert actions.checked(SHIPPED)["standard"] == "red-property-star"
    bare = contract_form(for_cycle(SHIPPED, **WINDOW))
    assert [one.formula.text for one in load(bare, strict=True).indicators] == [
        one.formula.text for one in standard().indicators
    ]
    with pytest.raises(Problem):
        load(for_cycle(SHIPPED, **WINDOW), strict=True)


def test_a_cycle_whose_cut_off_lies_before_its_window_ends_is_told_the_mend() -> None:
    with pytest.raises(Problem, match="2026-08-31 或以后"):
        for_cycle(SHIPPED, **WINDOW | {"cutoff": datetime.date(2026, 8, 30)})
