"""Triggers that refuse to change or delete what is append-only, on SQLite and on PostgreSQL.

A migration that alters a table on SQLite rebuilds it and drops its triggers without a word, so they are installed after
every ``migrate``, looked for at start and by every examination of the ledger.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.models import Model

from wuxie.kernel.access.models import Look

from .models import APPEND_ONLY

SAYS = "the ledger is append-only"
FUNCTION = "facts_append_only"


def tables() -> list[str]:
    """The ledger's own, and the record of looks, whose every row a fact speaks of."""
    guarded: tuple[type[Model], ...] = (*APPEND_ONLY, Look)
    return [model._meta.db_table for model in guarded]


def install(using: str = "default") -> None:
    """Install what is missing; a table that is not there yet is left out."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{SAYS}: %', TG_TABLE_NAME; END $$"
            )
        for table in tables():
            if table in present:
                for statement in _statements(connection.vendor, table):
                    cursor.execute(statement)


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}: {table}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_guard",
    ]


def missing(using: str = "default") -> list[str]:
    """The tables whose guard is absent, disabled or not the one installed here; empty when all is well."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        found = _found_sqlite(cursor) if connection.vendor == "sqlite" else _found_postgresql(cursor)
    wanted = {table: _wanted(connection.vendor, table) for table in tables() if table in present}
    return [table for table, guard in wanted.items() if not guard <= found]


def _wanted(vendor: str, table: str) -> set[tuple[str, str]]:
    if vendor == "sqlite":
        return {
            (statement.split()[5], statement.replace("IF NOT EXISTS ", "")) for statement in _statements(vendor, table)
        }
    return {(table, f"{table}_guard")}


def _found_sqlite(cursor: Any) -> set[tuple[str, str]]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {(name, sql) for name, sql in cursor.fetchall()}


def _found_postgresql(cursor: Any) -> set[tuple[str, str]]:
    """Always-on statement triggers before update, delete and truncate (tgtype 2 + 8 + 16 + 32) that raise."""
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'A' AND t.tgtype = 58 AND p.proname = %s "
        "AND p.prosrc LIKE %s",
        [FUNCTION, "%RAISE EXCEPTION%"],
    )
    return {(table, name) for table, name in cursor.fetchall()}


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``: the one moment after which tables may have lost their triggers."""
    if router.allow_migrate_model(using, APPEND_ONLY[0]):
        install(using)
