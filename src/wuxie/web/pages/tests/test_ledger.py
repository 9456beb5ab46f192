"""The ledger's pages: who sees which facts, what a fact says of itself, what stays hidden."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds, ledger
from wuxie.kernel.facts.kinds import Kind
from wuxie.kernel.facts.models import Seal
from wuxie.kernel.facts.sealer import seal
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.register.models import Estate, Project

pytestmark = pytest.mark.django_db
DONE = Kind("pages.done", "办结了一件事", subject="any", min_trust="self_declared")


@pytest.fixture(autouse=True)
def kind() -> Any:
    kinds.register(DONE)
    yield
    kinds.forget(DONE)


@pytest.fixture
def record(city: Any) -> dict[str, Any]:
    """Two projects of two companies in two districts, a fact about each."""
    found: dict[str, Any] = {"office": Organisation.objects.create(kind="association", name="协会")}
    for name, place in (("east", "510402001001"), ("west", "510403001001")):
        company = Organisation.objects.create(kind="company", name=f"{name}物业")
        estate = Estate.objects.create(name=f"{name}小区", code=name, place_id=place, search=f"{name}小区")
        project = Project.objects.create(estate=estate, company=company, starts_on=datetime.date(2020, 1, 1))
        fact = announce(
            f"project:{project.pk}", f"sheet:{name}", note=f"{name}的说明", personal={"complainant": "胡密鸟"}
        )
        found |= {name: fact, f"{name}_company": company, f"{name}_project": project}
    return found


def announce(subject: str, source: str, **more: Any) -> Any:
    fields = {"occurred_on": today(), "trust": "association_verified", "by": "person:4711"} | more
    return ledger.announce("pages.done", subject, source=source, **fields)


def test_visitors_owners_and_reviewers_find_nothing(client: Client, record: Any, enter: Any) -> None:
    owner = enter("业主", "owner", subject=f"estate:{record['east_project'].estate_id}")
    reviewer = enter("评审", "reviewer", organisation=record["office"])
    for browser in (client, owner, reviewer):
        for path in ("/ledger/", "/ledger/?format=csv", "/ledger/seals/", f"/ledger/facts/{record['east'].pk}/"):
            assert browser.get(path).status_code == 404


def test_each_sees_what_is_theirs_and_not_the_siblings(record: Any, enter: Any) -> None:
    seen = {
        "clerk": enter("周敏", "association_secretariat", organisation=record["office"]),
        "company": enter("王经理", "company_admin", organisation=record["east_company"]),
        "manager": enter("赵经理", "project_manager", subject=f"project:{record['east_project'].pk}"),
        "district": enter("李局", "gov_district", place="510402"),
        "community": enter("刘主任", "gov_community", place="510402001001"),
    }
    for name, browser in seen.items():
        text = browser.get("/ledger/").content.decode()
        assert "east小区 · east物业" in text, name
        assert browser.get(f"/ledger/facts/{record['east'].pk}/").status_code == 200
        whole = name == "clerk"
        assert ("west小区" in text) is whole, name
        assert browser.get(f"/ledger/facts/{record['west'].pk}/").status_code == (200 if whole else 404)


def test_personal_values_and_the_one_who_acted_stay_hidden(record: Any, enter: Any) -> None:
    clerk = enter("周敏", "association_secretariat", organisation=record["office"])
    company = enter("王经理", "company_admin", organisation=record["east_company"])
    path = f"/ledger/facts/{record['east'].pk}/"
    assert "胡密鸟" not in clerk.get(path).content.decode()
    text = company.get(path).content.decode()
    assert "胡密鸟" not in text and "person:4711" not in text and "身份已遮" in text
    assert "complainant（已遮" in text


def test_a_fact_shows_its_place_once_it_is_sealed_and_what_was_said_later(record: Any, enter: Any) -> None:
    clerk = enter("周敏", "association_secretariat", organisation=record["office"])
    path = f"/ledger/facts/{record['east'].pk}/"
    assert "还没有封存" in clerk.get(path).content.decode()
    ledger.dispute(record["east"], by="person:1", reason="不是我们小区")
    seal()
    text = clerk.get(path).content.decode()
    last = Seal.objects.latest("number")
    assert last.root in text and "这是第一条" in text and "有争议，暂不计" in text and "不是我们小区" in text
    assert last.root in clerk.get("/ledger/seals/").content.decode()
    new = ledger.supersede(record["west"], by="person:1", reason="抄错", quantity="2")
    text = clerk.get(f"/ledger/facts/{record['west'].pk}/").content.decode()
    assert "已被更正" in text and new.pk in text


def test_the_list_filters_by_kind_trust_day_and_name(record: Any, enter: Any) -> None:
    clerk = enter("周敏", "association_secretariat", organisation=record["office"])
    announce("company:999", "sheet:old", occurred_on=today() - datetime.timedelta(days=100), trust="self_declared")

    def shown(query: str) -> int:
        return clerk.get(f"/ledger/?{query}").content.decode().count("/ledger/facts/")

    assert shown("") == 3
    assert shown("f_since=30") == 2
    assert shown("f_trust=0") == 1
    assert shown("f_kind=pages") == 3 and shown("f_kind=star") == 0
    assert shown("q=east") == 1 and shown("q=sheet:old") == 1 and shown(f"q={record['west'].pk}") == 1
    assert shown("view=waiting") == 3 and shown("view=disputed") == 0


def test_the_number_of_queries_does_not_grow(record: Any, enter: Any) -> None:
    company = enter("王经理", "company_admin", organisation=record["east_company"])
    counts = []
    for last in (3, 30):
        for n in range(last - 3, last):
            announce(f"project:{record['east_project'].pk}", f"more:{last}:{n}")
        company.get("/ledger/")
        with CaptureQueriesContext(connection) as seen:
            company.get("/ledger/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_export_names_what_each_fact_is_about(record: Any, enter: Any) -> None:
    company = enter("王经理", "company_admin", organisation=record["east_company"])
    text = b"".join(company.get("/ledger/?format=csv").streaming_content).decode()
    assert "east小区 · east物业" in text and "west" not in text and "胡密鸟" not in text


def test_a_step_of_a_procedure_is_no_claim_of_a_companys(record: Any, enter: Any) -> None:
    step = Kind("pages.step", "走了一步", subject="any", min_trust="self_declared", measure="event")
    kinds.register(step)
    try:
        fact = ledger.announce(
            step.code, f"project:{record['east_project'].pk}", source="case:1", occurred_on=today(), by="clock"
        )
        office = enter("秘书", "association_secretariat", organisation=record["office"])
        page = office.get(f"/ledger/facts/{fact.pk}/").content.decode()
        assert "流程留痕" in page and "企业自报" not in page
        assert "协会核验" in office.get(f"/ledger/facts/{record['east'].pk}/").content.decode()
    finally:
        kinds.forget(step)


def test_the_city_offices_and_people_are_named(record: Any, enter: Any) -> None:
    from wuxie.kernel.parties.models import Person

    bureau = Organisation.objects.create(kind="government_unit", name="演示住建局")
    person = Person(name="胡密鸟", phone="10000000077").index()
    person.save()
    for number, subject in enumerate(("city:5104", bureau.key, person.key)):
        announce(subject, f"named:{number}")
    office = enter("秘书", "association_secretariat", organisation=record["office"])
    page = office.get("/ledger/").content.decode()
    assert "攀枝花市" in page and "演示住建局" in page and person.masked_name in page
    assert "胡密鸟" not in page and bureau.key not in page
