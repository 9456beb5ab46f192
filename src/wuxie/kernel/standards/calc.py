"""``wuxie calc score``: a standard over a file of facts, without Django (contract ``score``)."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.registry import Calculator

from . import document, selection
from .document import TRUST, Standard
from .judge import Result, judge, rounded, tree

HEADER = (
    "id",
    "kind",
    "subject",
    "quantity",
    "occurred_on",
    "recorded_on",
    "valid_until",
    "trust",
    "superseded_by",
    "disputed",
)
TRUE, FALSE = ("true", "t", "1", "yes"), ("false", "f", "0", "no", "")
#: Digits that a DECIMAL of the engine holds.
WIDEST = 38
#: A sum over this many rows may need so many digits more than one row.
HEADROOM = 9


def main(argv: list[str]) -> int:
    """Scores on standard output, a refusal on standard error; returns the exit code."""
    parser = argparse.ArgumentParser(prog="wuxie calc score", description="按标准给事实评分")
    parser.add_argument("--standard", required=True, metavar="STANDARD.yaml", help="标准文件")
    parser.add_argument("--facts", required=True, metavar="FACTS.csv", help="事实文件，CSV 或 Parquet")
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="计算引擎，默认 duckdb")
    parser.add_argument("--explain", metavar="SUBJECT", help="只说明这一个对象，逐项列到事实编号")
    chosen = parser.parse_args(argv)
    try:
        if chosen.engine == "spark":
            raise Problem("engine", "$", "本机没有安装 Spark 引擎。请改用 --engine duckdb，结果逐字节相同。")
        standard = document.load(document.load_yaml(_bytes(chosen.standard)))
        with Engine(Path(chosen.facts)) as engine:
            output = engine.explain(standard, chosen.explain) if chosen.explain is not None else engine.scores(standard)
    except Problem as problem:
        print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)  # noqa: T201
        return 2
    sys.stdout.write(output)
    return 0


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise Problem("json", "$", f"读不到文件 {name}：{fault.strerror}。请检查文件名。") from None


def table(results: Mapping[str, Result]) -> str:
    """The CSV of the contract, ordered by subject (code points)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["subject", "total", "stars", "vetoes"])
    for subject in sorted(results):
        result = results[subject]
        writer.writerow([subject, rounded(result.total, 1), result.stars, ";".join(result.vetoes)])
    return out.getvalue()


