"""As ``survive``, on PostgreSQL: a third of the rounds."""

from __future__ import annotations

from .homes import engines
from .row import Row
from .survive import ROUNDS, on


def rows() -> list[Row]:
    return on("PostgreSQL", ROUNDS // 3) if "PostgreSQL" in engines() else []
