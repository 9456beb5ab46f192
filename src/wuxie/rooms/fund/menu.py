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

from .models import CENTER, Account, Repair

READING = {*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, CENTER, "committee_member", "owner"}


def _stuck(actor: Actor) -> QuerySet[Repair]:
    return Repair.objects.visible_to(actor).filter(state=Repair.State.STUCK).values("pk")


def stuck(request: HttpRequest) -> int:
    """Repairs that do not go on."""
    return counted(_stuck, acting(request))


def register() -> None:
    register_place(Account, "unit__estate__place_id")
    nav.register_nav(
        _("维修"), _("维修和维修资金"), "fund:repairs", icon="tools", roles=READING - {"owner"}, count=stuck, order=250
    )
    nav.register_nav(_("维修"), _("资金账户"), "fund:accounts", icon="coin-yuan", roles=READING - {"owner"}, order=251)
    nav.register_nav("", _("维修和维修资金"), "fund:repairs", icon="tools", roles={"owner"}, order=21)
