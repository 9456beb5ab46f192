"""What this room announces.

Duties that a member did and results that a working group accepted are declared in the catalogue of evidence; the other kinds are what the
association's own procedures put on record.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind

SOURCE = "association"
#: Declared in the catalogue of evidence.
DUTY_DONE, DELIVERABLE = "member.duty_done", "member.group_deliverable"
#: What a member did for its association and what it left undone, as its page counts them.
DUTIES = (DUTY_DONE, DELIVERABLE, "mediation.expert_shift_served", "mediation.expert_shift_missed")


def _event(code: str, label: Any, subject: str = "association") -> Kind:
    """On record and sealed, read by no formula."""
    return Kind(
        f"association.{code}", label, subject=subject, measure="event", min_trust="self_declared", source=SOURCE
    )


MEETING_CALLED = _event("meeting_called", _("通知开会"))
MEETING_OPENED = _event("meeting_opened", _("到会人数足够，开会"))
DECIDED = _event("item_decided", _("议题已表决"))
RECORDED = _event("minutes_issued", _("会议纪要已出"))
RESOLUTION_DONE = _event("resolution_carried_out", _("决议已落实"))
TASK_ASSIGNED = _event("task_assigned", _("工作组任务已分配"))
TASK_ACCEPTED = _event("task_accepted", _("工作组成果已验收"))
EVALUATED = _event("group_evaluated", _("工作组季度评价"))
DUE_BILLED = _event("due_billed", _("会费已出账"))
DUE_PAID = _event("due_paid", _("会费已缴"))
DUE_WAIVED = _event("due_waived", _("会费已减免"))
ADMITTED = _event("admitted", _("同意入会"))
REFUSED = _event("admission_refused", _("不同意入会"))
LEFT = _event("left", _("会员退会"))
ANSWERED = _event("inquiry_answered", _("会员诉求已答复"))
RATED = _event("inquiry_rated", _("会员评价答复"))
RECEIVED = _event("letter_received", _("转办件已签收"))
REPLIED = _event("letter_answered", _("转办件已办复"))
DISCLOSED = _event("accounts_disclosed", _("季度收支已公示"))

EVENTS = (
    MEETING_CALLED, MEETING_OPENED, DECIDED, RECORDED, RESOLUTION_DONE, TASK_ASSIGNED, TASK_ACCEPTED, EVALUATED, DUE_BILLED, DUE_PAID, DUE_WAIVED,
    ADMITTED, REFUSED, LEFT, ANSWERED, RATED, RECEIVED, REPLIED, DISCLOSED,
)  # fmt: skip


def register() -> None:
    kinds.register(*EVENTS)
