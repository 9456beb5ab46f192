"""Every public page, for a visitor who never signed in: with nothing in it, and with a city in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.papers import store
from wuxie.rooms.portal.tests import factories as make

pytestmark = pytest.mark.django_db

EMPTY = (
    "/", "/?tiles=table", "/search/?q=cp", "/estates/", "/notices/", "/decisions/", "/objections/", "/verify/", "/verify/ledger/", "/proof/",
    "/accessibility/", "/calc/", "/calc/vote/", "/calc/apportion/", "/calc/deadline/", "/calc/score/", "/calc/vote/?mode=json",
    "/standards/", "/reports/new/",
)  # fmt: skip


@pytest.fixture
def record(city: Any) -> dict[str, Any]:
    """One estate in publicity with an objection, one with a star, one revoked, one without."""
    running = make.application(make.project(make.estate(name="翠屏花园"), make.company("恒信物业服务有限公司")))
    starred = make.award(make.project(make.estate(name="东湖城三期"), make.company("和润物业管理有限公司")), stars=4)
    gone = make.award(make.project(make.estate(name="锦江名邸"), make.company("佳宁物业服务有限公司")), state="revoked")
    gone.ended_on, gone.ending, gone.ending_reason = make.today(), "revoked", "电梯超期未检仍使用"
    gone.save()
    plain = make.estate(place="510403001001", name="滨河苑")
    objection = make.objection(running)
    return {"running": running, "starred": starred, "gone": gone, "plain": plain, "objection": objection}


def pages(record: dict[str, Any]) -> list[str]:
    """Every address that leads to one of these things."""
    running, starred, gone = record["running"], record["starred"], record["gone"]
    return [
        *EMPTY,
        "/search/?q=翠屏", "/search/?q=XJ-2026", f"/search/?q={running.number}", "/estates/?view=starred", "/estates/?f_stars=4",
        "/estates/?f_district=510402&q=dhc", "/notices/?view=open", "/decisions/?view=revoked", "/decisions/?format=csv",
        *(f"/estates/{one.project.estate.code}/" for one in (running, starred, gone)), f"/estates/{record['plain'].code}/",
        f"/companies/{running.project.company_id}/", f"/notices/{running.number}/", f"/notices/{running.number}/print/",
        f"/notices/{running.number}/objection/", f"/objections/{record['objection'].receipt}/", f"/v/{starred.code}/",
        f"/v/{gone.code}/", f"/verify/?number={starred.plaque}", f"/reports/new/?number={starred.plaque}",
        "/api/v1/estates", "/api/v1/stars", "/api/v1/notices", f"/api/v1/notices/{running.number}",
        f"/api/v1/plaques/{starred.plaque}", f"/api/v1/objections/{record['objection'].receipt}", "/api/v1/openapi.json",
    ]  # fmt: skip


def body(response: Any) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode()


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_city_still_answers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert body(response).count("<h1") == 1 and body(response).count("<main") == 1


def test_every_page_of_a_city_answers_a_visitor(client: Client, record: dict[str, Any]) -> None:
    assert {path: client.get(path).status_code for path in pages(record)} == dict.fromkeys(pages(record), 200)


def test_nothing_of_who_complained_or_applied_comes_out(client: Client, record: dict[str, Any]) -> None:
    for path in pages(record):
        text = body(client.get(path))
        assert [canary for canary in make.CANARIES if canary in text] == [], path


def test_drafts_and_cases_before_publicity_are_not_to_be_found(client: Client, city: Any) -> None:
    for state in ("draft", "submitted", "pre_check", "scoring", "review", "joint_hearing", "not_awarded", "withdrawn"):
        hidden = make.application(
            make.project(make.estate(name=f"小区{state}"), make.company(f"企业{state}")), state=state
        )
        assert client.get(f"/notices/{hidden.number}/").status_code == 404
        assert client.get(f"/notices/{hidden.number}/print/").status_code == 404
        assert client.get(f"/notices/{hidden.number}/objection/").status_code == 404
        assert client.get(f"/api/v1/notices/{hidden.number}").status_code == 404
        assert hidden.number not in body(client.get("/notices/")) + body(client.get("/"))


@pytest.mark.parametrize(
    "path",
    [
        "/estates/none/",
        "/companies/999/",
        "/notices/none/",
        "/objections/7K2M-9QXD-4/",
        "/calc/lottery/",
        "/reports/receipt/AAAA-BBBB-C/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_asks_the_database_the_same_for_three_rows_and_thirty(client: Client, city: Any) -> None:
    paths = ("/", "/?tiles=table", "/estates/", "/notices/", "/decisions/", "/search/?q=xq", "/api/v1/estates", "/api/v1/stars", "/api/v1/notices")  # fmt: skip

    def grow(start: int, end: int) -> None:
        for n in range(start, end):
            firm = make.company(f"企业{n}")
            make.award(make.project(make.estate(name=f"小区{n}甲"), firm))
            make.application(make.project(make.estate(place="510403001001", name=f"小区{n}乙"), firm))

    def queries() -> dict[str, int]:
        counts = {}
        for path in paths:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts[path] = len(seen)
        return counts

    grow(0, 3)
    queries()  # what the frame of a page remembers for a minute
    few = queries()
    grow(3, 30)
    assert queries() == few


def test_a_companys_page_asks_the_same_for_any_number_of_estates(client: Client, city: Any) -> None:
    firm = make.company()
    client.get("/proof/")  # what the frame of a page remembers for a minute
    counts = []
    for size in (2, 8):
        while make.Project.objects.count() < size:
            make.award(make.project(make.estate(name=f"小区{make.Project.objects.count()}"), firm))
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/companies/{firm.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_front_page_shows_tiles_notices_and_decisions(client: Client, record: dict[str, Any]) -> None:
    text = body(client.get("/"))
    assert "翠屏花园拟授三星" in text and "剩 5 日" in text
    assert "东区" in text and "西区" in text
    assert "4 个小区里 1 个有星" in text
    assert "电梯超期未检仍使用" in text


def test_a_share_of_fewer_than_five_estates_is_not_drawn_and_of_five_is(client: Client, city: Any) -> None:
    for n in range(4):
        make.award(make.project(make.estate(name=f"小区{n}"), make.company(f"企业{n}")), stars=3 if n else 2)
    assert "三星以上 3 个" in body(client.get("/")) and "75%" not in body(client.get("/"))
    make.award(make.project(make.estate(name="小区四"), make.company("企业四")), stars=3)
    assert "80%" in body(client.get("/"))


def test_a_star_ends_with_the_company_that_earned_it(client: Client, city: Any) -> None:
    given = make.award()
    path = f"/estates/{given.project.estate.code}/"
    assert "有效期至" in body(client.get(path))
    given.project.left_on = make.today() - make.DAY
    given.project.save()
    assert client.get("/api/v1/estates").json()["items"][0]["stars"] is None
    assert "没有星级" in body(client.get(path))


def test_a_star_under_review_is_not_shown_as_valid(client: Client, city: Any) -> None:
    given = make.award(state="under_review")
    text = body(client.get(f"/estates/{given.project.estate.code}/"))
    assert "复核中，暂停展示星级" in text
    assert client.get("/api/v1/estates").json()["items"][0]["stars"] is None


def test_estates_cannot_be_ordered_by_star(client: Client, city: Any) -> None:
    make.award(make.project(make.estate(name="乙小区"), make.company("甲")), stars=5)
    make.award(make.project(make.estate(name="甲小区"), make.company("乙")), stars=1)
    text = body(client.get("/estates/?sort=-stars"))
    assert text.index("乙小区") < text.index("甲小区")  # by place, then name (code points), as without asking
    assert "sort=stars" not in text


def test_search_finds_by_initials_two_characters_company_number_and_plaque(
    client: Client, record: dict[str, Any]
) -> None:
    assert "翠屏花园" in body(client.get("/search/?q=cphy"))
    assert "翠屏花园" in body(client.get("/search/?q=屏花"))
    assert "和润物业管理有限公司" in body(client.get("/search/?q=和润"))
    assert record["running"].number in body(client.get(f"/search/?q={record['running'].number.lower()}"))
    answer = client.get(f"/search/?q={record['starred'].plaque.lower()}")
    assert answer.headers["Location"] == f"/verify/?number={record['starred'].plaque}"
    assert "没有找到“没有这个”" in body(client.get("/search/?q=没有这个"))


def test_search_text_is_escaped(client: Client, db: None) -> None:
    assert "<b>x" not in body(client.get("/search/?q=<b>x"))


def test_the_printed_notice_has_qr_address_root_and_all_of_its_batch(
    client: Client, record: dict[str, Any], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://stars.example"
    running = record["running"]
    other = make.application(make.project(make.estate(name="江湾一品"), make.company("安居物业管理有限公司")))
    text = body(client.get(f"/notices/{running.number}/print/"))
    assert f"https://stars.example/notices/{running.number}/" in text
    assert "江湾一品" in text and other.project.company.name in text
    assert re.search(r"<svg[^>]*>.*</svg>", text, re.S)
    assert "cdcd cdcd" in text and "拍照回传" in text


def test_company_star_is_the_mean_by_area(client: Client, city: Any) -> None:
    firm = make.company()
    for stars, area in ((5, 1_000_000), (2, 3_000_000)):
        where = make.estate(name=f"小区{stars}")
        where.area = area
        where.save()
        make.award(make.project(where, firm), stars=stars)
    plain = make.estate(name="无星小区")
    plain.area = 4_000_000
    plain.save()
    make.project(plain, firm)
    text = body(client.get(f"/companies/{firm.pk}/"))
    assert ">2.8<" in text  # (5·1 + 2·3) / 4 = 2.75, half up
    assert "50%" in text


def test_only_pictures_of_gates_are_served(client: Client, city: Any) -> None:
    secret, picture = store.put(b"%PDF secret"), store.put(b"\x89PNG\r\n gate")
    given = make.award()
    assert client.get(f"/photos/{picture}/").status_code == 404
    given.project.estate.gate_photo = picture
    given.project.estate.save()
    answer = client.get(f"/photos/{picture}/")
    assert answer.content == b"\x89PNG\r\n gate" and answer.headers["Content-Type"] == "image/png"
    assert f"/photos/{picture}/" in body(client.get(f"/v/{given.code}/"))
    assert client.get(f"/photos/{secret}/").status_code == 404
    assert client.get("/photos/..%2f..%2fkeys/").status_code == 404


@pytest.mark.parametrize("path", ["/estates/", "/notices/", "/decisions/"])
def test_every_register_can_be_searched(client: Client, city: Any, path: str) -> None:
    make.award()
    assert 'name="q"' in body(client.get(path))


def test_a_notice_says_in_words_which_clause_held_the_stars_back(client: Client, record: dict[str, Any]) -> None:
    snapshot = record["running"].snapshot
    snapshot.vetoes = ["Q5", "V1"]
    snapshot.document = snapshot.document | {
        "vetoes": [
            {"id": "Q5", "label": "五星名额已满", "max_stars": 4},
            {"id": "V1", "label": "有责死亡事故", "max_stars": 0},
        ]
    }
    snapshot.save()
    page = body(client.get(f"/notices/{record['running'].number}/"))
    assert "Q5 五星名额已满（最高 4 星）" in page
    assert "V1 有责死亡事故（不授星）" in page


def test_a_day_of_another_year_says_its_year(client: Client, record: dict[str, Any]) -> None:
    award = record["starred"]
    award.decided_on = make.today().replace(year=make.today().year - 2, month=3, day=9)
    award.save()
    home = body(client.get("/"))
    assert f"{award.decided_on.year}年3月9日" in home
    this_year = record["gone"].ended_on
    assert f'<time datetime="{this_year}">{this_year.month}月{this_year.day}日</time>' in home


def test_every_running_notice_can_be_objected_to_from_one_page(client: Client, city: Any) -> None:
    for number in range(23):
        make.application(make.project(make.estate(name=f"小区{number}"), make.company(f"企业{number}")))
    page = body(client.get("/objections/"))
    assert page.count("提异议</a>") == 23
