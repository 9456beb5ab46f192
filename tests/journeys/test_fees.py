"""Costs that the fee does not cover: from the vouchers to a plan at the doors, a question without an account, and what the owners are asked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .steps import shown_when
from .test_repair import PDF, credit_code

pytestmark = pytest.mark.browser


def take(page: Any, case: str, step: str, **given: Any) -> None:
    """Open a step of the case, fill it in and send it (a number picks a row); back on the page of the case it is done."""
    page.goto(f"{case}{step}/")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(**{"index" if isinstance(value, int) else "value": value})
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


def test_what_the_service_costs_is_shown_reviewed_and_reckoned_before_anybody_is_asked(
    visit: Callable[..., Any], served: Any
) -> None:
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    served.start(tomorrow)
    manager, committee, phone = visit("xiangmu"), visit("yeweihui"), visit("yezhu", viewport=PHONE)

    # May it be changed at all? Not while another change is under way, not before the contract's years are over.
    running = found(manager, "方案公示中")
    begun = {
        "clause": "第十四条：满两年可以协商调整",
        "reason": "三年没有调过",
        "last_changed_on": f"{tomorrow.year - 3}-01-01",
        "file": PDF,
    }

    def begin(years: str) -> str:
        manager.goto("/fees/new/")
        manager.select_option("[name=project]", index=manager.locator("[name=project] option").count() - 1)
        for name, value in {**begun, "min_years": years}.items():
            manager.set_input_files(f"[name={name}]", value) if name == "file" else manager.fill(
                f"[name={name}]", value
            )
        manager.locator("main button.btn-primary[type=submit]").last.click()
        manager.wait_for_load_state()
        return str(manager.url)

    begin("2")
    assert "已经有一件正在办的物业费调整" in manager.locator("main").inner_text()
    take(manager, running, "withdraw", note="成本重新算过再提")
    case = begin("2")

    # Each item of each year with its voucher; no voucher, no cost. The break-even price is arithmetic.
    take(manager, case, "base", area="78000", vacant="9000", rate="86", offset="90000", margin="0")
    costs = (("staff", "1100000", "900000"), ("running", "500000", "430000"), ("clean", "260000", "250000"))
    for item, last, first in costs:
        for back, amount in ((1, last), (2, first)):
            take(manager, case, "cost", year=str(tomorrow.year - back), item=item, amount=amount, file=PDF)
    text = manager.locator("main").inner_text()
    assert "2.1989 元/㎡·月" in text, "(1,860,000 - 90,000) / (78,000 x 12 x 86 %)"
    assert "佐证材料 1" in " ".join(text.split()), "vouchers stand with their item"
    manager.locator("#costs summary", has_text="人员费用").click()
    assert "1,100,000 元" in manager.locator("#costs table").first.inner_text()

    # Ways out, one of them without a rise; promises that anybody can check; the committee's reviewer cuts.
    price = float(
        manager.locator("dt", has_text="现行单价").locator("xpath=following-sibling::dd[1]").inner_text().split()[0]
    )
    take(manager, case, "option", kind="a", price=f"{price + 0.4:.2f}", words="标准不变")
    take(manager, case, "option", kind="c", price=f"{price:.2f}", subsidy="200000", words="停车收入补一部分")
    take(manager, case, "promise", words="每单元每周拖地两次", measure="看楼道里的签到卡")
    manager.goto(f"{case}publish/")
    manager.wait_for_url(case)
    committee.goto(f"{case}review/")
    for name, value in (("reviewer", "例衡会计师事务所"), ("uscc", credit_code(7)), ("opinion", "备件核减，其余认可")):
        committee.fill(f"[name={name}]", value)
    committee.locator(".wx-field", has_text="运行和维护").locator("input").first.fill("480000")
    committee.set_input_files("[name=file]", PDF)
    committee.locator("main form.wx-form button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(case)
    assert "申报 500,000 元" in committee.locator("#costs").text_content()

    # At the doors: the owner reads it on the phone, nothing is cut off at the side, each bar has its figure.
    take(manager, case, "show_costs")
    phone.goto(case)
    phone.locator("[data-chart] svg").first.wait_for()
    assert (
        "成本公示中" in phone.locator("main").inner_text()
        and "万元" in phone.locator("[data-chart] svg").first.text_content()
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    faults = [one for page in (manager, committee, phone) for one in page.faults]
    assert [one for one in faults if "422" not in one] == [], "the change that was refused was answered with 422"
    served.start()


@pytest.mark.long
def test_a_carried_vote_becomes_a_price_kept_promises_end_it_a_broken_one_brings_the_old_price_back(
    visit: Callable[..., Any], served: Any
) -> None:
    today = datetime.date.today()

    def on(days: int, *accounts: str) -> list[Any]:
        """So many days from today these people signed in; what was done until then stands."""
        served.start(today + datetime.timedelta(days=days), going_on=days > 24)
        return [visit(one) for one in accounts]

    # The plan has hung: every question answered, the open day held, the owners say yes by two thirds and more than half.
    manager, committee = on(24, "xiangmu", "yeweihui")
    case, day = found(manager, "方案公示中"), str(today + datetime.timedelta(days=24))
    while "答复提问" in manager.locator("main a.btn").all_inner_texts():
        take(manager, case, "answer", answer="不再表决，时间和单价都写在方案里。")
    take(committee, case, "hear", heard_on=day, people="63", words="问得最多的是电梯")
    take(committee, case, "vote", option=0)
    counted = {
        "total_area": "30000",
        "total_heads": "300",
        "part_area": "20000",
        "part_heads": "200",
        "yes_area": "10001",
        "yes_heads": "101",
    }
    take(committee, case, "approve", **counted, reference="表决公告1号", file=PDF)
    text = committee.locator("main").inner_text()
    assert "表决通过" in text and "结果要公示到" in text, "nobody signs while the result hangs"

    # Signed; the new price begins by itself with the next billing month, and not before.
    [committee] = on(33, "yeweihui")
    signed = today + datetime.timedelta(days=33)
    take(committee, case, "sign", signed_on=str(signed), file=PDF)
    begins = (signed.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    text = committee.locator("main").inner_text()
    assert "已签补充协议" in text and begins.isoformat() in text

    # In force: the committee looks at each promise; before its months are over the change is not done with.
    [committee] = on(66, "yeweihui")
    shown_when(committee, case, "已执行，承诺跟踪中")
    for at in range(3):
        take(committee, case, "check", promise=at, kept="yes", words="看过，做到了")
    assert "承诺要跟踪到" in committee.locator("main").inner_text()
    spring = served.running

    # All kept to the end.
    [committee] = on(256, "yeweihui")
    take(committee, case, "keep")
    assert "承诺已兑现" in committee.locator("main").inner_text()

    # Or, from the same spring: one broken and not mended in its days, so that the old price comes back with a billing month.
    served.running = spring
    [committee] = on(97, "yeweihui")
    take(committee, case, "check", promise=0, kept="no", words="连着两周没有拖")
    take(committee, case, "fail", note="楼道没有拖")
    assert "给企业改到" in committee.locator("main").inner_text()
    [committee] = on(131, "yeweihui")
    take(committee, case, "roll_back", note="限期过了还是没有拖")
    text = committee.locator("main").inner_text()
    assert "待恢复原标准" in text and "恢复原物业费通知" in text
    served.start()
