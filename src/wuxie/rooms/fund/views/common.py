"""What several pages of the room show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.web.cells import Chip

from ..models import Repair

S = Repair.State
TONES = {
    S.REPORTED: "red", S.GUARDED: "amber", S.APPRAISED: "blue", S.REFERRED: "amber", S.PLANNED: "blue", S.ASKED: "red",
    S.CONFIRMED: "amber", S.PUBLISHED: "blue", S.VOTING: "blue", S.APPROVED: "green", S.REJECTED: "red", S.STUCK: "red",
    S.APPLIED: "blue", S.ADVANCED: "blue", S.BUILDING: "blue", S.ACCEPTED: "blue", S.SETTLED: "blue", S.ALLOCATED: "blue",
    S.WARRANTY: "green", S.CLOSED: "",
}  # fmt: skip


def state(case: Repair) -> Chip:
    """The state; of one that is stuck, where."""
    label = str(S(case.state).label)
    if case.state == S.STUCK and case.stuck:
        return Chip(_("卡住：%(why)s") % {"why": case.get_stuck_display()}, "red")
    if case.state == S.REPORTED and not case.is_dangerous:
        return Chip(label, "blue")
    return Chip(label, TONES[S(case.state)])


def tabs(current: str) -> list[dict[str, Any]]:
    """The lists of the room."""
    found = (("repairs", _("维修")), ("stuck", _("卡在哪里")), ("estates", _("小区资金")), ("accounts", _("账户")))
    return [{"label": label, "url": reverse(f"fund:{name}"), "current": name == current} for name, label in found]
