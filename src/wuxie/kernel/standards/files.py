"""A file of facts inside an engine: checked, then added up by the one statement. DuckDB and Spark are two of them."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context
from pathlib import Path
from typing import Any, NoReturn

from wuxie.kernel.calc.problems import Problem

from . import selection
from .document import TRUST, Standard
from .judge import Result, judge, tree

HEADER = (
    "id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "valid_until", "trust", "superseded_by", "disputed",
)  # fmt: skip
#: Columns with a day; in Parquet also a moment, of which the day counts.
DAYS = ("occurred_on", "recorded_on", "valid_until")
TRUE, FALSE = ("true", "t", "1", "yes"), ("false", "f", "0", "no", "")
#: Digits of a quantity before and after the point.
WHOLE, DECIMALS = 15, 100
QUANTITY = f"-?[0-9]{{1,{WHOLE}}}([.][0-9]{{1,{DECIMALS}}})?"
#: Digits that a DECIMAL of the engines holds.
WIDEST = 38
#: A sum over many rows may need so many digits more than one row.
HEADROOM = 10
#: Python's own decimals round at 28 digits unless told otherwise.
EXACT = Context(prec=2 * WIDEST)


class Facts(ABC):
    """The relation ``facts`` (``selection.COLUMNS``) inside an engine, made from one file."""

    #: The file's decimals; quantities are whole numbers of 10 to the minus so many.
    places = 0
    #: Whether the engine's DECIMAL holds every sum; if not, quantities stay texts and Python adds them up.
    exact = True

    @abstractmethod
    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement."""

    @abstractmethod
    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, without holding all of them."""

    def view(self) -> str:
        """The statement that makes ``facts`` of ``raw``, the file's columns as texts."""
        places, whole = self.query(
            "SELECT COALESCE(MAX(LENGTH(split_part(quantity, '.', 2))), 0), "
            "COALESCE(MAX(LENGTH(split_part(replace(quantity, '-', ''), '.', 1))), 1) FROM raw"
        )[0]
        self.places = int(places)
        digits = self.places + int(whole)
        self.exact = digits + HEADROOM <= WIDEST
        number = f"CAST(quantity AS DECIMAL({digits}, {self.places}))" if self.exact else "quantity"
        trust = "CASE trust " + " ".join(f"WHEN '{word}' THEN {rank}" for rank, word in enumerate(TRUST)) + " END"
        true = ", ".join(f"'{word}'" for word in TRUE)
        return (
            f"SELECT id, kind, subject, {number} AS quantity, occurred_on, recorded_on, valid_until, {trust} AS trust, "
            f"CASE WHEN superseded_by = '' THEN 0 ELSE 1 END AS superseded, "
            f"CASE WHEN lower(disputed) IN ({true}) THEN 1 ELSE 0 END AS disputed FROM raw"
        )

    def _scaled(self, value: Any) -> int:
        if value is None:
            return 0
        return int(value.scaleb(self.places, context=EXACT)) if hasattr(value, "scaleb") else int(value)

    def measures(self, standard: Standard) -> selection.Measures:
        """Every subject's figures, by the one statement; by Python where the numbers are wider than the engine's."""
        if not self.exact:
            return selection.add_up(standard, self.rows(), scale=10**self.places)
        measures = selection.Measures(10**self.places)
        for wanted, asked in selection.plans(standard):
            rows = self.query(selection.statement(standard, "facts", wanted, asked))
            exact = {place for place, key in enumerate(asked, 2) if key[0] in ("sum", "active")}
            fixed = (
                tuple(self._scaled(one) if place in exact else one for place, one in enumerate(row)) for row in rows
            )
            selection.read_rows(measures, fixed, wanted, asked)
        return measures

    def rows(self, subject: str | None = None) -> Iterable[dict[str, Any]]:
        """Facts as mappings with whole quantities."""
        where, values = (" WHERE subject = ?", [subject]) if subject is not None else ("", [])
        for row in self.stream(f"SELECT {', '.join(selection.COLUMNS)} FROM facts{where}", values):
            fact = dict(zip(selection.COLUMNS, row, strict=True))
            fact["quantity"] = self._scaled(fact["quantity"]) if self.exact else scaled(fact["quantity"], self.places)
            yield fact

    def scores(self, standard: Standard) -> dict[str, Result]:
        """Everybody in the file, by code points."""
        measures = self.measures(standard)
        subjects = sorted(row[0] for row in self.query("SELECT DISTINCT subject FROM raw"))
        return {subject: judge(standard, measures.of(subject)) for subject in subjects}

    def explain(self, standard: Standard, subject: str) -> dict[str, Any]:
        """The tree of one subject, down to the ids of its facts."""
        if not self.query("SELECT 1 FROM raw WHERE subject = ? LIMIT 1", [subject]):
            raise Problem("reference", "$.explain", f"事实表里没有“{subject[:40]}”。请核对对象编号。")
        facts = list(self.rows(subject))
        result = judge(standard, selection.add_up(standard, facts, scale=10**self.places).of(subject))
        return tree(subject, result, selection.finder(standard, facts))


def is_parquet(path: Path) -> bool:
    """By its first bytes; ``Problem`` for a file that cannot be opened."""
    try:
        with path.open("rb") as head:
            return head.read(4) == b"PAR1"
    except OSError as fault:
        raise Problem("json", "$.facts", f"读不到文件 {path}：{fault.strerror}。请检查文件名。") from None


def scaled(text: str, places: int) -> int:
    """A decimal text as a whole number of 10⁻ᵖˡᵃᶜᵉˢ."""
    before, _, after = text.partition(".")
    return int(before + after.ljust(places, "0"))


def check_header(names: Sequence[str]) -> None:
    """Exactly the ten columns, in any order."""
    for name in names:
        if name not in HEADER:
            raise Problem(
                "unknown_key", f"$.facts.{name}", f"事实表里不认识列“{name[:30]}”。应有：{'、'.join(HEADER)}。"
            )
    for name in HEADER:
        if name not in names:
            raise Problem("missing", f"$.facts.{name}", f"事实表缺少列“{name}”。应有：{'、'.join(HEADER)}。")
        if names.count(name) > 1:
            raise Problem("duplicate", f"$.facts.{name}", f"事实表有两列“{name}”，请去掉一列。")


def csv_header(path: Path) -> list[str]:
    """The names in the first line of a CSV file, checked."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise _not_csv() from None
    check_header(names)
    return names


def name_the_fault(path: Path) -> NoReturn:
    """Read a CSV file that the engine refused, slowly, for the row that is too short or too long."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader)
            filled = (cells for cells in reader if cells)
            for index, cells in enumerate(filled):
                where = f"事实表第 {reader.line_num} 行"
                if len(cells) < len(names):
                    column = names[len(cells)]
                    raise Problem("missing", f"$.facts[{index}].{column}", f"{where}缺少 {column} 及以后的列，请补上。")
                if len(cells) > len(names):
                    more = len(cells) - len(names)
                    raise Problem("unknown_key", f"$.facts[{index}]", f"{where}多出 {more} 格，请核对逗号和引号。")
    except (UnicodeDecodeError, csv.Error):
        raise _not_csv() from None
    raise Problem("type", "$.facts", f"文件读不成表格。请存成 UTF-8 的 CSV，每行 {len(HEADER)} 列。")


def _not_csv() -> Problem:
    return Problem("json", "$.facts", "事实文件不是 UTF-8 编码的 CSV。请另存为 UTF-8，检查引号是否成对。")
