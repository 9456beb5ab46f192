"""A form that is sent twice – by an impatient thumb, a browser that repeats, a line that broke – is done once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.standards import actions as standards
from wuxie.kernel.tabular.models import Upload
from wuxie.kernel.workflow.models import Event
from wuxie.rooms.portal.models import PlaqueReport
from wuxie.rooms.portal.tests import factories as make
from wuxie.rooms.portal.tests.test_objections import STANDARD
from wuxie.rooms.rating.models import Objection

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> Any:
    """A whole city, for what needs offices and cases."""
    made = world.build()
    with frozen(world.TODAY):
        yield made


@pytest.fixture
def path(city: Any) -> str:
    """Where to object to one publicity."""
    standards.publish(standards.import_yaml(json.dumps(STANDARD).encode(), by="test"), by="test")
    return f"/notices/{make.application().number}/objection/"


def key_in(browser: Client, path: str) -> str:
    found = re.search(r'name="once" value="([^"]{20,})"', browser.get(path).content.decode())
    assert found, f"no key in the form of {path}"
    return found[1]


def objection(key: str, **changes: str) -> dict[str, str]:
    return {"indicator": "", "text": "公示栏一直空着，没有三月的收支。", "contact": "13912345678", "true": "on",
            "website": "", "once": key} | changes  # fmt: skip


def test_a_visitor_who_sends_again_gets_the_first_receipt(client: Client, path: str) -> None:
    key = key_in(client, path)
    answers = [client.post(path, objection(key)) for _again in range(3)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, answers[0].headers["Location"])}
    assert Objection.objects.count() == 1
    assert key_in(client, path) != key


def test_a_form_that_was_changed_meanwhile_is_refused_in_words_and_may_be_sent_as_another(
    client: Client, path: str
) -> None:
    key = key_in(client, path)
    client.post(path, objection(key))
    answer = client.post(path, objection(key, text="另一件事：四月的收支也没有公示。"))
    text = answer.content.decode()
    assert answer.status_code == 422 and "已经交过一次" in text and Objection.objects.count() == 1
    fresh = re.search(r'name="once" value="([^"]+)"', text)
    assert fresh and fresh[1] != key
    assert client.post(path, objection(fresh[1], text="另一件事：四月的收支也没有公示。")).status_code == 302
    assert Objection.objects.count() == 2


def test_the_key_of_one_person_opens_nothing_for_another(client: Client, enter: Any, path: str) -> None:
    key = key_in(client, path)
    first = client.post(path, objection(key))
    other = enter("王芳").post(path, objection(key))
    assert other.status_code == 302 and other.headers["Location"] != first.headers["Location"]


def test_a_refused_form_uses_up_no_key(client: Client, path: str) -> None:
    key = key_in(client, path)
    assert client.post(path, objection(key, contact="没有号码")).status_code == 422
    assert client.post(path, objection(key)).status_code == 302


def test_a_report_and_an_upload_sent_again_are_one(house: Any) -> None:
    visitor, office = house.browsers["visitor"], house.browsers["secretariat"]
    before = Upload.objects.count()
    report = {"matter": "elsewhere", "seen_at": "北门路口", "text": "", "contact": "", "website": ""}
    report["once"] = key_in(visitor, "/reports/new/")
    receipts = {visitor.post("/reports/new/", report).headers["Location"] for _again in range(2)}
    sheet, key = "单位名称,联系人\n甲物业,王芳".encode(), key_in(office, "/imports/companies/")
    for _again in range(2):
        file = SimpleUploadedFile("名册.csv", sheet)
        receipts.add(office.post("/imports/companies/", {"file": file, "once": key}).headers["Location"])
    assert len(receipts) == 2
    assert (PlaqueReport.objects.filter(seen_at="北门路口").count(), Upload.objects.count()) == (1, before + 1)


def test_a_step_sent_again_leads_to_the_case_though_it_can_no_longer_be_taken(house: Any) -> None:
    office, visitor = house.browsers["secretariat"], house.browsers["visitor"]
    visitor.post(f"/notices/{house.own.published.number}/objection/", objection(""))
    made = Objection.objects.order_by("-pk")[0]
    path = f"/rating/objections/{made.pk}/reject/"
    sent = {"reply": "查过现场照片，公示栏有公示。", "once": key_in(office, path)}
    answers = [office.post(path, sent) for _again in range(2)]
    assert [one.headers.get("Location") for one in answers] == [f"/rating/objections/{made.pk}/"] * 2
    assert Event.objects.filter(workflow="star_objection", case_pk=made.pk, step="reject").count() == 1
    said = office.get(f"/rating/objections/{made.pk}/").content.decode()
    assert "没有重复办" in said


def test_a_forged_post_learns_nothing_from_a_key(client: Client, path: str) -> None:
    key = key_in(client, path)
    client.post(path, objection(key))
    assert Client(enforce_csrf_checks=True).post(path, objection(key)).status_code == 403
