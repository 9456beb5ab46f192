"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav

from . import queries
from .models import Dispute, Swap
from .models.experts import MEDIATOR


def waiting(request: HttpRequest) -> int:
    """Voices that nobody has decided about."""
    return Dispute.objects.visible_to(request.actor).filter(state=Dispute.State.REGISTERED).count()  # type: ignore[attr-defined]


def duties(request: HttpRequest) -> dict[str, object] | None:
    """The card of an expert's desk: today's turn and the next ones, and who asks to be stood in for."""
    person = request.actor.person_id or 0  # type: ignore[attr-defined]
    shifts = queries.coming(person)
    asked = Swap.objects.filter(to__person=person, agreed=None, shift__day__gte=today()).count()
    return {"shifts": shifts, "asked": asked, "today": today()} if shifts or asked else None


def register() -> None:
    nav.register_card("mediation/desk_card.html", duties, roles={MEDIATOR})
    nav.register_nav(
        _("办事"), _("调解与信访"), "mediation:disputes", icon="users", roles={*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, MEDIATOR},
        count=waiting, order=150,
    )  # fmt: skip
    nav.register_nav(
        _("协会"), _("专家排班"), "mediation:rotas", icon="calendar", roles={*ASSOCIATION, MEDIATOR}, order=320
    )
