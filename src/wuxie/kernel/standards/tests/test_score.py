"""The language, the judge and the calculator, by worked cases and by properties."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards import calc, document, selection
from wuxie.kernel.standards.duck import DuckFacts
from wuxie.kernel.standards.judge import judge, rounded
from wuxie.kernel.standards.language import NoData, compile_formula

HEAD = "id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by,disputed\n"


def standard(*formulas, no_data="zero", vetoes=(), grades=(), points=None, **rest):
    """A standard of one group, one indicator a formula."""
    points = points or ["10"] * len(formulas)
    return document.load(
        {
            "standard": "t", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
            "min_trust": "counterpart_confirmed", "vetoes": list(vetoes), "grades": list(grades),
            "groups": [
                {"id": "A", "points": str(sum(map(Fraction, points))), "indicators": [
                    {"id": f"A{n}", "points": points[n], "formula": formula, "no_data": no_data}
                    for n, formula in enumerate(formulas)]}],
            **rest,
        }
    )  # fmt: skip


def fact(
    kind, quantity=1, on="2026-03-01", recorded="2026-03-02", until="", trust=2, superseded=0, disputed=0, name="f"
):
    return {"id": name, "kind": kind, "subject": "p", "quantity": quantity, "occurred_on": on, "recorded_on": recorded,
            "valid_until": until, "trust": trust, "superseded": superseded, "disputed": disputed}  # fmt: skip


def value(formula, *facts, scale=1, **rest):
    result = judge(
        standard(formula, points=["1000"], **rest),
        selection.add_up(standard(formula, points=["1000"]), facts, scale=scale).of("p"),
    )
    raw = result.groups[0].indicators[0].raw
    return None if raw is None else Fraction(*raw)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", Fraction(13, 2)), ("-(-2)", 2), ("+3", 3), (".5 + 1.", Fraction(3, 2)),
        ("bands(3, [[3, 0.5], [1, 3], [0, 6]])", Fraction(1, 2)), ("bands(0.5, [[3, 0], [1, 3]])", 0),
        ("clamp(7, 0, 5)", 5), ("min(3, 2) + max(1, 4)", 6), ("1 if 1 < 2 <= 2 else 9", 1),
        ("1 if not (1 > 2) and (1 == 1 or 1 / 0 > 1) else 0", 1), ("5 if 2 > 1 else 1 / 0", 5),
        ("ratio(1, 3) * 3", 1), ("sum('a')", 3), ("count('a')", 2), ("days('a')", 1), ("active('a')", 3), ("1 if has('a') else 0", 1),
        ("1 if has('b') else 0", 0), ("100 * sum('b')", 0),
    ],
)  # fmt: skip
def test_what_formulas_say(formula, expected):
    assert value(formula, fact("a", 1, name="1"), fact("a", 2, name="2")) == expected


@pytest.mark.parametrize(
    "formula", ["ratio(1, 0)", "1 / sum('x')", "0 * (1 / 0)", "max(1, ratio(0, 0))", "1 if 1 / 0 > 0 else 2"]
)
def test_what_divides_by_nought_has_no_data(formula):
    with pytest.raises(NoData):
        compile_formula(formula).number(selection.Filled())


@pytest.mark.parametrize(
    "formula",
    [
        "", "1 +", "x", "__import__('os')", "count", "count(a)", "count('a').real", "count('a')[0]", "lambda: 1", "[1, 2]", "(1, 2)", "'a'",
        "f'{1}'", "1e3", "1_000", "0x10", "1j", "2 ** 99999999", "5 // 2", "5 % 2", "1 & 1", "~1", "1 in [1]", "1 is 1", "True", "None",
        "count('a', months=3)", "count(*'a')", "count('a', 0)", "count('a', 121)", "count('a', 1.5)", "count('a', -1)", "active('a', 3)",
        "has('a', 3)", "sum()", "sum('a', 3, 4)", "sum('')", "ratio(1)", "ratio(1, 2, 3)", "clamp(1, 2)", "bands(1, 2)", "bands(1, [])",
        "bands(1, [[1]])", "bands(1, [1, 2])", "(y := 5)", "[x for x in (1,)]", "1; 2", "a = 1", "print(1)", "sum('a' 'b', 'c')", "１ + 1",
        "1 if 2", "yield 1", "await x", "...", "b'a'", "1 # 2\n)", "--" * 400 + "1", "(" * 300 + "1" + ")" * 300, "1+" * 3000 + "1",
        "min()", "count('a', True)",
    ],
)  # fmt: skip
def test_nothing_else_is_in_the_language(formula):
    with pytest.raises(Problem) as refused:
        compile_formula(formula, "$.groups[0].indicators[1].formula")
    assert (refused.value.code, refused.value.path) == ("formula", "$.groups[0].indicators[1].formula")
    assert "第" in refused.value.message or "公式太长" in refused.value.message


def test_a_formula_may_run_over_lines_and_be_deep():
    assert value("(1 +\n 2)\n * 3") == 9
    assert value("(" * 60 + "1" + ")" * 60) == 1
    assert value("\n  1 +\n  1\n") == 2


def test_which_facts_count():
    counting = fact("a", name="in")
    others = [
        fact("a", trust=0, name="trust"), fact("a", superseded=1, name="old"), fact("a", disputed=1, name="dispute"),
        fact("a", recorded="2026-10-01", name="late"), fact("a", on="2025-08-31", name="before"), fact("a", on="2026-09-01", name="after"),
    ]  # fmt: skip
    edge = [fact("a", on="2025-09-01", name="first"), fact("a", on="2026-08-31", recorded="2026-09-30", name="last")]

    assert value("count('a')", counting, *others, *edge) == 3
    find = selection.finder(standard("count('a')"), [counting, *others, *edge])
    assert find(compile_formula("count('a')").slots) == [
        "first",
        "in",
        "last",
    ]


def test_levels_hold_on_the_last_day_of_the_window():
    rows = [
        fact("l", 5, on="2020-01-01", name="open"), fact("l", 7, on="2020-01-01", until="2026-08-31", name="last"),
        fact("l", 9, on="2020-01-01", until="2026-08-30", name="ended"), fact("l", 11, on="2026-09-01", name="later"),
    ]  # fmt: skip
    assert value("active('l')", *rows) == 12
    assert value("count('l')", *rows) == 0


@pytest.mark.parametrize(
    ("months", "day", "counted"),
    [
        (6, "2026-02-28", 0),
        (6, "2026-03-01", 1),
        (1, "2026-07-31", 0),
        (1, "2026-08-01", 1),
        (24, "2024-09-01", 1),
        (24, "2024-08-31", 0),
    ],
)
def test_the_last_months_begin_after_the_same_day(months, day, counted):
    assert value(f"count('a', {months})", fact("a", on=day, recorded=day)) == counted


def test_what_is_not_applicable_is_spread_and_clamped():
    made = standard("ratio(1, 0)", "3", "99", no_data="skip", points=["5", "3", "2"])
    result = judge(made, selection.Filled())
    shown = [(one.value and rounded(one.value, 2), rounded(one.points, 2)) for one in result.groups[0].indicators]

    assert shown == [(None, "0.00"), ("6.00", "6.00"), ("4.00", "4.00")]
    assert rounded(result.total, 1) == "10.0"


def test_a_group_with_none_left_passes_its_points_on():
    made = document.load(
        {
            "standard": "t", "version": 1, "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
            "min_trust": "self_declared",
            "groups": [
                {"id": "A", "points": 60, "indicators": [{"id": "A1", "points": 60, "formula": "1/0", "no_data": "skip"}]},
                {"id": "B", "points": 40, "indicators": [{"id": "B1", "points": 40, "formula": "20"}]},
            ],
            "grades": [{"stars": 1, "min": "50", "group_min": "0.5"}],
        }
    )  # fmt: skip
    result = judge(made, selection.Filled())
    assert (rounded(result.total, 1), result.stars) == ("50.0", 1)
    nothing = judge(standard("1/0", no_data="skip"), selection.Filled())
    assert (rounded(nothing.total, 1), nothing.stars) == ("0.0", 0)


def test_grades_use_the_unrounded_total_floors_and_the_lowest_veto():
    grades = [{"stars": 5, "min": "9", "floors": {"A": "0.95"}}, {"stars": 4, "min": "9"}, {"stars": 3, "min": "8.95"}]
    assert judge(standard("8.96", grades=grades), selection.Filled()).stars == 3
    assert judge(standard("8.9499", grades=grades), selection.Filled()).stars == 0
    assert judge(standard("9.4", grades=grades), selection.Filled()).stars == 4
    assert judge(standard("9.5", grades=grades), selection.Filled()).stars == 5
    vetoes = [
        {"id": "V2", "when": "1 > 0", "max_stars": 2},
        {"id": "V1", "when": "1 > 0", "max_stars": 1},
        {"id": "V3", "when": "1/0", "max_stars": 0},
    ]
    result = judge(standard("9.5", grades=grades, vetoes=vetoes), selection.Filled())
    assert (result.stars, result.vetoes, result.grade) == (1, ("V2", "V1"), 5)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [((1, 8), 2, "0.13"), ((-1, 8), 2, "-0.12"), ((5, 100), 1, "0.1"), ((1, 3), 1, "0.3"), ((7, 1), 0, "7")],
)
def test_rounding_is_half_up_and_only_for_show(number, places, text):
    assert rounded(number, places) == text


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from(["zero", "full", "skip"]), st.booleans()), min_size=1, max_size=8
    )
)
def test_points_after_spreading_always_add_up(rows):
    made = document.load(
        {
            "standard": "t", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
            "min_trust": "self_declared",
            "groups": [
                {"id": f"G{n}", "points": "10", "indicators": [
                    {"id": f"I{n}", "points": "10", "formula": str(value) if data else "1/0", "no_data": policy}]}
                for n, (value, policy, data) in enumerate(rows)
            ],
        }
    )  # fmt: skip
    result = judge(made, selection.Filled())
    points = sum(Fraction(*group.points) for group in result.groups)
    alive = any(group.value is not None for group in result.groups)

    assert points == (10 * len(rows) if alive else 0)
    assert 0 <= Fraction(*result.total) <= points


KINDS = ["a", "b", "c"]
FACTS = st.lists(
    st.builds(
        fact, st.sampled_from(KINDS), st.integers(-5, 500), st.sampled_from(["2025-08-31", "2025-09-01", "2026-02-28", "2026-08-31", "2026-09-01"]),
        st.sampled_from(["2026-09-30", "2026-10-01"]), st.sampled_from(["", "2026-08-30", "2026-08-31"]), st.integers(0, 3), st.integers(0, 1),
        st.integers(0, 1),
    ),
    max_size=25,
)  # fmt: skip
EVERY = "sum('a') + 2 * count('b') + days('c') + active('a') + count('a', 6) + sum('b', 12)"


@given(FACTS)
def test_the_engine_and_plain_python_add_up_alike(tmp_path_factory, facts):
    facts = [{**one, "id": f"f{n}"} for n, one in enumerate(facts)]
    path = tmp_path_factory.mktemp("facts") / "facts.csv"
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for one in facts:
        quantity = f"{'-' if one['quantity'] < 0 else ''}{abs(one['quantity']) // 100}.{abs(one['quantity']) % 100:02d}"
        writer.writerow([one["id"], one["kind"], one["subject"], quantity, one["occurred_on"], one["recorded_on"], one["valid_until"],
                         document.TRUST[one["trust"]], "x" if one["superseded"] else "", str(bool(one["disputed"])).lower()])  # fmt: skip
    path.write_text(HEAD + rows.getvalue())
    made = standard(EVERY, points=["100000"])
    ours = DuckFacts(path).measures(made).of("p")
    plain = selection.add_up(made, facts, scale=100).of("p")
    for slot in selection.slots(made):
        assert Fraction(*ours[slot]) == Fraction(*plain[slot])


def wuxie(tmp_path, text, *rows, explain=None):
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "f.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "wuxie.config.cli",
        "calc",
        "score",
        "--standard",
        str(tmp_path / "s.yaml"),
        "--facts",
        str(tmp_path / "f.csv"),
    ]
    return subprocess.run(command + (["--explain", explain] if explain else []), capture_output=True, check=False)


DEMO = """
standard: demo
version: "1"
window: {from: 2025-09-01, to: 2026-08-31}
cutoff: 2026-09-30
min_trust: counterpart_confirmed
groups:
  - id: A
    points: 10
    indicators:
      - {id: A1, points: 4, formula: "4 * ratio(count('m.due_done'), count('m.due'))", no_data: skip}
      - {id: A2, points: 6, formula: "bands(sum('v.found'), [[3, 0], [1, 3], [0, 6]])"}
