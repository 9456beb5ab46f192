"""What several pages of the room show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, GOVERNMENT
from wuxie.web.cells import Chip

from ..models import Dispute

S = Dispute.State
TONES = {
    S.REGISTERED: "amber", S.ACCEPTED: "blue", S.NOT_ACCEPTED: "", S.TRANSFERRED: "", S.MERGED: "", S.ASSIGNED: "blue", S.INVESTIGATING: "blue",
    S.IN_SESSION: "blue", S.SUSPENDED: "amber", S.SETTLED: "green", S.FAILED: "red", S.WITHDRAWN: "", S.CONFIRMING: "blue", S.PERFORMING: "blue",
    S.PERFORMED: "green", S.BREACHED: "red", S.CLOSED: "green",
}  # fmt: skip


def state(case: Dispute) -> Chip:
    return Chip(str(S(case.state).label), TONES[S(case.state)])


def tabs(current: str, actor: Actor) -> list[dict[str, Any]]:
    """The lists of the room that this person reads."""
    found = [("disputes", _("案件"))]
    if actor.holds(*ASSOCIATION, *GOVERNMENT):
        found += [("petitions", _("信访事项"))]
    found += [("rotas", _("值班表")), ("shifts", _("班次"))]
    if actor.holds(*ASSOCIATION):
        found += [("experts", _("专家")), ("affiliations", _("关联单位"))]
    return [{"label": label, "url": reverse(f"mediation:{name}"), "current": name == current} for name, label in found]
