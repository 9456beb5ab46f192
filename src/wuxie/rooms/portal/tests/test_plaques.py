"""Verdicts on plaques: real, under review, past its term, replaced, revoked, forged, unknown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from wuxie.kernel.clock.now import frozen
from wuxie.rooms.portal import plaques
from wuxie.rooms.portal.models import PlaqueReport
from wuxie.rooms.portal.tests import factories as make
from wuxie.rooms.portal.views import plaques as views
from wuxie.rooms.rating import codes
from wuxie.web.throttle import Limit

pytestmark = pytest.mark.django_db


def tones(verdict: plaques.Verdict) -> tuple[str, list[str]]:
    return verdict.tone, [check.tone for check in verdict.checks]


def test_a_real_plaque_is_green_and_shows_estate_second_and_three_checks(client: Client, city: Any) -> None:
    given = make.award(stars=4)
    response = client.get(f"/v/{given.code}/")
    text = response.content.decode()
    assert response.status_code == 200
    assert "真牌，有效" in text and "翠屏花园" in text and "四星" in text and "不是这个小区" in text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text)
    assert text.count('<li class="is-green">') == 3
    assert "no-store" in response.headers["Cache-Control"]


def test_a_revoked_plaque_is_red_at_once_and_says_why(client: Client, city: Any) -> None:
    given = make.award()
    assert tones(plaques.scanned(given.code)) == ("green", ["green", "green", "green"])
    given.ended_on, given.ending, given.ending_reason = make.today(), "revoked", "电梯超期未检仍使用"
    given.save()
    verdict = plaques.scanned(given.code)
    assert tones(verdict) == ("red", ["green", "red", "amber"])
    text = client.get(f"/v/{given.code}/").content.decode()
    assert "已撤销，此牌作废" in text and "电梯超期未检仍使用" in text and "牌匾还挂着" in text


def test_under_review_replaced_and_expired_are_amber(city: Any) -> None:
    review = make.award(make.project(make.estate(name="甲"), make.company("甲")), state="under_review")
    assert tones(plaques.scanned(review.code)) == ("amber", ["green", "amber", "green"])
    replaced = make.award(make.project(make.estate(name="乙"), make.company("乙")))
    replaced.ended_on, replaced.ending = make.today(), "superseded"
    replaced.save()
    assert tones(plaques.scanned(replaced.code)) == ("amber", ["green", "amber", "amber"])
    old = make.award(make.project(make.estate(name="丙"), make.company("丙")))
    with frozen(old.valid_until + make.DAY):
        assert tones(plaques.scanned(old.code)) == ("amber", ["green", "green", "amber"])
    with frozen(old.valid_until):
        assert plaques.scanned(old.code).tone == "green"


def test_every_changed_character_of_the_code_is_refused(client: Client, city: Any) -> None:
    code = make.award().code
    for place, character in enumerate(code):
        for other in "7Z":
            if other != character:
                forged = code[:place] + other + code[place + 1 :]
                assert plaques.scanned(forged).award is None, forged
    answer = client.get(f"/v/{code[:-1]}{'7' if code[-1] != '7' else '8'}/")
    assert answer.status_code == 404
    assert "这不是协会签发的牌" in answer.content.decode()


def test_a_number_typed_says_that_the_signature_was_not_checked(client: Client, city: Any) -> None:
    given = make.award()
    typed = given.plaque.lower().replace("-", " ")
    verdict = plaques.typed(typed)
    assert tones(verdict) == ("green", ["amber", "green", "green"])
    assert "扫牌面上的二维码" in client.get("/verify/", {"number": typed}).content.decode()
    assert plaques.scanned(given.code).checks[0].title == "签名正确"
    assert "签名正确" in client.get("/verify/", {"number": f"https://x.example/v/{given.code}/"}).content.decode()


def test_an_unknown_number_says_what_to_do(client: Client, db: None) -> None:
    known = codes.new_number()
    answer = client.get("/verify/", {"number": known})
    assert answer.status_code == 404
    assert "查不到这块牌" in answer.content.decode() and "登记里没有这个编号" in answer.content.decode()
    wrong = known[:-1] + ("A" if known[-1] != "A" else "B")
    assert "抄错了一位" in client.get("/verify/", {"number": wrong}).content.decode()


def test_asking_through_all_numbers_is_slowed(client: Client, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "LOOKING", Limit("verify", 2, 3600))
    assert [client.get("/verify/?number=AAAA").status_code for _ in range(3)] == [404, 404, 429]


REPORT = {"matter": "elsewhere", "seen_at": "云锦路 8 号大门", "text": "", "contact": "13912345678", "website": ""}


def test_a_report_gets_a_receipt_and_keeps_its_maker_unknown(client: Client, city: Any, enter: Any) -> None:
    given = make.award()
    answer = client.post(f"/reports/new/?number={given.plaque}", REPORT)
    made = PlaqueReport.objects.get()
    assert answer.headers["Location"] == f"/reports/receipt/{made.receipt}/"
    assert made.plaque == given.plaque and made.contact == "13912345678"
    page = client.get(answer.headers["Location"])
    assert "正在核实" in page.content.decode() and "13912345678" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    clerk = enter("周敏", "association_secretariat", organisation=make.association())
    assert "13912345678" not in clerk.get(f"/reports/{made.pk}/").content.decode()
    clerk.post(f"/reports/{made.pk}/", {"answer": "已派人取下，牌匾收回。"})
    assert "已派人取下" in client.get(answer.headers["Location"]).content.decode()
    clerk.post(f"/reports/{made.pk}/", {"answer": "再改一次答复。"})
    made.refresh_from_db()
    assert made.answer == "已派人取下，牌匾收回。"


def test_reports_are_the_secretariats_only(client: Client, city: Any, enter: Any) -> None:
    client.post("/reports/new/?number=X", REPORT)
    made = PlaqueReport.objects.get()
    company = enter("王经理", "company_admin", organisation=make.company())
    for browser in (client, company):
        assert browser.get("/reports/").status_code == 404
        assert browser.get(f"/reports/{made.pk}/").status_code == 404
        assert browser.post(f"/reports/{made.pk}/", {"answer": "不该能答复"}).status_code == 404
    assert enter("周敏", "association_secretariat", organisation=make.association()).get("/reports/").status_code == 200


def test_machines_and_floods_are_turned_away(client: Client, db: None, monkeypatch: Any) -> None:
    assert client.post("/reports/new/", {**REPORT, "website": "http://spam"}).status_code == 422
    assert client.post("/reports/new/", {**REPORT, "contact": "call me"}).status_code == 422
    monkeypatch.setattr(views, "REPORTING", Limit("report", 1, 3600))
    assert client.post("/reports/new/", REPORT).status_code == 302
    assert client.post("/reports/new/", REPORT).status_code == 429
    assert PlaqueReport.objects.count() == 1
