"""An index of pairs of characters, for search columns of so many rows that reading each takes too long.

Chinese has no blanks between words, so a text is kept as the pairs of neighbouring signs in it (``漏水没`` → ``漏水 水没 没``), and a
word is in it at most where all its pairs are. SQLite keeps them in an FTS5 table that triggers fill, PostgreSQL in a GIN index; both
only point to rows, in which the word itself is then looked for.

A model takes part by a text column ``grams``, set beside ``search`` by its ``index()``, and ``keep`` when its room is ready. As with
the guards of the ledger, a migration that rebuilds a table of SQLite drops its triggers, so all is put in place after each ``migrate``.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, connections
from django.db.models import F, Func, Model, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from .search import plain

_kept: set[type[Model]] = set()
#: FTS5 keeps no places: where pairs stand is asked of the few rows that have them all.
_MADE = (
    "CREATE VIRTUAL TABLE {words} USING fts5(grams, content='{table}', content_rowid='id', detail='none', columnsize=0, "
    "tokenize='unicode61 remove_diacritics 0')"
)
_TRIGGERS = {
    "insert": "AFTER INSERT ON {table} BEGIN INSERT INTO {words}(rowid, grams) VALUES (new.id, new.grams); END",
    "delete": "AFTER DELETE ON {table} BEGIN INSERT INTO {words}({words}, rowid, grams) VALUES ('delete', old.id, old.grams); END",
    "update": "AFTER UPDATE OF grams ON {table} WHEN old.grams <> new.grams BEGIN "
              "INSERT INTO {words}({words}, rowid, grams) VALUES ('delete', old.id, old.grams); "
              "INSERT INTO {words}(rowid, grams) VALUES (new.id, new.grams); END",
}  # fmt: skip


def keep(model: type[Model]) -> None:
    """Let a model's search column be found by its pairs; call when the room is ready."""
    _kept.add(model)


def keeps(model: type[Model]) -> bool:
    """Whether a word in this model's search column is found by an index."""
    return model in _kept


def grams_of(text: str) -> str:
    """What to keep in the column: each pair of neighbours once, and each last sign, so that a single one is found as a beginning."""
    found = [pair for piece in _pieces(text) for pair in (*_pairs(piece), piece[-1])]
    return " ".join(dict.fromkeys(found))


def holding(model: type[Model], text: str, *, walk: bool = False) -> Q | In:
    """Rows of a kept model that may have each word of the text in their search column; all, for a text of stops and strokes alone.

    ``walk``: rows are gone through in the order that is asked for and looked up among the found, instead of fetching all found and
    putting them in order; right where many are found and few are wanted.
    """
    asked = [pair for piece in _pieces(text) for pair in (_pairs(piece) or [piece])]
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        match = " AND ".join(f'"{pair}"' if len(pair) > 1 else f'"{pair}"*' for pair in asked)
        return _among(f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s", match, walk)  # noqa: S608 (a table of our own)
    pairs = [pair for pair in asked if len(pair) > 1]
    return _among(f"SELECT id FROM {table} WHERE string_to_array(grams, ' ') @> %s::text[]", pairs, walk)  # noqa: S608 (the same)


def _among(statement: str, asked: str | list[str], walk: bool) -> Q | In:
    if not asked:
        return Q()
    found = RawSQL(statement, [asked])  # noqa: S611 (our own statement; what was typed is its parameter)
    return In(Func(F("pk"), template="+%(expressions)s"), found) if walk else Q(pk__in=found)


def _pieces(text: str) -> list[str]:
    """Runs between blanks, of letters, signs and digits alone."""
    return [piece for run in plain(text).split() if (piece := "".join(one for one in run if one.isalnum()))]


def _pairs(piece: str) -> list[str]:
    return [piece[at : at + 2] for at in range(len(piece) - 1)]


def install(using: str = "default") -> None:
    """Put in place what is missing, with all rows that stand already; a table that is not there yet is left out."""
    with connections[using].cursor() as cursor:
        present = set(connections[using].introspection.table_names(cursor))
        for table in sorted(model._meta.db_table for model in _kept):
            if table not in present:
                continue
            if connections[using].vendor == "sqlite":
                _install_sqlite(cursor, table, f"{table}_words" in present)
            else:
                cursor.execute(
                    f"CREATE INDEX IF NOT EXISTS {table}_words ON {table} USING gin (string_to_array(grams, ' '))"
                )


def _install_sqlite(cursor: Any, table: str, is_made: bool) -> None:
    words = f"{table}_words"
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    found = {name for (name,) in cursor.fetchall()}
    wanted = {f"{words}_{verb}": body.format(table=table, words=words) for verb, body in _TRIGGERS.items()}
    if is_made and wanted.keys() <= found:
        return
    if not is_made:
        cursor.execute(_MADE.format(table=table, words=words))
    for name in wanted.keys() - found:
        cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")
    cursor.execute(f"INSERT INTO {words}({words}) VALUES ('rebuild')")  # noqa: S608 (a table of our own)


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``."""
    install(using)
