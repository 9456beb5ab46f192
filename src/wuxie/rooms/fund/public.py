"""What the public site may say of repairs: which works were paid from the fund, what they cost and who bore them, without a name or a door."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from wuxie.kernel.amounts import metres, yuan
from wuxie.rooms.register.models import Estate

from .models import Repair
from .words import PAID

MOST = 10


@dataclass(frozen=True)
class Block:
    """One building of a repair: how many units bear it, their area, their shares together."""

    name: str
    units: int
    area: str
    share: str


@dataclass(frozen=True)
class Work:
    """One repair as everybody reads it."""

    repair: Repair
    cost: str
    state: str
    is_done: bool
    blocks: list[Block]


def works(estate: Estate) -> list[Work]:
    """The repairs of an estate whose plan or result is in public, the newest first."""
    rows = list(
        Repair.objects.filter(project__estate=estate, state__in=Repair.PUBLIC, lane__in=PAID).order_by(
            "-opened_at", "-pk"
        )[:MOST]
    )
    found: dict[int, list[Block]] = {}
    shares = Repair.objects.filter(pk__in=[one.pk for one in rows], allocated_on__isnull=False).order_by()
    parts = shares.values("pk", "shares__unit__building__name").annotate(
        units=Count("shares"), area=Sum("shares__area"), share=Sum("shares__final")
    )
    for part in parts.order_by("pk", "shares__unit__building__name"):
        block = Block(
            part["shares__unit__building__name"], part["units"], metres(part["area"]), yuan(part["share"] or 0)
        )
        found.setdefault(part["pk"], []).append(block)
    return [
        Work(
            one, yuan(cost) if (cost := one.settled or one.contract_sum or one.budget) else "", str(Repair.State(one.state).label),
            one.state in Repair.DONE, found.get(one.pk, []),
        )
        for one in rows
    ]  # fmt: skip
