"""What follows a fact in an installation under attack: one line a run, so that a consequence done twice is seen."""

from __future__ import annotations

from typing import Any


def follow(fact: Any) -> None:
    """Tell the secretariat, without the key that would hide a second telling."""
    from wuxie.kernel.notify.tell import tell

    tell(["person:1"], fact.id)
