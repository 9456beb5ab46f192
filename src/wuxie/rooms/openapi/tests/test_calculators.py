"""The calculators over HTTP answer exactly what the command line answers, refusals too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from wuxie.config import cli
from wuxie.rooms.openapi import api as interface
from wuxie.rooms.openapi import schemas
from wuxie.web.throttle import Limit

pytestmark = pytest.mark.django_db

VOTE = {
    "matter": "fund_use",
    "units": [
        {"id": "1-101", "area": "89.50", "owner": "A", "status": "delivered"},
        {"id": "1-102", "area": "120.00", "owner": "B", "status": "delivered"},
    ],
    "ballots": [{"unit": "1-101", "choice": "for"}, {"unit": "1-102", "choice": "for"}],
}
APPORTION = {"total": "100.00", "units": [{"id": "a", "area": "1.00"}, {"id": "b", "area": "2.00", "balance": "50.00"}]}
DEADLINE = {"rule": "petition.conclude", "from": "2026-09-25"}
STANDARD = {
    "standard": "demo", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
    "min_trust": "counterpart_confirmed",
    "groups": [{"id": "A", "points": "10", "indicators": [{"id": "A1", "points": "10", "formula": "clamp(count('m.x'), 0, 10)"}]}],
    "grades": [{"stars": 5, "min": "1"}],
}  # fmt: skip
FACT = {
    "id": "f1", "kind": "m.x", "subject": "c1", "quantity": "1", "occurred_on": "2026-01-01", "recorded_on": "2026-01-02",
    "trust": "association_verified",
}  # fmt: skip
SCORE = {"standard": STANDARD, "facts": [FACT]}


def post(client: Client, name: str, body: Any) -> Any:
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(f"/api/v1/calc/{name}", data=raw, content_type="application/json")


@pytest.mark.parametrize("name,body", [("vote", VOTE), ("apportion", APPORTION), ("deadline", DEADLINE)])
def test_answers_as_the_command_line_does(client: Client, name: str, body: Any, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(body), "utf-8")
    assert cli.main(["calc", name, str(path)]) == 0
    response = post(client, name, body)
    assert response.status_code == 200
    assert response.json() == json.loads(capsys.readouterr().out)


def test_a_score_is_answered_and_explained(client: Client) -> None:
    assert post(client, "score", SCORE).json() == {
        "scores": [{"subject": "c1", "total": "1.0", "stars": 5, "vetoes": []}]
    }
    explained = post(client, "score", {**SCORE, "explain": "c1"}).json()
    assert explained["groups"][0]["indicators"][0]["facts"] == ["f1"]


@pytest.mark.parametrize(
    "name,body,code,path",
    [
        ("vote", b"{", "json", "$"),
        ("vote", b"\xff\xfe", "json", "$"),
        ("vote", b"NaN", "json", "$"),
        ("vote", b"[" * 100_000, "json", "$"),
        ("vote", {}, "missing", "$.matter"),
        ("vote", {**VOTE, "quick": True}, "unknown_key", "$.quick"),
        ("apportion", '{"total": 100.00, "units": [{"id": "a", "area": "1.00"}]}', "type", "$.total"),
        ("apportion", {"total": "1.00", "units": []}, "empty", "$.units"),
        ("deadline", {"rule": "petition.conclude", "from": "2026-02-30"}, "type", "$.from"),
        ("deadline", {"rule": "never", "from": "2026-02-01"}, "range", "$.rule"),
        ("score", {"facts": []}, "missing", "$.standard"),
    ],
)
def test_refuses_with_the_object_of_the_command_line(
    client: Client, name: str, body: Any, code: str, path: str, tmp_path: Any, capsys: Any
) -> None:
    response = post(client, name, body)
    assert response.status_code == 422
    error = response.json()["error"]
    assert (error["code"], error["path"]) == (code, path)
    if name != "score":
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        (tmp_path / "in.json").write_bytes(raw)
        assert cli.main(["calc", name, str(tmp_path / "in.json")]) == 2
        assert json.loads(capsys.readouterr().err) == response.json()


def test_no_token_and_no_form_token_are_asked_for() -> None:
    assert post(Client(enforce_csrf_checks=True), "deadline", DEADLINE).status_code == 200


def test_a_large_document_is_counted_and_a_larger_one_refused(client: Client, settings: Any) -> None:
    units = [{"id": f"u{n}", "area": "89.50", "owner": f"o{n}", "status": "delivered"} for n in range(20_000)]
    assert post(client, "vote", {"matter": "other", "units": units, "ballots": []}).status_code == 200
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post(client, "vote", b" " * 1001)
    assert response.status_code == 413
    assert response.json()["error"]["message"].startswith("内容超过 16 MB")


def test_one_address_is_slowed_and_others_are_not(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(interface, "CALCULATE", Limit("calc", 3, 3600))
    codes = [post(client, "deadline", DEADLINE).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    response = post(client, "deadline", DEADLINE)
    assert response.json()["error"]["code"] == "throttled"
    assert int(response.headers["Retry-After"]) > 0
    assert post(Client(REMOTE_ADDR="192.0.2.7"), "deadline", DEADLINE).status_code == 200


def test_a_forged_forwarding_header_buys_nothing(client: Client, monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(interface, "CALCULATE", Limit("calc", 1, 3600))
    for n in range(3):
        last = client.post(
            "/api/v1/calc/deadline", data=json.dumps(DEADLINE), content_type="application/json",
            headers={"x-forwarded-for": f"192.0.2.{n}"},
        )  # fmt: skip
    assert last.status_code == 429


def test_schemas_are_served_and_named_in_the_document(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert {f"/api/v1/calc/{name}" for name in ("vote", "apportion", "deadline", "score")} <= set(document["paths"])
    for name in schemas.names():
        response = client.get(f"/api/v1/schemas/{name}.json")
        assert response.status_code == 200
        assert response.json()["$id"] == f"/api/v1/schemas/{name}.json"
    assert client.get("/api/v1/schemas/..%2f..%2fREADME.json").status_code == 404
    assert client.get("/api/v1/schemas/nothing.json").json()["error"]["code"] == "not_found"
