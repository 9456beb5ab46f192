"""The JSON Schemas of the contracts, as they stand in ``docs/schemas``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from wuxie.kernel.home import CHECKOUT

FOLDER = CHECKOUT / "docs" / "schemas"


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(".json") for path in FOLDER.glob("*.json")))


@cache
def schema(name: str) -> dict[str, Any]:
    """One schema; ``KeyError`` for a name there is not, so that no path leaves the folder."""
    if name not in names():
        raise KeyError(name)
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found
