"""Which private people the register lets somebody see: the owners of doors they administer, the holders of posts."""

from __future__ import annotations

from django.db.models import Q

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.visibility import register_person_visibility

from .models import Holding, Ownership


def owners(actor: Actor) -> Q:
    """The owners of doors that this person administers."""
    return Q(pk__in=Ownership.objects.visible_to(actor).filter(person__isnull=False).values("person"))


def holders(actor: Actor) -> Q:
    """The holders of posts of projects that this person sees."""
    return Q(pk__in=Holding.objects.visible_to(actor).values("person"))


def register() -> None:
    register_person_visibility(owners)
    register_person_visibility(holders)
