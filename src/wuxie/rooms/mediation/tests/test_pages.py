"""The pages: who sees what, the way in a browser's hands, the hotline's sheet, the public form with its receipt."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.tabular.models import Upload
from wuxie.rooms.mediation.actions import intake
from wuxie.rooms.mediation.models import Dispute, Voice
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, company

pytestmark = pytest.mark.django_db
HEAD = ("工单号", "来电时间", "小区", "物业公司", "标题", "诉求内容", "来电人", "联系电话", "是否保密")


def pdf(name="文件.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def take(browser, case, step, **given):
    answer = browser.post(f"{case.get_absolute_url()}{step}/", given)
    assert answer.status_code == 302, (step, answer.context["form"].errors if answer.context else answer.status_code)
    case.refresh_from_db()


@pytest.mark.parametrize("step", ["reject", "transfer"])
def test_a_reason_is_chosen_and_never_taken_from_the_top_of_the_list(world, browser, step):
    case = world.registered()
    address = f"{case.get_absolute_url()}{step}/"
    assert browser("office").get(address).context["form"]["referral"].value() is None
    answer = browser("office").post(address, {"referral": "", "words": "归别处"})
    assert answer.status_code == 422 and "请选一个理由" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "registered"


def test_who_sees_a_dispute(world, browser, enter):
    case = world.registered()
    page = case.get_absolute_url()
    for name in ("admin", "contact", "manager", "community", "street", "district", "city", "office", "president"):
        assert browser(name).get(page).status_code == 200, name
        assert case.title in browser(name).get("/mediation/").content.decode()
    for name in ("owner", "mediator"):
        assert browser(name).get(page).status_code == 404, name
    near = register.project(register.estate("邻里", "510402001002"), company("乙物业"))
    for role, seat in (
        ("company_admin", {"organisation": near.company}), ("project_manager", {"subject": near.key}), ("gov_community", {"place": "510402001002"}),
    ):  # fmt: skip
        stranger = enter("外某", role, **seat)
        assert stranger.get(page).status_code == 404, role
        assert case.title not in stranger.get("/mediation/").content.decode()
    assert "天花板" not in browser("admin").get(page).content.decode(), (
        "what was told is read by the office and who mediates"
    )
    assert "天花板" in browser("office").get(page).content.decode()


def test_the_whole_way_in_a_browser(world, browser):
    office, company_side, mediator = browser("office"), browser("manager"), browser("mediator")
    answer = office.post("/mediation/new/", {
        "estate": world.project.estate_id, "channel": "letter", "title": "3 栋漏水没人修", "words": "楼上卫生间漏水到我家天花板", "name": "黎写信",
        "people": 1, "letter": pdf("来信.pdf"),
    })  # fmt: skip
    assert answer.status_code == 302
    case = Dispute.objects.get()
    page = office.get(case.get_absolute_url()).content.decode()
    assert "黎**" in page and "黎写信" not in page and case.voices.get().receipt in page
    form = office.get(f"{case.get_absolute_url()}classify/").context["form"]
    assert form.initial["category"] == "M5.01"
    take(office, case, "classify", title="3 栋漏水没人修", category="M5.01", summary="卫生间漏水，要求修好", people=1)
    take(company_side, case, "reply", words="明天派人")
    take(office, case, "accept")
    take(office, case, "assign", mediator=world.experts["mediator"].pk)
    take(office, case, "party", side="applicant", voice=case.voices.get().pk, authority="self")
    take(company_side, case, "evidence", file=pdf(), note="报修单")
    take(office, case, "party", side="respondent", authority="settle", representative="何经理", file=pdf())
    take(mediator, case, "investigate")
    take(
        mediator,
        case,
        "survey",
        at="2027-03-10T00:00",
        place="3 栋",
        present="双方、社区",
        minutes="主卧漏",
        file=pdf(),
    )
    take(mediator, case, "invite", at="2027-03-16T09:00", place="社区会议室")
    with frozen(DAY(2027, 3, 16)):
        take(mediator, case, "hold", present="双方", minutes="谈拢了")
        answer = mediator.post(f"{case.get_absolute_url()}clause/", {"debtor": "respondent", "what": "修好漏水"})
        assert answer.status_code == 422 and "没有日期的条款" in answer.content.decode()
        take(mediator, case, "clause", debtor="respondent", what="修好漏水", due_on="2027-03-20")
        take(mediator, case, "clause", debtor="respondent", what="赔一千二", amount="1200", due_on="2027-03-25")
        take(mediator, case, "strike", clause=case.clauses.first().pk)
        take(mediator, case, "clause", debtor="respondent", what="修好并刷白", due_on="2027-03-20")
        take(
            mediator, case, "settle", result="settled", undisputed="漏水属实", basis="合同第8条", default="", file=pdf()
        )
    with frozen(DAY(2027, 3, 19)):
        for clause in case.clauses.order_by("due_on"):
            take(office, case, "keep", clause=clause.pk, performed_on="2027-03-18", proof="收条")
    assert case.state == "performed"
    page = office.get(case.get_absolute_url()).content.decode()
    assert "和解协议书" in page and "1,200 元" in page and "打印笔录" in page
    assert Fact.objects.filter(kind="mediation.agreement_performed").count() == 1


def test_every_form_opens(world, browser):
    case = world.at_table()
    for name, steps in {
        "mediator": "survey invite clause fail suspend extend party absent evidence withdraw", "admin": "refuse evidence", "office": "judge",
        "district": "group",
    }.items():  # fmt: skip
        for step in steps.split():
            assert browser(name).get(f"{case.get_absolute_url()}{step}/").status_code == 200, (name, step)


def receive(world, rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return tabular.receive(out.getvalue().encode("utf-8-sig"), "热线.csv", "hotline", by=world["office"])


def line(world, number, **known):
    given = {
        "reference": f"GD{number}", "day": "2027-03-09", "estate": world.project.estate.code, "company": "", "title": "电梯停用",
        "words": "电梯坏了两周", "name": "来电人", "phone": "13600001111", "hidden": "否",
    } | known  # fmt: skip
    return list(given.values())


def test_a_hotline_s_sheet_with_broken_rows_loses_nothing(world):
    broken = {
        3: ({"estate": "没有这里"}, "小区"), 9: ({"day": "2027-03-11"}, "不能晚于今天"), 15: ({"title": ""}, "事项"), 21: ({"day": "昨天"}, "收到日"),
        27: ({"company": "别家物业"}, "不是写的这一家"), 33: ({"hidden": "也许"}, "是否保密"), 39: ({"hidden": "是", "title": "来电人家漏水"}, "反映人要保密"),
        45: ({"reference": "GD1"}, "重复"), 51: ({"day": "2020-01-01"}, "没有登记的物业企业"),
    }  # fmt: skip
    company("别家物业")
    upload = receive(world, [line(world, n, **broken.get(n, ({}, ""))[0]) for n in range(60)])
    flaws = tabular.flaws_of(upload)
    assert {flaw.row for flaw in flaws} == {n + 2 for n in broken}
    for n, (_known, words) in broken.items():
        assert any(words in flaw.message or words in flaw.group for flaw in flaws if flaw.row == n + 2), n
    with pytest.raises(Problem):
        tabular.apply(upload, by=world["office"])
    assert not Dispute.objects.exists()


def test_a_good_sheet_is_written_once_and_asks_few_questions(world, browser):
    with CaptureQueriesContext(connection) as few:
        tabular.apply(receive(world, [line(world, n) for n in range(3)]), by=world["office"])
    upload = receive(world, [line(world, 100 + n, hidden="是" if n else "否") for n in range(40)])
    assert upload.state == Upload.State.CHECKED and upload.flaw_count == 0
    with CaptureQueriesContext(connection) as many:
        tabular.apply(upload, by=world["office"])
    assert (
        Dispute.objects.count() == Voice.objects.count() == 43 == Fact.objects.filter(kind="petition.received").count()
    )
    assert len(many) <= len(few) + 5
    assert (
        Voice.objects.filter(hidden=True).count() == 39
        and len(set(Voice.objects.values_list("receipt", flat=True))) == 43
    )
    assert Dispute.objects.latest("pk").suggested[0] in ("M1.06", "M13.04")
    told = Message.objects.filter(person_key=world.people["manager"].key, title__contains="热线转来 40 件")
    assert told.count() == 1, "the company is told once a sheet, not once a row"
    number = Dispute.objects.latest("pk").number
    (found,) = browser("office").get("/mediation/", {"q": number}).context["shown"].lines
    assert "电梯停用" in found.html
    again = receive(world, [line(world, 100)])
    assert [flaw.code for flaw in tabular.flaws_of(again)] == ["duplicate"]


def test_a_stranger_tells_follows_and_answers(world, client, browser):
    estate = world.project.estate
    page = f"/estates/{estate.code}/dispute/"
    assert "不公开我是谁" in client.get(page).content.decode()
    given = {
        "title": "顶楼漏水",
        "words": "漏了三个月没人修",
        "name": "路过某",
        "contact": "13712345678",
        "hidden": "on",
        "website": "",
    }
    assert client.post(page, given | {"website": "x"}).status_code == 422
    answer = client.post(page, given)
    assert answer.status_code == 302
    told = Voice.objects.get()
    assert (told.channel, told.hidden, told.name, told.taken_by) == ("online", True, "路过某", "visitor")
    receipt = client.get(answer.headers["Location"])
    text = receipt.content.decode()
    assert (
        told.receipt in text
        and "已收到" in text
        and "路过" not in text
        and "noindex" in receipt.headers["X-Robots-Tag"]
    )
    assert client.get("/disputes/7K2M-9QXD-4/").status_code == 404
    assert client.post("/disputes/", {"receipt": told.receipt}).status_code == 302
    browser("office").post(f"/mediation/voices/{told.pk}/question/", {"question": "哪一栋？"})
    assert "哪一栋？" in client.get(f"/disputes/{told.receipt}/").content.decode()
    client.post(f"/disputes/{told.receipt}/answer/", {"words": "五栋"})
    told.refresh_from_db()
    assert told.answer == "五栋" and Message.objects.filter(title__contains="反映人回话了").exists()
    browser("office").post(f"/mediation/voices/{told.pk}/answer/", {"words": "已请物业三日内修"})
    assert "已请物业三日内修" in client.get(f"/disputes/{told.receipt}/").content.decode()


def test_a_receipt_of_what_was_joined_shows_where_it_stands(world, client):
    case, again = world.assigned(), world.registered()
    told = again.voices.get()
    intake.merge(again, by=world["office"], into=case)
    assert "调解员已接手" in client.get(f"/disputes/{told.receipt}/").content.decode()


def test_an_estate_that_nobody_serves_says_where_to_go(world, client):
    alone = register.estate("无人里", "510402001002")
    answer = client.post(f"/estates/{alone.code}/dispute/", {"title": "漏水", "words": "漏了三个月", "website": ""})
    assert answer.status_code == 422 and "没有登记的物业企业" in answer.content.decode()
    assert not Dispute.objects.exists() and today()


def test_the_list_asks_as_often_for_many_as_for_few(world, browser):
    office = browser("office")
    for n in range(2):
        world.registered(title=f"{n} 栋")
    office.get("/mediation/")
    with CaptureQueriesContext(connection) as few:
        office.get("/mediation/")
    for n in range(10):
        world.registered(title=f"{n} 座")
    with CaptureQueriesContext(connection) as many:
        office.get("/mediation/")
    assert len(many) == len(few)


def test_a_sitting_that_was_never_held_is_said_so_once_the_matter_is_settled(world, browser):
    case = world.at_table()
    case.sittings.update(held_at=None)
    page = case.get_absolute_url()
    assert "已通知" in browser("mediator").get(page).content.decode()
    Dispute.objects.filter(pk=case.pk).update(state=Dispute.State.PERFORMING)
    text = browser("mediator").get(page).content.decode()
    assert "没有开" in text and "已通知" not in text
