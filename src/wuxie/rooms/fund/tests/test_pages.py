"""The pages: who sees what, the way in a browser's hands, the sheet of balances, the public block."""

from __future__ import annotations

import csv
import io
import itertools
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now, today
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.tabular.models import Upload
from wuxie.kernel.workflow.models import Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund import queries
from wuxie.rooms.fund.actions import emergency, planning, reporting, works
from wuxie.rooms.fund.models import Account, Repair
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.register.tests.factories import whole

from .factories import DAY, HOUR, account, code, in_scope, later, shot

pytestmark = pytest.mark.django_db
S = Repair.State
HEAD = ("小区编码", "楼栋", "单元", "房号", "首期交存", "余额", "余额日")


def pdf(name="文件.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def photo():
    return SimpleUploadedFile("围护.jpg", shot()[1], content_type="image/jpeg")


def said(browser, address, **given):
    return browser.get(address, given).content.decode()


def test_who_sees_a_repair_and_its_shares(world, browser, enter):
    case = in_scope(world.project)
    pages = (case.get_absolute_url(), f"/fund/repairs/{case.pk}/shares/", f"/fund/estates/{world.project.estate_id}/")
    for name in (
        "admin",
        "contact",
        "manager",
        "member",
        "community",
        "street",
        "district",
        "city",
        "center",
        "office",
        "owner",
    ):
        for page in pages:
            assert browser(name).get(page).status_code == 200, (name, page)
    near = register.project(register.estate("邻里", "510402001002"), register.company("乙物业", 2))
    for role, seat in (
        ("company_admin", {"organisation": near.company}), ("project_manager", {"subject": near.key}), ("owner", {"subject": near.estate.key}),
        ("committee_member", {"subject": near.estate.key}), ("gov_community", {"place": "510402001002"}),
        ("maintenance_fund_center", {"place": "510403"}),
    ):  # fmt: skip
        stranger = enter("外某", role, **seat)
        for page in pages:
            assert stranger.get(page).status_code == 404, (role, page)
        assert case.title not in said(stranger, "/fund/")


def test_an_owner_reads_their_own_account_and_share_and_no_other(world, browser):
    world.fill(500_000, 400_000, 300_000, 200_000, 100_000, 50_000)
    mine = register.owner(world.doors[1])
    mine.person = world.people["owner"]
    mine.save(update_fields=["person"])
    case = world.settled()
    works.allocate(case, by=world["center"])
    owner = browser("owner")
    text = said(owner, "/fund/accounts/")
    assert "3栋-1-102" in text and "3栋-1-101" not in text
    text = said(owner, f"/fund/repairs/{case.pk}/shares/")
    assert "3555.48" in text and "2644.52" not in text
    text = said(owner, f"/fund/estates/{world.project.estate_id}/")
    assert "我家的账户" in text and "444.52 元" in text and "3栋-1-101" not in text
    assert "2644.52" in said(browser("member"), f"/fund/repairs/{case.pk}/shares/")


def test_the_whole_way_in_a_browser(world, browser):
    world.fill(500_000, 100_000, 0, 500_000, None, None)
    manager, member, center = browser("manager"), browser("member"), browser("center")
    given = {
        "project": world.project.pk,
        "title": "东面掉砖",
        "part": "facade",
        "where": "3 栋东面",
        "words": "掉了两块",
        "is_dangerous": "on",
    }
    assert manager.post("/fund/new/", given | {"once": "k0", "photo": photo()}).status_code == 302
    case = Repair.objects.get()
    base, keys = case.get_absolute_url(), itertools.count(1)

    def take(browser, step, status=302, **given):
        answer = browser.post(f"{base}{step}/", given | {"once": f"k{next(keys)}"})
        assert answer.status_code == status, (step, answer.content.decode()[:3000] if status == 302 else "")
        return answer.content.decode()

    phone = said(manager, base + "guard/")
    assert "wx-fieldwork" in phone and 'capture="environment"' in phone and "围好 3 栋东面" in phone
    assert "请拍一张照片" in take(manager, "guard", 422)
    assert "只收照片" in take(manager, "guard", 422, photo=pdf())
    take(manager, "guard", photo=photo())
    take(manager, "appraise", appraiser="川建鉴定所", findings="空鼓", file=pdf())
    take(manager, "classify")
    take(manager, "scope", 422)
    take(manager, "scope", entrances=[f"{world.building}/1", f"{world.building}/2"], uses=["home"])
    for number in (1, 2, 3):
        opens = {"opens_at": "2027-03-10T11:00"} if number == 1 else {}
        take(manager, "quote", contractor=f"样{number}建筑", uscc=code(number), **opens)
    assert "没拆封" in said(manager, base)
    early = member.post(f"{base}open_quotes/", {})
    assert early.status_code == 302 and "到点当场一起拆" in said(member, base)
    with frozen(now() + 3 * HOUR):
        quotes = list(case.quotes.all())
        prices = {f"amount_{quote.pk}": f"{18_600 + place * 500}.00" for place, quote in enumerate(quotes)}
        whole_file = {f"file_{quote.pk}": pdf() for quote in quotes}
        take(member, "open_quotes", 422, **prices)
        take(member, "open_quotes", **prices, **{name: pdf() for name in whole_file})
        take(manager, "plan", quote=quotes[0].pk, method="铲除重做")
        take(member, "publish", contact="王样 0812-0000001")
    with later(8):
        take(member, "vote")
        assert "629.49" in said(member, base + "approve/")
        counted = {
            "total_area": "629.49", "total_heads": 6, "part_area": "509.16", "part_heads": 5, "yes_area": "419.66", "yes_heads": 4,
            "reference": "表决公告1号",
        }  # fmt: skip
        assert "列支范围的" in take(member, "approve", 422, **counted | {"total_area": "700"}, file=pdf())
        take(member, "approve", **counted, file=pdf())
        take(manager, "apply", account="样1建筑 0000")
        assert "要写依据" in said(center, base + "release/")
        take(center, "release", amount="10000.00", basis="本地文件〔2027〕1号")
        take(manager, "build", contract_sum="18600.00", started_on="2027-03-18", file=pdf())
        take(member, "accept", accepted_on="2027-03-18", representatives=3, opinion="敲击无空鼓")
        take(center, "settle", amount="18600.00", auditor="样造价所", file=pdf())
        assert "差 0.01 元" in take(center, "allocate", 422, shares="\n".join(
            f"{door} {share}" for door, share in zip(map(str, world.doors), ("2644.53", "3555.48", "2644.52", "3555.48", "2644.52", "3555.48"), strict=True)
        ))  # fmt: skip
        take(center, "allocate")
        text = said(manager, base)
        assert "按未核定数值" in text and "最少报价家数" in text
        assert "分摊公示中" in text and "维修资金使用结果公示" in text
        sheet = whole(manager.get(f"/fund/repairs/{case.pk}/shares/", {"format": "csv"})).decode("utf-8-sig")
        assert "2644.52" in sheet and sheet.count("\n") >= 7
        paper = Document.objects.get(code="fund_result_notice")
        rows = paper.values["content"]["table"]["rows"]
        assert rows[0] == ["3栋-1-101", "89.50", "2644.52", "5000.00", "2644.52", "0.00", "2355.48"]
        assert manager.get(paper.get_absolute_url()).content[:4] == b"%PDF"
        assert browser("owner").get(f"{paper.get_absolute_url()}?as=word").content[:2] == b"PK"


def test_the_public_page_says_what_was_paid_without_a_door(world, client):
    world.fill(*[500_000] * 6)
    case, page = world.settled(), f"/estates/{world.project.estate.code}/"
    works.allocate(case, by=world["center"])
    text = client.get(page).content.decode()
    assert "维修资金用在哪里" in text and "18,600 元" in text and "3栋：6 户，629.49 ㎡，共分摊 18,600 元" in text
    assert "分摊公示中" in text and "3栋-1-101" not in text and "2,644.52" not in text
    Repair.objects.update(state="appraised")
    assert "维修资金用在哪里" not in client.get(page).content.decode()


def test_where_repairs_are_stuck(world, browser):
    planning.halt(world.planned(), by=world["manager"], stuck="dispute", why="两家争外墙归谁")
    world.repair(title="屋面漏水", part="roof")
    text = said(browser("office"), "/fund/stuck/")
    assert "卡住：有争议" in text and "两家争外墙归谁" in text and "屋面漏水" not in text.split("wx-list")[-1]
    assert "没办完的停在哪一步" in text and "近一年每一步用了几天" in text
    assert said(browser("office"), "/fund/stuck/", view="money").count("两家争外墙归谁") == 0
    assert [(one.state, one.count) for one in queries.halts(Repair.objects.all())] == [("已报告", 1), ("卡住了", 1)]


def test_halts_and_stays_are_counted(world):
    case = world.voting()
    took = queries.spans(Repair.objects.all(), today() - (DAY(2027, 3, 10) - DAY(2027, 3, 1)))
    assert took["published"] == (1, 8) and took["reported"] == (1, 0) and "voting" not in took
    assert case.waiting == 0


def receive(world, rows, by="center"):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return tabular.receive(out.getvalue().encode("utf-8-sig"), "余额.csv", "fund_accounts", by=world[by])


def line(world, number="101", entrance="1", building="3栋", put="8000.00", left="5000.00", on="2027-03-01", estate=""):
    return (estate or world.project.estate.code, building, entrance, number, put, left, on)


def test_a_sheet_of_balances_is_written_and_comes_out_as_it_went_in(world, browser):
    upload = receive(world, [line(world), line(world, "102", put="9626.40", left="0"), line(world, "101", "2")])
    assert upload.state == Upload.State.CHECKED and upload.flaw_count == 0
    tabular.apply(upload, by=world["center"])
    assert list(Account.objects.order_by("unit").values_list("deposited", "balance")) == [
        (800_000, 500_000),
        (962_640, 0),
        (800_000, 500_000),
    ]
    told = Message.objects.filter(title__contains="1 户的维修资金低于续交线")
    assert {one.person_key for one in told} == {
        world.people[name].key for name in ("manager", "admin", "member", "second")
    }
    sheet = whole(browser("office").get("/fund/accounts/", {"format": "csv"}))
    again = tabular.receive(sheet, "导出.csv", "fund_accounts", by=world["center"])
    assert again.flaw_count == 0
    before = list(Account.objects.order_by("pk").values())
    tabular.apply(again, by=world["center"])
    assert list(Account.objects.order_by("pk").values()) == before
    text = said(browser("member"), f"/fund/estates/{world.project.estate_id}/")
    assert "10,000 元" in text and "1 户余额低于首期交存的 30%" in text
    assert "低于续交线" in said(browser("office"), "/fund/accounts/", view="low")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"number": "109"}, "户室清册里没有 3栋-1-109"), ({"building": "9栋"}, "户室清册里没有"), ({"entrance": "7"}, "户室清册里没有"),
        ({"left": "-1"}, "余额"), ({"left": "1.234"}, "余额"), ({"on": "2027-03-11"}, "不能晚于今天"), ({"on": "2027-02-30"}, "2 月没有 30 日"),
        ({"estate": "X"}, "小区编码"), ({"put": ""}, "首期交存"), ({"number": "101"}, "重复"),
    ],
)  # fmt: skip
def test_a_wrong_unit_or_sum_is_named_in_its_cell_and_nothing_is_written(world, known, words):
    upload = receive(world, [line(world), line(world, **{"number": "102"} | known)])
    flaws = tabular.flaws_of(upload)
    assert flaws and any(words in f"{flaw.message}{flaw.group}" for flaw in flaws), [flaw.message for flaw in flaws]
    assert all(flaw.address for flaw in flaws)
    with pytest.raises(Problem, match="改完才能写入"):
        tabular.apply(upload, by=world["center"])
    assert not Account.objects.exists()


