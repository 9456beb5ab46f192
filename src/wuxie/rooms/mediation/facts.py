"""What this room announces.

Cases, agreements, duties of experts and petitions are read by standards and declared in the catalogue of evidence; the other kinds
are what the procedure itself puts on record. No fact names a private person.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import ANY, Kind

SOURCE = "mediation"
#: Declared in the catalogue of evidence.
CASE_ACCEPTED, CASE_SETTLED, CASE_REFUSED = (
    "mediation.case_accepted",
    "mediation.case_settled",
    "mediation.case_refused_by_company",
)
AGREEMENT_DUE, AGREEMENT_PERFORMED, AGREEMENT_BREACHED = (
    "mediation.agreement_due", "mediation.agreement_performed", "mediation.agreement_breached",
)  # fmt: skip
SHIFT_SERVED, SHIFT_MISSED = "mediation.expert_shift_served", "mediation.expert_shift_missed"
RECEIVED, ON_TIME, FAULT = "petition.received", "petition.responded_on_time", "petition.valid_fault"
REPEAT, GROUP = "petition.repeat", "petition.group_event"


def _event(code: str, label: Any) -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(f"mediation.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


NOT_ACCEPTED = _event("not_accepted", _("不予受理，告知去处"))
TRANSFERRED = _event("transferred", _("转办到有权处理的单位"))
ASSIGNED = _event("assigned", _("指派调解员"))
REFUSED = _event("mediator_refused", _("一方申请更换调解员"))
HELD = _event("sitting_held", _("开了一次调解会"))
SUSPENDED = _event("suspended", _("调解中止"))
RESUMED = _event("resumed", _("调解恢复"))
FAILED = _event("failed", _("调解终结，没有达成协议"))
WITHDRAWN = _event("withdrawn", _("申请人撤回"))
APPLIED = _event("confirmation_applied", _("共同申请司法确认"))
CONFIRMED = _event("confirmed", _("法院确认协议有效"))
PERFORMED = _event("performed", _("调解协议履行完毕"))
BREACHED = _event("breached", _("调解协议没有履行"))
VISITED = _event("visited", _("调解后回访"))
CLUSTER = _event("cluster", _("同一小区同类诉求集中"))
ROTA = Kind(
    "mediation.rota_published", _("公布专家值班表"), ANY, measure="event", min_trust="self_declared", source=SOURCE
)


def _petition(code: str, label: Any) -> Kind:
    return Kind(f"petition.{code}", label, measure="event", min_trust="self_declared", source=SOURCE)


P_ACCEPTED = _petition("accepted", _("信访事项受理"))
P_OBJECTED = _petition("competence_objected", _("信访事项提出不属职权"))
P_ANSWERED = _petition("answered", _("信访事项作出处理意见"))
P_REVIEWED = _petition("reviewed", _("信访事项复查"))
P_CONCLUDED = _petition("concluded", _("信访事项终结"))

EVENTS = (
    P_ACCEPTED, P_OBJECTED, P_ANSWERED, P_REVIEWED, P_CONCLUDED,
    NOT_ACCEPTED, TRANSFERRED, ASSIGNED, REFUSED, HELD, SUSPENDED, RESUMED, FAILED, WITHDRAWN, APPLIED, CONFIRMED, PERFORMED, BREACHED,
    VISITED, CLUSTER, ROTA,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
