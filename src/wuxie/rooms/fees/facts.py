"""What this room announces.

A lawful change that took effect, what authorities found, the collection rate and what had to be posted up are read by standards and
declared in the catalogue of evidence; the other kinds are what the procedure itself puts on record. None bears a price: the ledger is
read by people of other companies.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "fee"
#: Declared in the catalogue of evidence.
EFFECTIVE, DISCLOSED, REQUIRED = "fee.adjustment_effective", "disclosure.published_on_time", "disclosure.required"
COLLECTION = "fee.collection_rate"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(f"fee.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


REVIEWED = _event("costs_reviewed", _("物业费成本经独立审核"))
COSTS_SHOWN = _event("costs_published", _("物业费成本已公示"))
PUBLISHED = _event("plan_published", _("物业费调整方案已公示"))
HEARD = _event("heard", _("开了物业费调整说明会"))
VOTE_CALLED = _event("vote_called", _("请业主共同决定物业费调整"))
PASSED = _event("adjustment_passed", _("业主共同决定同意物业费调整"))
FAILED = _event("adjustment_failed", _("业主共同决定不同意物业费调整"))
CONTRACTED = _event("agreement_signed", _("签了物业费补充协议"))
FAILING = _event("promises_failing", _("物业费调整的承诺没有兑现"))
KEPT = _event("promises_kept", _("物业费调整的承诺已兑现"))
ROLLED_BACK = _event("rolled_back", _("物业费恢复原标准"))
PRICED = _event("price_changed", _("物业费单价变了"))

EVENTS = (
    REVIEWED, COSTS_SHOWN, PUBLISHED, HEARD, VOTE_CALLED, PASSED, FAILED, CONTRACTED, FAILING, KEPT, ROLLED_BACK, PRICED,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