def test_a_sheet_from_before_the_last_draw_is_refused(world):
    world.fill(*[500_000] * 6)
    works.allocate(world.settled(), by=world["center"])
    flaws = tabular.flaws_of(receive(world, [line(world)]))
    assert [flaw.code for flaw in flaws] == ["range"] and "把花掉的钱算回来" in flaws[0].message
    assert receive(world, [line(world, on="2027-03-10")]).flaw_count == 0


def test_a_fund_centre_writes_its_own_area_only(world, actor):
    west = actor("西某", "maintenance_fund_center", place="510403")
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, line(world)])
    upload = tabular.receive(out.getvalue().encode("utf-8-sig"), "余额.csv", "fund_accounts", by=west)
    with pytest.raises(Problem, match="不在你管的地方"):
        tabular.apply(upload, by=west)
    assert not Account.objects.exists()


def test_who_may_import(world, browser):
    page = "/imports/fund_accounts/"
    assert [browser(name).get(page).status_code for name in ("center", "office", "manager", "city")] == [
        200,
        200,
        404,
        404,
    ]


@pytest.mark.parametrize("page", ["/fund/", "/fund/accounts/", "/fund/estates/", "/fund/stuck/"])
def test_a_list_asks_as_much_for_three_as_for_thirty(world, browser, page):
    office = browser("office")

    def grow(numbers):
        for n in numbers:
            estate = register.estate(f"多{n}里")
            project = register.project(estate, register.company(f"多{n}", 100 + n))
            account(register.unit(estate))
            Repair.objects.create(
                project=project, title=f"事{n}", part="roof", where="顶", words="漏", reported_by="t", state="stuck", stuck="money",
                place_code=estate.place_id, opened_at=now(), changed_at=now(),
            )  # fmt: skip

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(page).status_code == 200
        return len(asked)

    grow(range(3))
    office.get(page)
    few = count()
    grow(range(3, 30))
    assert count() == few


