from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
import yaml

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards.document import Standard, load, load_yaml

from .examples import standard


def read(value: Any) -> Standard:
    return load(value, strict=True)


def read_yaml(text: bytes) -> Standard:
    return read(load_yaml(text))


def refused(value: Any) -> Problem:
    with pytest.raises(Problem) as refusal:
        read(value)
    return refusal.value


def put(path: str, value: Any) -> dict[str, Any]:
    """The example with one value set, by a path such as ``groups.0.points``; ``...`` removes it."""
    given = json.loads(json.dumps(standard()))
    *way, last = path.split(".")
    here: Any = given
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here[step]
    key: Any = int(last) if isinstance(here, list) else last
    if value is ...:
        del here[key]
    else:
        here[key] = value
    return given


FAULTS = [
    ("standard", ..., "missing", "$.standard"),
    ("standard", 5, "type", "$.standard"),
    ("version", ..., "missing", "$.version"),
    ("window", ..., "missing", "$.window"),
    ("window.to", ..., "missing", "$.window.to"),
    ("window.until", "2026-01-01", "unknown_key", "$.window.until"),
    ("window.from", "2025-02-30", "type", "$.window.from"),
    ("window.from", "2025-9-1", "type", "$.window.from"),
    ("window.to", "2025-08-31", "range", "$.window.to"),
    ("cutoff", ..., "missing", "$.cutoff"),
    ("cutoff", "2025-08-31", "range", "$.cutoff"),
    ("cutoff", 20260930, "type", "$.cutoff"),
    ("min_trust", ..., "missing", "$.min_trust"),
    ("min_trust", "hearsay", "range", "$.min_trust"),
    ("min_trust", 2, "type", "$.min_trust"),
    ("label", "示范", "unknown_key", "$.label"),
    ("groups", ..., "missing", "$.groups"),
    ("groups", [], "empty", "$.groups"),
    ("groups", {}, "type", "$.groups"),
    ("groups.0", [], "type", "$.groups[0]"),
    ("groups.0.id", 1, "type", "$.groups[0].id"),
    ("groups.0.id", "", "range", "$.groups[0].id"),
    ("groups.0.points", 11, "range", "$.groups[0].points"),
    ("groups.0.points", "ten", "type", "$.groups[0].points"),
    ("groups.0.points", True, "type", "$.groups[0].points"),
    ("groups.0.points", "-10", "range", "$.groups[0].points"),
    ("groups.0.points", "1e1", "type", "$.groups[0].points"),
    ("groups.0.points", "1" * 16, "range", "$.groups[0].points"),
    ("groups.0.points", "0." + "1" * 5000, "range", "$.groups[0].points"),
    ("groups.0.indicators", [], "empty", "$.groups[0].indicators"),
    ("groups.0.indicators.1.id", "A1", "duplicate", "$.groups[0].indicators[1].id"),
    ("groups.0.indicators.0.formula", ..., "missing", "$.groups[0].indicators[0].formula"),
    ("groups.0.indicators.1.formula", "abs(1)", "formula", "$.groups[0].indicators[1].formula"),
    ("groups.0.indicators.1.formula", None, "type", "$.groups[0].indicators[1].formula"),
    ("groups.0.indicators.0.no_data", "mean", "range", "$.groups[0].indicators[0].no_data"),
    ("groups.0.indicators.0.weight", 2, "unknown_key", "$.groups[0].indicators[0].weight"),
    ("vetoes", None, "type", "$.vetoes"),
    ("vetoes.0.when", "count('s.fatal') > ", "formula", "$.vetoes[0].when"),
    ("vetoes.0.max_stars", -1, "range", "$.vetoes[0].max_stars"),
    ("vetoes.0.max_stars", "0", "type", "$.vetoes[0].max_stars"),
    ("vetoes.0.max_stars", ..., "missing", "$.vetoes[0].max_stars"),
    ("grades.0.stars", 4.5, "type", "$.grades[0].stars"),
    ("grades.0.min", ..., "missing", "$.grades[0].min"),
    ("grades.0.min", "ninety", "type", "$.grades[0].min"),
    ("grades.0.group_min", "1.1", "range", "$.grades[0].group_min"),
    ("grades.0.floors", [], "type", "$.grades[0].floors"),
    ("grades.0.floors", {"Z": "0.5"}, "reference", "$.grades[0].floors.Z"),
    ("grades.0.floors", {"A": "x"}, "type", "$.grades[0].floors.A"),
]


@pytest.mark.parametrize(("path", "value", "code", "at"), FAULTS, ids=[f"{row[0]}={row[1]!r}"[:50] for row in FAULTS])
def test_a_fault_is_named_by_its_path(path: str, value: Any, code: str, at: str) -> None:
    problem = refused(put(path, value))
    assert (problem.code, problem.path) == (code, at)


def test_ids_of_groups_and_vetoes_are_given_once() -> None:
    twice = standard()
    twice["groups"] = [
        *twice["groups"],
        {"id": "A", "points": 1, "indicators": [{"id": "B1", "points": 1, "formula": "1"}]},
    ]
    assert (refused(twice).code, refused(twice).path) == ("duplicate", "$.groups[1].id")
    twice = standard(vetoes=standard()["vetoes"] * 2)
    assert (refused(twice).code, refused(twice).path) == ("duplicate", "$.vetoes[1].id")


