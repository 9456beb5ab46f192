"""A calculator as the command line, the interface and a page know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .documents import parse


@dataclass(frozen=True)
class Calculator:
    """``run`` takes the parsed document and gives the answer, or raises ``Problem``."""

    name: str
    label: str
    run: Callable[[Any], dict[str, Any]]

    def answer(self, body: bytes) -> dict[str, Any]:
        return self.run(parse(body))
