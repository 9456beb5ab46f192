"""What this room announces.

Duties due and done on time are read by standards; the other kinds are what the procedure itself puts on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "safety"

LIST_DECIDED = Kind(
    "safety.list_decided", _("岗位责任清单启用"), unit="版", measure="event", min_trust="self_declared", source=SOURCE
)
LETTER_SIGNED = Kind(
    "safety.letter_signed",
    _("签订岗位安全责任书"),
    unit="份",
    measure="event",
    min_trust="self_declared",
    source=SOURCE,
)


def _event(code: str, label: Any) -> Kind:
    """A step of a hazard: on record and sealed, read by no formula."""
    return Kind(f"safety.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


def _counted(code: str, label: Any, **known: Any) -> Kind:
    return Kind(f"safety.{code}", label, unit="条", source=SOURCE, **({"min_trust": "association_verified"} | known))


# What standards read of hazards.
FOUND = _counted("hazard_found", _("自查发现隐患"))
CLOSED_ON_TIME = _counted("hazard_closed_on_time", _("隐患按期整改闭环"), polarity="good")
OVERDUE = _counted("hazard_overdue", _("到期未改的隐患"), polarity="bad")
UNREPORTED = _counted(
    "major_hazard_unreported", _("重大隐患没有按规定报告"), measure="level", polarity="bad", min_trust="authority_document",
    bars_months=6,
)  # fmt: skip
COUNTED = (FOUND, CLOSED_ON_TIME, OVERDUE, UNREPORTED)

ASSIGNED = _event("hazard_assigned", _("隐患派单"))
DISMISSED = _event("hazard_dismissed", _("反映的隐患经查不成立"))
CONTROLLED = _event("hazard_controlled", _("隐患已临时管控"))
REPORTED = _event("hazard_reported", _("重大隐患报了主管部门"))
RECEIPT = _event("hazard_receipt", _("登记主管部门的回执"))
STARTED = _event("hazard_started", _("隐患开始整改"))
EXTENDED = _event("hazard_extended", _("隐患整改延期"))
FIXED = _event("hazard_fixed", _("隐患改好，待复核"))
VERIFIED = _event("hazard_verified", _("隐患复核通过"))
REJECTED = _event("hazard_rejected", _("隐患复核退回"))
CLOSED = _event("hazard_closed", _("隐患销号"))
REOPENED = _event("hazard_reopened", _("隐患重开"))
UPGRADED = _event("hazard_upgraded", _("隐患升为重大"))
TAKEN_OVER = _event("hazard_taken_over", _("已立隐患"))
REPORT_MISSED = _event("hazard_report_missed", _("重大隐患过了时限没有报主管部门"))
RISK_GRADED = _event("risk_graded", _("风险点定级"))
EVENTS = (
    RISK_GRADED,
    ASSIGNED, DISMISSED, CONTROLLED, REPORTED, RECEIPT, STARTED, EXTENDED, FIXED, VERIFIED, REJECTED, CLOSED, REOPENED,
    UPGRADED, TAKEN_OVER, REPORT_MISSED,
)  # fmt: skip
ABNORMAL_FOUND = Kind(
    "safety.abnormal_found", _("履职时发现异常"), unit="次", measure="event", min_trust="self_declared", source=SOURCE
)
DUTY_DUE = Kind("safety.duty_due", _("岗位责任清单应履职"), unit="次", min_trust="association_verified", source=SOURCE)
DUTY_ON_TIME = Kind(
    "safety.duty_on_time",
    _("按时履职且证据有效"),
    unit="次",
    min_trust="association_verified",
    polarity="good",
    source=SOURCE,
)
#: A day of a post that nobody holds; declared in the catalogue of evidence.
POST_VACANT = "safety.post_without_holder"


def register() -> None:
    kinds.register(LIST_DECIDED, LETTER_SIGNED, ABNORMAL_FOUND, DUTY_DUE, DUTY_ON_TIME, *COUNTED, *EVENTS)
