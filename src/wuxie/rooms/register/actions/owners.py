"""Who owns a unit, from when to when."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Organisation

from ..models import Ownership, Unit


@transaction.atomic
def add_owner(
    unit: Unit,
    *,
    by: Actor,
    name: str = "",
    phone: str = "",
    id_number: str = "",
    organisation: Organisation | None = None,
    starts_on: datetime.date | None = None,
    designated: bool = True,
) -> Ownership:
    """Register an owner, a person or a body. Of several owners only one is the one who votes."""
    if bool(name) == bool(organisation):
        raise ValidationError({"name": _("业主是个人就填姓名，是单位就选单位，两样填一样。")})
    person = None if organisation else find_or_add_person(by=by.key, name=name, phone=phone, id_number=id_number)
    current = Ownership.objects.select_for_update().filter(unit=unit, ends_on=None)
    if current.filter(person=person, organisation=organisation).exists():
        raise ValidationError({"name": _("这一户已经登记了这位业主。")})
    if designated:
        current.filter(designated=True).update(designated=False)
    return Ownership.objects.create(
        unit=unit, person=person, organisation=organisation, designated=designated, starts_on=starts_on
    )


@transaction.atomic
def end_ownership(ownership: Ownership, *, by: Actor, on: datetime.date) -> Ownership:
    """The last day of owning; the row stays."""
    if ownership.ends_on is not None:
        raise ValidationError({"on": _("这位业主已在 %(day)s 转出。") % {"day": ownership.ends_on}})
    if ownership.starts_on and on < ownership.starts_on:
        raise ValidationError({"on": _("转出日早于登记的起日。请改成 %(day)s 或以后。") % {"day": ownership.starts_on}})
    ownership.ends_on = on
    ownership.save(update_fields=["ends_on"])
    return ownership
