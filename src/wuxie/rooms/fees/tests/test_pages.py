"""A change of fee as it is done by hand on its pages, the page behind the number, and what lists cost."""

from __future__ import annotations

import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.papers.models import Attachment
from wuxie.rooms.fees.actions import publicity
from wuxie.rooms.fees.models import Adjustment, Question
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, PDF, code, found, hangs, later, shot, shown

pytestmark = pytest.mark.django_db


def pdf():
    return SimpleUploadedFile(PDF[0], PDF[1], "application/pdf")


def photo():
    return SimpleUploadedFile(shot()[0], shot()[1], "image/jpeg")


def said(browser, address, **query):
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_whole_way_by_hand(world, browser, client):
    manager, member, keys = browser("manager"), browser("member"), itertools.count(1)
    begun = {
        "project": world.project.pk, "last_changed_on": "2022-01-01", "min_years": 2, "clause": "第十二条", "reason": "人工涨了", "file": pdf(), "once": "k0",
    }  # fmt: skip
    assert "现行单价" in said(manager, "/fees/new/")
    answer = manager.post("/fees/new/", begun)
    case = Adjustment.objects.get()
    assert answer.status_code == 302 and case.current == 16_000, "the register's price"
    base = case.get_absolute_url()

    def take(who, step, status=302, **known):
        answer = who.post(f"{base}{step}/", known | {"once": f"k{next(keys)}"})
        assert answer.status_code == status, (step, answer.content.decode()[:4000])
        return answer.content.decode()

    assert "收费面积" in take(manager, "base", 422)
    take(manager, "base", area="78000", vacant="9000", rate="86", offset="90000", margin="0")
    assert "请放上文件" in take(manager, "cost", 422, year=2026, item="staff", amount="1")
    for year, item, amount in ((2026, "staff", "1360000"), (2026, "running", "500000"), (2024, "staff", "1000000")):
        take(manager, "cost", year=year, item=item, amount=amount, file=pdf())
    assert "已经登记过" in take(manager, "cost", 422, year=2026, item="staff", amount="1", file=pdf())
    text = said(manager, base)
    assert "2.1989 元/㎡·月" in text and "钱花在哪里" in text and "缺口从哪里来" in text and "+360,000 元" in text
    assert text.count("<details>") >= 2 and "点开一项看各年和凭证" in text, "items, each opened to its years"
    paper = case.costs.get(item="running").paper
    assert text.count(paper) == 1 and manager.get(Attachment(pk=paper).get_absolute_url()).status_code == 200, (
        "a voucher stands with its item alone"
    )
    assert "按未核定数值" in text and "调价方案公示" in text
    assert all("按未核定数值" in said(manager, page) for page in ("/fees/new/", f"{base}option/")), "and on the forms"
    assert "要高于现行单价" in take(manager, "option", 422, kind="a", price="1.60", words="涨")
    take(manager, "option", kind="a", price="2.00", words="标准不变")
    take(manager, "option", kind="c", price="1.60", subsidy="200000", words="停车收入补")
    take(manager, "promise", words="每单元每周拖地两次", measure="看记录")
    line = case.costs.get(item="running")
    others = {f"allowed_{one.pk}": f"{one.amount / 100:.2f}" for one in case.costs.exclude(pk=line.pk)}
    reviewed = {
        "reviewer": "例衡会计师事务所",
        "uscc": code(),
        "opinion": "核减备件",
        f"allowed_{line.pk}": "480000.00",
        **others,
    }
    assert "自己审自己" in take(member, "review", 422, **reviewed | {"uscc": world.project.company.uscc}, file=pdf())
    take(member, "review", **reviewed, file=pdf())
    assert "申报 500,000 元" in said(manager, base)
    take(manager, "show_costs")
    case.refresh_from_db()

    # Anybody with the number on the notice, without an account.
    assert client.post("/my-fee/", {"receipt": "7K2M-9QXD-4"}).status_code == 422
    found = client.post("/my-fee/", {"receipt": case.receipt.lower(), "what": "notice"})
    assert found.url == f"/my-fee/{case.receipt}/"
    text = said(client, found.url)
    assert "钱花在哪里" in text and "方案和每户每月" not in text, "the plan does not hang yet"
    assert "按未核定数值" in text and "调价方案公示" in text
    asked = client.post(f"{found.url}ask/", {"words": "电梯费包含在内吗", "once": "q1"})
    question = Question.objects.get()
    assert asked.url == f"/my-fee/answers/{question.receipt}/" and "还没有答复" in said(client, asked.url)
    assert client.post("/my-fee/", {"receipt": question.receipt, "what": "answer"}).url == asked.url

    with later(case.costs_until):
        take(manager, "publish")
        take(manager, "answer", question=question.pk, answer="包含在运行维护里")
        assert "包含在运行维护里" in said(client, asked.url)
        text = said(client, found.url, area="89.50")
        assert "179 元" in text and "+35.80 元" in text and "包含在运行维护里" in text
        assert "我家面积" in said(client, found.url, area="x")
    case.refresh_from_db()
    with later(case.plan_until):
        take(member, "hear", heard_on=today().isoformat(), people=40, words="问电梯")
        take(member, "vote", option=case.options.get(kind="a").pk)
        assert "不在公示期" in client.post(f"{found.url}ask/", {"words": "现在还能问吗", "once": "q2"}).content.decode()
        counted = {
            "total_area": "299.33",
            "total_heads": 3,
            "part_area": "209.83",
            "part_heads": 2,
            "yes_area": "209.83",
            "yes_heads": 2,
        }
        assert "不能多于" in take(member, "approve", 422, **counted | {"yes_heads": 3}, reference="公告1号", file=pdf())
        take(member, "approve", **counted, reference="公告1号", file=pdf())
    case.refresh_from_db()
    with later(case.result_until):
        take(member, "sign", signed_on=today().isoformat(), file=pdf())
        assert "已签补充协议" in said(browser("owner"), base)


