"""The calculators' pages: the same answer as the interface, faults named by their row, nothing kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from wuxie.rooms.portal import pasted
from wuxie.rooms.portal.views import calculators as views
from wuxie.web.throttle import Limit

pytestmark = pytest.mark.django_db

SHEET = "户号\t面积\t业主\t表决\n1-101\t90.00\tA\t同意\n1-102\t90.00\tB\t反对\n1-103\t120.00\tC\t送达未交\n1-104\t60.00\t\t\t未售\n"


def test_rows_are_read_from_tabs_commas_and_blanks_with_and_without_headings() -> None:
    wanted = [["a", "1.00"], ["b", "2.00"]]
    for text in ("a\t1.00\nb\t2.00", "户号，面积\na，1.00\n\nb , 2.00", "a 1.00\nb  2.00\n"):
        assert pasted.rows(text) == wanted
    assert pasted.rows("a,,x") == [["a", "", "x"]]
    assert pasted.rows("甲,一百\nb,2.00") == [["甲", "一百"], ["b", "2.00"]], "a slip in the first row is no heading"


def test_a_vote_shows_whole_numbers_and_articles(client: Client) -> None:
    said = {"matter": "fund_use", "silent_rule": "not_participating", "units": SHEET}
    text = client.post("/calc/vote/", said).content.decode()
    assert "按这些票，不通过" in text
    assert "540.00（3 × 180.00 ㎡）" in text and "720.00（2 × 360.00 ㎡）" in text
    assert "民法典第278条第2款" in text
    assert "wuxie calc vote" in text and "/api/v1/calc/vote" in text
    assert "&quot;delivered&quot;: [" in text


def test_shares_add_up_and_are_shown(client: Client) -> None:
    text = client.post(
        "/calc/apportion/", {"total": "100.00", "units": "a,1.00\nb,1.00\nc,1.00,20.00"}
    ).content.decode()
    assert "33.34" in text and text.count(">33.33<") == 2 and ">13.33<" in text


def test_a_deadline_names_day_source_and_unpublished_years(client: Client) -> None:
    text = client.post("/calc/deadline/", {"rule": "petition.conclude", "start": "2026-09-25"}).content.decode()
    assert "2026年11月24日" in text and "信访工作条例第34条" in text and "暂算" not in text
    text = client.post("/calc/deadline/", {"rule": "petition.conclude", "start": "2030-09-25"}).content.decode()
    assert "暂算" in text
    custom = {"rule": "custom", "start": "2026-11-20", "count": "3", "unit": "working_day"}
    assert "2026年11月25日" in client.post("/calc/deadline/", custom).content.decode()


def test_a_lift_is_told_each_due_month_and_another_object_its_next_day(client: Client) -> None:
    lift = {"object": "lift", "base": "2020-06", "until": "2024-12", "done": "2021-06、2022-06"}
    text = client.post("/calc/inspection/", lift).content.decode()
    assert "2023年6月" in text and "自行检测" in text and text.count("<td>已完成</td>") == 2
    assert "TSG T7001-2023" in text
    text = client.post("/calc/inspection/", {"object": "water_test", "last": "2026-11-30"}).content.decode()
    assert "2027年2月28日" in text and ">应检月份<" not in text
    refused = client.post("/calc/inspection/", {**lift, "done": "2021-07"})
    assert refused.status_code == 422 and "2021-07 不是应检月份" in refused.content.decode()


def test_overcharged_power_goes_back_and_a_mixed_meter_is_pointed_at(client: Client) -> None:
    said = {
        "mode": "share",
        "kwh": "1000",
        "bill": "700.00",
        "meters": "表号,电量,单价,类别\nm1,300,0.85,商业\nm2,660,0.85,居民",
    }
    text = client.post("/calc/resale/", said).content.decode()
    assert "多收了，应退" in text and ">36.25<" in text and ">79.75<" in text and "不同用电类别" in text
    refused = client.post("/calc/resale/", {**said, "kwh": "900"})
    assert refused.status_code == 422 and "损耗成了负数" in refused.content.decode()


def test_bids_worth_a_second_look_are_named_and_none_is_refused(client: Client) -> None:
    bids = "b1,1.00,100.00,1,2100,12,13900000001/13900000002,6222,甲\nb2,2.60,,,,,13900000002\nb3,2.70"
    text = client.post("/calc/tender/", {"ceiling": "2.80", "bids": bids}).content.decode()
    assert "远低于最高限价" in text and "人工费低于法定最低用工成本" in text
    assert "联系方式相同" in text and "b1、b2" in text and "只提示，不否决" in text
    refused = client.post("/calc/tender/", {"ceiling": "2.80", "bids": "b1,1.00,1,two,2100,12"})
    assert refused.status_code == 422 and "第 1 行" in refused.content.decode()


def test_a_rota_is_drawn_with_its_proof_and_one_that_cannot_be_names_its_days(client: Client) -> None:
    asked = {
        "first": "2026-12-01",
        "last": "2026-12-07",
        "which": "working",
        "per_day": "2",
        "rest_days": "0",
        "seed": "1",
    }
    crew = "例甲,,东物业,2026-12-01\n例乙,3,西物业\n例丙,,南物业"
    text = client.post("/calc/rota/", asked | {"experts": crew}).content.decode()
    assert "已证明没有更公平的排法" in text
    assert "例乙、例丙" in text and "2026年12月1日" in text
    assert "2026年12月5日" not in text, "a Saturday is no working day"
    refused = client.post("/calc/rota/", asked | {"experts": "例甲,,东物业\n例乙,,东物业"})
    assert refused.status_code == 422 and "2026-12-01" in refused.content.decode()
    refused = client.post("/calc/rota/", asked | {"experts": crew, "last": "2026-11-01"})
    assert "到哪天要在从哪天之后" in refused.content.decode()


def test_a_score_is_computed_and_explained(client: Client) -> None:
    standard = (
        "standard: demo\nversion: '1'\nwindow: {from: 2025-09-01, to: 2026-08-31}\ncutoff: 2026-09-30\n"
        "min_trust: self_declared\ngroups:\n  - {id: A, points: 10, indicators: [{id: A1, points: 10, formula: \"count('m.x')\"}]}\n"
    )
    facts = (
        "id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by,disputed\n"
        "f1,m.x,c1,1,2026-01-01,2026-01-02,,association_verified,,false\n"
    )
    said = {"standard": standard, "facts": facts}
    assert ">1.0<" in client.post("/calc/score/", said).content.decode()
    assert "f1" in client.post("/calc/score/", {**said, "explain": "c1"}).content.decode()
    wrong = client.post("/calc/score/", {**said, "standard": standard.replace("count", "eval")})
    assert wrong.status_code == 422 and "$.standard.groups[0].indicators[0].formula" in wrong.content.decode()


@pytest.mark.parametrize(
    "name,said,words",
    [
        ("vote", {"matter": "other", "silent_rule": "not_participating", "units": "a,1.00,A,也许"}, "表决“也许”不认识"),
        ("vote", {"matter": "other", "silent_rule": "not_participating", "units": "a,1.00,A\nb,x9,B"}, "第 2 行"),
        ("apportion", {"total": "1.005", "units": "a,1.00"}, "“总费用（元）” 最多 2 位小数"),
        ("apportion", {"total": "1.00", "units": "a,1.00\na,2.00"}, "第 2 行"),
        ("deadline", {"rule": "custom", "start": "2026-11-20"}, "没有填“自定：多少”，请补上"),
        (
            "vote",
            {"matter": "other", "silent_rule": "not_participating", "units": "甲,一百,A\nb,1.00,B"},
            "第 1 行：“专有面积” 要是数字，例如 89.50",
        ),
        ("apportion", {"total": "1.00", "units": "a,abc\nb,1.00"}, "第 1 行：“专有面积” 要是数字"),
        (
            "resale",
            {"mode": "share", "kwh": "100", "bill": "abc", "meters": "a,10,0.8,商业"},
            "“电网账单（元）” 要是数字",
        ),
        ("inspection", {"object": "lift"}, "没有填“电梯：监督检验合格的年月”"),
    ],
)
def test_a_fault_names_row_column_and_mend(client: Client, name: str, said: Any, words: str) -> None:
    answer = client.post(f"/calc/{name}/", said)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text and "$." not in text, "in the words of the form"


def test_the_json_form_answers_as_the_interface_does(client: Client) -> None:
    document = {"total": "10.00", "units": [{"id": "a", "area": "1.00"}]}
    page = client.post("/calc/apportion/?mode=json", {"json": json.dumps(document)}).content.decode()
    answer = client.post("/api/v1/calc/apportion", data=json.dumps(document), content_type="application/json").json()
    assert json.dumps(answer, ensure_ascii=False, indent=2).replace('"', "&quot;") in page
    broken = client.post("/calc/apportion/?mode=json", {"json": "{"})
    assert broken.status_code == 422 and "不是 UTF-8 编码的 JSON" in broken.content.decode()


def test_what_was_typed_is_escaped(client: Client) -> None:
    text = client.post("/calc/apportion/", {"total": "1.00", "units": "<script>x</script>,1.00"}).content.decode()
    assert "<script>x" not in text and "&lt;script&gt;x" in text


def test_the_pages_share_the_throttle(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "CALCULATE", Limit("calc", 1, 3600))
    said = {"rule": "petition.conclude", "start": "2026-09-25"}
    assert [client.post("/calc/deadline/", said).status_code for _ in range(2)] == [200, 429]
