"""What other rooms put on the phone's pages: the queue, the worker and the day are one, whoever's work it is.

The page of joins names them (``also``), since rooms do not know each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.once.actions import Answer


@dataclass(frozen=True)
class Part:
    """The work of one room. ``day``: what the phone takes along, plain data; ``receive``: one entry of the queue, as ``checks.receive``."""

    name: str
    template: str
    words: Callable[[], dict[str, str]]
    day: Callable[[Actor], Any]
    receive: Callable[[bytes, Sequence[bytes], datetime.datetime, Actor], Answer]


_parts: dict[str, Part] = {}


def also(part: Part) -> None:
    """Put a part on the pages; the same name again takes its place."""
    _parts[part.name] = part


def parts() -> list[Part]:
    return list(_parts.values())


def part(name: str) -> Part | None:
    return _parts.get(name)
