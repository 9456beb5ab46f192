"""Triggers that refuse to change or delete a published standard, on SQLite and on PostgreSQL.

Installed after every ``migrate``, since a later migration that alters the table on SQLite rebuilds it and drops them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, router

from .models import Version

SAYS = "a published standard is frozen"


def install(using: str = "default") -> None:
    """Install or renew the guard of published versions."""
    connection, table = connections[using], Version._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} "
                    f"WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
                )
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION standards_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
        )
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION standards_frozen()"
        )


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``."""
    if router.allow_migrate_model(using, Version):
        install(using)
