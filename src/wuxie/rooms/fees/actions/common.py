"""What several verbs of a change of fee do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow import engine, verbs
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.verbs import File, issued, save

from ..models import Adjustment
from ..workflow import ADJUSTMENT

__all__ = ["File", "issued", "keep", "save", "take", "with_reason"]

keep, with_reason = partial(verbs.keep, ADJUSTMENT), partial(verbs.with_reason, ADJUSTMENT)


def take(name: str, case: Adjustment, *, by: Actor, fact: Mapping[str, Any] | None = None, **rest: Any) -> Event:
    """Take a step; its fact bears the number of the case and nothing of what was written: the ledger is read by competitors too."""
    return engine.take(ADJUSTMENT, name, case, by=by, fact={"note": case.number, **(fact or {})}, **rest)
