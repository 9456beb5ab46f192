"""What a case's page says beside its way: the seats whose turn it is, and what there is to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wuxie.kernel.access.who import the_clock
from wuxie.kernel.workflow.table import Workflow
from wuxie.web.stations import elsewhere, path

#: Where a label names several; not within what stands in brackets.
APART = re.compile("、(?![^（]*）)")

__all__ = ["elsewhere", "path", "said", "turn"]


def turn(workflow: Workflow, state: str) -> str:
    """Whose turn it is, for those whose it is not; who may take several of the steps is named once."""
    steps = (step for _name, step in workflow.open_steps(state) if not step.quiet and step.by is not the_clock)
    labels = (str(step.by.label) for step in steps)
    names = (name for label in labels for name in APART.split(label))
    return "、".join(dict.fromkeys(names))


def said(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The pairs that say something."""
    return [(label, value) for label, value in pairs if value not in ("", None)]
