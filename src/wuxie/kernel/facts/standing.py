"""What facts about a fact make of it: superseded, frozen by a dispute, raised in trust, admitted though late.

One function, ``compute``, says so; the ledger calls it for one fact when something about it arrives, ``audit`` for all.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from . import kinds
from .models import Fact, Standing


@dataclass(frozen=True)
class Effects:
    """The columns of ``Standing``; the default is a fact that nothing was said about."""

    trust: int | None = None
    superseded_by: str = ""
    superseded_on: datetime.date | None = None
    frozen_until: datetime.date | None = None
    admitted_on: datetime.date | None = None


NONE = Effects()


def compute(about: Iterable[Fact]) -> Effects:
    """The effect of all facts that regard one fact; closings of a dispute regard the fact that it was about.

    A dispute freezes until its ``valid_until``, that day included, unless closed before. A closing names what it closes
    in ``details["closes"]``. Superseding names the new fact in ``details["by"]`` (absent: withdrawn, and then the
    withdrawal itself stands there). An admission sets the day of its ``occurred_on`` as the day of receipt.
    """
    trust, superseded_by, superseded_on = None, "", None
    opened: dict[str, datetime.date] = {}
    closed: set[str] = set()
    admitted: list[datetime.date] = []
    for fact in about:
        kind = kinds.find(fact.kind)
        effect = kind.effect if kind else ""
        if effect == "dispute_opened" and fact.valid_until:
            opened[fact.id] = fact.valid_until
        elif effect == "dispute_closed":
            closed.update(fact.details.get("closes", "").split())
        elif effect == "superseded":
            superseded_by, superseded_on = fact.details.get("by") or fact.id, fact.recorded_on
        elif effect == "trust_raised":
            trust = max(fact.trust, trust or 0)
        elif effect == "admitted":
            admitted.append(fact.occurred_on)
    still = [until for dispute, until in opened.items() if dispute not in closed]
    return Effects(trust, superseded_by, superseded_on, max(still, default=None), min(admitted, default=None))


def refresh(targets: Iterable[str]) -> None:
    """Derive the standing of these facts again, in the caller's transaction."""
    wanted = list(dict.fromkeys(targets))
    found = derive_all(wanted)
    for target in wanted:
        Standing.objects.update_or_create(fact_id=target, defaults=vars(found.get(target, NONE)))


def derive_all(targets: list[str] | None = None) -> dict[str, Effects]:
    """What the ledger says about these facts, or about all that something was said about."""
    about: dict[str, list[Fact]] = defaultdict(list)
    rows = Fact.objects.filter(kind__in=kinds.codes_with_effect()).exclude(regards="")
    if targets is not None:
        rows = rows.filter(regards__in=targets)
    for fact in rows.order_by("recorded_at", "id"):
        about[fact.regards].append(fact)
    return {target: compute(facts) for target, facts in about.items()}
