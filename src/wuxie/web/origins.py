"""What a fact came from, in words: the case that its reference names, with a link for whoever may read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow.table import workflow, workflows

#: ``hazard:12/closed/0``: a procedure, the number of its case, what happened there.
CASE = re.compile(r"([a-z_]+):([0-9]{1,18})(?:/|$)")


@dataclass(frozen=True)
class Origin:
    """``words``: the procedure, and for a reader of the case its number and state; of what is no case the reference itself."""

    words: str
    url: str = ""

    def __str__(self) -> str:
        return self.words


def origins(references: Iterable[str], actor: Actor) -> dict[str, Origin]:
    """The origin of each reference; one query for each procedure among them."""
    known = {table.name for table in workflows()}
    found: dict[str, Origin] = {}
    cases: dict[str, dict[str, int]] = defaultdict(dict)
    for reference in references:
        parts = CASE.match(reference)
        if parts and parts[1] in known:
            cases[parts[1]][reference] = int(parts[2])
        else:
            found[reference] = Origin(reference)
    for name, wanted in cases.items():
        table = workflow(name)
        rows = table.model.objects.visible_to(actor).filter(pk__in=set(wanted.values()))
        seen = {pk: (number, state) for pk, number, state in rows.values_list("pk", "number", "state")}
        for reference, pk in wanted.items():
            found[reference] = Origin(str(table.label))
            if pk in seen:
                number, state = seen[pk]
                said = " ".join(part for part in (str(table.label), number) if part)
                found[reference] = Origin(f"{said} · {table.state_label(state)}", table.url(pk))
    return found
