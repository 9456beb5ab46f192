"""The association's office and its president see everybody on record, masked; a member sees those who speak for it."""

from __future__ import annotations

from django.db.models import Q

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.parties.visibility import EVERYBODY, register_person_visibility


def everybody(actor: Actor) -> Q:
    if actor.holds(*ASSOCIATION):
        return EVERYBODY
    return Q(pk__in=Appointment.objects.visible_to(actor).values("person"))


def register() -> None:
    register_person_visibility(everybody)
