"""A paper letter: taken down with its photo, answered, accepted, mediated, agreed in clauses with days, kept, and followed by its receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .test_repair import PDF

pytestmark = pytest.mark.browser
CASE = re.compile(r"/mediation/disputes/\d+/$")


def take(page: Any, case: str, step: str, **given: Any) -> None:
    """Open a step of the case, fill it in and send it; back on the page of the case it is done."""
    page.goto(f"{case}{step}/")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            # A select found by typing is drawn over; what counts is the select behind it.
            field.evaluate(
                "(one, value) => { one.value = value || one.options[0].value; one.dispatchEvent(new Event('change')) }",
                value,
            )
        elif field.first.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    page.locator("main button.btn-primary[type=submit]").last.click()
    page.wait_for_url(CASE)


def test_from_a_paper_letter_to_a_performed_agreement(visit: Callable[..., Any]) -> None:
    office, manager, mediator = visit("mishuchu"), visit("xiangmu", viewport=PHONE), visit("tiaojie", viewport=PHONE)

    # The letter is taken down with its photo; the one who wrote wants no name on it.
    office.goto("/mediation/new/")
    office.evaluate("""() => {
      const estate = document.querySelector("[name=estate]");
      const own = [...estate.options].find(one => one.text.length > 1 && one.value === "1");
      estate.value = (own || estate.options[1]).value;
      estate.dispatchEvent(new Event("change"));
    }""")
    office.locator("[name=channel]").select_option("letter")
    for name, value in (
        ("title", "4 栋 301 卫生间反水"), ("words", "下水道堵塞反水，报修五次没人来"), ("name", "黎写信"), ("phone", "13700001111"), ("reference", "来信〔演〕9号"),
    ):  # fmt: skip
        office.fill(f"[name={name}]", value)
    office.set_input_files("[name=letter]", PDF)
    office.locator("main button.btn-primary[type=submit]").click()
    office.wait_for_url(CASE)
    case = office.url
    text = office.locator("main").inner_text()
    assert "黎**" in text and "黎写信" not in text and "13700001111" not in text
    receipt = office.locator("#voices-title").locator("xpath=ancestor::section").locator(".wx-mono").first.inner_text()

    take(office, case, "classify", category="M5.06", summary="下水道反水，要求疏通并赔偿")
    take(manager, case, "reply", words="明天上午疏通")
    take(office, case, "accept")
    mediator.goto("/mediation/rota/")
    mediator.locator("#list tbody th a").first.click()
    mediator.locator("a[href$='/away/']").wait_for()
    mine = re.search(r"experts/(\d+)/away", mediator.locator("a[href$='/away/']").get_attribute("href") or "")
    assert mine is not None
    take(office, case, "assign", mediator=mine[1])
    take(office, case, "party", side="applicant", name="黎写信", authority="self")
    take(office, case, "party", side="respondent", authority="settle", representative="项目经理", file=PDF)
    assert "能当场答应" in office.locator("main").inner_text()

    # On a phone the mediator calls both sides, writes the minutes and the clauses; one without a day is refused.
    today = mediator.evaluate("new Date().toLocaleDateString('sv-SE', {timeZone: 'Asia/Shanghai'})")
    take(mediator, case, "investigate")
    take(mediator, case, "invite", at=f"{today}T23:59", place="社区会议室", agreed=True)
    take(mediator, case, "hold", present="双方、社区", minutes="谈拢了，物业疏通并赔偿")
    mediator.goto(f"{case}clause/")
    mediator.fill("[name=what]", "疏通下水道")
    mediator.locator("main button.btn-primary[type=submit]").click()
    mediator.get_by_text("没有日期的条款").first.wait_for()
    take(mediator, case, "clause", debtor="respondent", what="疏通下水道", due_on=today)
    take(mediator, case, "clause", debtor="respondent", what="赔偿地板", amount="800", due_on=today)
    take(mediator, case, "settle", undisputed="反水属实", basis="物业服务合同", file=PDF)
    for _clause in range(2):
        take(mediator, case, "keep", performed_on=today, proof="收条")
    text = mediator.locator("main").inner_text()
    assert "已履行" in text and "和解协议书" in text and "人民调解协议书" not in text
    for page in (office, manager, mediator):
        page.goto(case)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out"

    # Whoever holds the receipt reads how far it is, and nothing of the table.
    visitor = visit()
    visitor.goto(f"/disputes/{receipt}/")
    shown = visitor.locator("main").inner_text()
    assert "协议已履行" in shown and "黎" not in shown
    faults = [one for page in (office, manager, mediator, visitor) for one in page.faults]
    assert [one for one in faults if "422" not in one] == [], "the clause without a day was answered with 422"
