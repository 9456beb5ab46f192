"""A hazard reported by anybody who scanned the code on the wall: no account, a receipt, nothing that leads back to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.models import Event
from wuxie.rooms.portal.views import hazards as views
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety import public
from wuxie.rooms.safety.actions import hazards
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.tests.hazards import DAY, World, picture
from wuxie.web.throttle import Limit

pytestmark = pytest.mark.django_db
SAID = {"place": "3栋2单元5楼", "words": "楼道里堆满纸箱，门推不开", "contact": "13912345678", "website": ""}


@pytest.fixture
def world(city: Any) -> Any:
    with frozen(DAY(2026, 11, 16)):
        yield World()


@pytest.fixture
def address(world: World) -> str:
    return f"/estates/{world.project.estate.code}/hazard/"


def test_the_code_on_the_wall_leads_to_the_form(client: Client, world: World, address: str) -> None:
    assert public.address(world.project.estate).endswith(
        reverse("portal:hazard", args=[world.project.estate.code])
    ) and address in (public.address(world.project.estate))
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200 and world.project.estate.name in text and world.project.company.name in text
    assert "打 119" in text and "no-store" in page.headers["Cache-Control"]


def test_a_report_gets_a_receipt_page_that_keeps_its_secret(client: Client, world: World, address: str) -> None:
    photo = SimpleUploadedFile("楼道.jpg", picture(), content_type="image/jpeg")
    answer = client.post(address, {**SAID, "photo": photo})
    made = Hazard.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/hazards/{made.receipt}/"
    assert (made.source, made.code, made.contact, made.reported_by) == ("public", "", "13912345678", "visitor")
    assert Attachment.objects.get(case=f"hazard:{made.pk}").kind == "整改前照片"
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    assert made.receipt in text and "已收到，等物业派人" in text and "待物业核定" in text
    assert "13912345678" not in text and SAID["words"] not in text and 'img src="/papers' not in text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in page.headers["Cache-Control"]


def test_nobodys_account_goes_into_the_case_or_the_ledger(world: World, enter: Any, address: str) -> None:
    owner = enter(person=world.people["owner"])
    assert owner.post(address, SAID).status_code == 302
    made = Hazard.objects.get()
    key = world.people["owner"].key
    events = list(Event.objects.filter(workflow="hazard", case_pk=made.pk).values())
    assert key not in str(events) and made.reported_by == "visitor"
    with frozen(DAY(2026, 11, 16)):
        hazards.assign(made, by=world["manager"], fixer=world.people["lead"], hazard_code="HZ-F09")
    assert "13912345678" not in str(list(Fact.objects.values())) and key not in str(
        list(Fact.objects.filter(kind__startswith="safety").values())
    )


def test_sent_twice_it_is_one_hazard(client: Client, world: World, address: str) -> None:
    first = client.post(address, {**SAID, "once": "abcdefgh"})
    again = client.post(address, {**SAID, "once": "abcdefgh"})
    assert first.headers["Location"] == again.headers["Location"] and Hazard.objects.count() == 1


def test_its_receipt_is_found_by_typing_and_says_how_it_ended(client: Client, world: World, address: str) -> None:
    client.post(address, SAID)
    made = Hazard.objects.get()
    typed = made.receipt.lower().replace("-", " ")
    assert client.post("/hazards/", {"receipt": typed}).headers["Location"] == f"/hazards/{made.receipt}/"
    wrong = client.post("/hazards/", {"receipt": "7K2M-9QXD-4"})
    assert wrong.status_code == 422 and "查不到这个回执号" in wrong.content.decode()
    hazards.dismiss(made, by=world["manager"], reason="到场看过，已搬走")
    text = client.get(f"/hazards/{made.receipt}/").content.decode()
    assert "不成立" in text and "到场看过，已搬走" in text


def test_a_hazard_of_the_house_has_no_public_receipt(client: Client, world: World) -> None:
    own = world.found()
    assert client.get(f"/hazards/{own.receipt}/").status_code == 404
    assert client.get("/hazards/0000-0000-0/").status_code == 404


@pytest.mark.parametrize(
    "change,words",
    [
        ({"place": ""}, "在哪里"), ({"words": ""}, "请写看到了什么"), ({"words": "坏"}, "看到了什么"),
        ({"contact": "不告诉你"}, "手机、座机号码或电子邮箱"), ({"hazard_code": "HZ-X99"}, "像哪一种"),
        ({"hazard_code": "' OR 1=1"}, "像哪一种"), ({"website": "http://spam"}, "没有收下"), ({"place": "长" * 121}, "在哪里"),
        ({"words": "长" * 1001}, "看到了什么"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, world: World, address: str, change: Any, words: str
) -> None:
    answer = client.post(address, {**SAID, **change})
    assert answer.status_code == 422 and words in answer.content.decode() and not Hazard.objects.exists()


@pytest.mark.parametrize(
    "name,content,words",
    [
        ("a.jpg", b"<script>alert(1)</script>", "这不是照片"), ("a.jpg", picture()[:60], "打不开"),
        ("a.pdf", b"%PDF-1.4\n%%EOF", "只收照片"), ("a.jpg", b"x" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_photo_is_refused(
    client: Client, world: World, address: str, name: str, content: bytes, words: str
) -> None:
    answer = client.post(address, {**SAID, "photo": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422 and words in answer.content.decode() and not Hazard.objects.exists()


def test_what_is_typed_is_never_markup(client: Client, world: World, enter: Any, address: str) -> None:
    bad = "<img src=x onerror=alert(1)>"
    client.post(address, {**SAID, "place": bad, "words": bad * 2})
    made = Hazard.objects.get()
    for text in (
        client.get(f"/hazards/{made.receipt}/").content.decode(),
        enter(person=world.people["manager"]).get(f"/safety/hazards/{made.pk}/").content.decode(),
    ):
        assert "<img src=x" not in text and "&lt;img src=x" in text


def test_one_address_cannot_flood_the_project(client: Client, world: World, address: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(public, "REPORTING", Limit("hazard", 2, 3600))
    answers = [client.post(address, {**SAID, "place": f"{n}栋"}).status_code for n in range(4)]
    assert answers == [302, 302, 429, 429] and Hazard.objects.count() == 2


def test_receipts_cannot_be_tried_by_the_thousand(client: Client, world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "LOOKING", Limit("hazard_receipt", 2, 60))
    assert [client.get("/hazards/7K2M-9QXD-4/").status_code for _n in range(3)] == [404, 404, 429]


def test_an_estate_that_nobody_serves_says_whom_to_tell(client: Client, world: World) -> None:
    lone = register.estate("无人里", "510402001002")
    page = client.get(f"/estates/{lone.code}/hazard/")
    assert page.status_code == 200 and "没有登记在管的物业企业" in page.content.decode()
    assert client.post(f"/estates/{lone.code}/hazard/", SAID).status_code == 422 and not Hazard.objects.exists()
    assert client.get("/estates/nowhere/hazard/").status_code == 404


def test_the_contact_is_read_by_those_who_hand_it_out_for_a_reason_that_stays(
    client: Client, world: World, enter: Any, address: str
) -> None:
    client.post(address, SAID)
    made = Hazard.objects.get()
    where = f"/safety/hazards/{made.pk}/contact/"
    street, manager = enter(person=world.people["street"]), enter(person=world.people["manager"])
    assert street.post(where, {"reason": "想看"}).status_code == 404
    page = f"/safety/hazards/{made.pk}/"
    assert "加密保存" in manager.get(page).content.decode() and "联系方式" not in street.get(page).content.decode()
    assert manager.post(where, {"reason": ""}).status_code == 422
    shown = manager.post(where, {"reason": "电话核实位置"}).content.decode()
    assert "13912345678" in shown and "13912345678" not in manager.get(page).content.decode()
    assert Event.objects.filter(
        workflow="hazard", case_pk=made.pk, note="电话核实位置", by=actor_of(world.people["manager"]).key
    ).exists()
