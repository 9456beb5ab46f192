"""Verbs on members."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.access.history import note_many
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.actions import appoint, find_or_add_person
from wuxie.kernel.parties.models import Appointment, Organisation

from ..models import Member


@transaction.atomic
def admit(organisation: Organisation, *, by: Actor, joined_on: datetime.date, number: str = "", **known: Any) -> Member:
    """A unit joins of its own will. ``known``: ``kind``, ``group``; without a number it gets the next one."""
    if Member.objects.filter(organisation=organisation).exists():
        raise ValidationError({"organisation": _("“%(name)s”已经是会员。") % {"name": organisation.name}})
    number = number.strip() or next_number()
    _free(number)
    return Member.objects.create(organisation=organisation, number=number, joined_on=joined_on, **known)


@transaction.atomic
def change_member(member: Member, *, by: Actor, **changes: Any) -> Member:
    for field, value in changes.items():
        setattr(member, field, value)
    _free(member.number, member)
    if member.left_on is not None and member.left_on < member.joined_on:
        raise ValidationError({"left_on": _("退会日早于入会日 %(day)s。") % {"day": member.joined_on}})
    member.save()
    return member


@transaction.atomic
def leave(member: Member, *, by: Actor, on: datetime.date) -> Member:
    """Leaving is as free as joining; the number is not given to anybody else."""
    if member.left_on is not None:
        raise ValidationError({"on": _("已登记 %(day)s 退会。") % {"day": member.left_on}})
    if on < member.joined_on:
        raise ValidationError({"on": _("退会日早于入会日。请改成 %(day)s 或以后。") % {"day": member.joined_on}})
    return change_member(member, by=by, left_on=on)


@transaction.atomic
def follow_expulsion(fact: Fact) -> None:
    """A sanction took effect: an expelled member is none from that day on. Meant for ``joins``; other sanctions change nothing here."""
    member = Member.objects.filter(organisation=fact.subject.partition(":")[2], left_on=None).first()
    if fact.details.get("measure") == "expel" and member is not None:
        leave(member, by=THE_CLOCK, on=fact.occurred_on)


@transaction.atomic
def name_contact(
    member: Member, *, by: Actor, name: str, phone: str, title: str = "", role: str = "company_contact"
) -> Appointment:
    """Someone speaks for a member from today; with the role comes sight of the member's projects."""
    person = find_or_add_person(by=by.key, name=name, phone=phone)
    return appoint(person, role, by=by.key, organisation=member.organisation, title=title)


def next_number(taken: frozenset[str] | set[str] = frozenset()) -> str:
    """``H0001`` and so on; numbers of members who left stay taken."""
    used = set(Member.objects.filter(number__startswith="H").values_list("number", flat=True)) | set(taken)
    numbers = [int(number[1:]) for number in used if number[1:].isdigit()]
    return f"H{max(numbers, default=0) + 1:04d}"


def _free(number: str, member: Member | None = None) -> None:
    if Member.objects.filter(number=number).exclude(pk=member.pk if member else None).exists():
        raise ValidationError({"number": _("会员编号 %(number)s 已有单位在用。") % {"number": number}})


@transaction.atomic
def write_members(rows: list[dict[str, Any]], *, by: Actor) -> int:
    """A sheet of members: units already known by code or name, memberships by unit; only what differs is written."""
    members = {member.organisation_id: member for member in Member.objects.select_for_update()}
    taken = {member.number for member in members.values()}
    made, updated = [], []
    for row in rows:
        values = {
            name: row[name]
            for name in ("kind", "group", "second_group", "joined_on", "left_on")
            if row[name] not in (None, "")
        }
        member = members.get(row["organisation"])
        if member is None:
            number = row["number"] or next_number(taken)
            taken.add(number)
            made.append(Member(organisation_id=row["organisation"], number=number, **({"joined_on": today()} | values)))
            continue
        values |= {"number": row["number"]} if row["number"] else {}
        if any(getattr(member, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(member, name, value)
            updated.append(member)
    Member.objects.bulk_create(made, batch_size=200)
    Member.objects.bulk_update(
        updated, ["number", "kind", "group", "second_group", "joined_on", "left_on"], batch_size=100
    )
    note_many(Member, [member.pk for member in made], "+", by=by, reason=gettext_noop("表格导入"))
    note_many(Member, [member.pk for member in updated], "~", by=by, reason=gettext_noop("表格导入"))
    return len(rows)
