"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, seated, the_clock
from wuxie.rooms.register.rules import city, company, district, president, project_manager, secretariat, street

from .models import Dispute
from .models.experts import MEDIATOR
from .models.petitions import LEVELS

__all__ = [
    "above", "authority", "city", "company_side", "district", "handler", "handling_office", "inside", "mediator", "office", "president",
    "refuser", "street", "table", "the_clock",
]  # fmt: skip

office = secretariat
company_side = replace(company | project_manager, label=_("被反映的企业"))


def _mediating(case: Any) -> list[Seat]:
    people = [one for one in (case.mediator_id, case.expert_id) if one]
    return [Seat(MEDIATOR, person_key=f"person:{pk}") for pk in people]


mediator = seated(_("指派的调解员"), MEDIATOR, at=_mediating)
handler = replace(mediator | office, label=_("调解员、协会秘书处"))
table = replace(handler | company_side, label=_("当事人、调解员、协会秘书处"))
"""Whoever may hand something in."""
refuser = replace(office | company_side, label=_("企业一方，或替申请人登记的协会秘书处"))
authority = replace(district | city, label=_("区县、市主管部门"))


def _level(case: Any, step: int = 0) -> list[Seat]:
    """The office that handles a petition, or the one so many levels above it (the city's at most)."""
    order = list(LEVELS)
    name = order[min(order.index(case.level) + step, len(order) - 1)]
    return [Seat(name, place_code=case.place_code[: LEVELS[name]])]


handling_office = Who(
    _("办理单位"), lambda actor, case: any(seat.answers(one) for one in _level(case) for seat in actor.seats), _level
)
above = Who(
    _("上一级单位"), lambda actor, case: any(seat.answers(one) for one in _level(case, 1) for seat in actor.seats),
    lambda case: _level(case, 1),
)  # fmt: skip
top = Who(
    _("再上一级单位"), lambda actor, case: any(seat.answers(one) for one in _level(case, 2) for seat in actor.seats),
    lambda case: _level(case, 2),
)  # fmt: skip


def receives(actor: Actor) -> bool:
    """Whether this person may register a petition."""
    return actor.holds(*LEVELS)


def inside(actor: Actor, case: Dispute) -> bool:
    """Whether this person may read what was said at the table."""
    return Dispute.objects.inside(actor).filter(pk=case.pk).exists()


def hears(actor: Actor, case: Dispute) -> bool:
    """Whether this person may read the voices: the office, and who mediates."""
    return actor.holds("association_secretariat", "association_president") or mediator.test(actor, case)


def takes_in(actor: Actor) -> bool:
    return actor.holds("association_secretariat")
