"""Who acts: a person with the seats they hold today, the clock, or nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from wuxie.kernel.parties import roles
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.places.models import ancestors, under


@dataclass(frozen=True)
class Seat:
    """One role held at one place of responsibility; as a pattern, an empty part means "whichever"."""

    role: str
    organisation_id: int | None = None
    place_code: str = ""
    subject: str = ""
    person_key: str = ""
    title: str = ""

    def answers(self, wanted: Seat) -> bool:
        """Whether this seat is among those the pattern asks for; a seat over a place covers all below it."""
        return (
            self.role == wanted.role
            and wanted.organisation_id in (None, self.organisation_id)
            and (not wanted.place_code or bool(self.place_code) and wanted.place_code.startswith(self.place_code))
            and wanted.subject in ("", self.subject)
            and wanted.person_key in ("", self.person_key)
        )


@dataclass(frozen=True)
class Actor:
    """The acting person of a request; rights come from appointments in force today and nowhere else."""

    key: str
    name: str = ""
    person_id: int | None = None
    seats: tuple[Seat, ...] = field(default=())

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(seat.role for seat in self.seats)

    def holds(self, *roles: str, organisation: int | None = None, place: str = "", subject: str = "") -> bool:
        """Whether one of the roles is held here; without a place of responsibility: anywhere."""
        return any(seat.answers(Seat(role, organisation, place, subject)) for role in roles for seat in self.seats)

    def organisations(self, *roles: str) -> set[int]:
        return {
            seat.organisation_id for seat in self.seats if seat.organisation_id and (not roles or seat.role in roles)
        }

    def places(self, *roles: str) -> set[str]:
        return {seat.place_code for seat in self.seats if seat.place_code and (not roles or seat.role in roles)}

    def subjects(self, *roles: str) -> set[str]:
        return {seat.subject for seat in self.seats if seat.subject and (not roles or seat.role in roles)}

    def ids(self, kind: str, *roles: str) -> set[int]:
        """The ids behind the subjects of one kind that this person's seats name (``estate:5`` → 5)."""
        parted = (subject.partition(":") for subject in self.subjects(*roles))
        return {int(number) for prefix, _colon, number in parted if prefix == kind}

    def within(self, field: str, *roles: str) -> Q:
        """Rows whose place code lies in a place this person is responsible for (none: matches nothing)."""
        query = Q(pk__in=[])
        for code in self.places(*roles):
            query |= under(field, code)
        return query

    @property
    def title(self) -> str:
        """The office to show beside the name."""
        return next((seat.title or str(roles.label(seat.role)) for seat in self.seats), "")

    def __iter__(self) -> Iterator[Seat]:
        return iter(self.seats)


NOBODY = Actor("visitor")
THE_CLOCK = Actor("clock", name="系统")


def actor_of(person: Person) -> Actor:
    """The actor that a person is today."""
    seats = tuple(
        Seat(held.role, held.organisation_id, held.place_id or "", held.subject, person.key, held.title)
        for held in Appointment.objects.now().filter(person=person).order_by("pk")
    )
    return Actor(person.key, name=person.name, person_id=person.pk, seats=seats)


def people_on(wanted: Seat) -> list[int]:
    """The ids of the people who answer a pattern today."""
    rows = Appointment.objects.now().filter(role=wanted.role)
    if wanted.organisation_id is not None:
        rows = rows.filter(organisation_id=wanted.organisation_id)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.person_key:
        rows = rows.filter(person_id=int(wanted.person_key.partition(":")[2]))
    if wanted.place_code:
        rows = rows.filter(place_id__in=[*ancestors(wanted.place_code), wanted.place_code])
    return sorted(set(rows.values_list("person_id", flat=True)))
