"""The room's line in the sidebar, by role."""

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

from .models import Month, Refund


def _open_cases(actor: Actor) -> QuerySet[Month]:
    return Month.objects.visible_to(actor).filter(state__in=Month.HOT).values("pk")


def open_cases(request: HttpRequest) -> int:
    """Months in which too much was charged and that are not settled."""
    return counted(_open_cases, acting(request))


def register() -> None:
    register_place(Refund, "month__account__project__estate__place_id")
    for heading, roles, order in (
        (_("办事"), {*ASSOCIATION}, 260), (_("督办"), {*GOVERNMENT}, 260), (_("经营"), {*AT_COMPANY, "company_principal"}, 320),
    ):  # fmt: skip
        nav.register_nav(heading, _("转供电"), "resale:months", icon="bolt", roles=roles, count=open_cases, order=order)
