"""Many new rows at once, with their numbers known before they are written.

``bulk_create`` spends most of its time in preparing statements; a hundred thousand units with owners take it the better
part of a minute. Here the numbers are taken from the table's own sequence and the rows go in by COPY or ``executemany``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from wuxie.kernel.facts.rows import chunks, insert
from wuxie.kernel.parties.secrets import SealedText, encrypt

AT_ONCE = 20_000


def insert_new(rows: Sequence[Model]) -> None:
    """Write new rows of one model, in the caller's transaction; each has its number afterwards. No signals."""
    if not rows:
        return
    model = type(rows[0])
    for row, number in zip(rows, reserve(model, len(rows)), strict=True):
        row.pk = number
    fields = list(model._meta.concrete_fields)
    columns = [field.attname for field in fields]
    for some in chunks(rows, AT_ONCE):
        insert(model, columns, [[_value(field, row) for field in fields] for row in some])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def reserve(model: type[Model], count: int) -> list[int]:
    """So many unused numbers of a table; on SQLite the transaction already holds the only right to write."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, model._meta.pk.column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return list(range(last + 1, last + 1 + count))


def _value(field: Field, row: Model) -> Any:
    value = field.pre_save(row, True)
    if isinstance(field, SealedText):
        return encrypt(value, context=field.context) if value else b""
    return value
