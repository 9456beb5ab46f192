"""Cursors: a list is read piece by piece by the key of the last row, so that rows that come meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet

from wuxie.kernel.calc.problems import Problem

MOST = 200
Shape = Callable[[Any], dict[str, Any]]


def page(rows: QuerySet[Any], shape: Shape, *, cursor: str, limit: int, by: str = "pk") -> dict[str, Any]:
    """``{"items": […], "next": cursor or null}`` in ascending order of ``by``, a unique column (``-by``: descending)."""
    field, backwards = by.removeprefix("-"), by.startswith("-")
    rows = rows.order_by(by)
    if cursor:
        rows = rows.filter(Q(**{f"{field}__{'lt' if backwards else 'gt'}": _read(cursor)}))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return {"items": [shape(row) for row in found], "next": _write(found[-1], field) if more else None}


def _write(row: Model, field: str) -> str:
    value = row.pk if field == "pk" else getattr(row, field)
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _read(cursor: str) -> int | str:
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError):
        value = None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Problem("range", "$.cursor", "cursor 不是这里给出的。请从上一页答复的 next 原样取用，或不写从头读。")
    return value
