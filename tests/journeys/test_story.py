"""A year's work becomes a star, someone objects, the score is corrected, the benefit is delivered, the plaque verifies."""

from __future__ import annotations

import datetime
import re

import pytest

from .conftest import PHONE

pytestmark = pytest.mark.browser
DAY = datetime.timedelta(days=1)


def first_notice_without_objection(page) -> str:
    """The address of a notice that nobody has objected to yet, not the first (which the demo objects to)."""
    page.goto("/notices/")
    links = page.locator("main a[href^='/notices/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    numbers = [link for link in dict.fromkeys(links) if re.fullmatch(r"/notices/[^/]+/", link)]
    return numbers[3]


def take(page, words: str) -> None:
    """Press the button of a step's form."""
    page.locator("main form button.btn-primary[type=submit]", has_text=words).first.click()
    page.wait_for_load_state()


def test_a_star_from_objection_to_plaque(visit, served):
    # A visitor on a phone objects to a published star and gets a receipt.
    visitor = visit(viewport=PHONE)
    notice = first_notice_without_objection(visitor)
    number = notice.split("/")[2]
    visitor.goto(f"{notice}objection/")
    visitor.fill("textarea[name=text]", "地下车库的消防门坏了三个月，台账上却写着当月已经整改完毕。")
    visitor.fill("input[name=contact]", "10000000009")
    visitor.check("input[name=true]")
    visitor.locator("main form button[type=submit]").last.click()
    visitor.wait_for_url("**/objections/**")
    receipt = visitor.url.rstrip("/").split("/")[-1]
    assert receipt in visitor.content()

    # The secretariat finds it on the desk, looks up the fact, and upholds it with a correction.
    office = visit("mishuchu")
    office.goto(f"/rating/?q={number}")
    office.locator("main tbody a").first.click()
    office.wait_for_url("**/rating/applications/**")
    case = office.url
    before = office.locator(".wx-rail").inner_text()
    subject = office.locator("a[href^='/rating/projects/']").first.get_attribute("href")
    project = re.search(r"/projects/(\d+)/", subject or "").group(1) if subject else ""
    assert project, "the case page leads to the score"
    office.goto(f"/ledger/?f_kind=safety.hazard_closed_on_time&q=project:{project}")
    fact = office.locator("main a[href^='/ledger/facts/']").first.get_attribute("href").rstrip("/").split("/")[-1]
    office.goto("/rating/objections/")
    office.get_by_role("link", name=re.compile(receipt)).first.click()
    office.wait_for_url("**/rating/objections/*/")
    assert "10000000009" not in office.content()
    office.get_by_role("link", name=re.compile("认定异议成立")).first.click()
    office.fill("textarea[name=reply]", "现场核实消防门未修复，当月一条闭环记录撤销。")
    office.fill("input[name=fact1]", fact)
    take(office, "认定异议成立")
    office.goto(case)
    assert office.locator(".wx-rail").inner_text() != before

    # Whoever holds the receipt reads the answer; nobody's name is on it.
    visitor.goto(f"/objections/{receipt}/")
    assert "现场核实消防门未修复" in visitor.content()
    assert "10000000009" not in visitor.content()

    # Three weeks later the publicity is over; the authority confirms the star.
    served.start(datetime.date.today() + 21 * DAY)
    authority = visit("zhujian")
    authority.goto(case)
    authority.get_by_role("link", name=re.compile("^授星")).first.click()
    authority.fill("input[name=decision]", "演示住建〔公示〕88号")
    take(authority, "授星")
    assert "已授星" in authority.content()

    # The plaque verifies at once, by its number, on a phone.
    visitor.goto(notice)
    visitor.goto(visitor.locator("main a[href^='/estates/XQ']").last.get_attribute("href"))
    plaque = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", visitor.locator("main").inner_text()).group(0)
    visitor.goto(f"/verify/?number={plaque}")
    assert "真牌" in visitor.locator("body").inner_text()
    assert "no-store" in visitor.request.get(f"/verify/?number={plaque}").headers["cache-control"]

    # A benefit is an obligation: planned and delivered, with its proof, by whoever owes it.
    authority.goto(f"/rating/benefits/?q={plaque}")
    authority.locator("main tbody a", has_text="信用加分").first.click()
    authority.wait_for_url("**/rating/benefits/*/")
    authority.get_by_role("link", name=re.compile("安排兑现")).first.click()
    authority.fill("input[name=day]", (datetime.date.today() + 25 * DAY).isoformat())
    take(authority, "安排兑现")
    authority.get_by_role("link", name=re.compile("登记已兑现")).first.click()
    authority.fill("input[name=proof]", "信用流水 2026-0088")
    take(authority, "登记已兑现")
    assert "已兑现待确认" in authority.locator("main").inner_text()

    # A number that nobody was given is no plaque.
    visitor.goto("/verify/?number=0000-0000-0")
    assert "真牌" not in visitor.locator("body").inner_text()
    served.start()
