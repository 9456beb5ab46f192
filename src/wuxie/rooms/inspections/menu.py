"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.counting import counted
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav
from wuxie.web.area import register_place
from wuxie.web.asking import acting

from .models import COMPANY_SAFETY, Asset, Inspection, Obligation


def _overdue(actor: Actor) -> QuerySet[Inspection]:
    return Inspection.objects.visible_to(actor).overdue().values("pk")


def overdue(request: HttpRequest) -> int:
    """Inspections past their day."""
    return counted(_overdue, acting(request))


def register() -> None:
    register_place(Asset, "project__estate__place_id")
    register_place(Obligation, "project__estate__place_id")
    reading = {*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, *COMPANY_SAFETY}
    nav.register_nav(
        _("安全"), _("检验检测"), "inspections:duties", icon="calendar", roles=reading, count=overdue, order=245
    )
    nav.register_nav(_("安全"), _("设备台账"), "inspections:assets", icon="list-check", roles=reading, order=246)
