"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav

from .models import Dispute
from .models.experts import MEDIATOR


def waiting(request: HttpRequest) -> int:
    """Voices that nobody has decided about."""
    return Dispute.objects.visible_to(request.actor).filter(state=Dispute.State.REGISTERED).count()  # type: ignore[attr-defined]


def register() -> None:
    nav.register_nav(
        _("办事"), _("调解与信访"), "mediation:disputes", icon="users", roles={*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, MEDIATOR},
        count=waiting, order=150,
    )  # fmt: skip
    nav.register_nav(
        _("协会"), _("专家排班"), "mediation:rotas", icon="calendar", roles={*ASSOCIATION, MEDIATOR}, order=320
    )
