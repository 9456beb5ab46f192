"""A lift past its day, dangerous work under a permit, an accident that is learnt from: at a desk and on a phone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .steps import PATIENCE, choose, shown_when, step, take
from .test_pages import axe, look
from .test_phone import picture

__all__ = ["PATIENCE"]
pytestmark = pytest.mark.browser
PDF = {
    "name": "报告.pdf", "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}  # fmt: skip
AGENCY = {"agency": "演示特种设备检验中心（虚构）", "licence": "TS-演-0001"}
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


def today() -> datetime.date:
    return datetime.datetime.now(datetime.timezone(8 * HOUR)).date()


def score_of(page: Any, project: str, indicator: str) -> str:
    """One line of the project's live score."""
    page.goto(f"/rating/projects/{project}/score/")
    return " ".join(str(page.locator(f"#{indicator}").text_content()).split())


def test_a_lift_past_its_day_stands_still_until_its_report_says_that_it_passed(visit: Callable[..., Any]) -> None:
    company, phone = visit("qiye"), visit("qiye", viewport=PHONE)
    company.goto("/inspections/projects/?view=late")
    href = company.locator("main tbody a[href^='/inspections/projects/']").first.get_attribute("href")
    project = href.rstrip("/").rpartition("/")[2]
    before = score_of(company, project, "D3")
    company.goto("/inspections/cases/?view=late&q=电梯定期检验")
    company.locator("main tbody tr", has_text="电梯定期检验").first.locator("a").first.click()
    company.wait_for_url("**/inspections/cases/*/")
    case = company.url
    assert "禁止使用" in company.locator("main").inner_text()
    look(company, case)
    axe(company, case)
    notice = company.locator("main .wx-rows a[href^='/papers/']").first
    assert notice.count()
    company.get_by_role("link", name="看这台设备").click()
    company.wait_for_url("**/inspections/assets/*/")
    lift = company.url
    assert "禁止使用" in company.locator("main").inner_text()

    # On the phone: booked for today, looked at, and the report with its number.
    phone.goto(case)
    step(phone, "预约", **AGENCY, price="880", visit_on=today().isoformat())
    assert "已预约" in phone.locator("main").inner_text()
    step(phone, "登记已检", inspected_on=today().isoformat())
    choose(phone, "登记合格报告")
    phone.fill("[name=report_number]", "无")
    phone.set_input_files("[name=file]", PDF)
    phone.locator("main form button.btn-primary[type=submit]").first.click()
    phone.get_by_text("不像报告编号").first.wait_for()
    phone.faults.clear()  # the refusal itself is an answer that the console remarks on
    phone.fill("[name=report_number]", f"演检{today().year}-9001")
    phone.set_input_files("[name=file]", PDF)
    take(phone, "登记合格报告")
    assert "合格" in phone.locator("main").inner_text() and "禁止使用" not in phone.locator("main").inner_text()
    company.goto(lift)
    assert not company.locator("main .wx-says", has_text="禁止使用").count()

    # The ledger has it, and the star of the project counts it.
    company.goto(f"/ledger/?q=project:{project}&f_kind=inspection.valid")
    assert company.locator("main a[href^='/ledger/facts/']").count()
    assert score_of(company, project, "D3") != before
    assert company.faults == [] and phone.faults == []


def test_work_at_height_begins_only_when_the_measures_are_there_and_somebody_else_says_yes(
    visit: Callable[..., Any],
) -> None:
    manager, phone = visit("xiangmu"), visit("qiye", viewport=PHONE)
    now = datetime.datetime.now(datetime.timezone(8 * HOUR))
    phone.goto("/safety/projects/1/permits/new/")
    phone.check("input[name=kind][value=height]")
    for name, value in {
        "work": "换屋面灯", "place": "7 栋屋面", "starts_at": f"{now - HOUR:%Y-%m-%dT%H:%M}", "ends_at": f"{now + 6 * HOUR:%Y-%m-%dT%H:%M}",
        "worker_name": "样工甲", "worker_phone": "13900009001", "contractor": "例安设备安装公司（虚构）", "certificate": "T510400990",
        "certificate_until": (today() + 300 * DAY).isoformat(),
    }.items():  # fmt: skip
        phone.fill(f"[name={name}]", value)
    phone.select_option("[name=guardian]", index=2)
    phone.locator("main form button.btn-primary[type=submit]").first.click()
    phone.wait_for_url(re.compile(r"/safety/permits/\d+/$"))
    case = phone.url
    assert "13900009001" not in phone.content() and "样工甲" not in phone.content()

    # Nobody approves what was not looked at.
    manager.goto(case)
    assert not manager.locator("main a.btn", has_text="批准作业").count()
    choose(phone, "逐条确认措施")
    for box in phone.locator("input[name=measures]").all():
        box.check()
    phone.set_input_files("input[name=photo]", picture(21))
    take(phone, "逐条确认措施")
    manager.goto(case)
    step(manager, "批准作业")
    phone.goto(case)
    step(phone, "开工")
    assert "作业中" in phone.locator("main").inner_text() or "已开工" in phone.locator("main").inner_text()
    step(phone, "报完工")
    look(phone, case)
    axe(phone, case)

    # To the end: one looks at the place and leaves a photo, another closes it, and the slip is printed.
    manager.goto(case)
    choose(manager, "现场复查")
    manager.set_input_files("input[name=photo]", picture(22))
    manager.fill("[name=note]", "人和工具都撤了，洞口盖好。")
    take(manager, "现场复查")
    assert not manager.locator("main a.btn", has_text="办结").count()
    phone.goto(case)
    step(phone, "办结")
    text = shown_when(phone, case, "完工清场单")
    assert "已办结" in text
    look(phone, case)
    assert manager.faults == [] and phone.faults == []


