"""``wuxie calc score``: a standard over facts, from files to a table or a tree (interface, section 2.7). No Django here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from wuxie.kernel.calc.documents import obj, text
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.registry import Calculator

from . import document, rows
from .judge import CountingFact, Result, explain, score
from .model import Standard
from .selection import Measures, facts_statement, measure


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Problem(
            "missing", "$", f"参数不对（{message}）。用法：wuxie calc score --standard S.yaml --facts F.csv。"
        )


def main(argv: list[str]) -> int:
    """Score a file of facts; prints CSV, or JSON with ``--explain``. Exit 0, or 2 with one JSON line on standard error."""
    try:
        answer = _answer(_arguments(argv))
    except Problem as problem:
        _write(sys.stderr, json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")
        return 2
    _write(sys.stdout, answer)
    return 0


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = _Arguments(prog="wuxie calc score", description="按已发布的标准，从事实重算得分与星级")
    parser.add_argument("--standard", required=True, metavar="S.yaml", type=Path, help="标准")
    parser.add_argument("--facts", required=True, metavar="F.csv", type=Path, help="事实（CSV 或 Parquet）")
    parser.add_argument("--engine", default="duckdb", choices=["duckdb", "spark"], help="加总用的引擎，结果相同")
    parser.add_argument("--explain", metavar="SUBJECT", help="只解释一个对象，输出 JSON")
    return parser.parse_args(argv)


def _answer(chosen: argparse.Namespace) -> str:
    try:
        standard = document.read_yaml(chosen.standard.read_bytes())
    except OSError as fault:
        raise rows.unreadable(chosen.standard, fault) from None
    if chosen.engine == "spark":
        from .spark import open_source  # each engine is loaded only when it is used
    else:
        from .duck import open_source
    if not chosen.facts.is_file() and chosen.engine == "duckdb":
        raise rows.unreadable(chosen.facts, FileNotFoundError(2, "没有这个文件"))
    source = open_source(chosen.facts)
    measures = source.measures(standard)
    if chosen.explain is None:
        return table(score(standard, measures).values())
    _known(chosen.explain, measures, "$.explain")
    facts = [CountingFact(*row) for row in source.facts_of(standard, chosen.explain)]
    tree = explain(standard, score(standard, measures, [chosen.explain])[chosen.explain], facts)
    return json.dumps(tree, ensure_ascii=False) + "\n"


def run(body: Any) -> dict[str, Any]:
    """The same over HTTP: ``{"standard": {…}, "facts": [{…}], "explain": "subject"}`` → rows, and the tree if asked for."""
    given = obj(body, "$", required=("standard", "facts"), optional=("explain",))
    standard = document.read(given["standard"], "$.standard")
    facts = rows.documents(given["facts"], "$.facts")
    subject = text(given["explain"], "$.explain") if "explain" in given else None
    from .lite import TABLE, Memory  # sqlite3 is loaded only here

    memory = Memory(facts)
    measures = measure(standard, TABLE, memory.execute, memory.form)
    for fact in facts:
        measures.own(fact["subject"])
    results = score(standard, measures)
    answer: dict[str, Any] = {"rows": [_row(result) for result in results.values()]}
    if subject is not None:
        _known(subject, measures, "$.explain")
        chosen = memory.execute(facts_statement(standard, TABLE, "?"), [subject])
        answer["explain"] = explain(standard, results[subject], [CountingFact(*row) for row in chosen])
    return answer


SCORE = Calculator("score", "按标准评分", run)


def _known(subject: str, measures: Measures, path: str) -> None:
    if subject not in measures.rows:
        raise Problem("reference", path, f"事实里没有“{subject[:40]}”，请核对对象的写法。")


def _row(result: Result) -> dict[str, Any]:
    return {
        "subject": result.subject, "total": result.total_shown, "stars": result.stars, "vetoes": list(result.vetoes)
    }  # fmt: skip


def table(results: Iterable[Result]) -> str:
    """``subject,total,stars,vetoes``, one line each."""
    lines = ["subject,total,stars,vetoes"]
    lines += [
        f"{_cell(result.subject)},{result.total_shown},{result.stars},{_cell(';'.join(result.vetoes))}"
        for result in results
    ]
    return "\n".join(lines) + "\n"


def _cell(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"\r\n') else value


def _write(stream: Any, words: str) -> None:
    """UTF-8 whatever the terminal's language."""
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(words)
    else:
        buffer.write(words.encode("utf-8", "replace"))
    stream.flush()


def explained(standard: Standard, result: Result, facts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The tree of a result from rows with id, kind, occurred_on and valid_until."""
    return explain(
        standard,
        result,
        [CountingFact(row["id"], row["kind"], row["occurred_on"], row["valid_until"] or "") for row in facts],
    )
