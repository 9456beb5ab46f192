"""Every address, for every role, for what is theirs and what is not: let through or refused, and never broken."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from wuxie.kernel.access.actor import NOBODY, actor_of
from wuxie.rooms.openapi.actions import issue
from wuxie.rooms.openapi.api import api
from wuxie.rooms.rating.models import Benefit
from wuxie.rooms.rating.tests.factories import put_in
from wuxie.rooms.rating.views import applications, benefits, publicity

from . import world
from .asking import LET_THROUGH, REFUSED, ask, told, verdict
from .matrix import ROOMS, ROWS, SIGNED, Row, addresses, has_sides, on_the_other_side

#: On the foreign side the roles without a counterpart have been tried on the own side already.
SIDED = ("company", "company_other", "manager", "community", "street", "district", "city", "owner", "visitor")
#: A page for everybody, or for whoever signed in, asks nobody for an office; a few of them are enough.
FEW = ("visitor", "signed_in", "secretariat", "company", "owner")
EVERY = (*world.ROLES, *world.NEAR)


@pytest.fixture
def city(whole: world.City) -> world.City:
    """Every request is undone again."""
    return whole


def faults(city: world.City, name: str, row: Row, side: str) -> list[str]:
    """What is wrong with one address on one side, a line for each kind of wrong answer."""
    own = side == "own"
    who = row.who if own else on_the_other_side(row.who)
    found: dict[str, list[str]] = {}
    for role in FEW if row.who >= SIGNED else EVERY if own else SIDED:
        answer = ask(city, role, name, row, getattr(city, side))
        wanted = LET_THROUGH if world.NEAR.get(role, role) in who else REFUSED
        if (got := verdict(answer, row)) != wanted:
            found.setdefault(f"{got} ({answer.status_code}) and should be {wanted}", []).append(role)
        for said in told(city, role, name, answer):
            found.setdefault(f"told {said!r}", []).append(role)
    return [f"{name} ({side}): {', '.join(roles)} {said}" for said, roles in found.items()]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named = {name for name, _route in addresses()}
    assert named - set(ROWS) == set(), "say in tests/matrix/ who may open these"
    assert set(ROWS) - named == set(), "these rows are for no address"


def test_no_two_addresses_share_a_name() -> None:
    names = [name for name, _route in addresses()]
    assert len(names) == len(set(names))


def test_every_operation_of_the_interface_is_tried_by_its_method() -> None:
    """The document of the interface and the URL conf name the same operations; none has a second method."""
    routes = {route: name for name, route in addresses() if name.startswith("openapi:")}
    for path, operations in api.get_openapi_schema()["paths"].items():
        route = path.lstrip("/").replace("{", "<").replace("}", ">")
        assert list(operations) == [ROWS[routes[route]].method], path


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_who_may_open(city: world.City, room: str) -> None:
    found = []
    for name, row in ROOMS[room].items():
        for side in ("own", "foreign") if has_sides(row) else ("own",):
            found += faults(city, name, row, side)
    assert not found, "\n" + "\n".join(found)


def test_sending_an_empty_form_breaks_nothing_and_lets_nobody_in(city: world.City) -> None:
    """Whoever may not read a page cannot send it anything either; for the others an empty form is no broken page."""
    found = []
    for name, row in ROWS.items():
        if row.method != "get" or row.token:
            continue
        some = next((role for role in world.ROLES if role in row.who), "secretariat")
        for role in dict.fromkeys(("visitor", "signed_in", "company_other", "president", some)):
            answer = ask(city, role, name, row, city.own, "post")
            got = REFUSED if answer.status_code == 405 else verdict(answer, row)
            if got not in (LET_THROUGH, REFUSED) or (got == LET_THROUGH and role not in row.who):
                found.append(f"{name}: {role} {got} ({answer.status_code})")
    assert not found, "\n" + "\n".join(found)


#: Which of our applications has what a state takes for granted: a panel, a score in publicity, a star.
LAID = {"draft": "draft", "scoring": "reviewing", "review": "reviewing", "joint_hearing": "published",
        "publicity": "published", "objection": "published", "awarded": "awarded", "under_review": "awarded",
        "downgraded": "awarded", "revoked": "awarded", "appealed": "awarded"}  # fmt: skip
CASES = [
    pytest.param(applications.PAGES, lambda own, state: getattr(own, LAID.get(state, "checking")), id="application"),
    pytest.param(publicity.OBJECTIONS, lambda own, state: own.objection, id="objection"),
    pytest.param(publicity.DISPUTES, lambda own, state: own.dispute, id="dispute"),
    pytest.param(benefits.PAGES, lambda own, state: own.benefit, id="benefit"),
]


@pytest.mark.parametrize(("pages", "lay"), CASES)
def test_a_step_is_taken_by_nobody_whose_it_is_not(city: world.City, pages: Any, lay: Any) -> None:
    """Every step, from every state it starts in, sent by every role: who may not take it leaves the case as it was."""
    assert pages.name or list(addresses()), "pages learn their name when the URL conf is read"
    flow = pages.workflow
    actors = {role: actor_of(person) for role, person in city.people.items()} | {"visitor": NOBODY}
    Benefit.objects.filter(pk=city.own.benefit.pk).update(proof="照片")
    found = []
    for step in pages.acts:
        for state in flow.steps[step].sources:
            with transaction.atomic():
                case = put_in(lay(city.own, state), state)
                found += [
                    f"{step} from {state} by {role}: {said}" for role, actor in actors.items()
                    if (said := _try_step(city.browsers[role], pages, step, case, flow.steps[step].by.test(actor, case)))
                ]  # fmt: skip
                transaction.set_rollback(True)
            case.refresh_from_db()
    assert not found, "\n" + "\n".join(found)


def _try_step(browser: Any, pages: Any, step: str, case: Any, may: bool) -> str:
    """What is wrong with how a step was answered, if anything is."""
    state = case.state
    with transaction.atomic():
        answer = browser.post(reverse(f"{pages.name}_step", args=[case.pk, step]), {"note": "试"})
        case.refresh_from_db()
        moved = case.state != state
        transaction.set_rollback(True)
    case.refresh_from_db()
    if answer.status_code not in (302, 403, 404, 422):
        return f"answered with {answer.status_code}"
    return "it was taken" if moved and not may else ""


def test_a_token_opens_what_it_was_made_for(city: world.City) -> None:
    browser, account = city.browsers["visitor"], city.people["secretariat"].account
    for scopes in ([], ["facts:read"], ["ratings:read"]):
        _token, text = issue(account, name="试", scopes=scopes, days=1)
        for name, scope in (("list_facts", "facts:read"), ("list_applications", "ratings:read"), ("read_me", "")):
            answer = browser.get(reverse(f"openapi:{name}"), headers={"Authorization": f"Bearer {text}"})
            assert answer.status_code == (200 if not scope or scope in scopes else 403), (name, scopes)


def test_a_session_is_no_token(city: world.City) -> None:
    """Whoever is signed in still needs a token: a foreign page cannot make a browser ask the interface in their name."""
    for name in ("list_facts", "list_applications", "read_me"):
        assert city.browsers["secretariat"].get(reverse(f"openapi:{name}")).status_code == 401
