"""Who may see the papers of a case: the part that owns the case says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

_rules: dict[str, Callable[[Any, str], bool]] = {}


def register_case_visibility(prefix: str, rule: Callable[[Any, str], bool]) -> None:
    """Let ``rule(actor, pk)`` decide for the cases whose key begins with ``prefix:``."""
    _rules[prefix] = rule


def register_rows(prefix: str, model: type[Model]) -> None:
    """Whoever sees the row sees its papers: for models whose manager knows ``visible_to``."""
    rows = model._default_manager
    register_case_visibility(
        prefix,
        lambda actor, pk: pk.isdecimal() and rows.visible_to(actor).filter(pk=pk).exists(),  # type: ignore[attr-defined]
    )


def may_see(actor: Any, case: str) -> bool:
    """Whether this person may see the case; nobody may see a case that nobody answers for."""
    prefix, _colon, pk = case.partition(":")
    rule = _rules.get(prefix)
    return bool(rule is not None and pk and rule(actor, pk))
