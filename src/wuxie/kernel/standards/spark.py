"""The same facts on Spark, for volumes that one machine does not hold. ``pyspark`` is imported only when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem

from . import rows
from .sources import TABLE, Source


def open_source(path: Path) -> Source:
    """The facts of a CSV or Parquet file, checked; ``Problem`` where Spark is not installed."""
    try:
        from pyspark.sql import SparkSession  # a second engine of 400 MB, installed only by those who need it
    except ImportError:
        raise Problem(
            "engine", "$.engine", "本机没有安装 Spark（pyspark）。请先安装，或改用 --engine duckdb，两者结果逐字相同。"
        ) from None
    spark = (
        SparkSession.builder.master(os.environ.get("ANALYTICS_URL", "local[*]"))
        .appName("wuxie")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    parquet = path.suffix.lower() in (".parquet", ".pq")
    frame = (_parquet if parquet else _csv)(spark, path)
    frame.createOrReplaceTempView(TABLE)

    def execute(sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in spark.sql(sql, args=list(parameters) or None).collect()]

    source = Source(
        execute=execute,
        matches=lambda column, pattern: f"{column} RLIKE '^{pattern}$'",
        slowly=(lambda: _frame_rows(frame)) if parquet else (lambda: rows.csv_rows(path)),
    )
    try:
        source.check()
    except Problem:
        raise
    except Exception:
        rows.check_all(source.slowly())
        raise rows.not_csv() from None
    return source


def _csv(spark: Any, path: Path) -> Any:
    names = rows.csv_header(path)
    return spark.read.csv(
        str(path.resolve()), schema=", ".join(f"{name} STRING" for name in names), header=True, mode="FAILFAST",
        quote='"', escape='"', encoding="UTF-8", multiLine=True, enforceSchema=True,
    )  # fmt: skip


def _parquet(spark: Any, path: Path) -> Any:
    if not path.exists():
        raise rows.unreadable(path, FileNotFoundError(2, "没有这个文件"))
    frame = spark.read.parquet(str(path.resolve()))
    rows.check_header(frame.columns)
    return frame.selectExpr(*(f"CAST({name} AS STRING) AS {name}" for name in rows.COLUMNS))


def _frame_rows(frame: Any) -> Iterator[Mapping[str, Any]]:
    for row in frame.toLocalIterator():
        yield {name: "" if value is None else value for name, value in row.asDict().items()}
