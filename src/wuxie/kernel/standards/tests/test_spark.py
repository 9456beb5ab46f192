"""Spark and DuckDB: the same bytes for any standard and any facts, the same refusals; run where Spark is installed."""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuxie.kernel.standards import calc
from wuxie.kernel.standards.document import TRUST

from . import examples

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'wuxie[spark]'")
if shutil.which("java") is None:
    pytest.skip("no Java on this machine, which Spark needs (17 or later)", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def session():
    """One Spark for the whole file; starting it takes seconds."""
    from wuxie.kernel.standards.spark import session as start

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spark = start()
        yield spark
        spark.stop()


def answer(engine, standard, facts, *rest):
    """Exit code, standard output and standard error of the command, as bytes."""
    out, err = io.BytesIO(), io.BytesIO()
    outer, inner = io.TextIOWrapper(out, encoding="utf-8"), io.TextIOWrapper(err, encoding="utf-8")
    with redirect_stdout(outer), redirect_stderr(inner):
        code = calc.main(["--standard", str(standard), "--facts", str(facts), "--engine", engine, *rest])
        sys.stdout.flush()
        sys.stderr.flush()
    return code, out.getvalue(), err.getvalue()


def both(standard, facts, *rest):
    duck, spark = (answer(engine, standard, facts, *rest) for engine in ("duckdb", "spark"))
    assert spark == duck
    return duck


# ── Whatever is generated ───────────────────────────────────────────────────────────────────────────────────────────

KINDS = ["a", "a.b", "质量", "it em", 'x"y']
QUOTED = ["a", "a.b", "质量", "it em"]
DAYS = ["2025-08-31", "2025-09-01", "2026-02-28", "2026-03-01", "2026-08-31", "2026-09-01", "0001-01-01", "9999-12-31"]
decimals = st.decimals(-999, 999, places=None, allow_nan=False, allow_infinity=False).map(lambda one: f"{one:f}")
quantities = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.builds("{}.{}".format, st.integers(-999, 999), st.integers(0, 10**12).map(str)),
    st.sampled_from(["0", "-0", "-0.5", "0.1", "007", "999999999999999", "0." + "3" * 20, "1." + "7" * 40]),
)
subjects = st.sampled_from(["c1", "c10", "c2", "C1", "Ä", "项目:1", "a,b", 'q"t', "😀", "￿", " p", "p ", "l\nf"])


@st.composite
def formulas(draw, depth=2):
    kind = draw(st.sampled_from(QUOTED))
    months = draw(st.sampled_from(["", ", 1", ", 6", ", 12", ", 120"]))
    reader = draw(
        st.sampled_from(
            [f"count('{kind}'{months})", f"sum('{kind}'{months})", f"days('{kind}'{months})", f"active('{kind}')"]
        )
    )
    if depth == 0:
        return draw(st.sampled_from([reader, "0.1", "3", "2.5"]))
    a, b = draw(formulas(depth - 1)), draw(formulas(depth - 1))
    return draw(
        st.sampled_from(
            [
                reader, f"ratio({a}, {b})", f"({a}) + ({b})", f"({a}) - ({b})", f"({a}) * ({b})", f"({a}) / ({b})",
                f"bands({a}, [[3, 1.5], [0.5, {b}], [-1, 0.1]])", f"clamp({a}, 0, {b})", f"min({a}, {b})", f"max({a}, {b})",
                f"({a}) if has('{kind}') else ({b})", f"({a}) if ({a}) >= ({b}) and not ({b}) < 1 else 2",
            ]
        )
    )  # fmt: skip


@st.composite
def standards(draw):
    groups = []
    for number in range(draw(st.integers(1, 3))):
        rows = [
            {
                "id": f"{'ABC'[number]}{place}",
                "points": draw(st.sampled_from(["0", "1", "2.5", "3.333", "10"])),
                "formula": draw(formulas()),
                "no_data": draw(st.sampled_from(["zero", "full", "skip"])),
            }
            for place in range(draw(st.integers(1, 3)))
        ]
        total = sum(Fraction(row["points"]) for row in rows)
        whole = total * 1000
        groups.append(
            {"id": "ABC"[number], "points": f"{int(whole) // 1000}.{int(whole) % 1000:03d}", "indicators": rows}
        )
    return {
        "standard": "demo", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"},
        "cutoff": draw(st.sampled_from(["2026-08-31", "2026-09-30"])), "min_trust": draw(st.sampled_from(TRUST)),
        "groups": groups,
        "vetoes": [{"id": "V1", "when": f"{draw(formulas(1))} > 1", "max_stars": draw(st.integers(0, 3))}],
        "grades": [{"stars": 5, "min": "9", "group_min": "0.6"}, {"stars": 3, "min": "1.05"}, {"stars": 1, "min": "0"}],
    }  # fmt: skip


@st.composite
def rows_of_facts(draw):
    number = draw(st.integers(0, 12))
    return [
        examples.fact(
            f"f{place}", draw(st.sampled_from(KINDS)), draw(quantities), subject=draw(subjects),
            occurred_on=draw(st.sampled_from(DAYS)), recorded_on=draw(st.sampled_from(DAYS)),
            valid_until=draw(st.sampled_from(["", "", *DAYS])), trust=draw(st.sampled_from(TRUST)),
            superseded_by=draw(st.sampled_from(["", "", "f99"])), disputed=draw(st.sampled_from(["false", "", "TRUE", "0", "f", "Yes"])),
        )
        for place in range(number)
    ]  # fmt: skip


