"""For tests only: kinds for a while, and the guards lifted where a test has to flush or to tamper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from . import guards, kinds
from .kinds import Kind


@contextmanager
def declared(*wanted: Kind) -> Iterator[tuple[Kind, ...]]:
    """Declare kinds inside the block."""
    kinds.register(*wanted)
    try:
        yield wanted
    finally:
        kinds.forget(*wanted)


def lift() -> None:
    """Take the guards away, as only the owner of the database could."""
    with connection.cursor() as cursor:
        for table in guards.tables():
            if connection.vendor == "sqlite":
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}")


@contextmanager
def lifted() -> Iterator[None]:
    """Without guards inside the block, and on PostgreSQL without the checks of foreign keys either."""
    connection.check_constraints()
    lift()
    _check_references(False)
    try:
        yield
    finally:
        _check_references(True)
        guards.install()


def _check_references(on: bool) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = {'origin' if on else 'replica'}")
