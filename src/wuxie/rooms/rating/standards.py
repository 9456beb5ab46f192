"""Where this room finds published standards: by name and version, ``red-property-star@2026.1``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wuxie.kernel.standards import actions

#: The demonstration standard that ships with the program.
DEMONSTRATION = Path(__file__).parent / "data" / "star-rating.yaml"

#: Standards that stand in memory, by key; only tests put some here.
known: dict[str, dict[str, Any]] = {}


def published(key: str) -> dict[str, Any] | None:
    """The document of a published version, ``None`` if there is none of that name."""
    return known.get(key) or actions.published(key)
