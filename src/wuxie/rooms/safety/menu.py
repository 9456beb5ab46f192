"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav

from .queries import my_posts


def to_sign(request: HttpRequest) -> int:
    """Letters of responsibility that wait for this person's signature."""
    actor = request.actor  # type: ignore[attr-defined]
    return my_posts(actor, today()).exclude(signatures__person=actor.person_id or 0).count()


def register() -> None:
    for roles in (ASSOCIATION, GOVERNMENT, AT_COMPANY):
        nav.register_nav(_("安全"), _("责任清单"), "safety:lists", icon="list-check", roles=roles, order=250)
        nav.register_nav(_("安全"), _("职责库"), "safety:library", icon="book", roles=roles, order=251)
    nav.register_nav(
        "", _("我的岗位"), "safety:mine", icon="clipboard-check", roles={"post_holder"}, count=to_sign, order=21
    )
