"""Balances as the fund centre's sheet has them: written together, all or none."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.rooms.register.models import Estate

from ..models import CENTER, Account


@transaction.atomic
def write_many(rows: list[dict[str, Any]], *, by: Actor) -> int:
    """Set what was deposited and what is left; every row names a unit (``unit``) of an estate of one's own area."""
    if not by.holds(*ASSOCIATION[:1]):
        theirs = set(
            Estate.objects.filter(by.within("place_id", CENTER), pk__in={row["estate"] for row in rows}).values_list(
                "pk", flat=True
            )
        )
        for row in rows:
            if row["estate"] not in theirs:
                raise Problem("access", "$.estate", _("第 %(row)s 行的小区不在你管的地方。") % {"row": row["row"]})
    Account.objects.bulk_create(
        [Account(unit_id=row["unit"], deposited=row["deposited"], balance=row["balance"], as_of=row["as_of"]) for row in rows],
        update_conflicts=True, unique_fields=["unit"], update_fields=["deposited", "balance", "as_of"], batch_size=500,
    )  # fmt: skip
    return len(rows)
