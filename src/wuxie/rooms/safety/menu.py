"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.counting import counted
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav
from wuxie.web.area import register_place
from wuxie.web.asking import acting

from .models import Hazard, ListPost, RiskPoint, Tally
from .models.hazards import COMPANY_SAFETY
from .queries import to_sign as posts_to_sign

#: So many letters to sign are named on a desk.
LETTERS = 5


def _to_sign(actor: Actor) -> QuerySet[ListPost]:
    return posts_to_sign(actor, today()).values("pk")


def _to_assign(actor: Actor) -> QuerySet[Hazard]:
    return Hazard.objects.visible_to(actor).filter(state=Hazard.State.FOUND).values("pk")


def to_sign(request: HttpRequest) -> int:
    """Letters of responsibility that wait for this person's signature."""
    return counted(_to_sign, acting(request))


def letters(request: HttpRequest) -> dict[str, object] | None:
    """The card of a desk: the letters that wait for this person's signature."""
    rows = list(
        posts_to_sign(acting(request), today()).select_related("post", "duty_list__project__estate").order_by("pk")
    )
    return {"posts": rows[:LETTERS], "count": len(rows)} if rows else None


def to_assign(request: HttpRequest) -> int:
    """Hazards that nobody has been named for."""
    return counted(_to_assign, acting(request))


def register() -> None:
    for model in (RiskPoint, Tally):
        register_place(model, "project__estate__place_id")
    nav.register_card("safety/sign_card.html", letters, roles={"post_holder", *AT_COMPANY, *COMPANY_SAFETY}, order=50)
    handing_out = {"project_manager", *COMPANY_SAFETY, "company_admin"}
    nav.register_nav(
        _("安全"), _("隐患整改"), "safety:hazards", icon="alert-triangle", roles=handing_out, count=to_assign, order=240
    )
    reading = {*ASSOCIATION, *GOVERNMENT, "company_contact"}
    nav.register_nav(_("安全"), _("隐患整改"), "safety:hazards", icon="alert-triangle", roles=reading, order=240)
    watching = {*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, *COMPANY_SAFETY}
    nav.register_nav(_("安全"), _("重大隐患"), "safety:hazards_major", icon="flag", roles=watching, order=241)
    nav.register_nav(_("安全"), _("风险点"), "safety:risks", icon="map-pin", roles=watching, order=242)
    nav.register_nav(_("安全"), _("履职分析"), "safety:compare", icon="chart-bar", roles=watching, order=249)
    for roles in (ASSOCIATION, GOVERNMENT, AT_COMPANY):
        nav.register_nav(_("安全"), _("责任清单"), "safety:lists", icon="list-check", roles=roles, order=250)
        nav.register_nav(_("安全"), _("职责库"), "safety:library", icon="book", roles=roles, order=251)
    nav.register_nav("", _("隐患"), "safety:hazards", icon="alert-triangle", roles={"post_holder"}, order=22)
    nav.register_nav(
        "", _("我的岗位"), "safety:mine", icon="clipboard-check", roles={"post_holder"}, count=to_sign, order=21
    )