def test_the_steps_after_it_holds(world, browser):
    case, keys = world.effective(), itertools.count(1)
    promise, base = case.promises.first(), case.get_absolute_url()
    with frozen(DAY(2027, 7, 5)):
        for who, step, known in (
            ("manager", "did", {"promise": promise.pk, "file": photo()}), ("member", "check", {"promise": promise.pk, "kept": "no", "words": "没拖"}),
            ("member", "fail", {"note": "没拖"}),
        ):  # fmt: skip
            assert browser(who).post(f"{base}{step}/", known | {"once": f"k{next(keys)}"}).status_code == 302
        text = said(browser("owner"), base)
    assert "承诺没兑现，限期改" in text and "没拖" in text and "报告兑现" in text


def test_a_disclosure_is_hung_and_confirmed_on_its_page(world, browser):
    row = hangs(world.project)
    page = f"/fees/disclosures/{row.pk}/"
    assert "待公示" in said(browser("owner"), page) and "登记公示" in said(browser("manager"), page)
    assert browser("manager").post(page, {"once": "a"}).status_code == 422
    assert browser("owner").post(page, {"once": "b"}).status_code == 404
    assert browser("manager").post(page, {"file": photo(), "once": "c"}).status_code == 302
    assert browser("member").post(page, {"once": "d"}).status_code == 302
    assert "按期，已核实" in said(browser("owner"), page)


def test_a_finding_is_entered_by_an_authority(world, browser):
    assert browser("office").get("/fees/findings/new/").status_code == 404
    given = {
        "project": world.project.pk,
        "kind": "fee.unlawful_increase",
        "number": "文1号",
        "found_on": "2027-03-01",
        "words": "没有表决就涨",
        "once": "a",
    }
    assert "请放上文件" in browser("district").post("/fees/findings/new/", given).content.decode()
    assert browser("district").post("/fees/findings/new/", given | {"file": pdf()}).status_code == 302
    assert "文1号" in said(browser("office"), "/fees/findings/")


@pytest.mark.parametrize(
    ("page", "who"), [("/fees/", "city"), ("/fees/disclosures/", "office"), ("/fees/findings/", "office")]
)
def test_a_list_asks_as_much_for_three_as_for_thirty(world, browser, page, who):
    reader = browser(who)

    def grow(numbers):
        for n in numbers:
            project = register.project(register.estate(f"多{n}里"), register.company(f"多{n}", 100 + n))
            shown(project)
            hangs(project)
            found(project)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(page).status_code == 200
        return len(asked)

    grow(range(3))
    reader.get(page)
    few = count()
    grow(range(3, 30))
    assert count() == few


def test_a_long_case_asks_as_much_as_a_short_one(world, browser):
    case = world.published()
    reader = browser("member")

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(case.get_absolute_url()).status_code == 200
        return len(asked)

    publicity.question(case, words="第一个")
    reader.get(case.get_absolute_url())
    few = count()
    for n in range(20):
        publicity.question(case, words=f"第 {n} 个")
        case.promises.create(words=f"承诺{n}", measure="看")
    assert count() == few
