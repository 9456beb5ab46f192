"""What several pages of the room show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.web.cells import Chip

from ..models import Proceeding

S = Proceeding.State
TONES = {
    S.CLUE: "amber", S.FILED: "blue", S.DISMISSED: "", S.INVESTIGATING: "blue", S.PROPOSED: "amber", S.DEFENDED: "blue", S.HEARING: "blue",
    S.VOTED: "blue", S.SERVED: "amber", S.APPEALED: "amber", S.EFFECTIVE: "red", S.WITHDRAWN: "green", S.LIFTED: "green",
}  # fmt: skip


def state(case: Proceeding) -> Chip:
    return Chip(str(S(case.state).label), TONES[S(case.state)])


def tabs(current: str) -> list[dict[str, Any]]:
    """The lists of the room."""
    found = (
        ("cases", _("自律案件")),
        ("records", _("信用记录")),
        ("scores", _("企业得分")),
        ("figures", _("办案质量")),
    )
    return [{"label": label, "url": reverse(f"conduct:{name}"), "current": name == current} for name, label in found]
