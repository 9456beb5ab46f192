"""The journal of administration: each act leaves one line in the ledger's chain, or does not happen; the office reads it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.access import actions as access
from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.access.models import Account, Look
from wuxie.kernel.facts import audit, journal, ledger, private, testing
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.sealer import seal
from wuxie.kernel.parties.actions import appoint, end_appointment
from wuxie.kernel.parties.models import Appointment, Organisation, Person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 1, 1)


@pytest.fixture
def office(someone: Any) -> Person:
    association = Organisation.objects.create(kind="association", name="协会")
    return someone("秘书甲", "association_secretariat", organisation=association)


@pytest.fixture
def clerk(city: Any) -> Person:
    return Person.objects.create(name="王样一", phone="13900000001")


def acts(clerk: Person, by: Actor) -> dict[str, Callable[[], object]]:
    """Every administrative verb, in an order in which they can happen."""
    return {
        "appointed": lambda: appoint(clerk, "gov_street", by=by.key, place_code="510402001", starts_on=DAY),
        "appointment_ended": lambda: end_appointment(Appointment.objects.get(person=clerk), by=by.key, on=DAY),
        "account_opened": lambda: access.open_account(clerk, "wangyang", by=by),
        "password_reset": lambda: access.reset_password(Account.objects.get(person=clerk), by=by),
        "account_closed": lambda: access.close_account(Account.objects.get(person=clerk), by=by, reason="王样一调离"),
        "account_reopened": lambda: access.reopen_account(Account.objects.get(person=clerk), by=by),
        "looked": lambda: access.look(clerk, ["phone"], by=by, reason="漏水要联系王样一"),
    }


def test_every_act_leaves_one_line_without_personal_data(office: Person, clerk: Person) -> None:
    by = actor_of(office)
    for verb, act in acts(clerk, by).items():
        act()
        line = journal.lines().latest("id")
        assert (line.kind, line.subject, line.by) == (f"office.{verb}", clerk.key, by.key)
    assert journal.lines().count() == 7
    seen = "".join(str(value) for row in Fact.objects.values() for value in row.values())
    for secret in ("王样一", "13900000001", "wangyang", "漏水"):
        assert secret not in seen
    assert private.values_of(Fact.objects.get(kind="office.looked")) == {"reason": "漏水要联系王样一"}


def test_an_act_done_twice_leaves_two_lines(office: Person, clerk: Person) -> None:
    by = actor_of(office)
    account, _word = access.open_account(clerk, "wangyang", by=by)
    for _time in range(2):
        access.reset_password(account, by=by)
    lines = Fact.objects.filter(kind="office.password_reset")
    assert sorted(lines.values_list("revision", flat=True)) == [1, 2]


def test_an_act_that_cannot_be_written_down_does_not_happen(
    office: Person, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: nobody is unmasked, appointed or locked out."""
    by = actor_of(office)
    done = acts(clerk, by)
    full = DatabaseError("database or disk is full")

    def refuse(*args: Any, **rest: Any) -> None:
        raise full

    for verb, act in done.items():
        before = state()
        with monkeypatch.context() as broken:
            broken.setattr(ledger, "insert", refuse)
            with pytest.raises(DatabaseError):
                act()
        assert state() == before, verb
        act()
        assert state() != before, verb


def state() -> tuple[Any, ...]:
    return (
        list(Look.objects.values()), list(Appointment.objects.values()), list(Account.objects.values()),
        list(Fact.objects.values_list("pk")),
    )  # fmt: skip


def test_nothing_is_written_outside_a_transaction_of_the_act() -> None:
    from wuxie.kernel.parties.journal import write

    connection.in_atomic_block, before = False, connection.in_atomic_block
    try:
        with pytest.raises(RuntimeError):
            write("looked", "person:1", by="person:2", source="look:1")
    finally:
        connection.in_atomic_block = before


