"""The demo's association: an assembly is behind it and one sits today, dues are paid and late, and nothing on the way was refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import members
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.rooms.association.models import Due, Inquiry, Letter, Meeting, Member, Resolution, Task
from wuxie.rooms.association.tests.factories import DAY

pytestmark = pytest.mark.django_db
TODAY = DAY(2026, 11, 29)
KINDS = ("president", *["vice_president"] * 2, *["standing"] * 2, *["council"] * 3, *["ordinary"] * 7)


def holds(name: str, role: str, **seat: object) -> Person:
    person = Person.objects.create(name=name)
    Appointment.objects.create(person=person, role=role, starts_on=DAY(2020, 1, 1), **seat)
    return person


def test_the_association_is_alive_on_any_day(city):
    association = Organisation.objects.create(kind="association", name="某市物业管理协会")
    people = {"secretariat": holds("陈办", "association_secretariat", organisation=association)}
    holds("罗办", "association_secretariat", organisation=association)
    people["president"] = holds("周会", "association_president", organisation=association)
    holds("街道", "gov_street", place_id="510402001")
    holds("社区", "gov_community", place_id="510402001001")
    groups = Member.Group.values
    for n, kind in enumerate(KINDS):
        unit = Organisation.objects.create(kind="company", name=f"第{n}物业")
        holds(f"样{n}", "company_admin", organisation=unit)
        Member.objects.create(
            organisation=unit, number=f"H{n:04d}", kind=kind, group=groups[n % 5], joined_on=DAY(2022, 1, 1)
        )
    project = SimpleNamespace(
        company_id=Member.objects.first().organisation_id, estate=SimpleNamespace(place_id="510402001001")
    )
    made = SimpleNamespace(people=people, projects=[project], association=association)
    with print_later():
        for back in (200, 58, 30, 1):
            members.tell(made, TODAY - back * members.DAY, TODAY)
    with frozen(TODAY):
        clock.take_due()

    states = {
        model: set(model.objects.values_list("state", flat=True))
        for model in (Meeting, Resolution, Task, Due, Inquiry, Letter)
    }
    assert states == {
        Meeting: {"called", "recorded"}, Resolution: {"closed"}, Task: {"planned", "accepted"}, Due: {"paid", "late"},
        Inquiry: {"asked", "closed"}, Letter: {"sent"},
    }  # fmt: skip
    assert not DeadlineRow.objects.exclude(error="").exists()
    assert Meeting.objects.get(state="called").held_at.date() <= TODAY
