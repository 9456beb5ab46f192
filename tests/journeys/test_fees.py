"""Costs that the fee does not cover: from the vouchers to a plan at the doors, a question without an account, and what the owners are asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .test_repair import PDF

pytestmark = pytest.mark.browser


def take(page: Any, case: str, step: str, **given: Any) -> None:
    """Open a step of the case, fill it in and send it; back on the page of the case it is done."""
    page.goto(f"{case}{step}/")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form.wx-form button.btn-primary[type=submit]").last.click()
    page.wait_for_url(case)


def found(page: Any, words: str) -> str:
    """The address of a change of fee, found in the list by its state."""
    page.goto("/fees/")
    page.locator("main tbody tr", has_text=words).locator("a").first.click()
    page.wait_for_url(re.compile(r"/fees/adjustments/\d+/$"))
    return str(page.url)


def test_a_question_from_the_door_is_answered_before_anybody_votes(visit: Callable[..., Any]) -> None:
    manager, committee, owner = visit("xiangmu"), visit("yeweihui"), visit("yezhu", viewport=PHONE)
    case = found(manager, "方案公示中")
    text = manager.locator("main").inner_text()
    assert "钱花在哪里" in text and "缺口从哪里来" in text and "每单元每周拖地两次" in text
    manager.locator("[data-chart] svg, [data-chart] canvas").first.wait_for()
    notice = manager.locator("main a", has_text="物业费调价方案").first
    assert notice.count() == 1

    # The owner reads it signed in, and what a month of the own home will cost.
    assert found(owner, "方案公示中") == case
    assert "方案和每户每月" in owner.locator("main").inner_text()

    # A neighbour has only the paper at the door: its number is on the estate's page of nobody.
    number = manager.evaluate("() => document.querySelector('[data-number]').textContent.trim()")
    neighbour = visit(viewport=PHONE)
    neighbour.goto("/my-fee/")
    neighbour.fill("[name=receipt]", number.lower())
    neighbour.locator("main button", has_text="看公示").click()
    neighbour.wait_for_url(f"**/my-fee/{number}/")
    neighbour.fill("[name=area]", "89.5")
    neighbour.locator("main button", has_text="算我家每月多少").click()
    neighbour.wait_for_url(re.compile("area=89.5"))
    assert "89.50 ㎡" in neighbour.locator("main").inner_text()
    neighbour.locator("main a", has_text="我要问").click()
    neighbour.fill("[name=words]", "装修垃圾清运算不算在里面？")
    neighbour.locator("main button.btn-primary[type=submit]").click()
    neighbour.wait_for_url("**/my-fee/answers/**")
    receipt = neighbour.url
    assert "还没有答复" in neighbour.locator("main").inner_text()

    # While one question is open nobody may vote; the company answers, the neighbour reads it by the receipt.
    committee.goto(f"{case}vote/")
    committee.wait_for_url(case)
    assert "还有问题没有答复" in committee.locator("body").inner_text()
    for _each in range(2):
        take(manager, case, "answer", answer="不算，装修垃圾谁产生谁付。")
    neighbour.goto(receipt)
    assert "谁产生谁付" in neighbour.locator("main").inner_text()
    assert [page.faults for page in (manager, committee, owner, neighbour)] == [[], [], [], []]


def test_a_kept_promise_is_reported_and_the_association_never_sees_the_fee(visit: Callable[..., Any]) -> None:
    manager, office = visit("qiye"), visit("mishuchu")
    manager.goto("/fees/?view=tracked")
    case = manager.locator("main tbody tr a").first
    case.click()
    manager.wait_for_url(re.compile(r"/fees/adjustments/\d+/$"))
    assert "已执行，承诺跟踪中" in manager.locator("main").inner_text()
    address = manager.url
    take(manager, address, "did", file=PDF, note="签到卡上墙")
    assert "报告兑现" in manager.locator("main").inner_text()

    # The association never sees a fee, and the make-up of costs only where nobody is recognised.
    office.goto(address)
    assert "没有这一页" in office.locator("main").inner_text()
    office.goto("/fees/structure/")
    assert "反垄断法第21条" in office.locator("main").inner_text()
    assert manager.faults == []
