"""``wuxie calc score``: a standard over a file of facts, without Django (contract ``score``)."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.registry import Calculator

from . import document, selection
from .document import TRUST
from .files import DECIMALS, QUANTITY, WHOLE, scaled
from .judge import Result, judge, rounded, tree

if TYPE_CHECKING:
    from .files import Facts


class _Arguments(argparse.ArgumentParser):
    """Bad arguments are bad input like any other: one JSON line."""

    def error(self, message: str) -> NoReturn:
        raise Problem(
            "missing", "$", f"参数不对（{message}）。写法：wuxie calc score --standard S.yaml --facts F.csv。"
        )


def main(argv: list[str]) -> int:
    """Scores on standard output, a refusal on standard error; returns the exit code."""
    try:
        output = _answer(argv)
    except Problem as problem:
        _write(sys.stderr, json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")
        return 2
    _write(sys.stdout, output)
    return 0


def _answer(argv: list[str]) -> str:
    parser = _Arguments(prog="wuxie calc score", description="按标准给事实评分")
    parser.add_argument("--standard", required=True, metavar="STANDARD.yaml", help="标准文件")
    parser.add_argument("--facts", required=True, metavar="FACTS.csv", help="事实文件，CSV 或 Parquet")
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="计算引擎，默认 duckdb")
    parser.add_argument("--explain", metavar="SUBJECT", help="只说明这一个对象，逐项列到事实编号")
    chosen = parser.parse_args(argv)
    standard = document.load(document.load_yaml(_bytes(chosen.standard)), strict=True)
    facts = _facts(chosen.engine, Path(chosen.facts))
    if chosen.explain is None:
        return table(facts.scores(standard))
    return json.dumps(facts.explain(standard, chosen.explain), ensure_ascii=False) + "\n"


def _facts(engine: str, path: Path) -> Facts:
    """Each engine is imported only when it is used: a quarter of a second for DuckDB, several for Spark."""
    if engine == "spark":
        from .spark import SparkFacts

        return SparkFacts(path)
    from .duck import DuckFacts

    return DuckFacts(path)


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise Problem("json", "$", f"读不到文件 {name}：{fault.strerror}。请检查文件名。") from None


def _write(stream: Any, words: str) -> None:
    """In UTF-8, whatever the terminal's language."""
    if hasattr(stream, "buffer"):
        stream.buffer.write(words.encode("utf-8", "replace"))
        stream.flush()
    else:
        stream.write(words)


def table(results: Mapping[str, Result]) -> str:
    """The CSV of the contract, ordered by subject (code points)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["subject", "total", "stars", "vetoes"])
    for subject in sorted(results):
        result = results[subject]
        writer.writerow([subject, rounded(result.total, 1), result.stars, ";".join(result.vetoes)])
    return out.getvalue()


def run(body: Any) -> dict[str, Any]:
    """Over HTTP: ``{"standard": {…}, "facts": [{…}], "explain"?: subject}`` → scores, or the tree of one subject."""
    found = read.obj(body, "$", required=("standard", "facts"), optional=("explain",))
    try:
        standard = document.load(found["standard"], strict=True)
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
        return tree(subject, judge(standard, measures.of(subject)), selection.finder(standard, own))
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
        if not re.fullmatch(QUANTITY, quantity):
            words = f"quantity 太长：整数部分最多 {WHOLE} 位，小数最多 {DECIMALS} 位。"
            raise Problem("range", f"{path}.quantity", words)
        if row.get("superseded_by") not in (None, ""):
            read.text(row["superseded_by"], f"{path}.superseded_by")
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
