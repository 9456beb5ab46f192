"""The owner's own phone: an opinion after proof of identity. It binds nobody and is not counted."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Ownership

from .. import queries
from ..models import Entry, Opinion
from ..words import SIDES


def owns(actor: Actor, entry: Entry) -> bool:
    """Whether this person owns the unit today."""
    return (
        bool(actor.person_id)
        and Ownership.objects.current().filter(person=actor.person_id, unit=entry.unit_id).exists()
    )


def _prove(by: Actor, id_number: str) -> Person:
    """The person, if the number of the identity card is the one in the register."""
    person = Person.objects.get(pk=by.person_id)
    if not person.id_number:
        raise Refusal("guard", _("户室清册里没有登记你的证件号，没法核对身份。请找组织人补登记，或者直接交纸票。"))
    typed = "".join(id_number.split()).upper()
    if not hmac.compare_digest(typed.encode(), person.id_number.encode()):
        raise Refusal("guard", _("证件号和登记的对不上，请照身份证再输一次。"))
    return person


@transaction.atomic
def consult(entry: Entry, *, by: Actor, id_number: str, sides: Mapping[str, str]) -> Opinion:
    """Say what one thinks of each item, for one's own unit, once; until the close one may say it anew."""
    held = Entry.objects.select_for_update(of=("self",)).select_related("decision").get(pk=entry.pk)
    if not owns(by, held):
        raise Refusal("person", _("只有这一户登记的业主可以说意见。"))
    if not queries.may_consult(held.decision):
        raise Refusal("state", _("现在不征求意见：只在定名册以后、收票截止以前。"))
    person = _prove(by, id_number)
    items = [str(number) for number in held.decision.items.order_by("number").values_list("number", flat=True)]
    if sorted(sides) != sorted(items) or not set(sides.values()) <= set(SIDES):
        raise Refusal("guard", _("每一项都要选：同意、反对或者弃权。"))
    before = Opinion.objects.filter(entry=held).first()
    if before is not None and before.person_id != person.pk:
        raise Refusal("guard", _("这一户的另一位业主已经说过意见，一户只记一份。"))
    said = json.dumps({number: sides[number] for number in items})
    made, _new = Opinion.objects.update_or_create(entry=held, defaults={"person": person, "said": said, "at": now()})
    return made
