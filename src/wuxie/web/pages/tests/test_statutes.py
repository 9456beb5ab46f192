"""Confirming figures of law: who sees the page, two people for a value, what the others see of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.statutes import figures
from wuxie.kernel.statutes.models import LocalFigure
from wuxie.web import words as said

pytestmark = pytest.mark.django_db
KEY = "fund.advance"
SAID = {"region": "510400", "value": "70/100", "article": "某文〔2024〕18号", "since": "2024-05-01"}


@pytest.fixture
def office(city: Any) -> Organisation:
    return Organisation.objects.create(kind="association", name="攀枝花市物业管理协会", place_id="5104")


@pytest.fixture
def clerk(office: Any, enter: Any) -> Any:
    return enter("周敏", "association_secretariat", organisation=office)


@pytest.fixture
def chair(office: Any, enter: Any) -> Any:
    return enter("陈晓岚", "association_president", organisation=office)


@pytest.fixture(autouse=True)
def own_overlay(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(figures, "overlay_path", lambda: tmp_path / "statutes.json")


def test_strangers_find_nothing(client: Client, city: Any, enter: Any) -> None:
    company = Organisation.objects.create(kind="company", name="甲物业")
    for browser in (
        client,
        enter("王经理", "company_admin", organisation=company),
        enter("李街道", "gov_street", place="510402001"),
    ):
        assert browser.get("/statutes/").status_code == 404
        assert browser.get("/statutes/changes/").status_code == 404
        assert browser.get("/statutes/?format=xlsx").status_code == 404
        assert browser.post(f"/statutes/{KEY}/propose/", SAID).status_code == 404
    assert LocalFigure.objects.count() == 0


def test_the_city_reads_and_cannot_propose(city: Any, office: Any, enter: Any) -> None:
    housing = enter("王局", "gov_city", place="5104")
    text = housing.get(f"/statutes/?key={KEY}").content.decode()
    assert "法定数值核定" in text and "提交核定" not in text
    assert housing.post(f"/statutes/{KEY}/propose/", SAID).status_code == 404


def test_the_list_has_groups_levels_and_counts(clerk: Any) -> None:
    text = clerk.get("/statutes/").content.decode()
    for words in (
        "业主共同决定",
        "维修资金",
        "国家",
        "四川省",
        "攀枝花市",
        "已核定",
        "待核定",
        "粗体是现在生效的那一格",
    ):
        assert words in text
    assert "民法典第278条第2款" in text and "施行 2021-01-01" in text
    assert "没有找到“月球法”" in clerk.get("/statutes/?q=月球法").content.decode()
    assert "待核定" in clerk.get("/statutes/?view=pending").content.decode()
    assert clerk.get("/statutes/?view=nonsense&key=nonsense").status_code == 200


def test_the_table_goes_out_as_a_sheet(clerk: Any) -> None:
    answer = clerk.get("/statutes/?format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "攀枝花市" in lines[0] and len(lines) > 50
    sheet = clerk.get("/statutes/?format=xlsx")
    assert sheet.status_code == 200 and b"".join(sheet.streaming_content).startswith(b"PK")
    assert clerk.get("/statutes/?format=exe").status_code == 404


def test_one_proposes_with_the_paper_and_another_confirms(clerk: Any, chair: Any) -> None:
    paper = SimpleUploadedFile("文件.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    assert clerk.post(f"/statutes/{KEY}/propose/", {**SAID, "paper": paper}).status_code == 302
    made = LocalFigure.objects.get()
    kept = Attachment.objects.get()
    assert made.paper == f"attachment:{kept.pk}" and kept.case == f"statute:{KEY}"
    assert "提出人不能自己复核" in clerk.get(f"/statutes/?key={KEY}").content.decode()
    clerk.post(f"/statutes/proposals/{made.pk}/confirm/")
    made.refresh_from_db()
    assert made.state == "proposed"
    assert "对过原件，确认核定" in chair.get(f"/statutes/?key={KEY}").content.decode()
    chair.post(f"/statutes/proposals/{made.pk}/confirm/")
    made.refresh_from_db()
    assert (made.state, made.confirmed_name) == ("confirmed", "陈晓岚")
    assert "某文〔2024〕18号" in clerk.get("/statutes/changes/").content.decode()


def test_two_papers_that_differ_stand_side_by_side(clerk: Any, chair: Any) -> None:
    clerk.post(f"/statutes/{KEY}/propose/", SAID)
    chair.post(f"/statutes/{KEY}/propose/", {**SAID, "value": "50/100", "article": "某指引"})
    text = clerk.get(f"/statutes/?key={KEY}&view=conflict").content.decode()
    assert "两处不一" in text and "<b>70%</b>" in text and "<b>50%</b>" in text
    clerk.post(f"/statutes/proposals/{LocalFigure.objects.get(value='70/100').pk}/withdraw/")
    assert LocalFigure.objects.get(value="70/100").state == "withdrawn"


@pytest.mark.parametrize(
    "change,words",
    [
        ({"article": ""}, "还缺文号"),
        ({"value": ""}, "请填数值"),
        ({"since": ""}, "请填施行日"),
        ({"region": "110000"}, "适用地区"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(clerk: Any, change: Any, words: str) -> None:
    answer = clerk.post(f"/statutes/{KEY}/propose/", {**SAID, **change})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert LocalFigure.objects.count() == 0


def test_a_value_that_a_computation_cannot_read_is_refused(clerk: Any) -> None:
    answer = clerk.post("/statutes/vote.annulment/propose/", {**SAID, "value": "一年"})
    assert answer.status_code == 422 and "整数" in answer.content.decode()
    assert clerk.post("/statutes/no.such/propose/", SAID).status_code == 422


def test_not_applicable_needs_a_reason(clerk: Any) -> None:
    said = {"region": "510400", "not_applicable": "1", "article": ""}
    assert clerk.post(f"/statutes/{KEY}/propose/", said).status_code == 422
    assert clerk.post(f"/statutes/{KEY}/propose/", {**said, "article": "本市没有预付办法"}).status_code == 302
    assert LocalFigure.objects.get().state == "not_applicable"


def test_words_for_units() -> None:
    assert said.figure("15", "day") == "15 日"
    assert said.figure("2/3", "不低于总数") == "≥ 2/3"
    assert said.figure("30/100", "低于") == "< 30%"
    assert said.figure("5000", "元") == "5,000 元"
    assert said.figure("not_participating", "") == "不算参与"
    assert said.figure("1、4、7", "年") == "1、4、7 年"
