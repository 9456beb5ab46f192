"""What this room announces, each about the estate, sealed with it and read by no formula.

``CARRIED`` and ``NOT_CARRIED`` are what other rooms wait for: one fact an item, announced when the decision has taken effect,
read with ``api.outcome``.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "assembly"


def _event(code: str, label: Any) -> Kind:
    return Kind(
        f"assembly.{code}", label, subject="estate", measure="event", min_trust="counterpart_confirmed", source=SOURCE
    )


ANNOUNCED = _event("announced", _("公告业主表决、公示名册"))
ROLL_FROZEN = _event("roll_frozen", _("定了表决名册"))
OPENED = _event("opened", _("开始收票"))
COLLECTED = _event("ballot_collected", _("收到一张纸票"))
EXTENDED = _event("extended", _("延长收票"))
CLOSED = _event("closed", _("收票截止"))
COUNTED = _event("counted", _("计票"))
PUBLISHED = _event("published", _("公示表决结果"))
RECOUNT = _event("recount", _("重新计票"))
CARRIED = _event("carried", _("业主共同决定通过"))
NOT_CARRIED = _event("not_carried", _("业主共同决定未通过"))
ANNULLED = _event("annulled", _("业主共同决定被撤销"))
WITHDRAWN = _event("withdrawn", _("撤回业主表决"))
EVENTS = (
    ANNOUNCED, ROLL_FROZEN, OPENED, COLLECTED, EXTENDED, CLOSED, COUNTED, PUBLISHED, RECOUNT, CARRIED, NOT_CARRIED,
    ANNULLED, WITHDRAWN,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