def test_strangers_may_not_report(world, enter):
    stranger = enter("外某", "owner", subject=world.project.estate.key)
    assert stranger.get("/fund/new/").status_code == 404


def test_what_was_answered_is_shown_and_the_next_act_is_the_main_one(world, browser):
    case, manager = world.appraised(), browser("manager")
    base = case.get_absolute_url()

    def main(person=manager):
        return re.search(r'id="steps-title">([^<]*)<', said(person, base)).group(1)

    assert main() == "认定谁出钱" and "已经认定为" not in said(manager, base + "classify/")
    reporting.classify(case, by=world["manager"], liable=True)
    assert main() == "转责任方维修"
    form = said(manager, base + "classify/")
    assert "已经认定为“谁损坏谁修" in form and re.search(r'name="liable"[^>]*checked', form)
    reporting.classify(case, by=world["manager"], danger="fall")
    assert main() == "划定列支范围" and "认定谁出钱</a>" in said(manager, base)
    world.scoped(case, "1")
    assert main() == "申请应急使用"
    form = said(manager, base + "scope/")
    ticked = re.findall(r'value="([^"]*)"[^>]*checked', form)
    assert ticked == [f"{world.building}/1", "home"]
    assert not Turn.objects.filter(case_pk=case.pk, step__in=["classify", "scope"]).exists()


