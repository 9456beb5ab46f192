"""The command as the outside runs it: files in, bytes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards.calc import main, run

from .examples import as_json, csv_text, fact, standard
from .test_judge import explained, many_facts, scores

Score = Callable[..., tuple[int, str, Any]]


@pytest.fixture
def score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Score:
    """Score files made of a standard and facts (rows, or the text of a CSV): exit code, output, error object."""

    def call(facts: Any, document: Any = None, *options: str) -> tuple[int, str, Any]:
        text = document if isinstance(document, bytes) else yaml.safe_dump(document or standard()).encode()
        (tmp_path / "standard.yaml").write_bytes(text)
        body = facts if isinstance(facts, bytes) else csv_text(facts).encode()
        (tmp_path / "facts.csv").write_bytes(body)
        code = main(
            ["--standard", str(tmp_path / "standard.yaml"), "--facts", str(tmp_path / "facts.csv"), *options]
        )  # fmt: skip
        out, err = capsys.readouterr()
        if code:
            assert (code, out, err.count("\n")) == (2, "", 1)
            return code, out, json.loads(err)["error"]
        assert err == ""
        return code, out, None

    return call


HEADER = b"id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by,disputed\n"
ROW = b"f1,m.due,c1,1,2026-03-01,2026-03-02,,association_verified,,false\n"


def test_the_table_and_the_tree(score: Score) -> None:
    facts = [fact("f1", "m.due"), fact("f2", "m.due_done"), fact("f3", "s.fatal", subject="c,2")]
    assert score(facts)[1] == 'subject,total,stars,vetoes\n"c,2",10.0,0,V1\nc1,10.0,4,\n'
    tree = json.loads(score(facts, None, "--explain", "c1")[1])
    assert tree["groups"][0]["indicators"][0]["facts"] == ["f1", "f2"]
    assert tree == explained(standard(), *facts)


def test_no_facts_give_an_empty_table(score: Score) -> None:
    assert score(HEADER)[1] == "subject,total,stars,vetoes\n"


def test_a_subject_that_is_not_there_is_a_reference(score: Score) -> None:
    assert score([fact("f1", "m.due")], None, "--explain", "c9")[2]["code"] == "reference"


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + HEADER + ROW,
        (HEADER + ROW).replace(b"\n", b"\r\n"),
        HEADER + ROW.rstrip(b"\n"),
        HEADER + ROW + b"\n",
        HEADER + ROW.replace(b",,", b',"",'),
        HEADER + ROW.replace(b"false", b"False"),
        HEADER + ROW.replace(b"false", b"FALSE"),
        HEADER + ROW.replace(b"c1", b'"c1"'),
        b"subject,disputed,superseded_by,trust,valid_until,recorded_on,occurred_on,quantity,kind,id\n"
        b"c1,false,,association_verified,,2026-03-02,2026-03-01,1,m.due,f1\n",
    ],
    ids=["mark", "crlf", "no last newline", "blank line", "empty in quotes", "False", "FALSE", "quoted", "other order"],
)
def test_lawful_spellings_of_a_file(score: Score, body: bytes) -> None:
    assert score(body)[1] == "subject,total,stars,vetoes\nc1,6.0,0,\n"


def test_quotes_commas_and_newlines_inside_a_cell(score: Score) -> None:
    subject = 'a,"b"\n中文'
    out = score([fact("f1", "m.due", subject=subject), fact("f2", "m.due", subject="z")])[1]
    assert out == 'subject,total,stars,vetoes\n"a,""b""\n中文",6.0,0,\nz,6.0,0,\n'


FAULTS = {
    "empty file": (b"", "missing", "$.facts.id"),
    "unknown column": (HEADER.replace(b"kind", b"sort"), "unknown_key", "$.facts.sort"),
    "missing column": (HEADER.replace(b",disputed", b""), "missing", "$.facts.disputed"),
    "column twice": (HEADER.replace(b"\n", b",id\n"), "duplicate", "$.facts.id"),
    "no id": (HEADER + ROW + ROW.replace(b"f1,", b","), "range", "$.facts[1].id"),
    "no kind": (HEADER + ROW.replace(b"m.due", b""), "range", "$.facts[0].kind"),
    "no subject": (HEADER + ROW.replace(b"c1", b""), "range", "$.facts[0].subject"),
    "id twice": (HEADER + ROW + ROW.replace(b"f1", b"f2") + ROW, "duplicate", "$.facts[2].id"),
    "no quantity": (HEADER + ROW.replace(b",1,", b",,"), "type", "$.facts[0].quantity"),
    "exponent": (HEADER + ROW.replace(b",1,", b",1e3,"), "type", "$.facts[0].quantity"),
    "plus": (HEADER + ROW.replace(b",1,", b",+1,"), "type", "$.facts[0].quantity"),
    "point at the end": (HEADER + ROW.replace(b",1,", b",1.,"), "type", "$.facts[0].quantity"),
    "space": (HEADER + ROW.replace(b",1,", b", 1,"), "type", "$.facts[0].quantity"),
    "separator": (HEADER + ROW.replace(b",1,", b',"1,000",'), "type", "$.facts[0].quantity"),
    "not a number": (HEADER + ROW.replace(b",1,", b",NaN,"), "type", "$.facts[0].quantity"),
    "full width": (HEADER + ROW.replace(b",1,", ",１,".encode()), "type", "$.facts[0].quantity"),
    "too many digits": (HEADER + ROW.replace(b",1,", b"," + b"1" * 16 + b","), "range", "$.facts[0].quantity"),
    "too many decimals": (HEADER + ROW.replace(b",1,", b",0." + b"1" * 101 + b","), "range", "$.facts[0].quantity"),
    "thousands of digits": (HEADER + ROW.replace(b",1,", b",0." + b"1" * 5000 + b","), "range", "$.facts[0].quantity"),
    "no day": (HEADER + ROW.replace(b"2026-03-01", b""), "type", "$.facts[0].occurred_on"),
    "no such day": (HEADER + ROW.replace(b"2026-03-01", b"2026-02-30"), "type", "$.facts[0].occurred_on"),
    "short day": (HEADER + ROW.replace(b"2026-03-01", b"2026-3-1"), "type", "$.facts[0].occurred_on"),
    "moment": (HEADER + ROW.replace(b"2026-03-02", b"2026-03-02T10:00"), "type", "$.facts[0].recorded_on"),
    "bad end": (HEADER + ROW.replace(b"02,,assoc", b"02,never,assoc"), "type", "$.facts[0].valid_until"),
    "unknown trust": (HEADER + ROW.replace(b"association_verified", b"hearsay"), "range", "$.facts[0].trust"),
    "no trust": (HEADER + ROW.replace(b"association_verified", b""), "range", "$.facts[0].trust"),
    "disputed maybe": (HEADER + ROW.replace(b"false", b"maybe"), "type", "$.facts[0].disputed"),
    "a later row": (HEADER + ROW + ROW.replace(b"f1", b"f2").replace(b",1,", b",x,"), "type", "$.facts[1].quantity"),
    "short row": (HEADER + ROW + b"f2,m.due\n", "missing", "$.facts[1].subject"),
    "long row": (HEADER + ROW.replace(b"false", b"false,x"), "unknown_key", "$.facts[0]"),
    "not UTF-8": (HEADER + ROW.replace(b"c1", b"\xc9\xcf"), "json", "$.facts"),
    "open quote": (HEADER + ROW.replace(b"c1", b'"c1'), "json", "$.facts"),
}


@pytest.mark.parametrize(("body", "code", "path"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_in_the_facts_is_named_by_row_and_column(score: Score, body: bytes, code: str, path: str) -> None:
    error = score(body)[2]
    assert (error["code"], error["path"]) == (code, path)


def test_a_fault_in_the_standard_comes_first(score: Score) -> None:
    error = score(b"", standard("abs(1)"))[2]
    assert (error["code"], error["path"]) == ("formula", "$.groups[0].indicators[0].formula")


@pytest.mark.parametrize(
    "argv", [[], ["--standard", "x"], ["--standard", "/no/such", "--facts", "/no/such"], ["--engine", "excel"]]
)
def test_bad_arguments_are_bad_input(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["error"]["message"]


def test_a_facts_file_that_is_not_there_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(standard()))
    assert main(["--standard", str(tmp_path / "s.yaml"), "--facts", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in json.loads(capsys.readouterr().err)["error"]["message"]


def test_spark_that_is_not_installed_is_said_so(score: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("py4j", "py4j.protocol", "pyspark", "pyspark.errors"):
        monkeypatch.setitem(sys.modules, name, None)
    error = score([fact("f1", "m.due")], None, "--engine", "spark")[2]
    assert (error["code"], error["path"]) == ("engine", "$.engine")
    assert "duckdb" in error["message"]


# ── quantities ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("amounts", "formula", "holds"),
    [
        (["0.00000000000000000001"] * 3, "sum('k') == 0.00000000000000000003", True),
        (["999999999999999.99999999999999999999"] * 11, "sum('k') == 10999999999999999.99999999999999999989", True),
        (["-0.5", "0.25"], "sum('k') == -0.25", True),
        (["-0.00000000000000000001", "0"], "sum('k') < 0", True),
        (["-1.000000000000000000000000000000000001"], "active('k') == -1.000000000000000000000000000000000001", True),
        (["999999999999999"] * 20, "sum('k') == 19999999999999980", True),
        (["999999999999.123456", "0.000001"], "sum('k') == 999999999999.123457", True),
        (["007.50"], "sum('k') == 7.5", True),
        (["1", "2", "3"], "sum('k') / 3 == 2", True),
        (["123456789012345.12345678901234"] * 9, "sum('k') == 1111111101111106.11111110111106", True),
        (["0." + "1" * 60], "sum('k') == 0", False),
    ],
)
def test_quantities_are_exact_to_the_last_digit(score: Score, amounts: list[str], formula: str, holds: bool) -> None:
    facts = [fact(f"f{place}", "k", amount) for place, amount in enumerate(amounts)]
    document = standard(f"10 if {formula} else 0")
    assert score(facts, document)[1].split("\n")[1] == f"c1,{'10.0' if holds else '0.0'},{4 if holds else 0},"
    assert scores(document, *facts)[0]["total"] == ("10.0" if holds else "0.0")


# ── engines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WIDE = standard(
    "ratio(sum('k.a'), count('k.b'))", "active('k.c') / 7", "days('k.a') + days('k.b', 2)", "count('k.a', 3)",
    "10 if has('k.c') else sum('k.b', 13)", "sum('k.a', 120) - active('k.a')",
    vetoes=[{"id": "V1", "when": "sum('k.a') < 0", "max_stars": 1}],
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=many_facts())
def test_the_two_engines_of_this_process_agree(score: Score, facts: list[dict[str, Any]]) -> None:
    rows = scores(WIDE, *facts)
    lines = [f"{row['subject']},{row['total']},{row['stars']},{';'.join(row['vetoes'])}" for row in rows]
    assert score(facts, WIDE)[1].splitlines()[1:] == lines


@pytest.mark.parametrize("types", ["text", "native", "moments"])
def test_parquet_gives_the_same_bytes_as_csv(score: Score, tmp_path: Path, capsys: Any, types: str) -> None:
    facts = [
        fact("f1", "k.a", "1.50"), fact("f2", "k.b", "2", valid_until="2026-09-01"), fact("f3", "k.c", "-3", disputed="true"),
        fact("f4", "k.a", "4", superseded_by="f1", subject="c2"),
    ]  # fmt: skip
    expected = score(facts, WIDE)[1]
    casts = "*" if types == "text" else (
        "id, kind, subject, CAST(quantity AS DECIMAL(12,3)) quantity, CAST(occurred_on AS DATE) occurred_on,"
        " CAST(recorded_on AS DATE) recorded_on, CAST(nullif(valid_until, '') AS DATE) valid_until, trust,"
        " nullif(superseded_by, '') superseded_by, CAST(disputed AS BOOLEAN) disputed"
    )  # fmt: skip
    if types == "moments":
        casts = casts.replace("AS DATE", "AS TIMESTAMP")
    target = tmp_path / "facts.parquet"
    duckdb.sql(f"COPY (SELECT {casts} FROM read_csv('{tmp_path / 'facts.csv'}', all_varchar=true)) TO '{target}'")
    assert main(["--standard", str(tmp_path / "standard.yaml"), "--facts", str(target)]) == 0
    assert capsys.readouterr().out == expected


def test_a_parquet_file_with_faults_is_refused_by_row(score: Score, tmp_path: Path, capsys: Any) -> None:
    score([fact("f1", "k"), fact("f2", "k", "2")])
    target = tmp_path / "facts.parquet"
    rows = f"SELECT * REPLACE (CASE id WHEN 'f2' THEN 'much' ELSE quantity END AS quantity) FROM read_csv('{tmp_path / 'facts.csv'}', all_varchar=true)"
    duckdb.sql(f"COPY ({rows}) TO '{target}'")
    assert main(["--standard", str(tmp_path / "standard.yaml"), "--facts", str(target)]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["path"] == "$.facts[1].quantity"
    target.write_bytes(b"PAR1 not")
    assert main(["--standard", str(tmp_path / "standard.yaml"), "--facts", str(target)]) == 2
    assert "Parquet" in capsys.readouterr().err


def test_a_file_name_is_only_a_name(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(standard()))
    folder = tmp_path / "[x] *?"
    folder.mkdir()
    (folder / "f.csv").write_text(csv_text([fact("f1", "m.due")]))
    assert main(["--standard", str(tmp_path / "s.yaml"), "--facts", str(folder / "f.csv")]) == 0


def test_the_command_line_starts_no_django_and_writes_utf_8(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(standard()))
    (tmp_path / "f.csv").write_text(csv_text([fact("f1", "m.due", subject="项目")]), encoding="utf-8")
    script = (
        "import sys; from wuxie.kernel.standards.calc import main; code = main(sys.argv[1:]);"
        "assert not any(name.split('.')[0] in ('django', 'pyspark', 'pyarrow') for name in sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--standard", str(tmp_path / "s.yaml"), "--facts", str(tmp_path / "f.csv")],
        capture_output=True, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == "subject,total,stars,vetoes\n项目,6.0,0,\n".encode()


# ── the open interface ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"standard": ...}, "missing", "$.standard"),
        ({"facts": ...}, "missing", "$.facts"),
        ({"facts": {}}, "type", "$.facts"),
        ({"facts": ["x"]}, "type", "$.facts[0]"),
        ({"facts": [as_json(fact("f", "k")) | {"quantity": 1}]}, "type", "$.facts[0].quantity"),
        ({"facts": [as_json(fact("f", "k")) | {"quantity": "1" * 16}]}, "range", "$.facts[0].quantity"),
        ({"facts": [as_json(fact("f", "k")) | {"quantity": "0." + "1" * 5000}]}, "range", "$.facts[0].quantity"),
        ({"facts": [as_json(fact("f", "k")) | {"superseded_by": 7}]}, "type", "$.facts[0].superseded_by"),
        ({"facts": [as_json(fact("f", "k")) | {"extra": 1}]}, "unknown_key", "$.facts[0].extra"),
        ({"facts": [fact("f", "k")]}, "type", "$.facts[0].disputed"),
        ({"facts": [{"id": "f"}]}, "missing", "$.facts[0].kind"),
        ({"facts": [as_json(fact("f", "k"))] * 2}, "duplicate", "$.facts[1].id"),
        ({"standard": standard("x")}, "formula", "$.standard.groups[0].indicators[0].formula"),
        ({"standard": standard() | {"label": "示范"}}, "unknown_key", "$.standard.label"),
        ({"explain": "c9"}, "reference", "$.explain"),
        ({"explain": 1}, "type", "$.explain"),
        ({"engine": "spark"}, "unknown_key", "$.engine"),
    ],
)
def test_a_fault_in_the_body_is_named_by_its_path(change: dict[str, Any], code: str, path: str) -> None:
    body = {"standard": standard(), "facts": [as_json(fact("f", "k"))]} | change
    with pytest.raises(Problem) as refusal:
        run({name: value for name, value in body.items() if value is not ...})
    assert (refusal.value.code, refusal.value.path) == (code, path)


def test_a_body_may_say_nothing_for_what_is_empty() -> None:
    row = as_json(fact("f", "m.due")) | {"valid_until": None, "superseded_by": None}
    assert run({"standard": standard(), "facts": [row]})["scores"][0]["total"] == "6.0"


def test_one_fact_may_count_for_two_subjects() -> None:
    assert [row["total"] for row in scores(standard(), fact("f", "m.due"), fact("f", "m.due", subject="c2"))] == [
        "6.0"
    ] * 2


def test_one_fact_of_two_subjects_in_a_file(score: Score) -> None:
    out = score([fact("f", "m.due"), fact("f", "m.due", subject="c2")])[1]
    assert out == "subject,total,stars,vetoes\nc1,6.0,0,\nc2,6.0,0,\n"
