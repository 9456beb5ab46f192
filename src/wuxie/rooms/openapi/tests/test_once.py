"""``Idempotency-Key``: an objection sent again by a machine is the same objection."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from wuxie.kernel.access.actor import NOBODY
from wuxie.rooms.openapi.api import api
from wuxie.rooms.portal.tests import factories as make
from wuxie.rooms.portal.tests.test_objections import STANDARD
from wuxie.rooms.rating.models import Objection

pytestmark = pytest.mark.django_db

SAID = {"text": "2026年3月物业没有公示公共收益，楼下公告栏一直空着。", "contact": "13912345678", "indicator": "B1"}


@pytest.fixture(autouse=True)
def standard(db: None) -> None:
    from wuxie.kernel.standards import actions as standards

    standards.publish(standards.import_yaml(json.dumps(STANDARD).encode(), by="test"), by="test")


@pytest.fixture
def path(city: Any) -> str:
    return f"/api/v1/notices/{make.application().number}/objections"


def send(path: str, key: str = "", **changes: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return Client().post(path, json.dumps(SAID | changes), content_type="application/json", headers=headers)


def test_the_answer_is_the_receipt_and_what_it_opens(path: str) -> None:
    answer = send(path, "a")
    made = Objection.objects.get()
    assert answer.status_code == 201
    assert answer.json() == Client().get(f"/api/v1/objections/{made.receipt}").json()
    assert (made.text, made.contact, made.indicator, made.by) == (SAID["text"], SAID["contact"], "B1", NOBODY.key)
    assert "no-store" in answer.headers["Cache-Control"]


def test_sent_again_it_is_the_same_objection_and_costs_nothing_of_the_limit(path: str) -> None:
    answers = [send(path, "a") for _again in range(15)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert Objection.objects.count() == 1


def test_the_order_of_the_fields_is_no_other_content(path: str) -> None:
    first = send(path, "a")
    turned = json.dumps(dict(reversed(SAID.items())), indent=1)
    again = Client().post(path, turned, content_type="application/json", headers={"Idempotency-Key": "a"})
    assert (again.status_code, again.content) == (201, first.content)


def test_other_content_under_a_used_key_is_refused_in_words(path: str) -> None:
    send(path, "a")
    answer = send(path, "a", text="另一件事：2026年4月的公共收益也没有公示。")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "key_reused")
    assert "没有再办" in answer.json()["error"]["message"] and Objection.objects.count() == 1


def test_another_key_or_none_is_another_objection(path: str) -> None:
    receipts = {send(path, key).json()["receipt"] for key in ("a", "b", "", "")}
    assert len(receipts) == Objection.objects.count() == 4


def test_a_refused_objection_uses_up_no_key(path: str) -> None:
    assert send(path, "a", indicator="Z9").status_code == 422
    assert send(path, "a").status_code == 201


@pytest.mark.parametrize(
    ("changes", "where"),
    [({"text": "短"}, "$.text"), ({"contact": "没有号码"}, "$.contact"), ({"name": "王芳"}, "$.name")],
)
def test_what_does_not_fit_is_refused_and_named(path: str, changes: dict[str, str], where: str) -> None:
    answer = send(path, "a", **changes)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, where)
    assert Objection.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"text=1"])
def test_what_is_no_json_is_refused_in_words(path: str, body: bytes) -> None:
    answer = Client().post(path, body, content_type="application/json")
    error = answer.json()["error"]
    assert (answer.status_code, error["path"]) == (422, "$") and error["code"] in ("json", "range") and error["message"]


def test_no_notice_no_objection_and_not_without_end(path: str) -> None:
    assert send("/api/v1/notices/XJ-1900-1/objections").status_code == 404
    answers = [send(path).status_code for _one in range(11)]
    assert answers[-1] == 429 and set(answers[:8]) == {201}


def test_the_document_says_so_at_every_operation_that_creates() -> None:
    operations = [
        operation
        for path in api.get_openapi_schema()["paths"].values()
        for method, operation in path.items()
        if method == "post"
    ]
    creating = [one for one in operations if "201" in {str(status) for status in one["responses"]}]
    assert creating
    for operation in creating:
        headers = {one["name"]: one for one in operation["parameters"] if one["in"] == "header"}
        assert "永不过期" in headers["Idempotency-Key"]["description"] and not headers["Idempotency-Key"]["required"]