class Engine:
    """DuckDB over one file of facts; the file is checked before anything is added up."""

    def __init__(self, path: Path) -> None:
        import duckdb  # a quarter of a second that only a score has to wait for

        self.db = duckdb.connect(":memory:", config={"threads": "2"})
        self.path = path

    def __enter__(self) -> Engine:
        self._read()
        self._check()
        self._prepare()
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def _read(self) -> None:
        """All columns as texts, with the row number that a refusal names."""
        import duckdb

        if not self.path.exists():
            raise Problem("json", "$.facts", f"没有文件 {self.path}。请检查文件名。")
        place = "'" + str(self.path).replace("'", "''") + "'"
        with self.path.open("rb") as head:
            parquet = head.read(4) == b"PAR1"
        try:
            if parquet:
                names = [row[0] for row in self.db.execute(f"DESCRIBE SELECT * FROM read_parquet({place})").fetchall()]
                _check_header(names)
                casts = ", ".join(f"COALESCE(CAST({name} AS VARCHAR), '') AS {name}" for name in HEADER)
                source = f"SELECT {casts} FROM read_parquet({place})"
            else:
                names = self._csv_header()
                types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
                # A quoted empty text and an empty cell are the same here; nothing is ever guessed.
                chosen = ", ".join(f"COALESCE({name}, '') AS {name}" for name in HEADER)
                source = (
                    f"SELECT {chosen} FROM read_csv({place}, header=true, auto_detect=false, delim=',', quote='\"', "
                    f"escape='\"', columns={{{types}}}, null_padding=false, max_line_size=2000000)"
                )
            self.db.execute(f"CREATE TABLE raw AS SELECT row_number() OVER () - 1 AS n, * FROM ({source})")
        except duckdb.Error as fault:
            line = re.search(r"[Ll]ine:? (\d+)", str(fault))
            where = f"第 {line.group(1)} 行" if line else "文件"
            raise Problem(
                "type", "$.facts", f"{where}读不成表格。请存成 UTF-8 的 CSV，每行 {len(HEADER)} 列。"
            ) from None

    def _csv_header(self) -> list[str]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                names = next(csv.reader(file), [])
        except (UnicodeDecodeError, csv.Error):
            raise Problem("type", "$.facts", "事实文件不是 UTF-8 编码的 CSV。请另存为 UTF-8。") from None
        _check_header(names)
        return names

    def _first(self, condition: str) -> tuple[int, str] | None:
        return self.db.execute(f"SELECT n, v FROM ({condition}) ORDER BY n LIMIT 1").fetchone()

    def _check(self) -> None:
        """The first cell that cannot be what it should be, by the order of the columns."""
        for name in ("id", "kind", "subject"):
            self._refuse(name, f"SELECT n, {name} AS v FROM raw WHERE {name} = ''", "range", "是空的，请填写。")
        twice = "SELECT n, id, row_number() OVER (PARTITION BY id, subject ORDER BY n) AS k FROM raw"
        self._refuse("id", f"SELECT n, id AS v FROM ({twice}) WHERE k > 1", "duplicate", "出现了两次，请核对。")
        self._refuse(
            "quantity", "SELECT n, quantity AS v FROM raw WHERE NOT regexp_full_match(quantity, '-?[0-9]+(\\.[0-9]+)?')",
            "type", "不是数。请写成 12 或 0.5 这样。",
        )  # fmt: skip
        for name in ("occurred_on", "recorded_on", "valid_until"):
            empty = " AND valid_until <> ''" if name == "valid_until" else ""
            self._refuse(
                name,
                f"SELECT n, {name} AS v FROM raw WHERE NOT (regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
                f"AND TRY_CAST({name} AS DATE) IS NOT NULL){empty}",
                "type", "不是日期。请写成 2026-09-25 这样。",
            )  # fmt: skip
        words = ", ".join(f"'{word}'" for word in TRUST)
        self._refuse(
            "trust",
            f"SELECT n, trust AS v FROM raw WHERE trust NOT IN ({words})",
            "range",
            f"不是信任级。可选：{'、'.join(TRUST)}。",
        )
        words = ", ".join(f"'{word}'" for word in (*TRUE, *FALSE))
        self._refuse(
            "disputed",
            f"SELECT n, disputed AS v FROM raw WHERE lower(disputed) NOT IN ({words})",
            "type",
            "应是 true 或 false。",
        )

    def _refuse(self, column: str, condition: str, code: str, words: str) -> None:
        fault = self._first(condition)
        if fault is not None:
            raise Problem(
                code,
                f"$.facts[{fault[0]}].{column}",
                f"事实表第 {fault[0] + 2} 行 {column} “{str(fault[1])[:40]}”{words}",
            )

    def _prepare(self) -> None:
        """Quantities as whole numbers of the file's own scale, exact."""
        places, whole = self.db.execute(
            "SELECT COALESCE(max(CASE WHEN contains(quantity, '.') THEN length(quantity) - strpos(quantity, '.') ELSE 0 END), 0), "
            "COALESCE(max(length(split_part(ltrim(quantity, '-'), '.', 1))), 1) FROM raw"
        ).fetchone() or (0, 1)
        self.places, self.exact = int(places), int(places) + int(whole) + HEADROOM <= WIDEST
        number = f"CAST(quantity AS DECIMAL({WIDEST}, {self.places}))" if self.exact else "quantity"
        trust = "CASE trust " + " ".join(f"WHEN '{word}' THEN {rank}" for rank, word in enumerate(TRUST)) + " END"
        true = ", ".join(f"'{word}'" for word in TRUE)
        self.db.execute(
            f"CREATE VIEW facts AS SELECT id, kind, subject, {number} AS quantity, occurred_on, recorded_on, valid_until, "
            f"{trust} AS trust, CASE WHEN superseded_by = '' THEN 0 ELSE 1 END AS superseded, "
            f"CASE WHEN lower(disputed) IN ({true}) THEN 1 ELSE 0 END AS disputed FROM raw"
        )

    def _scaled(self, value: Any) -> int:
        return int(value.scaleb(self.places)) if hasattr(value, "scaleb") else int(value or 0)

    def measures(self, standard: Standard) -> selection.Measures:
        """Every subject's figures, by the one statement; by Python where the numbers are wider than the engine's."""
        if not self.exact:
            return selection.add_up(standard, self.rows(), scale=10**self.places)
        measures = selection.Measures(10**self.places)
        for wanted, asked in selection.plans(standard):
            rows = self.db.execute(selection.statement(standard, "facts", wanted, asked)).fetchall()
            exact = [place for place, key in enumerate(asked, 2) if key[0] in ("sum", "active")]
            fixed = [
                tuple(self._scaled(one) if place in exact else one for place, one in enumerate(row)) for row in rows
            ]
            selection.read_rows(measures, fixed, wanted, asked)
        return measures

    def rows(self, subject: str | None = None) -> Iterable[dict[str, Any]]:
        """Facts as mappings with whole quantities."""
        where, values = (" WHERE subject = ?", [subject]) if subject is not None else ("", [])
        found = self.db.execute(f"SELECT {', '.join(selection.COLUMNS)} FROM facts{where}", values)
        while batch := found.fetchmany(10_000):
            for row in batch:
                fact = dict(zip(selection.COLUMNS, row, strict=True))
                fact["quantity"] = (
                    self._scaled(fact["quantity"]) if self.exact else scaled(fact["quantity"], self.places)
                )
                yield fact

    def subjects(self) -> list[str]:
        return [row[0] for row in self.db.execute("SELECT DISTINCT subject FROM raw").fetchall()]

    def scores(self, standard: Standard) -> str:
        measures = self.measures(standard)
        return table({subject: judge(standard, measures.of(subject)) for subject in self.subjects()})

    def explain(self, standard: Standard, subject: str) -> str:
        if not self.db.execute("SELECT 1 FROM raw WHERE subject = ? LIMIT 1", [subject]).fetchone():
            raise Problem("reference", "$.explain", f"事实表里没有“{subject[:40]}”。请核对对象编号。")
        facts = list(self.rows(subject))
        result = judge(standard, selection.add_up(standard, facts, scale=10**self.places).of(subject))
        explained = tree(subject, result, lambda wanted: selection.ids(standard, wanted, facts))
        return json.dumps(explained, ensure_ascii=False) + "\n"


