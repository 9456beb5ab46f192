"""What this room announces.

Items due, valid and overdue are read by standards and declared in the catalogue of evidence; the other kinds are what the procedure itself
puts on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "inspections"
#: Declared in the catalogue of evidence: a statutory item that applies; a report that stands; a day that passed without one.
DUE, VALID, OVERDUE = "inspection.due", "inspection.valid", "inspection.overdue"
#: What asking together saved, in yuan.
SAVING = "inspection.group_saving"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(f"inspection.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


REMINDED = _event("reminded", _("检验检测催办"))
BOOKED = _event("booked", _("预约了检验检测"))
INSPECTED = _event("inspected", _("到场做了检验检测"))
PASSED = _event("passed", _("检验检测合格"))
FAILED = _event("failed", _("检验检测不合格"))
RECTIFIED = _event("rectified", _("不合格项已整改"))
EXPIRED = _event("expired", _("过了应检日没有检"))
STOPPED = _event("asset_stopped", _("设备禁止使用"))
RELEASED = _event("asset_released", _("设备恢复使用"))
EXEMPTED = _event("exempted", _("判定检验项目不适用"))

POOLED = Kind(
    "inspection.pooled", _("集中询价意向汇总"), subject="any", measure="event", min_trust="self_declared", source=SOURCE
)
POOL_EVALUATED = Kind(
    "inspection.pool_evaluated",
    _("集中询价评价完毕"),
    subject="any",
    measure="event",
    min_trust="self_declared",
    source=SOURCE,
)
EVENTS = (
    REMINDED, BOOKED, INSPECTED, PASSED, FAILED, RECTIFIED, EXPIRED, STOPPED, RELEASED, EXEMPTED, POOLED, POOL_EVALUATED,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
