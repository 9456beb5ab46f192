"""Numbers that every page shows beside its menu: exact at each look, without working out the same statement each time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from wuxie.kernel.clock.now import today

#: As many statements are kept by a process: each of the menu's numbers for each combination of seats that looked today.
KEPT = 2048


def counted(rows: Callable[..., QuerySet], *given: Hashable) -> int:
    """How many rows ``rows(*given)`` has: given the person who asks, as a rule.

    ``rows`` is a function of a module whose conditions hang on its arguments and the day alone: what it must ask the
    database, it asks within its statement. Django takes ten times longer to write such a statement than the database to
    answer it, so it is written once a day for the same seats, and asked each time.
    """
    statement, values = _statement(rows, today(), *given)
    if not statement:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=KEPT)
def _statement(rows: Callable[..., QuerySet], day: datetime.date, *given: Hashable) -> tuple[str, tuple[Any, ...]]:
    try:
        inner, values = rows(*given).order_by().query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    return f"SELECT COUNT(*) FROM ({inner}) AS counted", tuple(values)  # noqa: S608
