"""Triggers that refuse to change or delete what is published, on SQLite and on PostgreSQL.

Installed after every ``migrate``, since a later migration that alters the table on SQLite rebuilds it and drops them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, models, router

from .models import Version

SAYS = "a published standard is frozen"


def install(using: str = "default") -> None:
    """Install or renew the guard of published versions."""
    freeze(Version, SAYS, when="OLD.state = 'published'", using=using)


def freeze(
    model: type[models.Model],
    says: str,
    *,
    when: str = "",
    using: str = "default",
    verbs: tuple[str, ...] = ("UPDATE", "DELETE"),
) -> None:
    """Let the database refuse to change or delete rows of a model (those for which ``when`` holds).

    ``verbs``: ``("DELETE",)`` for rows that go on changing but never go away.
    """
    connection, table = connections[using], model._meta.db_table
    condition = f"WHEN ({when}) " if when else ""
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "sqlite":
            for verb in verbs:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} "
                    f"{condition}BEGIN SELECT RAISE(ABORT, '{says}'); END"
                )
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$"
        )
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {table}_frozen BEFORE {' OR '.join(verbs)} ON {table} "
            f"FOR EACH ROW {condition}EXECUTE FUNCTION {table}_frozen()"
        )


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """Django's ``post_migrate``."""
    if router.allow_migrate_model(using, Version):
        install(using)
