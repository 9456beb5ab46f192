"""Objections from the public site: sent by anyone, followed by a receipt, never leading back to whoever sent them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.standards import actions as standards
from wuxie.rooms.portal.tests import factories as make
from wuxie.rooms.rating import public
from wuxie.rooms.rating.models import Objection
from wuxie.web.throttle import Limit

pytestmark = pytest.mark.django_db

SAID = {"indicator": "B1", "text": "2026年3月物业没有公示公共收益，楼下公告栏一直空着。", "contact": "13912345678", "true": "on", "website": ""}  # fmt: skip
STANDARD = {
    "standard": "red-property-star", "version": "2026.1", "label": "示范", "min_trust": "counterpart_confirmed",
    "groups": [
        {"id": key, "points": points, "indicators": [{"id": f"{key}1", "points": points, "formula": "1"}]}
        for key, _label, points, _value in make.GROUPS
    ],
    "grades": [{"stars": 3, "min": "60"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def standard(db: None) -> None:
    standards.publish(standards.import_yaml(json.dumps(STANDARD).encode(), by="test"), by="test")


def test_an_objection_gets_a_receipt_page_that_keeps_its_secret(client: Client, city: Any) -> None:
    notice = make.application()
    answer = client.post(f"/notices/{notice.number}/objection/", SAID)
    made = Objection.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/objections/{made.receipt}/"
    assert (made.indicator, made.text, made.contact) == ("B1", SAID["text"], "13912345678")
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    assert made.receipt in text and "已收到，正在办" in text
    assert "13912345678" not in text and SAID["text"] not in text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"] and page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in text
    notice.refresh_from_db()
    assert notice.state == "objection"


def test_an_empty_objection_is_told_what_to_write(client: Client, city: Any) -> None:
    answer = client.post(f"/notices/{make.application().number}/objection/", {"indicator": ""})
    text = answer.content.decode()
    assert answer.status_code == 422 and not Objection.objects.exists()
    assert "请写明时间、地点和经过" in text and "请留手机、座机或邮箱" in text


def test_the_answer_is_read_on_the_receipt_page(client: Client, city: Any) -> None:
    made = make.objection(make.application(), indicator="B1")
    made.state, made.reply, made.replied_on = "rejected", "公告栏有3月公示的照片存档。", make.today()
    made.save()
    text = client.get(f"/objections/{made.receipt.lower()}/").content.decode()
    assert "公告栏有3月公示的照片存档。" in text and "不成立" in text
    assert public.indicator_words(made.application, "B1") in text
    assert client.get(f"/api/v1/objections/{made.receipt}").json()["reply"] == "公告栏有3月公示的照片存档。"


def test_a_receipt_is_found_by_typing_it(client: Client, city: Any) -> None:
    made = make.objection(make.application())
    typed = made.receipt.lower().replace("-", " ")
    assert client.post("/objections/", {"receipt": typed}).headers["Location"] == f"/objections/{made.receipt}/"
    wrong = client.post("/objections/", {"receipt": "7K2M-9QXD-4"})
    assert wrong.status_code == 422 and "查不到这个回执号" in wrong.content.decode()


def test_nobodys_account_goes_into_the_case_or_the_ledger(city: Any, enter: Any) -> None:
    notice = make.application()
    owner = enter("胡密鸟", "owner", subject=f"estate:{notice.project.estate_id}")
    assert owner.post(f"/notices/{notice.number}/objection/", SAID).status_code == 302
    made = Objection.objects.get()
    assert made.by == "visitor"
    assert {fact.by for fact in Fact.objects.filter(kind__startswith="rating.object")} == {"visitor"}
    everything = str(list(Fact.objects.values()))
    assert "13912345678" not in everything and SAID["text"] not in everything


def test_the_company_sees_neither_text_nor_contact_on_any_public_page(city: Any, enter: Any) -> None:
    notice = make.application()
    made = make.objection(notice)
    company = enter("王经理", "company_admin", organisation=notice.project.company)
    for path in (f"/notices/{notice.number}/", f"/estates/{notice.project.estate.code}/", f"/objections/{made.receipt}/",
                 f"/api/v1/notices/{notice.number}", f"/api/v1/objections/{made.receipt}", "/notices/", "/"):  # fmt: skip
        text = company.get(path).content.decode()
        assert [canary for canary in make.CANARIES if canary in text] == [], path


@pytest.mark.parametrize(
    "change,field",
    [
        ({"text": "太短"}, "异议内容"),
        ({"contact": ""}, "联系方式"),
        ({"contact": "不告诉你"}, "联系方式"),
        ({"true": ""}, "真实情况"),
        ({"indicator": "Z9"}, "针对哪一项"),
        ({"website": "http://spam"}, "不用填写"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(
    client: Client, city: Any, change: Any, field: str
) -> None:
    notice = make.application()
    answer = client.post(f"/notices/{notice.number}/objection/", {**SAID, **change})
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert Objection.objects.count() == 0


def test_after_the_last_day_no_objection_is_taken_and_the_page_says_so(client: Client, city: Any) -> None:
    last = make.application(days=0)
    assert client.post(f"/notices/{last.number}/objection/", SAID).status_code == 302
    over = make.application(make.project(make.estate(name="乙"), make.company("乙")), days=-1)
    assert "不再收异议" in client.get(f"/notices/{over.number}/objection/").content.decode()
    assert client.post(f"/notices/{over.number}/objection/", SAID).status_code == 422
    assert Objection.objects.count() == 1


def test_a_paper_may_be_added_and_a_false_one_stops_everything(client: Client, city: Any) -> None:
    notice = make.application()
    liar = SimpleUploadedFile("photo.jpg", b"MZ\x90 not a picture", content_type="image/jpeg")
    answer = client.post(f"/notices/{notice.number}/objection/", {**SAID, "evidence": liar})
    assert answer.status_code == 422
    assert Objection.objects.count() == 0
    paper = SimpleUploadedFile("说明.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    answer = client.post(f"/notices/{notice.number}/objection/", {**SAID, "evidence": paper})
    assert answer.status_code == 302
    kept = Attachment.objects.get(kind="异议人的材料")
    assert kept.case == f"star_objection:{Objection.objects.get().pk}" and kept.by == "visitor"
    assert client.get(kept.get_absolute_url()).status_code in (302, 403, 404)


def test_a_flood_from_one_address_is_stopped(client: Client, city: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(public, "OBJECTING", Limit("objection", 1, 3600))
    notice = make.application()
    answers = [client.post(f"/notices/{notice.number}/objection/", SAID).status_code for _ in range(2)]
    assert answers == [302, 429]
    assert Objection.objects.count() == 1


def test_a_forged_form_is_refused(city: Any) -> None:
    notice = make.application()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/notices/{notice.number}/objection/", SAID).status_code == 403
