"""Facts in DuckDB, inside this process: the engine of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from wuxie.kernel.calc.problems import Problem

from .document import TRUST
from .files import (
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
        check_header([row[0] for row in self.query(f"DESCRIBE SELECT * FROM read_parquet({place})")])
        casts = ", ".join(f"COALESCE(CAST({name} AS VARCHAR), '') AS {name}" for name in HEADER)
        return f"SELECT {casts} FROM read_parquet({place})"

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
            self._refuse(name, f"SELECT n, {name} AS v FROM raw WHERE {name} = ''", "range", "是空的，请填写。")
        twice = "SELECT n, id, row_number() OVER (PARTITION BY id, subject ORDER BY n) AS k FROM raw"
        if self.query("SELECT COUNT(*) - COUNT(DISTINCT (id, subject)) FROM raw")[0][0]:
            self._refuse("id", f"SELECT n, id AS v FROM ({twice}) WHERE k > 1", "duplicate", "出现了两次，请核对。")
        self._numbers()
        for name in ("occurred_on", "recorded_on", "valid_until"):
            empty = " AND valid_until <> ''" if name == "valid_until" else ""
            self._refuse(
                name,
                f"SELECT n, {name} AS v FROM raw WHERE NOT (regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
                f"AND TRY_CAST({name} AS DATE) IS NOT NULL AND {name} >= '0001-01-01'){empty}",
                "type", "不是日期。请写成 2026-09-25 这样。",
            )  # fmt: skip
        words = ", ".join(f"'{word}'" for word in TRUST)
        self._refuse(
            "trust", f"SELECT n, trust AS v FROM raw WHERE trust NOT IN ({words})",
            "range", f"不是信任级。可选：{'、'.join(TRUST)}。",
        )  # fmt: skip
        words = ", ".join(f"'{word}'" for word in (*TRUE, *FALSE))
        self._refuse(
            "disputed", f"SELECT n, disputed AS v FROM raw WHERE lower(disputed) NOT IN ({words})",
            "type", "应是 true 或 false。",
        )  # fmt: skip

    def _numbers(self) -> None:
        for pattern, code, words in (
            ("-?[0-9]+([.][0-9]+)?", "type", "不是数。请写成 12 或 0.5 这样，不带指数、空格和分隔号。"),
            (QUANTITY, "range", f"太长：整数部分最多 {WHOLE} 位，小数最多 {DECIMALS} 位。"),
        ):
            bad = f"SELECT n, quantity AS v FROM raw WHERE NOT regexp_full_match(quantity, '{pattern}')"
            self._refuse("quantity", bad, code, words)

    def _refuse(self, column: str, condition: str, code: str, words: str) -> None:
        faults = self.query(f"SELECT n, v FROM ({condition}) ORDER BY n LIMIT 1")
        if faults:
            row, value = faults[0]
            raise Problem(
                code, f"$.facts[{row}].{column}", f"事实表第 {row + 2} 行 {column} “{str(value)[:40]}”{words}"
            )  # fmt: skip
