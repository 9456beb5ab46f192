"""A calculator as the command line, the interface and a page know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


_OFFERED: dict[str, Calculator] = {}


def offer(calculators: Iterable[Calculator]) -> None:
    """Make calculators known to the pages and the interface; called once, when everything is switched on."""
    _OFFERED.update({calculator.name: calculator for calculator in calculators})


def offered() -> dict[str, Calculator]:
    """All open calculators by name, in the order in which they were offered."""
    return dict(_OFFERED)
