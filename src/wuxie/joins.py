"""Every consequence that crosses rooms, one line each; fed by the durable outbox after commit."""

from __future__ import annotations

from wuxie.kernel.facts.joins_registry import on
from wuxie.rooms.rating import facts as rating_facts
from wuxie.rooms.rating.actions import after

# A fact of a kind that some veto reads may end a star, whichever room announced it.
for kind in rating_facts.EVIDENCE.values():
    if kind.bars_months or kind.code == "credit.graded":
        for code in kind.codes():
            on(code, after.follow_fact)
