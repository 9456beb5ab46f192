"""What several pages of the room show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.web.cells import Chip

from ..models import Adjustment, Disclosure

S = Adjustment.State
TONES = {
    S.PREPARING: "", S.REVIEWED: "blue", S.SHOWN: "blue", S.PUBLISHED: "blue", S.VOTING: "blue", S.PASSED: "green", S.FAILED: "", S.CONTRACTED: "green",
    S.EFFECTIVE: "amber", S.FAILING: "red", S.REVERTING: "red", S.KEPT: "green", S.ROLLED_BACK: "", S.WITHDRAWN: "",
}  # fmt: skip


def state(case: Adjustment) -> Chip:
    return Chip(str(S(case.state).label), TONES[S(case.state)])


def hung(one: Disclosure) -> Chip:
    """Where a disclosure stands."""
    if one.confirmed_on is not None:
        return Chip(_("迟了，已核实"), "amber") if one.is_late else Chip(_("按期，已核实"), "green")
    if one.published_on is not None:
        return Chip(_("等核实"), "blue")
    return Chip(_("逾期没有公示"), "red") if one.is_late else Chip(_("待公示"), "amber")


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The lists of the room; of adjustments the association has none."""
    found = [("adjustments", _("物业费调整"))] if not actor.holds(*ASSOCIATION) else []
    found += [("disclosures", _("法定公示")), ("findings", _("违规收费认定")), ("structure", _("成本构成"))]
    return [{"label": label, "url": reverse(f"fees:{name}"), "current": name == current} for name, label in found]
