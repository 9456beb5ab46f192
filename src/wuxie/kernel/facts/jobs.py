"""What happens later: the consequences of facts, and the sealer's rounds."""

from __future__ import annotations

import logging

from wuxie.kernel.jobs.outbox import handler
from wuxie.kernel.jobs.periodic import every

from . import sealer
from .joins_registry import actions_for
from .ledger import ANNOUNCED
from .models import Fact

log = logging.getLogger(__name__)


@handler(ANNOUNCED)
def follow(id: str, kind: str, subject: str) -> None:
    """Carry out what was declared for this kind, in the transaction that ticks the outbox row off."""
    fact = Fact.objects.get(pk=id)
    for action in actions_for(kind):
        action(fact)


@every(900, name="facts.seal")
def seal_what_waits() -> None:
    """At least every quarter of an hour nothing is left that could still be changed unnoticed."""
    try:
        sealer.seal()
    except sealer.Busy:
        log.info("the sealer was kept waiting; it comes again")