def test_an_indicator_id_of_another_group_is_a_duplicate() -> None:
    twice = standard()
    twice["groups"] = [
        *twice["groups"],
        {"id": "B", "points": 1, "indicators": [{"id": "A1", "points": 1, "formula": "1"}]},
    ]
    assert refused(twice).path == "$.groups[1].indicators[0].id"


def test_the_cut_off_before_the_window_is_refused_with_the_mend() -> None:
    assert "请改到窗口之后" in refused(put("cutoff", "2025-01-01")).message


def test_vetoes_grades_and_no_data_may_be_left_out() -> None:
    given = standard()
    del given["vetoes"], given["grades"]
    found = read(given)
    assert (found.vetoes, found.grades) == ((), ())
    assert [indicator.no_data for indicator in found.indicators] == ["skip", "zero"]


def test_points_are_exact_however_they_are_written() -> None:
    given = put("groups.0.indicators.0.points", 0.1)
    given["groups"][0]["indicators"][1]["points"] = "0.2"
    given["groups"][0]["points"] = 0.3
    assert Fraction(*read(given).groups[0].points) * 10 == 3


def facts_of(found: Standard) -> Any:
    return (
        found.name, found.version, found.start, found.end, found.cutoff, found.min_trust,
        [(group.id, group.points, [(one.id, one.points, one.formula.text, one.no_data) for one in group.indicators]) for group in found.groups],
        [(veto.id, veto.when.text, veto.max_stars) for veto in found.vetoes],
        [(grade.stars, grade.least, grade.group_least, grade.floors) for grade in found.grades],
    )  # fmt: skip


def test_yaml_and_json_give_the_same_standard() -> None:
    assert facts_of(read_yaml(yaml.safe_dump(standard(), allow_unicode=True).encode())) == facts_of(read(standard()))


def test_a_date_without_quotes_and_a_comment_are_read() -> None:
    text = yaml.safe_dump(standard()).replace("'2026-09-30'", "2026-09-30   # the day").encode()
    assert b"'2026-09-30'" not in text
    assert read_yaml(text).cutoff.isoformat() == "2026-09-30"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff\xfe", "json"),
        (b"a: [1", "json"),
        (b"a: 1\na: 2", "duplicate"),
        (b"a: !!python/object/apply:os.system ['true']", "json"),
        (b"a: &a [*a]", "reference"),
        (b"a: " + b"[" * 30 + b"]" * 30, "range"),
        (b"[" * 5_000, "json"),
        (b"x" * 2_000_001, "range"),
        (b"? [1, 2]\n: 3", "type"),
        (b"just text", "type"),
        (b"", "type"),
        (b"--- a\n--- b", "json"),
    ],
)
def test_what_is_no_lawful_yaml_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        read_yaml(text)
    assert refusal.value.code == code


def test_an_alias_bomb_is_refused_before_it_unfolds() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(Problem) as refusal:
        read_yaml("\n".join(lines).encode())
    assert refusal.value.code == "range"


def test_a_harmless_alias_is_unfolded() -> None:
    text = (
        yaml.safe_dump(standard())
        .replace("A: '0.75'", "A: &share '0.75'")
        .replace("group_min: '0.6'", "group_min: *share")
    )
    grade = read_yaml(text.encode()).grades[0]
    assert dict(grade.floors)["A"] == grade.group_least == (75, 100)


def test_descriptions_are_read_only_where_they_are_asked_for() -> None:
    told = put("groups.0.label", "第一组")
    assert refused(told).code == "unknown_key"
    assert facts_of(load(told)) == facts_of(read(standard()))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 2026.10", "2026.10"), ("a: 2026.1", 2026.1), ("a: 010", "010"), ("a: 1:30", "1:30"), ("a: yes", "yes"),
        ("a: on", "on"), ("a: 1e3", "1e3"), ("a: 0x10", "0x10"), ("a: 1_000", "1_000"), ("a: 2026-09-30", "2026-09-30"),
        ("a: true", True), ("a: 12", 12), ("a: -1", -1), ("a: 0.75", 0.75), ("a: 0.50", "0.50"), ("a: .inf", ".inf"),
        ("a:", None), ("a: '4'", "4"),
    ],
)  # fmt: skip
def test_yaml_changes_nothing_that_was_written(text: str, value: Any) -> None:
    found = load_yaml(text.encode())["a"]
    assert (found, type(found)) == (value, type(value))


def test_a_day_may_be_one_already() -> None:
    import datetime

    given = put("window.from", datetime.date(2025, 9, 1))
    assert load(given, strict=False).start == datetime.date(2025, 9, 1)


def test_a_standard_without_vetoes_has_none_in_the_form_for_strangers() -> None:
    from wuxie.kernel.standards.document import contract_form

    given = {name: value for name, value in standard().items() if name not in ("vetoes", "grades")}
    assert contract_form(given).keys().isdisjoint({"vetoes", "grades"})
