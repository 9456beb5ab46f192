"""Who may see which private people: the parts that hold records about them say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

#: What a rule answers for somebody who may see everyone on record.
EVERYBODY = Q(pk__isnull=False)

_rules: list[Callable[[Any], Q]] = []


def register_person_visibility(rule: Callable[[Any], Q]) -> None:
    """Let ``rule(actor)`` name people (a condition on ``Person``) whom this person may see, masked."""
    _rules.append(rule)


def seen_by(actor: Any) -> Q:
    """Everybody whom some part lets this person see."""
    found = Q(pk__in=[])
    for rule in _rules:
        named = rule(actor)
        if named == EVERYBODY:
            return EVERYBODY
        found |= named
    return found
