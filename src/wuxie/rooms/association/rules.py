"""Who, in the association's own matters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import only, seated
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION

office = seated(_("协会秘书处"), "association_secretariat")
leadership = seated(_("协会秘书处、会长"), *ASSOCIATION)


def _is_oneself(actor: Actor, case: Any) -> bool:
    person = case if isinstance(case, Person) else getattr(case, "person", None)
    return person is not None and person.pk == actor.person_id


oneself = only(_("本人"), _is_oneself)
appoints = office & ~oneself
"""The office gives and ends appointments and accounts; nobody their own."""
