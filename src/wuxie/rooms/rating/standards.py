"""Where this room finds published standards: by name and version, ``red-property-star@2026.1``."""

from __future__ import annotations

from typing import Any

#: For the time being standards stand in memory.
known: dict[str, dict[str, Any]] = {}


def published(key: str) -> dict[str, Any] | None:
    """The document of a published version, ``None`` if there is none of that name."""
    return known.get(key)
