"""The pages: who sees what, the steps in a browser's hands, the calendar, the burden, the papers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wuxie.kernel.papers.models import Document
from wuxie.rooms.inspections.actions import cases, obligations
from wuxie.rooms.inspections.models import Asset, Inspection, Obligation
from wuxie.rooms.register.tests.factories import whole
from wuxie.rooms.safety.actions.lists import keep_profile

from .factories import DAY, duty

pytestmark = pytest.mark.django_db
TODAY = DAY(2027, 5, 10)
S = Inspection.State


@pytest.fixture
def world(world):
    keep_profile(world.project, by=world["admin"], equipment={"lift": 1, "fire_pump": 1, "tanks": 1})
    obligations.refresh([world.project])
    return world


@pytest.fixture
def browser(world, enter):
    return lambda name: enter(person=world.people[name])


def pdf(name="报告.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def test_who_sees_an_asset_and_its_case(world, browser, enter):
    case = world.opened(world.lift())
    pages = (case.get_absolute_url(), case.asset.get_absolute_url(), f"/inspections/projects/{world.project.pk}/")
    for name in (
        "admin",
        "contact",
        "manager",
        "director",
        "principal",
        "community",
        "street",
        "district",
        "city",
        "office",
    ):
        assert [browser(name).get(page).status_code for page in pages] == [200, 200, 200], name
    stranger = enter("外人", "gov_street", place="510403001")
    for who in (browser("owner"), stranger):
        assert [who.get(page).status_code for page in pages] == [404, 404, 404]
    assert case.asset.code not in stranger.get("/inspections/assets/").content.decode()


def test_the_whole_way_in_a_browser(world, browser):
    case = world.opened(world.lift())
    manager, base = browser("manager"), case.get_absolute_url()
    assert "预约" in manager.get(base).content.decode()
    given = {"agency": "川检中心", "licence": "TS7110001", "price": "800.00", "visit_on": "2027-05-20", "once": "k-1"}
    assert manager.post(base + "book/", given | {"licence": ""}).status_code == 422
    assert manager.post(base + "book/", given).status_code == 302
    assert (
        manager.post(
            base + "inspect/", {"inspected_on": "2027-05-10", "agency": "川检中心", "licence": "TS7110001"}
        ).status_code
        == 302
    )
    missing = manager.post(base + "pass/", {"report_number": "川检-1"})
    assert missing.status_code == 422 and "请放上文件" in missing.content.decode()
    assert manager.post(base + "pass/", {"report_number": "川检-1", "file": pdf()}).status_code == 302
    case.refresh_from_db()
    assert case.state == S.PASSED
    text = manager.get(base).content.decode()
    assert "检验检测委托单" in text and "川检-1" in text
    assert "2029" in manager.get(case.asset.get_absolute_url()).content.decode(), "the next due year"


def test_an_asset_from_the_form_to_its_end(world, browser):
    manager = browser("manager")
    given = {
        "project": world.project.pk,
        "kind": "lift",
        "code": "梯9",
        "quantity": "1",
        "base_on": "2020-06-18",
        "once": "k-2",
    }
    wrong = manager.post("/inspections/assets/new/", given | {"last_on": "2019-01-01"})
    assert wrong.status_code == 422 and "早于基准日" in wrong.content.decode() and not Asset.objects.exists()
    assert manager.post("/inspections/assets/new/", given | {"once": "k-3"}).status_code == 302
    made = Asset.objects.get()
    page = made.get_absolute_url()
    assert (
        manager.post(
            page + "edit/", {"place": "5栋", "quantity": "1", "base_on": "2020-06-18", "last_on": "2026-06-01"}
        ).status_code
        == 302
    )
    assert manager.post(page + "idle/", {"idle_since": "2027-05-01"}).status_code == 302
    assert manager.post(page + "use/", {}).status_code == 302
    assert (
        manager.post(page + "retire/", {"retired_on": "2027-05-10", "how": "retired", "why": "更新换新梯"}).status_code
        == 302
    )
    text = manager.get(page).content.decode()
    assert "已注销" in text and "更新换新梯" in text
    for name in ("contact", "street", "office"):
        assert browser(name).get(page + "edit/").status_code == 403, name


def test_a_duty_without_a_date_gets_one_and_a_report(world, browser):
    row = Obligation.objects.get(item="IN-07")
    manager = browser("manager")
    assert "缺上次日期" in manager.get("/inspections/", {"view": "undated"}).content.decode()
    assert manager.post(f"/inspections/duties/{row.pk}/last/", {"last_on": "2026-07-01"}).status_code == 302
    row.refresh_from_db()
    assert row.due_on == DAY(2027, 7, 1)
    given = {
        "inspected_on": "2027-05-09",
        "agency": "安消公司",
        "licence": "XF1",
        "report_number": "X-1",
        "file": pdf(),
        "once": "k-9",
    }
    assert manager.post(f"/inspections/duties/{row.pk}/report/", given).status_code == 302
    row.refresh_from_db()
    assert row.due_on == DAY(2028, 7, 1)


def test_the_director_judges_on_the_page(world, browser):
    row = Obligation.objects.get(item="IN-14")
    page = f"/inspections/duties/{row.pk}/exempt/"
    assert browser("manager").get(page).status_code == 403
    assert browser("director").post(page, {"reason": "不在目录", "basis": "市气象局目录"}).status_code == 302
    assert (
        "判定不适用：不在目录" in browser("manager").get(f"/inspections/projects/{world.project.pk}/").content.decode()
    )


def test_the_calendar_of_a_year_as_page_sheet_and_paper(world, browser):
    world.lift()
    page = f"/inspections/projects/{world.project.pk}/calendar/"
    manager = browser("manager")
    text = manager.get(page, {"year": "2027"}).content.decode()
    assert "电梯定期检验" in text and "30日" in text
    world.passed(world.opened(world.lift(code="梯八")), DAY(2027, 5, 8), "川检-8")
    assert "8日已检" in manager.get(page, {"year": "2027"}).content.decode(), (
        "what was done in the year stands there too"
    )
    assert "电梯定期检验" not in manager.get(page, {"year": "2028"}).content.decode().split("wx-table-box")[-1]
    sheet = whole(manager.get(page, {"year": "2027", "format": "csv"})).decode("utf-8-sig")
    assert "电梯定期检验" in sheet and "6 月" in sheet
    assert whole(manager.get(page, {"format": "xlsx"}))[:2] == b"PK"
    assert manager.post(page + "paper/?year=2027", {}).status_code == 302
    paper = Document.objects.get(code="inspection_calendar")
    assert manager.get(paper.get_absolute_url()).content[:4] == b"%PDF"
    assert browser("street").get(f"{paper.get_absolute_url()}?as=word").content[:2] == b"PK"
    assert browser("owner").get(paper.get_absolute_url()).status_code == 404
    assert browser("street").get(page + "paper/").status_code == 403


def test_the_burden_as_page_and_paper(world, browser):
    world.lift()
    page = f"/inspections/projects/{world.project.pk}/burden/"
    manager = browser("manager")
    text = manager.get(page).content.decode()
    assert "每户每年" in text and "电梯定期检验 × 1" in text
    assert manager.post(page + "paper/", {}).status_code == 302
    paper = Document.objects.get(code="inspection_burden")
    assert "元" in paper.values["fields"]["per_household"]
    assert f"{paper.get_absolute_url()}?as=word" in browser("district").get(page).content.decode(), (
        "the authority reads it"
    )


def test_all_projects_with_what_is_coming(world, browser):
    world.lift()
    cases.open_now(duty(Asset.objects.get()), by=world["manager"])
    text = browser("office").get("/inspections/projects/").content.decode()
    assert world.project.estate.name in text and "60 日内" in text


def test_the_public_page_says_what_must_not_be_used(world, client):
    lift = world.lift(last_on=DAY(2024, 6, 1))
    case = world.opened(lift, "IN-02")
    code = world.project.estate.code
    assert "停止使用：" not in client.get(f"/estates/{code}/").content.decode()
    cases.expire(case)
    text = client.get(f"/estates/{code}/").content.decode()
    assert "停止使用：" in text and lift.code in text
