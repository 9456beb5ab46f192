"""The rating's lines in the sidebar, by role."""

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

from .models import Application, Assignment, Award, Benefit


def _to_review(actor: Actor) -> QuerySet[Assignment]:
    mine = Assignment.objects.filter(reviewer=actor.person_id or 0, application__state=Application.State.REVIEW)
    return mine.current().filter(round1_at=None).values("pk")


def _to_confirm(actor: Actor) -> QuerySet[Benefit]:
    return Benefit.objects.visible_to(actor).filter(state=Benefit.State.DELIVERED).values("pk")


def to_review(request: HttpRequest) -> int:
    """Tasks of this reviewer that are not handed in."""
    return counted(_to_review, acting(request))


def to_confirm(request: HttpRequest) -> int:
    """Benefits that were delivered to this company and wait for its receipt."""
    return counted(_to_confirm, acting(request))


def register() -> None:
    register_place(Award, "project__estate__place_id")
    nav.register_nav(_("评价"), _("星级评定"), "rating_applications", icon="star", roles=ASSOCIATION, order=110)
    nav.register_nav(
        _("评价"), _("评定标准"), "rating_standards", icon="adjustments-horizontal", roles=ASSOCIATION, order=130
    )
    nav.register_nav(_("评价"), _("标准推演"), "rating_whatifs", icon="flask", roles=ASSOCIATION, order=131)
    nav.register_nav(_("统筹"), _("标准推演"), "rating_whatifs", icon="flask", roles={"gov_city"}, order=131)
    nav.register_nav(_("评价"), _("实时得分"), "rating_scores", icon="star", roles=AT_COMPANY, order=110)
    nav.register_nav(_("评价"), _("星级申报"), "rating_applications", icon="trophy", roles=AT_COMPANY, order=111)
    nav.register_nav(
        _("评价"), _("权益兑现"), "rating_benefits", icon="gift", roles=AT_COMPANY, count=to_confirm, order=112
    )
    nav.register_nav(
        "",
        _("待评项目（盲评）"),
        "rating_reviews",
        icon="clipboard-check",
        roles={"reviewer"},
        count=to_review,
        order=30,
    )
    nav.register_nav("", _("回避登记"), "rating_recusals", icon="ban", roles={"reviewer"}, order=31)
    nav.register_nav(_("统筹"), _("星级评定"), "rating_applications", icon="star", roles=GOVERNMENT, order=130)
    nav.register_nav(_("督办"), _("权益兑现"), "rating_benefits", icon="gift", roles=GOVERNMENT, order=230)
