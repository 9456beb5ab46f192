"""Numbers in the ledger, for pages that show events."""

from __future__ import annotations

from typing import Any

from wuxie.kernel.facts.models import Link


def numbers_of(events: Any) -> dict[str, int]:
    """Fact id → its number in the ledger, for the facts of some events; one query."""
    ids = [event.fact_id for event in events if event.fact_id]
    found: dict[str, int] = {}
    for fact, leaf in Link.objects.filter(fact__in=ids).order_by("-leaf").values_list("fact_id", "leaf"):
        found[fact] = leaf + 1
    return found
