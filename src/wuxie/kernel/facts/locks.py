"""Who may write when: receiving facts goes on side by side, sealing goes alone.

On PostgreSQL an advisory lock: shared by every transaction that receives facts, exclusive for the sealer. So no fact can
be committed after a seal with a moment of receipt before it. On SQLite the write lock of the transaction does both.
"""

from __future__ import annotations

from django.db import OperationalError, connection

#: "facts" in ASCII; any number will do that nobody else uses.
KEY = 0x6661637473
#: Milliseconds the sealer waits for open transactions; meanwhile new ones queue behind it.
PATIENCE = 3000


def receiving() -> None:
    """Hold the sealer off until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY])


def deciding_about(fact_id: str) -> None:
    """Let nobody else decide about this fact until this transaction ends. Taken after ``receiving``, never before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [fact_id, KEY])


def sealing() -> bool:
    """Be alone until this transaction ends; ``False`` if others were still writing when patience ran out."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        except OperationalError:
            return False
        cursor.execute("SET LOCAL lock_timeout = 0")
    return True
