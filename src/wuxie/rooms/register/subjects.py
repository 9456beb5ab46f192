"""What the ledger's pages need to know of estates, projects and companies: who may see which, and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.roles import COMPANY
from wuxie.kernel.search import search_filter
from wuxie.web.pages.subjects import Subject, register_subject

from .models import Estate, Project


def register() -> None:
    register_subject(Subject("estate", Estate.objects.visible_to, _estate_names, _estates_called, _page("estate")))
    register_subject(Subject("project", Project.objects.visible_to, _project_names, _projects_called, _page("project")))
    register_subject(
        Subject("company", _companies, _company_names, _companies_called, _page("company"), through=_own_companies)
    )
    for kind in (Organisation.Kind.DEVELOPER, Organisation.Kind.UTILITY, Organisation.Kind.GOVERNMENT):
        register_subject(Subject(kind, partial(_own, kind), _company_names))
    register_subject(Subject("person", lambda _actor: Person.objects.none(), _person_names))


def _page(name: str) -> Callable[[int], str]:
    return lambda pk: reverse(f"register:{name}", args=[pk])


def _estates_called(text: str) -> QuerySet[Estate]:
    return search_filter(Estate.objects.all(), "search", text)


def _projects_called(text: str) -> QuerySet[Project]:
    return Project.objects.filter(
        Q(estate__in=_estates_called(text).values("pk")) | Q(company__in=_companies_called(text).values("pk"))
    )


def _companies_called(text: str) -> QuerySet[Organisation]:
    return search_filter(Organisation.objects.all(), "search", text)


def _companies(actor: Actor) -> QuerySet[Organisation]:
    """A company's facts are its own; the government sees those of companies that serve in its area.

    It does not see through them what they did in another area (``_own_companies``).
    """
    serving = Project.objects.filter(actor.within("estate__place_id", "gov_city", "gov_district")).values("company")
    return _own_companies(actor) | Organisation.objects.filter(pk__in=serving)


def _own_companies(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=actor.organisations(*COMPANY))


def _own(kind: str, actor: Actor) -> QuerySet[Organisation]:
    """Bodies that serve no estate read what is said of themselves."""
    return Organisation.objects.filter(kind=kind, pk__in=actor.organisations())


def _person_names(ids: list[int]) -> dict[int, str]:
    return {person.pk: person.masked_name for person in Person.objects.filter(pk__in=ids)}


def _estate_names(ids: list[int]) -> dict[int, str]:
    return dict(Estate.objects.filter(pk__in=ids).values_list("pk", "name"))


def _project_names(ids: list[int]) -> dict[int, str]:
    rows: Any = Project.objects.filter(pk__in=ids).values_list("pk", "estate__name", "company__name")
    return {pk: f"{estate} · {company}" for pk, estate, company in rows}


def _company_names(ids: list[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