def test_no_administrator_thins_the_log(office: Person, clerk: Person) -> None:
    access.look(clerk, ["phone"], by=actor_of(office), reason="漏水要联系")
    for statement in (
        "DELETE FROM access_look", "UPDATE access_look SET reason = 'x'", "UPDATE access_look SET seer_id = NULL",
        "DELETE FROM facts_fact WHERE kind = 'office.looked'",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Look.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM access_look WHERE id = %s", "被删除"),
        ("UPDATE access_look SET fields = 'name' WHERE id = %s", "被改动"),
        ("UPDATE access_look SET {by} = 'person:999' WHERE id = %s", "被改动"),
    ],
)
def test_whoever_lifts_the_guards_is_found_out(office: Person, clerk: Person, statement: str, words: str) -> None:
    for _time in range(3):
        access.look(clerk, ["phone"], by=actor_of(office), reason="漏水要联系")
    seal()
    assert audit.examine().well
    look = Look.objects.order_by("pk")[1]
    with testing.lifted(), connection.cursor() as cursor:
        cursor.execute(statement.format(by=connection.ops.quote_name("by")), [look.pk])
    broken = audit.examine().broken
    assert [(words in one.message, one.fact) for one in broken] == [
        (True, Fact.objects.get(source=f"look:{look.pk}").pk)
    ]


def test_a_line_taken_out_of_the_ledger_is_found_out(office: Person, clerk: Person) -> None:
    access.look(clerk, ["phone"], by=actor_of(office), reason="漏水要联系")
    seal()
    root = audit.examine().root
    line = Fact.objects.get(kind="office.looked")
    with testing.lifted():
        line.links.all().delete()
        line.private.all().delete()
        Fact.objects.filter(pk=line.pk).delete()
    report = audit.examine(root=root)
    assert not report.well


def test_the_reason_can_be_erased_and_the_root_stays(office: Person, clerk: Person) -> None:
    access.look(clerk, ["phone"], by=actor_of(office), reason="漏水要联系王样一")
    seal()
    root = audit.examine().root
    ledger.erase_personal(Fact.objects.get(kind="office.looked"), by="person:9", reason="本人要求")
    report = audit.examine(root=root)
    assert (report.well, report.root) == (True, root)


def test_the_office_reads_filters_and_exports_it(office: Person, clerk: Person, enter: Any) -> None:
    url = reverse("pages:journal")
    by = actor_of(office)
    for act in acts(clerk, by).values():
        act()
    desk = enter(person=office)
    page = desk.get(url).content.decode()
    for words in ("开通了账号", "给了任职", "查看了个人信息明文", "王**"):
        assert words in page
    assert "王样一" not in page
    only = desk.get(url, {"f_kind": "office.looked"}).content.decode()
    assert "查看了个人信息明文" in only.split("<tbody")[1]
    assert "开通了账号" not in only.split("<tbody")[1]
    assert "重设了密码" in desk.get(url, {"q": "13900000001"}).content.decode()
    sheet = b"".join(desk.get(url, {"format": "csv"}).streaming_content).decode()
    assert sheet.count("\n") == 8 + 1  # the seven acts and the download itself
    assert Fact.objects.get(kind="office.exported").details == {"table": "journal", "format": "csv"}


def test_the_journal_costs_the_same_for_three_lines_and_thirty(office: Person, enter: Any, city: Any) -> None:
    desk, counts = enter(person=office), []
    for start, stop in ((0, 3), (3, 30)):
        for number in range(start, stop):
            access.look(Person.objects.create(name=f"李样{number}"), ["name"], by=actor_of(office), reason="核对姓名")
        desk.get(reverse("pages:journal"))
        with CaptureQueriesContext(connection) as seen:
            desk.get(reverse("pages:journal"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_journal_is_nobody_elses(clerk: Person, enter: Any) -> None:
    url = reverse("pages:journal")
    assert enter("李远", "gov_street", place="510403001").get(url).status_code == 404
    assert Client().get(url).status_code in (302, 404)


def test_taking_a_list_of_people_away_is_told_or_refused(
    office: Person, clerk: Person, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = enter(person=office)
    url = reverse("people:people")
    taken = desk.get(url, {"format": "xlsx"})
    assert (taken.status_code, b"".join(taken.streaming_content)[:2]) == (200, b"PK")
    line = Fact.objects.get(kind="office.exported")
    assert (line.by, line.details) == (office.key, {"table": "people", "format": "xlsx"})
    monkeypatch.setattr(ledger, "insert", lambda *args: (_ for _ in ()).throw(DatabaseError("full")))
    with pytest.raises(DatabaseError):
        desk.get(url, {"format": "xlsx"})
