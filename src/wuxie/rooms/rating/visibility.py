"""Who may open the papers of this room's cases: whoever may see the case, and not before it may be seen."""

from __future__ import annotations

from typing import Any

from wuxie.kernel.access.actor import Actor

from .models import Application, Benefit, FactDispute, Objection


def _seen(model: Any) -> Any:
    return lambda actor, pk: pk.isdecimal() and model.objects.visible_to(actor).filter(pk=pk).exists()


def may_see_objection(actor: Actor, pk: str) -> bool:
    """The letter names what its writer saw: it is for who decides, never for the company."""
    if actor.holds("company_admin", "company_contact", "project_manager"):
        return False
    return bool(_seen(Objection)(actor, pk))


RULES = {
    "star_application": _seen(Application),
    "star_benefit": _seen(Benefit),
    "star_objection": may_see_objection,
    "fact_dispute": _seen(FactDispute),
}