vetoes:
  - {id: V1, when: "count('s.fatal') > 0", max_stars: 0}
grades:
  - {stars: 5, min: "8"}
"""


def test_the_command_answers_in_order_of_code_points(tmp_path):
    row = "{},m.due,{},1,2026-01-01,2026-01-02,,association_verified,,false".format
    done = wuxie(
        tmp_path,
        DEMO,
        row("1", "b"),
        row("2", "a"),
        row("3", "Z"),
        row("4", "乙"),
        "5,s.fatal,a,1,2026-01-01,2026-01-02,,authority_document,,false",
    )

    assert done.returncode == 0
    assert done.stdout.decode() == "subject,total,stars,vetoes\nZ,6.0,0,\na,6.0,0,V1\nb,6.0,0,\n乙,6.0,0,\n"


def test_the_command_explains_down_to_fact_ids_and_keeps_twenty_decimals(tmp_path):
    rows = [
        "f2,m.due,c,1,2026-01-01,2026-01-02,,association_verified,,false", "f1,m.due_done,c,1,2026-01-01,2026-01-02,,association_verified,,false",
        "f3,v.found,c,0.99999999999999999999,2026-01-01,2026-01-02,,association_verified,,false",
        "f4,v.found,c,0.00000000000000000001,2026-01-01,2026-01-02,,association_verified,,false",
    ]  # fmt: skip
    tree = json.loads(wuxie(tmp_path, DEMO, *rows, explain="c").stdout)

    assert (tree["total"], tree["stars"]) == ("7.0", 0)
    assert [(one["id"], one["value"], one["state"], one["facts"]) for one in tree["groups"][0]["indicators"]] == [
        ("A1", "4.00", "scored", ["f1", "f2"]), ("A2", "3.00", "scored", ["f3", "f4"])]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        ("f,k,s,1.2.3,2026-01-01,2026-01-02,,association_verified,,false", "type", "$.facts[0].quantity"),
        ("f,k,s,1,2026-02-30,2026-01-02,,association_verified,,false", "type", "$.facts[0].occurred_on"),
        ("f,k,s,1,2026-01-01,2026-1-2,,association_verified,,false", "type", "$.facts[0].recorded_on"),
        ("f,k,s,1,2026-01-01,2026-01-02,x,association_verified,,false", "type", "$.facts[0].valid_until"),
        ("f,k,s,1,2026-01-01,2026-01-02,,high,,false", "range", "$.facts[0].trust"),
        ("f,k,s,1,2026-01-01,2026-01-02,,association_verified,,maybe", "type", "$.facts[0].disputed"),
        (",k,s,1,2026-01-01,2026-01-02,,association_verified,,false", "range", "$.facts[0].id"),
        ("f,k,s,1", "missing", "$.facts[0].occurred_on"),
    ],
)  # fmt: skip
def test_a_broken_row_is_refused_at_its_place(tmp_path, row, code, path):
    done = wuxie(tmp_path, DEMO, row)
    error = json.loads(done.stderr)["error"]
    assert (done.returncode, done.stdout, error["code"], error["path"]) == (2, b"", code, path)


def test_a_subject_that_is_not_there_and_a_missing_file_are_said(tmp_path):
    row = "f,k,s,1,2026-01-01,2026-01-02,,association_verified,,false"
    assert json.loads(wuxie(tmp_path, DEMO, row, explain="zz").stderr)["error"]["code"] == "reference"
    assert json.loads(wuxie(tmp_path, "a: [", row).stderr)["error"]["code"] == "json"


def test_over_http_the_same_figures(tmp_path):
    facts = [{"id": "1", "kind": "v.found", "subject": "c", "quantity": "2.5", "occurred_on": "2026-01-01", "recorded_on": "2026-01-02",
              "trust": "association_verified"}]  # fmt: skip
    body = {"standard": json.loads(json.dumps(yaml.safe_load(DEMO), default=str)), "facts": facts}

    assert calc.run(body) == {"scores": [{"subject": "c", "total": "5.0", "stars": 0, "vetoes": []}]}
    assert calc.run({**body, "explain": "c"})["groups"][0]["indicators"][1]["value"] == "5.00"
    with pytest.raises(Problem) as refused:
        calc.run({**body, "facts": [{**facts[0], "quantity": 2.5}]})
    assert (refused.value.code, refused.value.path) == ("type", "$.facts[0].quantity")
