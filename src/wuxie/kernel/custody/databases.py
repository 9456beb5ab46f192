"""A whole database as files, at one moment, while people work; and back into an empty one.

SQLite: its online backup inside one read transaction, so that writers are neither held up nor half seen. PostgreSQL: COPY
of every table in one REPEATABLE READ transaction. That needs no client programs of a fitting version and no more rights
than the service has; the tables themselves come from the migrations that the manifest names.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from wuxie.kernel.facts import guards
from wuxie.kernel.facts.models import Seal

from .refusal import Refused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILE = "wuxie.sqlite3"
#: Pages of SQLite that are copied between two words about the progress.
PAGES = 4096

Progress = Callable[[int, int], object]


def snapshot(folder: Path, progress: Progress) -> dict[str, Any]:
    """Write the database into ``folder``; what the manifest says of it (engine, migrations, last seal, tables)."""
    if connection.vendor == SQLITE:
        return _snapshot_sqlite(folder, progress)
    return _snapshot_postgresql(folder, progress)


def _said(engine: str, seal: tuple[Any, ...] | None, migrations: list[tuple[str, str]]) -> dict[str, Any]:
    number, size, root = seal or (0, 0, "")
    return {
        "engine": engine,
        "migrations": [list(one) for one in sorted(migrations)],
        "ledger": {"seal": number, "size": size, "root": root},
    }


SEAL = f"SELECT number, size, root FROM {Seal._meta.db_table} ORDER BY number DESC LIMIT 1"  # noqa: S608
MIGRATIONS = "SELECT app, name FROM django_migrations"


def _snapshot_sqlite(folder: Path, progress: Progress) -> dict[str, Any]:
    name = str(settings.DATABASES["default"]["NAME"])
    target_path = folder / FILE
    target_path.touch(mode=0o600)
    with (
        closing(sqlite3.connect(name, timeout=20, uri=name.startswith("file:"))) as source,
        closing(sqlite3.connect(target_path)) as target,
    ):
        source.execute("BEGIN")
        # The first read fixes the moment; without it every write of others would begin the copy anew.
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=lambda _status, left, total: progress(total - left, total))
        source.rollback()
        target.execute("PRAGMA journal_mode=DELETE")
        seal = target.execute(SEAL).fetchone()
        return _said(SQLITE, seal, target.execute(MIGRATIONS).fetchall())


def _snapshot_postgresql(folder: Path, progress: Progress) -> dict[str, Any]:
    with _at_one_moment() as cursor:
        cursor.execute(SEAL)
        said = _said(POSTGRESQL, cursor.fetchone(), _rows(cursor, MIGRATIONS))
        tables = _tables(cursor)
        for number, (table, columns) in enumerate(tables.items()):
            with (folder / f"{table}.copy").open("wb") as out, cursor.copy(_copy(table, columns, "TO STDOUT")) as copy:
                out.writelines(copy)
            progress(number + 1, len(tables))
        # Also a number given to a row that is gone: no number may come back.
        given = {name: last for name, last in _sequences(cursor).items() if last}
        return said | {"tables": tables, "sequences": given}


@contextmanager
def _at_one_moment() -> Iterator[Any]:
    """A connection of its own in a read-only transaction that sees nothing later than its beginning."""
    import psycopg  # only where PostgreSQL serves

    known = connection.get_connection_params()
    wanted = {name: value for name, value in known.items() if name not in ("cursor_factory", "context")}
    with psycopg.connect(**wanted) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        with own.transaction(), own.cursor() as cursor:
            yield cursor


def _rows(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def _tables(cursor: Any) -> dict[str, list[str]]:
    """Every table of the house and its columns, without those that the database computes."""
    rows = _rows(
        cursor,
        "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
        "ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE t.table_schema = current_schema() "
        "AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' ORDER BY c.table_name, c.ordinal_position",
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _copy(table: str, columns: list[str], direction: str) -> str:
    quote = connection.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) {direction}"


def _sequences(cursor: Any) -> dict[str, int | None]:
    """The last number that each sequence gave out; ``None`` if none yet."""
    return dict(_rows(cursor, "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"))


def refuse_newer(migrations: list[list[str]]) -> None:
    """A backup of a later version of the program cannot be read by this one."""
    known = set(MigrationExecutor(None).loader.disk_migrations)
    parts = {config.label for config in apps.get_app_configs()}
    if newer := sorted(f"{app}.{name}" for app, name in migrations if app in parts and (app, name) not in known):
        raise Refused(f"备份来自更新的版本（本机没有迁移 {newer[0]}）。请先升级程序，再恢复。")


def load(folder: Path, said: dict[str, Any]) -> None:
    """Fill the empty PostgreSQL database from the files; all of it or nothing."""
    with transaction.atomic():
        _migrate_to(said["migrations"])
        with connection.cursor() as cursor:
            present = _tables(cursor)
            if missing := sorted(set(said["tables"]) - set(present)):
                raise Refused(f"备份里的表 {missing[0]} 在这个版本里没有。请用做备份时的版本恢复，再升级。")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            quote = connection.ops.quote_name
            cursor.execute(f"TRUNCATE {', '.join(map(quote, present))} RESTART IDENTITY CASCADE")
            for table, columns in said["tables"].items():
                _fill(cursor, table, columns, folder / f"{table}.copy")
            for name in said["sequences"].keys() & _sequences(cursor):
                cursor.execute("SELECT setval(%s::regclass, %s)", (quote(name), said["sequences"][name]))
            # Every reference is looked at now: a table with checks outstanding takes no trigger.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        guards.install()


def _fill(cursor: Any, table: str, columns: list[str], path: Path) -> None:
    with path.open("rb") as file, cursor.copy(_copy(table, columns, "FROM STDIN")) as copy:
        shutil.copyfileobj(file, copy)


def _migrate_to(migrations: list[list[str]]) -> None:
    """Make the tables as they were when the backup was taken; later changes come afterwards, by ``migrate``."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    applied = {(app, name) for app, name in migrations if (app, name) in graph.nodes}
    last = sorted(
        one
        for one in applied
        if not any(child.key in applied for child in graph.node_map[one].children if child.key[0] == one[0])
    )
    executor.migrate(last)
