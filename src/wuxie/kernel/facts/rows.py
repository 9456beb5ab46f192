"""Many rows at once: COPY on PostgreSQL, ``executemany`` on SQLite; a ledger takes in a year of a city in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row")
COPY_FROM = 200


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most ``size``."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert tuples in the order of ``columns`` (attribute names), in the caller's transaction; no defaults, no signals."""
    if not rows:
        return
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in columns]
    table, names = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    converters = [_converter(field) for field in fields]
    if any(converters):
        rows = [_converted(row, converters) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _converter(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    if isinstance(field, models.BinaryField):
        return bytes
    return None


def _converted(row: Sequence[Any], converters: Sequence[Callable[[Any], Any] | None]) -> list[Any]:
    return [
        value if convert is None or value is None else convert(value)
        for value, convert in zip(row, converters, strict=True)
    ]
