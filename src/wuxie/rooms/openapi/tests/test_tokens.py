"""Tokens: never more than the person, never longer than the post, readable once."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from wuxie.kernel.access.models import Account
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.rooms.openapi import actions
from wuxie.rooms.openapi.models import ApiToken
from wuxie.rooms.rating.models import Application, Cycle
from wuxie.rooms.register.models import Estate, Project

pytestmark = pytest.mark.django_db


def case(name: str, place: str) -> Application:
    day = today()
    company = Organisation.objects.create(kind="company", name=f"{name}物业")
    estate = Estate.objects.create(name=name, code=name, place_id=place)
    project = Project.objects.create(estate=estate, company=company, starts_on=day - datetime.timedelta(days=900))
    cycle = Cycle.objects.first() or Cycle.objects.create(
        name="2026", year=2026, place_code="5104", window_from=day - datetime.timedelta(days=400),
        window_to=day - datetime.timedelta(days=40), cutoff=day, apply_from=day, apply_to=day,
    )  # fmt: skip
    return Application.objects.create(
        cycle=cycle, project=project, klass="old_estate", state="scoring", place_code=place, number=f"XJ-{name}",
        opened_at=datetime.datetime.now(datetime.UTC), changed_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip


@pytest.fixture
def mine(city: Any, enter: Any) -> dict[str, Any]:
    own, other = case("甲", "510402001001"), case("乙", "510403001001")
    browser = enter("王经理", "company_admin", organisation=own.project.company)
    account = Account.objects.get(person=browser.person)
    _token, text = actions.issue(account, name="对账", scopes=["ratings:read"], days=30)
    return {"own": own, "other": other, "browser": browser, "account": account, "text": text}


def ask(path: str, token: str = "") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return Client().get(f"/api/v1/{path}", headers=headers)


def test_a_token_shows_what_its_person_may_see_and_no_sibling(mine: Any) -> None:
    answer = ask("applications", mine["text"]).json()
    assert [item["number"] for item in answer["items"]] == ["XJ-甲"]
    assert ask("me", mine["text"]).json()["roles"] == ["company_admin"]


def test_without_token_scope_or_account_nothing_is_answered(mine: Any) -> None:
    assert ask("applications").status_code == 401
    assert ask("applications", "wx_wrong").status_code == 401
    narrow = ask("facts", mine["text"])
    assert narrow.status_code == 403 and narrow.json()["error"]["code"] == "scope"
    mine["account"].is_active = False
    mine["account"].save()
    assert ask("me", mine["text"]).status_code == 401


def test_rights_end_with_the_post_and_tokens_with_their_day(mine: Any) -> None:
    Appointment.objects.filter(person=mine["account"].person).update(ends_on=today() - datetime.timedelta(days=1))
    assert ask("applications", mine["text"]).json()["items"] == []
    with frozen(today() + datetime.timedelta(days=31)):
        assert ask("me", mine["text"]).status_code == 401


def test_a_session_opens_no_door_of_the_tokens(mine: Any) -> None:
    assert mine["browser"].get("/api/v1/applications").status_code == 401


def test_the_text_is_shown_once_kept_as_a_hash_and_ended_at_once(mine: Any) -> None:
    answer = mine["browser"].post("/tokens/", {"name": "看板", "scopes": ["ratings:read"], "days": "30"})
    made = ApiToken.objects.latest("pk")
    text = next(
        word for word in answer.content.decode().replace("<", " ").replace(">", " ").split() if word.startswith("wx_")
    )
    assert actions.digest(text) == made.digest and text not in str(ApiToken.objects.values())
    assert text not in mine["browser"].get("/tokens/").content.decode()
    assert ask("me", text).status_code == 200
    mine["browser"].post(f"/tokens/{made.pk}/revoke/")
    assert ask("me", text).status_code == 401


def test_nobody_sees_or_ends_anothers_token(mine: Any, enter: Any) -> None:
    stranger = enter("李", "company_admin", organisation=mine["other"].project.company)
    token = ApiToken.objects.get()
    assert token.hint not in stranger.get("/tokens/").content.decode()
    assert stranger.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert Client().get("/tokens/").status_code == 302


def test_pages_by_cursor_give_every_row_once(mine: Any) -> None:
    for n in range(7):
        Estate.objects.create(name=f"小区{n}", code=f"C{n}", place_id="510402001002")
    seen, cursor = [], ""
    while True:
        answer = Client().get("/api/v1/estates", {"limit": 2, "cursor": cursor, "place": "510402"}).json()
        seen += [item["code"] for item in answer["items"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert seen == sorted(seen) and len(seen) == 8 == len(set(seen))
    assert Client().get("/api/v1/estates?cursor=rubbish").json()["error"]["path"] == "$.cursor"
    assert Client().get("/api/v1/estates?limit=0").json()["error"]["code"] == "range"
    assert Client().get("/api/v1/estates?place=x").status_code == 422
