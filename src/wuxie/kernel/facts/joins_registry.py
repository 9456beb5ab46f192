"""Who wants to hear of which facts. One page of the house fills this; the ledger only reads it."""

from __future__ import annotations

from collections.abc import Callable

from .kinds import Kind
from .models import Fact

Action = Callable[[Fact], object]

_actions: dict[str, list[Action]] = {}


def on(kind: Kind | str, action: Action) -> None:
    """Let ``action(fact)`` follow each fact of a kind, once, after commit.

    ``kind`` is a declared kind (all its variants), a written code, a prefix ending in ``.*`` or ``*`` for everything.
    Declaring the same pair again changes nothing.
    """
    pattern = kind.code if isinstance(kind, Kind) else kind
    patterns = [pattern] if not (isinstance(kind, Kind) and kind.variants) else [f"{pattern}.*"]
    for one in patterns:
        known = _actions.setdefault(one, [])
        if action not in known:
            known.append(action)


def off(kind: Kind | str, action: Action) -> None:
    """Take it back; only tests need it."""
    pattern = kind if isinstance(kind, str) else (f"{kind.code}.*" if kind.variants else kind.code)
    _actions.get(pattern, []).remove(action)


def actions_for(code: str) -> list[Action]:
    """Everything that follows a fact of this written code, in the order of declaration within each pattern."""
    parts = code.split(".")
    patterns = [code, *(".".join(parts[:length]) + ".*" for length in range(len(parts) - 1, 0, -1)), "*"]
    return [action for pattern in patterns for action in _actions.get(pattern, ())]
