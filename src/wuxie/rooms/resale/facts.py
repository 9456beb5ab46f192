"""What this room announces.

Months checked, what was charged too much and what was not given back in time are read by standards and declared in the catalogue of
evidence; the other kinds are what the procedure itself puts on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "resale"
#: Declared in the catalogue of evidence.
CHECKED, OVERCHARGED, UNREFUNDED = "power.account_checked", "power.overcharge_amount", "power.overcharge_unrefunded"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(f"power.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


SUBMITTED = _event("submitted", _("报送转供电月账"))
AMENDED = _event("amended", _("更正转供电月账"))
CLEARED = _event("cleared", _("核验没有多收"))
DOUBTED = _event("doubted", _("核验时抄表对不上"))
SUSPECTED = _event("suspected", _("核验疑似多收"))
CORRECTED = _event("self_corrected", _("自行纠正多收电费"))
CONFIRMED = _event("confirmed", _("认定多收电费"))
PLANNED = _event("refund_planned", _("提出清退方案"))
REFUNDED = _event("refunded", _("清退到户"))
ESCALATED = _event("escalated", _("移送市场监管部门"))
CONVERTING = _event("converting", _("开始一户一表改造"))
DIRECT = _event("direct_supply", _("改造为直供到户"))
EVENTS = (
    SUBMITTED, AMENDED, CLEARED, DOUBTED, SUSPECTED, CORRECTED, CONFIRMED, PLANNED, REFUNDED, ESCALATED, CONVERTING, DIRECT,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
