"""Verbs on organisations, people and their appointments."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from stdnum.cn import ric

from wuxie.kernel.clock.now import today

from . import journal
from .models import Appointment, Organisation, Person
from .roles import ROLES, Seating

PHONE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}|[2-8][0-9]{6,7}")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def known_phone(phone: str) -> str:
    """A phone as it is kept: width folded, without blanks and hyphens; refuses what cannot be one."""
    phone = _plain(phone).replace("-", "")
    if phone and not PHONE.fullmatch(phone):
        raise ValidationError({"phone": _("电话要是 11 位手机号，或带区号的电话，现有 %(n)s 位。") % {"n": len(phone)}})
    return phone


def _checked(name: str, phone: str, id_number: str) -> tuple[str, str, str]:
    """The three texts as they are kept; refuses what cannot be a phone or a citizen's number, never repeating it."""
    name, phone, id_number = " ".join(name.split()), known_phone(phone), _plain(id_number).upper()
    if not name:
        raise ValidationError({"name": _("没有填姓名。")})
    if id_number and not ric.is_valid(id_number):
        raise ValidationError({"id_number": _("证件号不对：要是 18 位，末位是校验码。请照证件重抄。")})
    return name, phone, id_number


@transaction.atomic
def add_person(*, by: str, name: str, phone: str = "", id_number: str = "") -> Person:
    """Register someone; refuses a second person with the same ID number, or with the same name and phone."""
    name, phone, id_number = _checked(name, phone, id_number)
    _refuse_twin(Person(name=name, phone=phone, id_number=id_number).index())
    return Person.objects.create(name=name, phone=phone, id_number=id_number)


@transaction.atomic
def change_person(person: Person, *, by: str, **changes: str) -> Person:
    """Correct name, phone or ID number; what is not named or is ``None`` stays."""
    wanted = {"name": person.name, "phone": person.phone, "id_number": person.id_number}
    wanted |= {field: value for field, value in changes.items() if value is not None}
    person.name, person.phone, person.id_number = _checked(**wanted)
    _refuse_twin(person.index())
    person.save()
    return person


@transaction.atomic
def find_or_add_person(*, by: str, name: str, phone: str = "", id_number: str = "") -> Person:
    """The person with this ID number, or with this name and phone; else a new one."""
    name, phone, id_number = _checked(name, phone, id_number)
    found = _twins(Person(name=name, phone=phone, id_number=id_number).index()).first()
    return found or Person.objects.create(name=name, phone=phone, id_number=id_number)


def _twins(person: Person) -> Any:
    same = Person.objects.none()
    if person.id_index:
        same |= Person.objects.by_id_number(person.id_number)
    if person.phone_index:
        same |= Person.objects.by_phone(person.phone).by_name(person.name)
    return same.exclude(pk=person.pk).order_by("pk")


def _refuse_twin(person: Person) -> None:
    twin = _twins(person).first()
    if twin is not None:
        field = "id_number" if person.id_number and twin.id_number == person.id_number else "phone"
        raise ValidationError(
            {
                field: _("%(who)s 已经登记过（人员编号 %(pk)s）。请直接用那一条。")
                % {"who": twin.masked_name, "pk": twin.pk}
            }
        )


@transaction.atomic
def add_organisation(kind: str, *, by: str, name: str, **known: Any) -> Organisation:
    """Register a body. ``known``: ``short_name``, ``uscc``, ``place`` (a ``Place`` or ``None``)."""
    made = Organisation(kind=kind, name=name)
    return _keep(made, known)


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: str, **changes: Any) -> Organisation:
    """Correct what is known about a body; its kind stays."""
    return _keep(organisation, changes)


def _keep(organisation: Organisation, changes: dict[str, Any]) -> Organisation:
    for field, value in changes.items():
        setattr(organisation, field, value)
    organisation.uscc = _plain(organisation.uscc or "").upper() or None
    organisation.full_clean(exclude=["place"])
    same = Organisation.objects.filter(kind=organisation.kind, name=organisation.name).exclude(pk=organisation.pk)
    if same.exists():
        raise ValidationError({"name": _("“%(name)s”已经登记过。请在名录里查找。") % {"name": organisation.name}})
    organisation.save()
    return organisation


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
    if by == person.key:
        raise ValidationError(_("不能给自己任职。请由另一位秘书处人员办理。"))
    starts_on = starts_on or today()
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("任期止日早于起日。请改成 %(day)s 或以后。") % {"day": starts_on}})
    seat = {"role": role, "organisation": organisation, "place_id": place_code, "subject": subject}
    same = person.appointments.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), **seat)
    if ends_on:
        same = same.filter(starts_on__lte=ends_on)
    if earlier := same.first():
        raise ValidationError(
            _("%(who)s 从 %(day)s 起已任这一职。先结束那一次，或把起日改到它之后。")
            % {"who": person.masked_name, "day": earlier.starts_on}
        )
    held = Appointment.objects.create(
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
    held_at = (organisation.key if organisation else place_code or subject) or ""
    days = {"starts_on": starts_on.isoformat()} | ({"ends_on": ends_on.isoformat()} if ends_on else {})
    _write("appointed", held, by=by, role=role, seat=held_at, **days)
    return held


def _write(verb: str, held: Appointment, *, by: str, **details: str) -> None:
    journal.write(verb, held.person.key, by=by, source=f"appointment:{held.pk}", details=details)


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: str, on: datetime.date) -> Appointment:
    """The appointment's last day; the right ends with it, on every door at the next request."""
    if on < appointment.starts_on:
        raise ValidationError(
            {"ends_on": _("离任日早于到任日。请改成 %(day)s 或以后。") % {"day": appointment.starts_on}}
        )
    if by == appointment.person.key:
        raise ValidationError(_("不能结束自己的任职。请由另一位秘书处人员办理。"))
    appointment.ends_on = on
    appointment.save(update_fields=["ends_on"])
    _write("appointment_ended", appointment, by=by, role=appointment.role, ends_on=on.isoformat())
    return appointment
