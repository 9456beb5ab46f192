"""The same facts on Spark, for volumes that one machine does not hold; ``pyspark`` is installed only where it is wanted.

``ANALYTICS_URL`` names the cluster (default: this machine). The statement, the judge and the bytes that come out are those
of DuckDB.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem

from .document import TRUST
from .files import DAYS, FALSE, HEADER, QUANTITY, TRUE, Facts, check_header, csv_header, is_parquet, name_the_fault


class SparkFacts(Facts):  # pragma: no cover - runs only where the extra is installed
    """One file, checked before anything is added up; a fault is looked up by DuckDB, which knows the row."""

    def __init__(self, path: Path) -> None:
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
        except ImportError:
            raise _not_installed() from None
        parquet = is_parquet(path)
        names = [] if parquet else csv_header(path)
        self.spark = session()
        try:
            self._read(path, names)
            sound = self._sound()
            if sound:
                self.spark.sql(self.view()).createOrReplaceTempView("facts")
        except (PySparkException, Py4JError):
            sound = False
        if not sound:
            self._name_the_fault(path)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.spark.sql(sql, args=list(parameters) or None).collect()]

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        return map(tuple, self.spark.sql(sql, args=list(parameters) or None).toLocalIterator())

    def _read(self, path: Path, names: list[str]) -> None:
        place = path.resolve().as_uri()
        if names:
            frame = self.spark.read.csv(
                place, schema=", ".join(f"{name} STRING" for name in names), header=True, enforceSchema=True,
                mode="FAILFAST", quote='"', escape='"', encoding="UTF-8", multiLine=True,
            )  # fmt: skip
        else:
            frame = self.spark.read.parquet(place)
            check_header(frame.columns)
        moments = {name for name, sort in frame.dtypes if sort.startswith("timestamp") and name in DAYS}
        casts = {name: f"CAST({name} AS DATE)" if name in moments else name for name in HEADER}
        columns = [f"COALESCE(CAST({cast} AS STRING), '') AS {name}" for name, cast in casts.items()]
        frame.selectExpr(*columns).createOrReplaceTempView("raw")

    def _sound(self) -> bool:
        """Whether every cell can be what it should be, and no subject has a fact twice."""
        # Java's $ also stands before a line's last sign, \\z only at the end; a year 0 is a day to Spark.
        day = "{0} RLIKE r'^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\\z' AND TRY_CAST({0} AS DATE) IS NOT NULL AND {0} >= '0001-01-01'"
        words = {
            name: ", ".join(f"'{word}'" for word in words)
            for name, words in (("trust", TRUST), ("disputed", TRUE + FALSE))
        }
        good = " AND ".join(
            [
                "id <> '' AND kind <> '' AND subject <> ''",
                f"quantity RLIKE r'^{QUANTITY}\\z'",
                day.format("occurred_on"),
                day.format("recorded_on"),
                f"(valid_until = '' OR {day.format('valid_until')})",
                f"trust IN ({words['trust']}) AND lower(disputed) IN ({words['disputed']})",
                # what is not UTF-8 is read as this sign
                "NOT contains(concat(id, kind, subject, superseded_by), '\ufffd')",
            ]
        )
        rows, sound, different = self.query(
            f"SELECT COUNT(*), COUNT(CASE WHEN {good} THEN 1 END), COUNT(DISTINCT id, subject) FROM raw"
        )[0]
        return bool(rows == sound == different)

    def _name_the_fault(self, path: Path) -> None:
        from .duck import DuckFacts  # only when something is wrong

        DuckFacts(path)
        if is_parquet(path):
            raise Problem("json", "$.facts", f"{path} 不是完好的 Parquet 文件，请重新导出。")
        name_the_fault(path)


def _not_installed() -> Problem:
    words = "本机没有安装 Spark（pyspark）。请先安装，或改用 --engine duckdb，结果逐字节相同。"
    return Problem("engine", "$.engine", words)


def session() -> Any:  # pragma: no cover - runs only where the extra is installed
    """A Spark of our own; its chatter must not stand on standard error, where only a refusal has a place."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _not_installed() from None

    kept = os.dup(2)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # inherited by the Java process, which is started here
    try:
        return (
            SparkSession.builder.master(os.environ.get("ANALYTICS_URL") or "local[*]")
            .appName("wuxie")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.sql.shuffle.partitions", "8")
            .config("spark.log.level", "OFF")
            .getOrCreate()
        )
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)