def test_hot_work_is_watched_after_its_end_before_anybody_closes_it(visit: Callable[..., Any]) -> None:
    company = visit("qiye")
    company.goto("/safety/permits/?q=焊接围栏")
    company.locator("main tbody tr a", has_text="焊接围栏").first.click()
    company.wait_for_url(re.compile(r"/safety/permits/\d+/$"))
    assert "看守到" in company.locator("main").inner_text()
    step(company, "办结")
    text = company.locator("main").inner_text()
    assert "已办结" in text and "看守到" not in text
    assert company.faults == []


def test_an_accident_is_told_within_the_hour_looked_into_and_learnt_from(visit: Callable[..., Any]) -> None:
    manager, company = visit("xiangmu", viewport=PHONE), visit("qiye")
    moment = datetime.datetime.now(datetime.timezone(8 * HOUR)) - HOUR / 6
    manager.goto("/safety/incidents/new/")
    manager.select_option("[name=kind]", "fall")
    for name, value in {
        "place": "南门台阶",
        "words": "雨后湿滑，有人摔伤，已送医。",
        "happened_at": f"{moment:%Y-%m-%dT%H:%M}",
    }.items():
        manager.fill(f"[name={name}]", value)
    manager.locator("main form button.btn-primary[type=submit]").first.click()
    manager.wait_for_url(re.compile(r"/safety/incidents/\d+/$"))
    case = manager.url
    company.goto(case)
    step(company, "定级", deaths="0", injured="0", slight="1", loss="3000")
    assert "一般事故" in company.locator("main").inner_text()
    step(company, "报主管部门", text="送医、围挡、撒防滑砂。", receipt="演示应急〔2026〕11号")
    choose(manager, "登记现场保护") if manager.goto(case) else None
    manager.set_input_files("input[name=photo]", picture(31))
    manager.fill("[name=words]", "拉警戒带，保留水迹。")
    take(manager, "登记现场保护")
    company.goto(case)
    step(company, "开始调查")
    choose(company, "查明原因、定整改")
    company.fill("[name=cause]", "台阶没有防滑条；雨天没有巡查。")
    company.fill("[name=measures]", "装防滑条，雨天加一次巡查。")
    company.select_option("[name=mender]", index=1)
    company.fill("[name=due_on]", (today() + 5 * DAY).isoformat())
    take(company, "查明原因、定整改")
    text = shown_when(company, case, "修订")
    assert "事故快报" in text and "调查报告" in text
    look(company, case)
    axe(company, case)
    assert manager.faults == [] and company.faults == []


def test_what_people_look_at_is_read_at_a_desk_and_on_a_phone(visit: Callable[..., Any]) -> None:
    for viewport in ({"width": 1280, "height": 900}, PHONE):
        page = visit("qiye", viewport=viewport)
        page.goto("/safety/principal/")
        principal = page.url
        for path in (
            "/safety/figures/",
            "/safety/projects/1/figures/",
            f"{principal}standard/",
            "/inspections/projects/",
        ):
            look(page, path)
            axe(page, path)
            if path.endswith("/1/figures/"):
                newest = page.locator(".wx-heat tbody td[title]").last.bounding_box()
                assert newest is not None and newest["x"] + newest["width"] <= viewport["width"], (
                    "opens at the newest week"
                )
        page.locator("main a.btn", has_text="全公司年检日历").first.click()
        page.wait_for_url("**/inspections/companies/*/")
        look(page, page.url)
        axe(page, page.url)


def test_a_sheet_of_five_thousand_with_wrong_dates_is_said_in_words_and_nothing_is_lost(
    visit: Callable[..., Any],
) -> None:
    office = visit("qiye")
    office.goto("/register/estates/")
    code = re.search(r"\b(XQ\d{5})\b", office.locator("main").inner_text())
    assert code is not None
    rows = [
        f"{code.group(1)},电梯,试{n:05d},3 栋,1,{'2021-02-29' if n % 1000 == 7 else '2020-06-18'}" for n in range(5000)
    ]
    sheet = "\n".join(["小区编码,设备类别,设备编号,位置,数量,基准日", *rows]).encode("utf-8-sig")
    office.goto("/imports/assets/")
    office.set_input_files("input[type=file]", {"name": "设备.csv", "mimeType": "text/csv", "buffer": sheet})
    office.locator("main form button.btn-primary[type=submit]").first.click()
    office.wait_for_url("**/imports/upload/**")
    text = shown_when(office, office.url, "2021 年 2 月没有 29 日")
    assert "5,000" in text or "5000" in text
    assert not office.locator("main button:enabled", has_text="写入").count()
    office.goto("/inspections/assets/?q=试00007")
    assert "试00007" not in office.locator("main tbody").all_inner_texts()
    assert office.faults == []
