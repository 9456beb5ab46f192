"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav
from wuxie.web.area import register_place

from .models import Adjustment, Disclosure, Finding, Question

READING = {*GOVERNMENT, *AT_COMPANY, "committee_member"}


def unanswered(request: HttpRequest) -> int:
    """Questions that wait for an answer."""
    rows = Adjustment.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return Question.objects.filter(adjustment__in=rows.order_by().values("pk"), answered_at=None).count()


def register() -> None:
    register_place(Disclosure, "project__estate__place_id")
    register_place(Finding, "project__estate__place_id")
    nav.register_nav(
        _("物业费"), _("物业费调整"), "fees:adjustments", icon="receipt", roles=READING, count=unanswered, order=260
    )
    nav.register_nav(
        _("物业费"),
        _("法定公示"),
        "fees:disclosures",
        icon="notes",
        roles=READING | set(ASSOCIATION),
        order=261,
    )
    nav.register_nav(
        _("物业费"), _("违规收费认定"), "fees:findings", icon="gavel", roles=READING | set(ASSOCIATION), order=262
    )
    nav.register_nav("", _("物业费调整"), "fees:adjustments", icon="receipt", roles={"owner"}, order=22)
    nav.register_nav("", _("公示栏"), "fees:disclosures", icon="notes", roles={"owner"}, order=23)
