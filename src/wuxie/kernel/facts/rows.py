"""Many rows at once: COPY on PostgreSQL, ``executemany`` on SQLite; a ledger takes in a year of a city in seconds."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row")
COPY_FROM = 200
#: Rows that are read at once.
PAGE = 5000


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most ``size``."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert tuples in the order of ``columns`` (attribute names), in the caller's transaction; no defaults, no signals."""
    put(model, columns, adapted(model, columns, rows))


def adapted(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Sequence[Sequence[Any]]:
    """The rows with the values as the database takes them."""
    converters = [_converter(model._meta.get_field(name)) for name in columns]
    wanted = [(at, convert) for at, convert in enumerate(converters) if convert is not None]
    if not wanted or not rows:
        return rows
    turned: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for at, convert in wanted:
        known: dict[Any, Any] = {None: None}
        turned[at] = [known[one] if one in known else known.setdefault(one, convert(one)) for one in turned[at]]
    return list(zip(*turned, strict=True))


def put(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert what ``adapted`` gave."""
    if not rows:
        return
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in columns]
    table, names = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
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


def read(rows: models.QuerySet[Any]) -> list[tuple[Any, ...]]:
    """The tuples of a ``values_list``, with the values Django would give, at a third of the time.

    Django converts row by row; here only the columns that need it are.
    """
    compiler = rows.query.get_compiler(rows.db)
    sql, parameters = compiler.as_sql()
    with compiler.connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    wanted = [
        (at, give) for at, (column, *_rest) in enumerate(compiler.select) if (give := _giver(column.output_field))
    ]
    if not wanted:
        return found
    columns: list[Any] = list(zip(*found, strict=True))
    for at, give in wanted if columns else ():
        columns[at] = [give(value) for value in columns[at]]
    return list(zip(*columns, strict=True))


def pages(rows: models.QuerySet[Any], *names: str, size: int = PAGE) -> Iterator[tuple[Any, ...]]:
    """Values in the order of the first column, which is unique; page by page, so that no cursor stays open."""
    key, last = names[0], None
    while page := read(
        (rows if last is None else rows.filter(**{f"{key}__gt": last})).order_by(key).values_list(*names)[:size]
    ):
        yield from page
        last = page[-1][0]


def _giver(field: Any) -> Callable[[Any], Any] | None:
    """What makes a value of what the database's driver gives."""
    if isinstance(field, models.DateTimeField):
        return _moment
    return _json if hasattr(field, "from_db_value") else None


@lru_cache(maxsize=20_000)
def _moment(value: datetime.datetime | None) -> datetime.datetime | None:
    """SQLite keeps moments in UTC without saying so."""
    return value.replace(tzinfo=datetime.UTC) if value is not None and value.tzinfo is None else value


def _json(value: Any) -> Any:
    if value == "[]":
        return []
    if value == "{}":
        return {}
    return None if value is None else json.loads(value)
