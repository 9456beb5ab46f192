"""Who may open the papers of this room's cases: whoever may see the case, and not before it may be seen."""

from __future__ import annotations

from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY

from .models import Application, Benefit, FactDispute, Objection, Visit
from .models.application import drawn_for


def _seen(model: Any) -> Any:
    return lambda actor, pk: pk.isdecimal() and model.objects.visible_to(actor).filter(pk=pk).exists()


def may_see_objection(actor: Actor, pk: str) -> bool:
    """The letter names what its writer saw: it is for who decides, never for the company."""
    if actor.holds(*AT_COMPANY):
        return False
    return bool(_seen(Objection)(actor, pk))


def may_see_visit(actor: Actor, pk: str) -> bool:
    """Photos of an unannounced visit: for the panel and the association at once, for the others with the visit itself."""
    if not pk.isdecimal():
        return False
    if actor.holds(*ASSOCIATION) or drawn_for(actor).filter(application=pk).exists():
        return True
    return Visit.objects.visible_to(actor).filter(application=pk).exists()


RULES = {
    "star_application": _seen(Application),
    "star_benefit": _seen(Benefit),
    "star_objection": may_see_objection,
    "fact_dispute": _seen(FactDispute),
    "star_visit": may_see_visit,
}
