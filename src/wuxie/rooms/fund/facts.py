"""What this room announces.

Repairs whose result was published, misuse, and dangerous parts of a façade made safe are read by standards and declared in the catalogue
of evidence; the other kinds are what the procedure itself puts on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "maintenance-fund"
#: Declared in the catalogue of evidence.
COMPLETED, MISUSE, FACADE_GUARDED = "fund.repair_completed", "fund.misuse", "fund.danger_facade_guarded"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(f"fund.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


LINKED = _event("linked", _("隐患对上了维修"))
GUARDED = _event("guarded", _("危险部位已围护"))
APPRAISED = _event("appraised", _("维修事项已查勘"))
CLASSIFIED = _event("classified", _("认定由谁出钱维修"))
QUOTES_OPENED = _event("quotes_opened", _("维修报价当场拆封"))
PLANNED = _event("planned", _("维修方案和分摊已拟定"))
PUBLISHED = _event("published", _("维修资金使用方案已公示"))
VOTE_CALLED = _event("vote_called", _("列支范围内业主开始表决"))
APPROVED = _event("approved", _("列支范围内业主同意使用维修资金"))
REJECTED = _event("rejected", _("列支范围内业主不同意使用维修资金"))
STUCK = _event("stuck", _("维修卡住了"))
ASKED = _event("emergency_asked", _("申请应急使用维修资金"))
CONFIRMED = _event("emergency_confirmed", _("现场确认应急使用维修资金"))
APPLIED = _event("applied", _("申请拨付维修资金"))
ADVANCED = _event("advanced", _("拨付维修资金首款"))
STARTED = _event("started", _("维修开工"))
ACCEPTED = _event("accepted", _("业主代表验收合格"))
SETTLED = _event("settled", _("维修审价结算"))
ALLOCATED = _event("allocated", _("公布各户分摊"))
CLOSED = _event("closed", _("维修质保期满"))
REFERRED = _event("referred", _("转由责任方维修"))

EVENTS = (
    LINKED, GUARDED, APPRAISED, CLASSIFIED, QUOTES_OPENED, PLANNED, PUBLISHED, VOTE_CALLED, APPROVED, REJECTED, STUCK, ASKED, CONFIRMED, APPLIED, ADVANCED,
    STARTED, ACCEPTED, SETTLED, ALLOCATED, CLOSED, REFERRED,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
