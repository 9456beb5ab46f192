"""A case of discipline from the clue through the appeal: a charge about prices is not filed, the company is heard, the council makes it lighter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE

pytestmark = pytest.mark.browser
PDF = {"name": "文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
INFORMANT, NUMBER = "举报甲某", "13612340000"


def send(page: Any, **given: Any) -> None:
    """Fill in the form that is open and send it."""
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, dict):
            field.set_input_files(value)
        elif value is True:
            field.check()
        elif field.first.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f"[name={name}][value='{value}']").check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main button.btn-primary[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/conduct/cases/\d+/$"))


def take(page: Any, case: str, step: str, **given: Any) -> None:
    page.goto(f"{case}{step}/")
    send(page, **given)


def clue(page: Any, company: str, today: str, charge: str, title: str) -> str:
    """Register a clue; the address of the case."""
    page.goto("/conduct/new/")
    page.evaluate(
        "([name, value]) => { const one = document.querySelector(`[name=${name}]`); one.tomselect ? one.tomselect.setValue(value) : one.value = value }",
        ["respondent", company],
    )
    send(
        page, charge=charge, title=title, words="到期两周，竣工图没有移交", occurred_on=today, source="complaint", informant_name=INFORMANT,
        informant_phone=NUMBER,
    )  # fmt: skip
    return str(page.url)


def test_a_case_of_discipline_through_its_appeal(visit: Callable[..., Any]) -> None:
    office, president, company, authority = (
        visit("mishuchu"),
        visit("huizhang"),
        visit("qiye", viewport=PHONE),
        visit("zhujian"),
    )
    panel = [visit(name) for name in ("weiyuan", "weiyuan2", "weiyuan3")]
    office.goto("/conduct/new/")
    today = office.evaluate("new Date().toLocaleDateString('sv-SE', {timeZone: 'Asia/Shanghai'})")
    # The company of the first estate: the demo's own.
    office.goto("/estates/XQ00001/")
    link = office.locator("a[href*='/companies/']").first.get_attribute("href")
    number = str(link).rstrip("/").rpartition("/")[2]

    # Low prices are no offence: the step stays closed and says by which articles.
    low = clue(office, number, today, "low_price", "反映报价低")
    assert "反垄断法第17、19、21条" in office.locator("main").inner_text()
    take(office, low, "dismiss", note="竞争不是违约")
    assert company.goto(low).status == 404

    # Filed, and looked into by two without an interest; only now the company sees it, and never who told.
    case = clue(office, number, today, "disorderly_exit", "两周没有移交竣工图")
    take(office, case, "file")
    assert company.goto(case).status == 404
    office.goto(f"{case}investigate/")
    office.locator("[name=people]").first.check()
    office.locator("[name=people]").last.check()
    send(office)
    take(
        office,
        case,
        "propose",
        findings="合同到期两周没有移交竣工图，催告一次没有回音。",
        factors="many",
        measure="censure",
        departure="首次",
        file=PDF,
    )
    company.goto(case)
    text = company.locator("main").inner_text()
    assert "公开谴责" in text and INFORMANT not in text and NUMBER not in text
    assert company.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # Answered, heard, voted on, served.
    take(company, case, "defend", defence="图在开发商处", wants_hearing=True)
    take(panel[0], case, "hear", note="双方到场", file=PDF)
    for one in panel:
        take(one, case, "vote", choice="censure", reason="看过材料")
    take(office, case, "count")
    take(office, case, "serve", served_on=today, answer="不采纳：移交是合同义务", file=PDF)

    # Appealed: the council without the company makes it lighter; nothing of it was ever public.
    take(company, case, "appeal", grounds="处理过重", file=PDF)
    president.goto(f"{case}uphold/")
    boxes = president.locator("[name=present]")
    for place in range(boxes.count()):
        boxes.nth(place).check()
    send(president, against=str(boxes.count()), change="letter", note="已经移交大半", file=PDF)
    assert "改轻" in president.locator("main").inner_text() and "限期整改函" in president.locator("main").inner_text()
    company.goto(case)
    assert "生效中" in company.locator("main").inner_text()
    authority.goto(case)
    assert "限期整改函" in authority.locator("main").inner_text()
    visitor = visit()
    visitor.goto("/sanctions/")
    assert "两周没有移交" not in visitor.locator("main").inner_text()
    faults = [one for page in (office, president, company, authority, visitor, *panel) for one in page.faults]
    assert [one for one in faults if "404" not in one] == [], "what the company may not see yet was answered with 404"
