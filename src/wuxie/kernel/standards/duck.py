"""Facts in DuckDB, inside this process: the engine of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from wuxie.kernel.calc.problems import Problem

from .document import TRUST
from .files import (
    DAYS,
    DECIMALS,
    FALSE,
    HEADER,
    QUANTITY,
    TRUE,
    WHOLE,
    Facts,
    check_header,
    csv_header,
    is_parquet,
    name_the_fault,
)  # fmt: skip


class DuckFacts(Facts):
    """One file, checked before anything is added up."""

    def __init__(self, path: Path) -> None:
        self.db = duckdb.connect(":memory:", config={"threads": "2", "autoinstall_known_extensions": "false"})
        self.path = path
        self._read()
        self._check()
        self.db.execute(f"CREATE VIEW facts AS {self.view()}")

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.db.execute(sql, list(parameters)).fetchall()

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        found = self.db.execute(sql, list(parameters))
        while batch := found.fetchmany(10_000):
            yield from batch

    def _read(self) -> None:
        """All columns as texts, with the row number that a refusal names."""
        name = str(self.path.resolve())
        for sign in "[*?":
            name = name.replace(sign, f"\0{sign}\0")  # DuckDB takes a name with these for a pattern
        place = (
            "'" + name.replace("'", "''").replace("\0[\0", "[[]").replace("\0*\0", "[*]").replace("\0?\0", "[?]") + "'"
        )
        parquet = is_parquet(self.path)
        try:
            source = self._parquet(place) if parquet else self._csv(place)
            self.db.execute(f"CREATE TABLE raw AS SELECT row_number() OVER () - 1 AS n, * FROM ({source})")
        except duckdb.Error:
            if not parquet:
                name_the_fault(self.path)
            raise Problem("json", "$.facts", f"{self.path} 不是完好的 Parquet 文件，请重新导出。") from None

    def _parquet(self, place: str) -> str:
        types = {row[0]: str(row[1]) for row in self.query(f"DESCRIBE SELECT * FROM read_parquet({place})")}
        check_header(list(types))
        casts = (
            f"CAST({name} AS DATE)" if name in DAYS and types[name].startswith("TIMESTAMP") else name for name in HEADER
        )
        texts = (f"COALESCE(CAST({cast} AS VARCHAR), '') AS {name}" for name, cast in zip(HEADER, casts, strict=True))
        return f"SELECT {', '.join(texts)} FROM read_parquet({place})"

    def _csv(self, place: str) -> str:
        """A quoted empty text and an empty cell are the same here; nothing is ever guessed."""
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in csv_header(self.path))
        chosen = ", ".join(f"COALESCE({name}, '') AS {name}" for name in HEADER)
        return (
            f"SELECT {chosen} FROM read_csv({place}, header=true, auto_detect=false, delim=',', quote='\"', "
            f"escape='\"', comment='', columns={{{types}}}, null_padding=false, max_line_size=2000000)"
        )

    # ── checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check(self) -> None:
        """The first cell that cannot be what it should be, by the order of the columns."""
        for name in ("id", "kind", "subject"):
            self._refuse(name, f"{name} = ''", "range", "是空的，请填写。")
        self._doubles()
        self._refuse(
            "quantity", "NOT regexp_full_match(quantity, '-?[0-9]+([.][0-9]+)?')",
            "type", "不是数。请写成 12 或 0.5 这样，不带指数、空格和分隔号。",
        )  # fmt: skip
        self._refuse(
            "quantity", f"NOT regexp_full_match(quantity, '{QUANTITY}')",
            "range", f"太长：整数部分最多 {WHOLE} 位，小数最多 {DECIMALS} 位。",
        )  # fmt: skip
        for name in DAYS:
            wrong = (
                f"NOT (regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
                f"AND TRY_CAST({name} AS DATE) IS NOT NULL AND {name} >= '0001-01-01')"
            )
            wrong += " AND valid_until <> ''" if name == "valid_until" else ""
            self._refuse(name, wrong, "type", "不是日期。请写成 2026-09-25 这样。", few=True)
        words = ", ".join(f"'{word}'" for word in TRUST)
        self._refuse("trust", f"trust NOT IN ({words})", "range", f"不是信任级。可选：{'、'.join(TRUST)}。", few=True)
        words = ", ".join(f"'{word}'" for word in (*TRUE, *FALSE))
        self._refuse("disputed", f"lower(disputed) NOT IN ({words})", "type", "应是 true 或 false。", few=True)

    def _doubles(self) -> None:
        """One fact may stand for several subjects, but once for each."""
        if self.query("SELECT COUNT(*) - COUNT(DISTINCT (id, subject)) FROM raw")[0][0]:
            twice = "SELECT n, id AS v, row_number() OVER (PARTITION BY id, subject ORDER BY n) AS k FROM raw"
            self._raise("id", f"SELECT n, v FROM ({twice}) WHERE k > 1", "duplicate", "出现了两次，请核对。")

    def _refuse(self, column: str, wrong: str, code: str, words: str, *, few: bool = False) -> None:
        """Refuse the first row where ``wrong`` holds; with ``few`` different values look at each only once first."""
        if few and not self.query(f"SELECT 1 FROM (SELECT DISTINCT {column} FROM raw) WHERE {wrong} LIMIT 1"):
            return
        self._raise(column, f"SELECT n, {column} AS v FROM raw WHERE {wrong}", code, words)

    def _raise(self, column: str, faults: str, code: str, words: str) -> None:
        for row, value in self.query(f"SELECT n, v FROM ({faults}) ORDER BY n LIMIT 1"):
            raise Problem(
                code, f"$.facts[{row}].{column}", f"事实表第 {row + 2} 行 {column} “{str(value)[:40]}”{words}"
            )  # fmt: skip
