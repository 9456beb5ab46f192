"""Facts from a file in DuckDB: the engine of the command line, inside this process and without a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from . import rows
from .selection import literal
from .sources import TABLE, Source


def open_source(path: Path) -> Source:
    """The facts of a CSV or Parquet file, checked."""
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})

    def execute(sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        return connection.execute(sql, list(parameters) or None).fetchall()

    parquet = path.suffix.lower() in (".parquet", ".pq")
    source = Source(
        execute=execute,
        matches=lambda column, pattern: f"regexp_full_match({column}, '{pattern}')",
        slowly=(lambda: _table_rows(connection)) if parquet else (lambda: rows.csv_rows(path)),
    )
    (_load_parquet if parquet else _load_csv)(connection, path)
    source.check()
    return source


def _file(path: Path) -> str:
    """The path as a literal without DuckDB's patterns for many files."""
    return literal(str(path.resolve()).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]"))


def _load_csv(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    names = rows.csv_header(path)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    try:
        connection.execute(
            f"CREATE TABLE {TABLE} AS SELECT * FROM read_csv({_file(path)}, columns={{{columns}}}, header=true,"
            " auto_detect=false, delim=',', quote='\"', escape='\"', comment='', nullstr='', strict_mode=true)"
        )
    except (duckdb.Error, ValueError):
        rows.check_all(rows.csv_rows(path))
        raise rows.not_csv() from None


def _load_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        relation = f"read_parquet({_file(path)})"
        names = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
        rows.check_header(names)
        texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in rows.COLUMNS)
        connection.execute(f"CREATE TABLE {TABLE} AS SELECT {texts} FROM {relation}")
    except (duckdb.Error, ValueError):
        with_name = OSError(0, "不是 Parquet 文件，或文件不存在")
        raise rows.unreadable(path, with_name) from None


def _table_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Mapping[str, Any]]:
    cursor = connection.execute(f"SELECT {', '.join(rows.COLUMNS)} FROM {TABLE} ORDER BY rowid")
    while batch := cursor.fetchmany(10_000):
        for row in batch:
            yield dict(zip(rows.COLUMNS, ("" if value is None else value for value in row), strict=True))
