"""A tile falls: guarded from a phone, confirmed on site, built, accepted, audited, and every door's share published."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from .conftest import PHONE

pytestmark = pytest.mark.browser
PDF = {"name": "文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


def photo() -> dict[str, Any]:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "#4a5a6a").save(made, "JPEG")
    return {"name": "围护.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def take(page: Any, case: str, step: str, **given: Any) -> None:
    """Open a step of the case, fill it in and send it; back on the page of the case it is done."""
    page.goto(f"{case}{step}/")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.first.get_attribute("type") == "checkbox":
            page.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)
    page.locator("button.btn-primary[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/fund/repairs/\d+/$"))


def test_a_facade_from_the_falling_tile_to_the_published_shares(visit: Callable[..., Any]) -> None:
    manager, community, committee, street, center = (
        visit("xiangmu", viewport=PHONE),
        visit("shequ"),
        visit("yeweihui"),
        visit("jiedao"),
        visit("zijin"),
    )

    # On the phone: reported, then guarded with a photo; a paper is no photo.
    manager.goto("/fund/new/")
    for name, value in (("title", "2 栋西面掉砖"), ("where", "2 栋西面 3 层"), ("words", "掉了两块砖")):
        manager.fill(f"[name={name}]", value)
    manager.check("[name=is_dangerous]")
    manager.locator("main button.btn-primary[type=submit]").click()
    manager.wait_for_url(re.compile(r"/fund/repairs/\d+/$"))
    case = manager.url
    manager.goto(f"{case}guard/")
    assert manager.locator("body.wx-fieldwork").count() == 1
    manager.set_input_files("[name=photo]", PDF)
    manager.locator("button.btn-primary[type=submit]").last.click()
    manager.get_by_text("只收照片").first.wait_for()
    take(manager, case, "guard", photo=photo())
    take(community, case, "check_guard", note="看过")

    # Surveyed, an emergency, confirmed by street and fund centre.
    take(manager, case, "appraise", appraiser="例固检测", findings="空鼓", file=PDF)
    take(manager, case, "classify", danger="fall")
    take(manager, case, "ask", estimate="12000")
    take(street, case, "witness", words="松动")
    take(center, case, "witness", words="属实")
    assert "应急已确认" in center.locator("main").inner_text()

    # Built, accepted by the committee with owners, audited, shared out to the cent.
    today = manager.evaluate("new Date().toLocaleDateString('sv-SE', {timeZone: 'Asia/Shanghai'})")
    take(manager, case, "build", contractor="例安外墙", contract_sum="11800", started_on=today, file=PDF)
    committee.goto(f"{case}scope/")
    committee.locator("[name=entrances]").first.check()
    committee.locator("button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(case)
    take(committee, case, "accept", accepted_on=today, representatives="3", opinion="好")
    take(center, case, "settle", amount="11763.37", auditor="例衡造价", file=PDF)
    take(center, case, "allocate")
    assert "分摊公示中" in center.locator("main").inner_text()

    # Every door's share adds up, and the public page tells of it without a door.
    with center.expect_download() as sheet:
        center.evaluate("address => { location.href = address }", f"{case}shares/?format=csv")
    lines = sheet.value.path().read_text(encoding="utf-8-sig").splitlines()
    column = lines[0].split(",").index("决算分摊（元）")
    assert sum(round(float(line.split(",")[column].strip('"')) * 100) for line in lines[1:]) == 1_176_337
    visitor = visit()
    visitor.goto("/estates/XQ00001/")
    text = visitor.locator("#works-title").locator("xpath=ancestor::section").inner_text()
    assert "2 栋西面掉砖" in text and "11,763.37" in text and "1单元-" not in text
    owner = visit("yezhu")
    owner.goto(case)
    assert owner.locator("main").get_by_text("维修资金使用结果公示").count() >= 1
    faults = [one for page in (manager, community, committee, street, center, visitor, owner) for one in page.faults]
    assert [one for one in faults if "422" not in one] == [], "the paper that was no photo was answered with 422"
