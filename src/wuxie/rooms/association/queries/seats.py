"""Reads that pages and exports of the association need."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.kernel.search import search_filter
from wuxie.rooms.register.models import Estate, Project

CONTACT_ROLES = ("company_contact", "company_admin")
#: Of each kind so many seats are offered for what somebody typed.
OFFERED = 30


def seats(keys: Iterable[str]) -> dict[str, str]:
    """The names of projects and estates by their keys, by two queries at most; a key of nothing is left out."""
    known = [key.partition(":") for key in set(keys)]
    ids = {
        kind: [int(pk) for name, _colon, pk in known if name == kind and pk.isdecimal()]
        for kind in ("project", "estate")
    }
    named = {p.key: str(p) for p in Project.objects.filter(pk__in=ids["project"]).select_related("estate", "company")}
    return named | {estate.key: estate.name for estate in Estate.objects.filter(pk__in=ids["estate"])}


def seat_label(key: str) -> str:
    """What a seat is called; empty if there is none of this key."""
    return seats([key]).get(key, "")


def find_seats(text: str) -> list[tuple[str, str]]:
    """Key and name of the projects and estates that fit what is typed, the first of them."""
    estates = search_filter(Estate.objects.order_by("name"), "search", text)[:OFFERED]
    named = search_filter(Estate.objects.all(), "search", text).order_by().values("pk")
    firms = (
        search_filter(Organisation.objects.filter(kind=Organisation.Kind.COMPANY), "search", text)
        .order_by()
        .values("pk")
    )
    projects = Project.objects.filter(Q(estate__in=named) | Q(company__in=firms)).select_related("estate", "company")
    served = projects.order_by("estate__name", "pk")[:OFFERED]
    return [(one.key, str(one)) for one in served] + [(one.key, one.name) for one in estates]


def contacts(organisation: Organisation) -> QuerySet[Appointment]:
    """The people who speak for a member today."""
    rows = Appointment.objects.now().filter(organisation=organisation, role__in=CONTACT_ROLES)
    return rows.select_related("person").order_by("role", "starts_on", "pk")
