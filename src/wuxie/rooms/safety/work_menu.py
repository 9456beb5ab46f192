"""The lines in the sidebar for permits, drills, incidents."""

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

from .models import Drill, Incident, Occurrence, Permit
from .models.hazards import COMPANY_SAFETY


def _to_approve(actor: Actor) -> QuerySet[Permit]:
    return Permit.objects.visible_to(actor).filter(state=Permit.State.APPLIED).values("pk")


def _to_hold(actor: Actor) -> QuerySet[Drill]:
    return Drill.objects.visible_to(actor).filter(state__in=Drill.WAITING).values("pk")


def _open_incidents(actor: Actor) -> QuerySet[Incident]:
    return Incident.objects.visible_to(actor).open().values("pk")


def to_approve(request: HttpRequest) -> int:
    """Permits that wait for a yes or a no."""
    return counted(_to_approve, acting(request))


def to_hold(request: HttpRequest) -> int:
    """Drills that are due in this part of the year."""
    return counted(_to_hold, acting(request))


def open_incidents(request: HttpRequest) -> int:
    """Incidents that are not closed."""
    return counted(_open_incidents, acting(request))


def register() -> None:
    register_place(Occurrence, "project__estate__place_id")
    deciding = {"project_manager", *COMPANY_SAFETY, "company_admin"}
    reading = {*ASSOCIATION, *GOVERNMENT, *AT_COMPANY} - deciding
    nav.register_nav(
        _("安全"), _("作业票"), "safety:permits", icon="clipboard-check", roles=deciding, count=to_approve, order=243
    )
    nav.register_nav(_("安全"), _("作业票"), "safety:permits", icon="clipboard-check", roles=reading, order=243)
    nav.register_nav("", _("作业票"), "safety:permits", icon="clipboard-check", roles={"post_holder"}, order=23)
    nav.register_nav(_("安全"), _("应急演练"), "safety:drills", icon="bell", roles=deciding, count=to_hold, order=244)
    nav.register_nav(_("安全"), _("应急演练"), "safety:drills", icon="bell", roles=reading, order=244)
    nav.register_nav(
        _("安全"),
        _("事故险情"),
        "safety:incidents",
        icon="exclamation-circle",
        roles=deciding,
        count=open_incidents,
        order=245,
    )
    nav.register_nav(_("安全"), _("事故险情"), "safety:incidents", icon="exclamation-circle", roles=reading, order=245)
    nav.register_nav("", _("事故险情"), "safety:incidents", icon="exclamation-circle", roles={"post_holder"}, order=24)
    heading = {"company_admin", *COMPANY_SAFETY}
    nav.register_nav(_("安全"), _("七项职责"), "safety:principal_own", icon="shield-check", roles=heading, order=247)
    nav.register_nav(_("安全"), _("突发事"), "safety:events", icon="bolt", roles=deciding | reading, order=246)