def written(folder, standard, facts):
    (folder / "s.yaml").write_text(yaml.safe_dump(standard, allow_unicode=True), encoding="utf-8")
    (folder / "f.csv").write_bytes(examples.csv_text(facts).encode())
    return folder / "s.yaml", folder / "f.csv"


@given(standards(), rows_of_facts())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_standard_over_any_facts_gives_the_same_bytes(standard, facts):
    with tempfile.TemporaryDirectory() as name:
        paths = written(Path(name), standard, facts)
        code, out, _err = both(*paths)
        assert code == 0 and out.startswith(b"subject,total,stars,vetoes\n")
        if facts:
            code, out, _err = both(*paths, "--explain", facts[0]["subject"])
            assert code == 0 and json.loads(out)["subject"] == facts[0]["subject"]


@given(rows_of_facts().filter(bool), st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_broken_cell_is_refused_with_the_same_line(facts, data):
    row = data.draw(st.integers(0, len(facts) - 1))
    column = data.draw(
        st.sampled_from(
            ["id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "valid_until", "trust", "disputed"]
        )
    )
    wrong = {
        "quantity": ["", "1e3", " 1", "１", "1.", ".5", "+1", "1" * 16, "NaN", "0x1", "1\n", "1\u2028"], "trust": ["", "Authority_document", "4"],
        "disputed": ["maybe", "2", "ja"], "valid_until": ["2026-02-30", "never", "0000-12-31", "2026-03-01\n"],
    }.get(column, ["", "2026-13-01", "26-01-01", "2026-1-1", "0000-01-01", "2026-01-01 ", "2026-01-01\n"] if column.endswith("_on") else [""])  # fmt: skip
    facts[row] = {**facts[row], column: data.draw(st.sampled_from(wrong))}
    with tempfile.TemporaryDirectory() as name:
        code, out, err = both(*written(Path(name), examples.standard(), facts))
    assert (code, out) == (2, b"") and json.loads(err)["error"]["path"] == f"$.facts[{row}].{column}"


# ── What was found wrong once, or could be ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "", "id,kind\n1,2\n", "id,id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by\n",
        examples.csv_text([]) + "f1,a,c1\n", examples.csv_text([]) + "f1,a,c1,1,2026-01-01,2026-01-01,,authority_document,,false,extra\n",
        examples.csv_text([examples.fact("f1", "a"), examples.fact("f1", "a")]), examples.csv_text([examples.fact("f1", "a")]) + '"open',
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_the_same_line(tmp_path, text):
    standard, facts = written(tmp_path, examples.standard(), [])
    facts.write_text(text, encoding="utf-8")
    assert both(standard, facts)[0] == 2


def test_bytes_that_are_no_utf8_and_a_subject_that_is_not_there(tmp_path):
    standard, facts = written(tmp_path, examples.standard(), [examples.fact("f1", "m.due")])
    assert both(standard, facts, "--explain", "c9")[0] == 2
    facts.write_bytes(examples.csv_text([examples.fact("f1", "m.due")]).encode().replace(b"c1", b"c\xff"))
    assert both(standard, facts)[0] == 2


@pytest.mark.parametrize("ending", ["\r\n", "\n\n", "\n"])
def test_line_endings_a_mark_at_the_start_and_empty_lines(tmp_path, ending):
    standard, facts = written(tmp_path, examples.standard(), [])
    body = examples.csv_text([examples.fact("f1", "m.due"), examples.fact("f2", "m.due_done")]).replace("\n", ending)
    facts.write_bytes(b"\xef\xbb\xbf" + body.encode())
    assert both(standard, facts)[0] == 0


def test_sums_wider_than_a_decimal_and_many_places(tmp_path):
    standard, facts = written(
        tmp_path, examples.standard("sum('a') / 1000000000000000", "active('a') / 999999999999999"),
        [examples.fact(f"f{n}", "a", "999999999999999." + "9" * n) for n in (1, 24, 60)],
    )  # fmt: skip
    assert both(standard, facts)[0] == 0


def test_parquet_with_days_moments_and_decimals(tmp_path):
    import duckdb

    standard, facts = written(tmp_path, examples.standard(), [])
    parquet = tmp_path / "f.parquet"
    duckdb.sql(
        "COPY (SELECT 'f' || n AS id, 'm.due' AS kind, 'c' || (n % 3) AS subject, CAST(n AS DECIMAL(12,2)) / 4 AS quantity, "
        "TIMESTAMP '2026-03-01 12:00:00' AS occurred_on, DATE '2026-03-02' AS recorded_on, CAST(NULL AS DATE) AS valid_until, "
        "'authority_document' AS trust, CAST(NULL AS VARCHAR) AS superseded_by, n % 5 = 0 AS disputed FROM range(20) t(n)) "
        f"TO '{parquet}' (FORMAT parquet)"
    )
    assert both(standard, parquet)[0] == 0
    parquet.write_bytes(parquet.read_bytes()[:-9])
    assert both(standard, parquet)[0] == 2
