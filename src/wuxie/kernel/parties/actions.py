"""Verbs on organisations, people and their appointments."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import today

from .models import Appointment, Organisation, Person
from .roles import ROLES, Seating


@transaction.atomic
def appoint(
    person: Person,
    role: str,
    *,
    by: str,
    organisation: Organisation | None = None,
    place_code: str | None = None,
    subject: str = "",
    title: str = "",
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    paper_number: str = "",
) -> Appointment:
    """Give someone a role from a day on; refuses a role without the seat that it is held at."""
    seating = ROLES[role].seating
    if seating is Seating.ORGANISATION and organisation is None:
        raise ValidationError(_("“%(role)s”要任职在一个单位，请选单位。") % {"role": ROLES[role].label})
    if seating is Seating.PLACE and not place_code:
        raise ValidationError(_("“%(role)s”要有辖区，请选市、区县、街道或社区。") % {"role": ROLES[role].label})
    if seating is Seating.SUBJECT and not subject:
        raise ValidationError(_("“%(role)s”要落到一个小区或项目，请选小区或项目。") % {"role": ROLES[role].label})
    starts_on = starts_on or today()
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("任期止日早于起日。请改成 %(day)s 或以后。") % {"day": starts_on}})
    return Appointment.objects.create(
        person=person,
        role=role,
        organisation=organisation,
        place_id=place_code,
        subject=subject,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        paper_number=paper_number,
    )


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: str, on: datetime.date) -> Appointment:
    """The appointment's last day; the right ends with it, on every door at the next request."""
    if on < appointment.starts_on:
        raise ValidationError({"ends_on": _("离任日早于到任日 %(day)s。") % {"day": appointment.starts_on}})
    appointment.ends_on = on
    appointment.save(update_fields=["ends_on"])
    return appointment
