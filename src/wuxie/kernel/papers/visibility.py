"""Who may see the papers of a case: the part that owns the case says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_rules: dict[str, Callable[[Any, str], bool]] = {}


def register_case_visibility(prefix: str, rule: Callable[[Any, str], bool]) -> None:
    """Let ``rule(actor, pk)`` decide for the cases whose key begins with ``prefix:``."""
    _rules[prefix] = rule


def may_see(actor: Any, case: str) -> bool:
    """Whether this person may see the case; nobody may see a case that nobody answers for."""
    prefix, _colon, pk = case.partition(":")
    rule = _rules.get(prefix)
    return bool(rule is not None and pk and rule(actor, pk))
