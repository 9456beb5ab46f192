"""What the database knows about its own rows when it chooses the way to them."""

from __future__ import annotations

from django.db import connection

#: Rows of an index that SQLite looks at: enough to tell a handful from half of them, and seconds at any size.
LOOKED_AT = 1000


def refresh() -> None:
    """Let the database count anew where that may change its choice; seconds at ten million rows, nothing where nothing grew.

    SQLite counts only when it is told to (https://sqlite.org/lang_analyze.html, "PRAGMA optimize"); 0x10002 looks at
    every table. PostgreSQL does so by itself, minutes after a load.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("PRAGMA optimize(0x10002)")
