"""A method that an address does not have opens nothing: neither on a page nor by the interface's own document."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from wuxie.kernel.access.actor import NOBODY, actor_of
from wuxie.rooms.openapi.api import api
from wuxie.rooms.rating.models import Application
from wuxie.web.pages.ledger import visible_facts

from . import world
from .asking import LET_THROUGH, REFUSED, ask, verdict
from .matrix import ROOMS, ROWS, Row, addresses, has_sides

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
EVERYBODY = (*world.ROLES, *world.NEAR)
#: ``WUXIE_MATRIX=all`` (``python -m trust matrix``) asks as everybody; here one of each distance is enough.
ROLES = (
    EVERYBODY if os.environ.get("WUXIE_MATRIX") == "all" else ("visitor", "company", "company_near", "manager_beyond")
)


@pytest.fixture
def city(whole: world.City) -> world.City:
    """Every request is undone again."""
    return whole


def wrong(city: world.City, role: str, name: str, row: Row, side: Any, method: str) -> str:
    """What is wrong with the answer to this method, if anything is."""
    answer = ask(city, role, name, row, side, method)
    if answer.status_code == 405:
        return ""
    got = verdict(answer, row)
    if got == LET_THROUGH and world.NEAR.get(role, role) not in row.who:
        return f"{method} opens it ({answer.status_code})"
    if got not in (LET_THROUGH, REFUSED):
        return f"{method}: {got}"
    return ""


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_other_method_opens_more(city: world.City, room: str, record_property: Any) -> None:
    found, cells = [], 0
    for name, row in ROOMS[room].items():
        for method in METHODS:
            if method == row.method:
                continue
            for role in ROLES:
                cells += 1
                if said := wrong(city, role, name, row, city.own, method):
                    found.append(f"{name} as {role}: {said}")
    record_property("cells", cells)
    assert not found, "\n" + "\n".join(found)


def operations() -> Iterator[tuple[str, str, Row, set[int]]]:
    """``(method, name, row, documented statuses)`` of every operation in the document."""
    names = {f"/{route.replace('<', '{').replace('>', '}')}": name for name, route in addresses()}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            name = names[path]
            yield method, name, ROWS[name], {int(status) for status in operation["responses"]}


def test_the_document_names_every_status_of_every_method_for_everybody(city: world.City, record_property: Any) -> None:
    """Operation × method × role × side: the documented statuses for its own method, 405 for every other."""
    found, cells = [], 0
    for own, name, row, documented in operations():
        for side in ("own", "foreign") if has_sides(row) else ("own",):
            for method in METHODS:
                for role in EVERYBODY:
                    cells += 1
                    answer = ask(city, role, name, row, getattr(city, side), method)
                    if answer.status_code not in (documented if method == own else {405}):
                        found.append(f"{method} {name} ({side}) as {role}: {answer.status_code}")
    record_property("cells", cells)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_token_reads_what_its_person_sees_and_not_a_row_more(city: world.City, role: str) -> None:
    actor = actor_of(city.people[role]) if role in city.people else NOBODY
    headers = {"Authorization": f"Bearer {city.tokens[role]}"} if role in city.tokens else {}
    seen = {
        "openapi:list_applications": ("number", Application.objects.visible_to(actor).values_list("number", flat=True)),
        "openapi:list_facts": ("id", visible_facts(actor).values_list("pk", flat=True)),
    }
    for name, (key, theirs) in seen.items():
        got, cursor = [], ""
        while cursor is not None:
            answer = city.browsers["visitor"].get(reverse(name), {"limit": 200, "cursor": cursor}, headers=headers)
            if role == "visitor":
                assert answer.status_code == 401
                break
            got += [item[key] for item in answer.json()["items"]]
            cursor = answer.json()["next"]
        assert sorted(got) == sorted(theirs if role != "visitor" else []), name
