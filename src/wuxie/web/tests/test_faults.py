"""While the database is away a page says so in words, with the time to try again; a machine gets the error object."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

PAGES = ("/", "/notices/", "/estates/", "/desk/")
MACHINES = ("/api/v1/estates", "/api/v1/seals", "/healthz", "/readyz")


@pytest.fixture
def away(db: None) -> Iterator[Client]:
    """Every statement fails as with a server that is gone."""

    def gone(*_statement: object) -> None:
        raise OperationalError("connection to server failed: Connection refused")

    with connection.execute_wrapper(gone):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_that_the_database_is_away_and_when_to_come_again(away: Client, path: str) -> None:
    answer = away.get(path, headers={"cookie": "sessionid=abcdefghijklmnop"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "数据库暂时没有应答" in answer.content.decode()


@pytest.mark.parametrize("path", MACHINES)
def test_a_machine_gets_the_error_object(away: Client, path: str) -> None:
    answer = away.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert json.loads(answer.content)["error"]["code"] == "unavailable"


def test_a_post_gets_the_same_sentence(away: Client) -> None:
    assert away.post("/notices/XJ-1/objection/", {"text": "公示栏一直空着。"}).status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (InterfaceError("connection already closed"), 503), (OperationalError("database or disk is full"), 503),
        (OperationalError("no such table: x"), 500), (ValueError("a mistake of ours"), 500),
    ],
)  # fmt: skip
def test_a_fault_of_ours_stays_a_fault(fault: Exception, status: int) -> None:
    def broken(*_statement: object) -> None:
        raise fault

    with connection.execute_wrapper(broken):
        answer = Client(raise_request_exception=False).get("/api/v1/estates")
        page = Client(raise_request_exception=False).get("/notices/")
    assert (answer.status_code, page.status_code) == (status, status)
    assert ("Retry-After" in page.headers) == (status == 503)
