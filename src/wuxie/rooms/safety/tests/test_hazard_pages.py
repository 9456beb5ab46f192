"""The pages of hazards: who sees which, the report with photos, the steps in a browser's hands, lists, ledger, sheet."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.models import Document
from wuxie.rooms.register.tests.factories import whole
from wuxie.rooms.safety.actions import hazards
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.tests import factories

from .hazards import AFTER, DAY, picture

pytestmark = pytest.mark.django_db
MONDAY = DAY(2026, 11, 16)
S = Hazard.State


def photo(name="现场.jpg", colour="red"):
    return SimpleUploadedFile(name, picture(colour), content_type="image/jpeg")


def test_who_sees_a_hazard(world, browser, enter):
    hazard = world.assigned()
    page = f"/safety/hazards/{hazard.pk}/"
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
        "electrician",
    ):
        assert browser(name).get(page).status_code == 200, name
    for name in ("owner", "lead"):  # the lead neither found it nor mends it
        assert browser(name).get(page).status_code == 404, name
    stranger = enter("外人", "gov_street", place="510403001")
    assert (
        stranger.get(page).status_code == 404 and hazard.label not in stranger.get("/safety/hazards/").content.decode()
    )


def test_the_report_takes_photos_first_and_names_the_hazard(world, browser):
    electrician = browser("electrician")
    text = electrician.get("/safety/hazards/new/").content.decode()
    assert text.index("照片") < text.index("是哪一种隐患") < text.index("在哪里") and "配电柜过热" in text
    given = {
        "project": world.project.pk, "hazard_code": "HZ-E01", "place": "1号配电室", "words": "烫手", "barriers": "0", "source": "duty",
        "once": "k-123456",
    }  # fmt: skip
    without = electrician.post("/safety/hazards/new/", given)
    assert without.status_code == 422 and "先拍一张照片" in without.content.decode() and not Hazard.objects.exists()
    answer = electrician.post(
        "/safety/hazards/new/", given | {"photos": [photo(), photo("二.jpg", "blue")], "once": "k-2"}
    )
    made = Hazard.objects.get()
    assert answer.headers["Location"] == f"/safety/hazards/{made.pk}/" and made.is_major
    assert electrician.get(f"/safety/hazards/{made.pk}/").content.decode().count("<img") == 2
    assert (
        electrician.post(
            "/safety/hazards/new/", given | {"source": "public", "photos": [photo()], "once": "k-3"}
        ).status_code
        == 422
    )
    assert browser("owner").get("/safety/hazards/new/").status_code == 404


def test_the_whole_way_in_browsers(world, browser):
    """Electrician finds it, the manager names them, they mend it, the lead looks, the star's facts are there."""
    hazard = world.found()
    base = f"/safety/hazards/{hazard.pk}/"
    manager, electrician, director = browser("manager"), browser("electrician"), browser("director")
    form = manager.get(base + "assign/").content.decode()
    assert f'value="{world.people["electrician"].pk}" selected' in form, "the library suggests who mends it"
    given = {"fixer": world.people["electrician"].pk, "hazard_code": hazard.code, "barriers": "0", "interim": "挡水"}
    assert manager.post(base + "assign/", given).status_code == 302
    assert (
        "由整改责任人" in electrician.get(base).content.decode() or "开始整改" in electrician.get(base).content.decode()
    )
    assert (
        electrician.post(base + "control/", {"interim": "垫沙袋", "notice": "on", "photo": photo()}).status_code == 302
    )
    assert electrician.post(base + "start/", {"note": "堵洞"}).status_code == 302
    assert electrician.post(base + "fix/", {"remedy": "堵好"}).status_code == 422
    assert electrician.post(base + "fix/", {"remedy": "堵好", "photo": photo("后.jpg", "green")}).status_code == 302
    page = electrician.get(base).content.decode()
    assert "复核人（整改的人不能自己复核）" in page, "why the mender cannot check"
    assert "报主管部门" not in page, "of a general one that is nobody's business"
    assert director.post(base + "verify/", {"note": "看过"}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.state == S.CLOSED
    page = director.get(base).content.decode()
    for label in ("隐患整改通知书", "临时管控告示", "复核单", "隐患销号单", "已销号", "Word"):
        assert label in page


def test_papers_are_for_those_who_see_the_hazard_and_come_as_word_too(world, browser):
    hazard = world.assigned()
    paper = Document.objects.get(case=f"hazard:{hazard.pk}")
    word = browser("street").get(f"{paper.get_absolute_url()}?as=word")
    assert word.status_code == 200 and word.content[:2] == b"PK"
    pdf = browser("manager").get(paper.get_absolute_url())
    assert pdf.status_code == 200 and pdf.content[:4] == b"%PDF"
    assert browser("owner").get(paper.get_absolute_url()).status_code == 404


def test_more_notices_for_the_spot_while_it_is_open(world, browser):
    hazard = world.assigned()
    page = f"/safety/hazards/{hazard.pk}/notice/"
    assert browser("electrician").post(page, {"phone": "值班室"}).status_code == 302
    assert browser("street").get(page).status_code == 404
    assert Document.objects.filter(case=f"hazard:{hazard.pk}", label="临时管控告示").count() == 1


def test_the_month_as_a_sheet(world, browser):
    with frozen(DAY(2026, 10, 20)):
        world.closed(place="上月")
    world.found(place="本月")
    answer = browser("manager").get("/safety/hazards/", {"f_month": "2026-11", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(whole(answer).decode("utf-8-sig"))))
    assert [row["位置"] for row in rows] == ["本月"] and {"代码", "定级理由", "返工次数", "报告回执号"} <= set(rows[0])
    assert rows[0]["整改人"] == "" and "electrician" not in str(rows)


def test_saved_views_count(world, browser):
    world.closed(place="一")
    world.fixed("HZ-F12", place="二")
    world.found("HZ-E01", place="三")
    with frozen(MONDAY + (DAY(2026, 11, 30) - MONDAY)):
        world.found(place="四")
        shown = browser("street").get("/safety/hazards/").context["shown"]
    counts = {str(one["label"]): one["count"] for one in shown.segments if one["label"]}
    assert counts == {"未销号": 3, "重大未销": 1, "逾期未改": 1, "待派单": 2, "待复核": 1, "又犯的": 0, "已销号": 1}


def test_open_major_ones_stand_by_age(world, browser):
    for days, code in ((9, "HZ-E01"), (1, "HZ-F03"), (4, "HZ-H01")):
        with frozen(MONDAY - (MONDAY - DAY(2026, 11, 16 - days))):
            world.found(code, place=f"{days}日前")
    world.found("HZ-E05", place="一般的")
    page = browser("street").get("/safety/hazards/major/")
    assert {row.cells[6] for row in page.context["shown"].lines} == {"还没有登记"}, "what is asked for is not yet done"
    assert [row.cells[3] for row in page.context["shown"].lines] == ["9", "4", "1"]
    assert browser("owner").get("/safety/hazards/major/").status_code == 404
    world.rectifying("HZ-E01", place="管住的")
    page = browser("street").get("/safety/hazards/major/")
    assert [row.cells[6] for row in page.context["shown"].lines][-1] == "降负荷"


def test_a_list_asks_the_same_for_three_rows_and_for_thirty(world, browser):
    street, asked = browser("street"), []
    for more in (3, 27):
        for n in range(more):
            factories.hazard(world.project, "HZ-E01", place=f"{more}-{n}")
        for address in ("/safety/hazards/", "/safety/hazards/major/"):
            street.get(address)
            with CaptureQueriesContext(connection) as found:
                street.get(address)
            asked.append(len(found))
    assert asked[:2] == asked[2:]


def test_the_sheet_with_the_code_is_for_those_who_keep_the_project(world, browser):
    page = browser("manager").get(f"/safety/projects/{world.project.pk}/hazard-code/")
    assert page.status_code == 200 and f"/estates/{world.project.estate.code}/hazard/" in page.content.decode()
    assert browser("street").get(f"/safety/projects/{world.project.pk}/hazard-code/").status_code == 403
    assert browser("owner").get(f"/safety/projects/{world.project.pk}/hazard-code/").status_code == 404


def test_a_step_that_is_not_theirs_says_why(world, browser):
    hazard = world.fixed()
    answer = browser("electrician").get(f"/safety/hazards/{hazard.pk}/verify/", follow=True)
    assert "整改的人不能自己复核" in answer.content.decode()
    hazards.reject(hazard, by=world["lead"], note="还漏")
    hazards.fix(hazard, by=world["manager"], remedy="再堵", photo=AFTER)
    assert "整改的人不能自己复核" in browser("manager").get(f"/safety/hazards/{hazard.pk}/").content.decode()
