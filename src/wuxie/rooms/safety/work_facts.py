"""What permits, drills, incidents and events announce.

Drills held and accidents with liability are kinds of the catalogue of evidence; the rest is what the procedures prove.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

from .facts import SOURCE

#: Declared in the catalogue of evidence, with their variants.
DRILL_HELD, ACCIDENT_LIABLE = "safety.drill_held", "safety.accident_liable"


def _event(code: str, label: Any) -> Kind:
    """A step: on record and sealed, read by no formula."""
    return Kind(f"safety.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


PERMIT_MEASURED = _event("permit_measured", _("作业现场措施确认"))
PERMIT_GAS = _event("permit_gas", _("作业现场气体检测"))
PERMIT_APPROVED = _event("permit_approved", _("危险作业批准"))
PERMIT_REFUSED = _event("permit_refused", _("危险作业未批准"))
PERMIT_STARTED = _event("permit_started", _("危险作业开工"))
PERMIT_SUSPENDED = _event("permit_suspended", _("危险作业暂停"))
PERMIT_RESUMED = _event("permit_resumed", _("危险作业恢复"))
PERMIT_FINISHED = _event("permit_finished", _("危险作业完工"))
PERMIT_CHECKED = _event("permit_checked", _("危险作业完工后现场复查"))
PERMIT_CLOSED = _event("permit_closed", _("作业票办结"))
PERMIT_CANCELLED = _event("permit_cancelled", _("作业票取消"))
PERMIT_EXPIRED = _event("permit_expired", _("作业票过期没有开工"))
PERMIT_OVERRUN = _event("permit_overrun", _("作业超过票上的时间"))

DRILL_ANNOUNCED = _event("drill_announced", _("演练通知"))
DRILL_DONE = _event("drill_done", _("演练已做，待评估"))
DRILL_EVALUATED = _event("drill_evaluated", _("演练评估"))
DRILL_CLOSED = _event("drill_closed", _("演练办结"))
DRILL_DROPPED = _event("drill_dropped", _("演练不再需要"))
DRILL_OVERDUE = _event("drill_overdue", _("演练到期没有做"))

INCIDENT_GRADED = _event("incident_graded", _("事故险情定级"))
INCIDENT_SITE = _event("incident_site", _("事故现场保护"))
INCIDENT_TOLD = _event("incident_told", _("事故报告主管部门"))
INCIDENT_MISSED = _event("incident_report_missed", _("事故没有按时报告主管部门"))
INCIDENT_RECEIPT = _event("incident_receipt", _("登记事故报告的回执"))
INCIDENT_SUPPLEMENT = _event("incident_supplement", _("事故补报"))
INCIDENT_INVESTIGATED = _event("incident_investigating", _("事故调查开始"))
INCIDENT_CAUSED = _event("incident_measures", _("事故查明原因、定整改"))
INCIDENT_DONE = _event("incident_done", _("事故整改做完"))
INCIDENT_VERIFIED = _event("incident_verified", _("事故整改验证，结案"))
INCIDENT_REJECTED = _event("incident_rejected", _("事故整改退回"))
INCIDENT_JUDGED = _event("incident_judged", _("事故责任认定"))

OCCURRED = _event("occurred", _("宣布突发事，职责当天到期"))

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))


def register() -> None:
    kinds.register(*KINDS)
