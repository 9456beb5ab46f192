"""An assembly of members: who came, who stands aside, a vote that counted them is refused, what was carried is followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
CASE = re.compile(r"/association/meetings/\d+/$")
RESOLUTION = re.compile(r"/association/resolutions/\d+/$")


def send(page: Any) -> None:
    page.locator("main button.btn-primary[type=submit]").last.click()


def take(page: Any, case: str, step: str, **given: str) -> None:
    """Open a step of the meeting, fill it in and send it; back on the page of the meeting it is done."""
    page.goto(f"{case}{step}/")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    send(page)
    page.wait_for_url(CASE)


def test_an_assembly_with_a_recusal(visit: Callable[..., Any]) -> None:
    office, company, president = visit("mishuchu"), visit("qiye"), visit("huizhang")

    # The member was called, sees the agenda and stands aside on one item of its own accord; on the other it is concerned.
    company.goto("/association/meetings/?view=coming")
    company.get_by_role("link", name="第二次会员大会").first.click()
    company.wait_for_url(CASE)
    case = company.url
    take(company, case, "recuse", item="明年工作计划", reason="计划里的合同由我单位承做")

    # Everybody is ticked from the sheet of signatures; before that nobody can open the meeting.
    office.goto(case)
    office.get_by_text("先登记到会，人不够就改期").first.wait_for()
    office.goto(f"{case}check_in/")
    for box in office.locator("[name=present]").all():
        box.check()
    send(office)
    office.wait_for_url(CASE)
    take(office, case, "open")

    # The vote on the item that concerns the company: counting it is refused with the rule, and nothing is written.
    office.locator("li", has_text="2. 推荐示范企业").get_by_role("link", name="登记表决").click()
    office.locator(".wx-field", has_text="有利害关系").locator("select").select_option("yes")
    send(office)
    office.get_by_text("应当回避：不算应到、不计票").first.wait_for()
    office.goto(case)
    assert "未表决" in office.locator("li", has_text="2. 推荐示范企业").inner_text()
    for item in ("2. 推荐示范企业", "1. 明年工作计划"):
        office.locator("li", has_text=item).get_by_role("link", name="登记表决").click()
        send(office)
        office.wait_for_url(CASE)
        assert "通过" in office.locator("li", has_text=item).inner_text()

    # Minutes; what was carried is followed, and the member reads it all.
    take(office, case, "close")
    take(office, case, "record", minutes="两个议题都通过，回避的没有计票。")
    company.goto(case)
    text = company.locator("main").inner_text()
    assert "已出纪要" in text and "会议纪要" in text and "回避" in text
    company.get_by_role("link", name="推荐示范企业").first.click()
    company.wait_for_url(RESOLUTION)
    assert "办理中" in company.locator("main").inner_text()

    # The office reports what was done; it cannot confirm that itself, the president can.
    office.goto(company.url + "report/")
    office.fill("[name=outcome]", "名单已报市住建局")
    send(office)
    office.wait_for_url(RESOLUTION)
    assert "不是办理人" in office.locator("main").inner_text()
    president.goto(office.url + "confirm/")
    send(president)
    president.wait_for_url(RESOLUTION)
    assert "已落实" in president.locator("main").inner_text()