def _check_header(names: list[str]) -> None:
    for name in names:
        if name not in HEADER:
            raise Problem(
                "unknown_key", f"$.facts.{name}", f"事实表里不认识列“{name[:30]}”。应有：{'、'.join(HEADER)}。"
            )
    for name in HEADER:
        if name not in names:
            raise Problem("missing", f"$.facts.{name}", f"事实表缺少列“{name}”。应有：{'、'.join(HEADER)}。")
    if len(set(names)) != len(names):
        raise Problem("duplicate", "$.facts", "事实表有两列同名，请去掉一列。")


def scaled(text: str, places: int) -> int:
    """A decimal text as a whole number of 10⁻ᵖˡᵃᶜᵉˢ."""
    before, _, after = text.partition(".")
    return int(before + after.ljust(places, "0"))


def run(body: Any) -> dict[str, Any]:
    """Over HTTP: ``{"standard": {…}, "facts": [{…}], "explain"?: subject}`` → scores, or the tree of one subject."""
    found = read.obj(body, "$", required=("standard", "facts"), optional=("explain",))
    try:
        standard = document.load(found["standard"])
    except Problem as problem:
        raise Problem(problem.code, "$.standard" + problem.path[1:], problem.message) from None
    facts, places = _json_facts(found["facts"])
    subjects = {fact["subject"] for fact in facts}
    measures = selection.add_up(standard, facts, scale=10**places)
    if "explain" in found:
        subject = read.text(found["explain"], "$.explain")
        if subject not in subjects:
            raise Problem("reference", "$.explain", f"事实里没有“{subject[:40]}”。请核对对象编号。")
        own = [fact for fact in facts if fact["subject"] == subject]
        return tree(subject, judge(standard, measures.of(subject)), lambda wanted: selection.ids(standard, wanted, own))
    results = {subject: judge(standard, measures.of(subject)) for subject in sorted(subjects)}
    return {
        "scores": [
            {"subject": subject, "total": rounded(one.total, 1), "stars": one.stars, "vetoes": list(one.vetoes)}
            for subject, one in results.items()
        ]
    }


def _json_facts(value: Any) -> tuple[list[dict[str, Any]], int]:
    raw: list[tuple[dict[str, Any], str]] = []
    seen: set[tuple[str, str]] = set()
    for path, row in read.rows(value, "$.facts"):
        row = read.obj(row, path, required=("id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "trust"),
                       optional=("valid_until", "superseded_by", "disputed"))  # fmt: skip
        key = (read.text(row["id"], f"{path}.id"), read.text(row["subject"], f"{path}.subject"))
        if key in seen:
            raise Problem("duplicate", f"{path}.id", f"事实“{key[0][:40]}”出现了两次，请核对。")
        seen.add(key)
        quantity = row["quantity"]
        if not isinstance(quantity, str) or not read.DECIMAL.fullmatch(quantity):
            raise Problem("type", f"{path}.quantity", 'quantity 应是写在引号里的数，例如 "12"。')
        until = row.get("valid_until") or ""
        fact = {
            "id": key[0], "subject": key[1], "kind": read.text(row["kind"], f"{path}.kind"),
            "occurred_on": read.date(row["occurred_on"], f"{path}.occurred_on").isoformat(),
            "recorded_on": read.date(row["recorded_on"], f"{path}.recorded_on").isoformat(),
            "valid_until": read.date(until, f"{path}.valid_until").isoformat() if until else "",
            "trust": TRUST.index(read.choice(row["trust"], f"{path}.trust", TRUST)),
            "superseded": int(bool(row.get("superseded_by"))),
            "disputed": int(read.flag(row.get("disputed", False), f"{path}.disputed")),
        }  # fmt: skip
        raw.append((fact, quantity))
    places = max((len(quantity.partition(".")[2]) for _, quantity in raw), default=0)
    return [{**fact, "quantity": scaled(quantity, places)} for fact, quantity in raw], places


SCORE = Calculator("score", "按标准评分", run)
