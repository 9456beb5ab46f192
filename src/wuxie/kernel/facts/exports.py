"""Packs that ``wuxie ledger export`` can make: each room offers its own, by the name of its option."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Takes what the user typed and answers the pack; ``Refused`` says in Chinese why there is none. It may seal first.
Build = Callable[[str], bytes]


@dataclass(frozen=True)
class Export:
    name: str
    label: str
    build: Build


_EXPORTS: dict[str, Export] = {}


def offer(name: str, label: str, build: Build) -> None:
    """Offer ``wuxie ledger export --NAME ID``; call once, from ``AppConfig.ready``."""
    _EXPORTS[name] = Export(name, label, build)


def offered() -> list[Export]:
    return [_EXPORTS[name] for name in sorted(_EXPORTS)]
