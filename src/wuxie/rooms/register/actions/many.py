"""Whole sheets into the register: each writes what differs and nothing else, so that a sheet sent twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.history import note_many
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.actions import find_or_add_person
from wuxie.kernel.parties.models import Organisation

from .. import queries
from ..models import Estate, Post, Project
from ..rules import post_keeper
from . import contracts, estates, posts
from .levels import estate_changed

Rows = list[dict[str, Any]]
REASON = gettext_noop("表格导入")


def changed(row: Any, values: dict[str, Any]) -> bool:
    """Put the values on the row; whether any of them is another than before."""
    differs = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            differs = True
    return differs


def given(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a row of a sheet says; an empty cell says nothing."""
    return {name: row[name] for name in names if row[name] not in (None, "")}


@transaction.atomic
def write_estates(rows: Rows, *, by: Actor) -> int:
    """New estates and changes of known ones, found by code, else by community and name."""
    known = list(Estate.objects.select_for_update().all())
    by_code = {estate.code: estate for estate in known}
    by_name = {(estate.place_id, estate.name): estate for estate in known}
    made, updated, taken = [], [], set(by_code)
    for row in rows:
        values = given(row, ("name", "klass", "address", "developer", "built_year", "households", "area"))
        values["place_id"] = row["place"]
        estate = by_code.get(row["code"]) or by_name.get((row["place"], row["name"]))
        if estate is None:
            code = row["code"] or estates.next_code(row["place"], taken)
            taken.add(code)
            made.append(Estate(code=code, **values).index())
        elif changed(estate, values):
            updated.append(estate.index())
    Estate.objects.bulk_create(made, batch_size=200)
    fields = ["name", "klass", "place", "address", "developer", "built_year", "households", "area", "search"]
    Estate.objects.bulk_update(updated, fields, batch_size=100)
    note_many(Estate, [estate.pk for estate in made], "+", by=by, reason=REASON)
    note_many(Estate, [estate.pk for estate in updated], "~", by=by, reason=REASON)
    for estate in updated:
        estate_changed(estate, by=by)
    return len(rows)


@transaction.atomic
def write_companies(rows: Rows, *, by: Actor) -> int:
    companies = list(Organisation.objects.select_for_update().filter(kind=Organisation.Kind.COMPANY))
    by_code = {company.uscc: company for company in companies if company.uscc}
    by_name = {company.name: company for company in companies}
    made, updated = [], []
    for row in rows:
        values = given(row, ("name", "short_name", "uscc"))
        if row["place"]:
            values["place_id"] = row["place"]
        company = by_code.get(row["uscc"]) or by_name.get(row["name"])
        if company is None:
            made.append(Organisation(kind=Organisation.Kind.COMPANY, **values).index())
        elif changed(company, values):
            updated.append(company.index())
    Organisation.objects.bulk_create(made, batch_size=200)
    Organisation.objects.bulk_update(updated, ["name", "short_name", "uscc", "place", "search"], batch_size=100)
    note_many(Organisation, [company.pk for company in made], "+", by=by, reason=REASON)
    note_many(Organisation, [company.pk for company in updated], "~", by=by, reason=REASON)
    return len(rows)


@transaction.atomic
def write_contracts(rows: Rows, *, by: Actor) -> int:
    """Contracts in the order of their days; one with a known estate and start is a change of it."""
    known = {(p.estate_id, p.starts_on): p for p in Project.objects.filter(estate__in={row["estate"] for row in rows})}
    homes = Estate.objects.in_bulk({row["estate"] for row in rows})
    bodies = Organisation.objects.in_bulk({row["company"] for row in rows})
    for row in sorted(rows, key=lambda row: (row["starts_on"], row["row"])):
        values = given(row, ("contract_number", "stage", "charging", "ends_on", "left_on"))
        if row["fee"] is not None:
            values["fee"] = row["fee"] * 100
        project = known.get((row["estate"], row["starts_on"]))
        if project is None:
            contracts.begin_service(
                homes[row["estate"]], bodies[row["company"]], by=by, starts_on=row["starts_on"], **values
            )
        elif any(getattr(project, name) != value for name, value in (values | {"company_id": row["company"]}).items()):
            contracts.change_contract(project, by=by, company=bodies[row["company"]], **values)
    return len(rows)


@transaction.atomic
def write_posts(rows: Rows, *, by: Actor) -> int:
    """Posts of the projects that serve the estates today, and who holds them; refuses projects of somebody else."""
    serving = queries.serving_many([row["estate"] for row in rows], today())
    for project in serving.values():
        if not post_keeper.test(by, project):
            raise Problem("reference", "$.estate", _("“%(name)s”不是你在管的小区，这些岗位不能写。")
                          % {"name": project.estate.name})  # fmt: skip
    known = {(post.project_id, post.name): post for post in Post.objects.filter(project__in=serving.values())}
    for row in rows:
        project = serving[row["estate"]]
        values = {name: row[name] for name in ("kind", "is_management", "certificate")}
        post = known.get((project.pk, row["name"]))
        if post is None:
            post = posts.open_post(project, by=by, name=row["name"], **values)
            known[(project.pk, row["name"])] = post
        elif any(getattr(post, name) != value for name, value in values.items()):
            posts.change_post(post, by=by, **values)
        if row["person"]:
            _assign(post, row, by=by)
    return len(rows)


def _assign(post: Post, row: dict[str, Any], *, by: Actor) -> None:
    """Let the named person hold the post, unless they already do."""
    person = find_or_add_person(
        by=by.key, name=row["person"], phone=row["phone"] or "", id_number=row["id_number"] or ""
    )
    day = row["starts_on"] or today()
    held = post.holdings.on(max(day, today())).filter(person=person).first()
    if held is None:
        posts.assign(
            post, by=by, person=person, substitute=row["substitute"], starts_on=day,
            certificate_number=row["certificate_number"], certificate_until=row["certificate_until"],
        )  # fmt: skip
    elif row["certificate_until"] and held.certificate_until != row["certificate_until"]:
        held.certificate_number = row["certificate_number"] or held.certificate_number
        held.certificate_until = row["certificate_until"]
        held.save()