def test_who_confirmed_an_emergency_is_named_and_no_more_asked(world, browser):
    case = world.asked()
    base, street = case.get_absolute_url(), browser("street")
    assert "轮到 街道、维修资金管理中心" in said(browser("owner"), base).replace("所在街道", "街道")
    emergency.witness(case, by=world["street"], words="砖已松动")
    text = said(street, base)
    assert "街道已确认；维修资金管理中心还没有确认" in text and "现在轮到 维修资金管理中心" in text
    assert set(Turn.objects.filter(case_pk=case.pk, step="witness").values_list("role", flat=True)) == {
        "maintenance_fund_center", "gov_community",
    }  # fmt: skip


def test_who_received_a_quote_reads_beforehand_that_somebody_else_opens_it(world, browser):
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    for number in (1, 2, 3):
        planning.receive_quote(
            case, by=world["member"], contractor=f"样{number}建筑", uscc=code(number), opens_at=now() + 2 * HOUR
        )
    base = case.get_absolute_url()
    with frozen(now() + 2 * HOUR):
        assert "由没有收过报价的业委会委员" in said(browser("member"), base)
        assert browser("member").get(base + "open_quotes/").status_code == 302
        assert "报价（元）" in said(browser("second"), base + "open_quotes/")
        with pytest.raises(Refusal, match="收报价的人不能自己拆封"):
            planning.open_quotes(case, by=world["member"], opened={})
