"""Kinds and facts for these tests."""

from __future__ import annotations

import datetime
from itertools import count
from typing import Any

from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.kinds import Kind
from wuxie.kernel.facts.models import Fact

DAY = datetime.date(2026, 3, 2)
ALICE, BO, CHARLIE = "person:1", "person:2", "person:3"
KINDS = (
    Kind("probe.done", "查了一次"),
    Kind("probe.head_count", "在岗人数", unit="人", measure="level", min_trust="association_verified"),
    Kind("probe.drill", "演练", variants=("fire", "flood"), min_trust="association_verified"),
    Kind("probe.judged", "评审得分", unit="分", measure="reading", variants="any", min_trust="association_verified"),
    Kind("probe.breach", "企业违约", subject="company", about="project"),
    Kind("probe.admitted", "补录计入", measure="event", effect="admitted", min_trust="self_declared"),
)
_numbers = count(1)


def fact(kind: str = "probe.done", subject: str = "project:1", **known: Any) -> Fact:
    known.setdefault("occurred_on", DAY)
    known.setdefault("source", f"probe:{next(_numbers)}")
    known.setdefault("by", ALICE)
    return ledger.announce(kind, subject, **known)


def rows(count: int, *, tag: str = "sheet", subjects: int = 5) -> list[dict[str, Any]]:
    """Plain rows for ``announce_many``; every fifth also counts for a company."""
    return [
        {
            "kind": "probe.drill.fire" if number % 3 else "probe.done",
            "subject": f"project:{number % subjects}",
            "occurred_on": DAY + datetime.timedelta(days=number % 90),
            "quantity": str(number % 7),
            "source": f"{tag}/{number}",
            "also_counts_for": (f"company:{number % 2}",) if number % 5 == 0 else (),
        }
        for number in range(count)
    ]
