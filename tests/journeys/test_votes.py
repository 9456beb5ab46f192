"""Two collectors at the doors with a phone; an owner with a torn-off receipt; the committee sees where to walk next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .test_phone import picture

pytestmark = pytest.mark.browser


def vote(page: Any, words: str) -> str:
    """The address of a vote, found in the list as anybody would."""
    page.goto("/votes/")
    page.locator("main tbody tr", has_text=words).locator("a").first.click()
    page.wait_for_url(re.compile(r"/votes/case/\d+/$"))
    return str(page.url)


def test_a_collector_takes_a_paper_at_a_door_and_the_owner_finds_it(visit: Callable[..., Any]) -> None:
    committee, phone = visit("yeweihui"), visit("shoupiao", viewport=PHONE)
    vote(committee, "外墙维修资金使用")
    committee.locator("main a.btn", has_text="参与情况").click()
    committee.wait_for_url("**/participation/")
    text = committee.locator("main").inner_text()
    assert "赞成、反对现在谁也看不到" in text and "还差" in text

    # On the phone: a door where nobody was in or nothing was handed in.
    vote(phone, "外墙维修资金使用")
    phone.locator("main a.btn", has_text="上门收票").click()
    phone.wait_for_url(re.compile(r"/votes/\d+/doors/"))
    phone.locator("a.wx-door.is-blue, a.wx-door.is-amber").first.click()
    phone.locator("a.btn-primary", has_text="收到纸票").wait_for()
    number = phone.locator("#door strong").inner_text()
    before = phone.locator("a.wx-door.is-green").count()
    phone.locator("a.btn-primary", has_text="收到纸票").click()
    phone.wait_for_url("**/collect/")
    phone.set_input_files("input[name=picture]", picture(31))
    phone.locator("main form button.btn-primary").click()
    phone.wait_for_url(re.compile(r"/votes/\d+/doors/"))
    assert phone.locator("a.wx-door.is-green").count() == before + 1
    assert "同意" not in phone.locator("main").inner_text()

    # The paper says which code its owner keeps; with it, and signed in as nobody, the owner sees that it was received.
    committee.goto(committee.url.replace("participation", "papers"))
    place = phone.locator(".wx-segments a[aria-current]").inner_text().strip()
    committee.locator("nav a", has_text=place).click()
    sheet = committee.locator(".wx-ballot", has_text=f"-{number} ").first
    receipt = "".join(sheet.locator(".wx-receipt .wx-mono").inner_text().split())
    owner = visit(viewport=PHONE)
    owner.goto("/votes/check/")
    owner.fill("input[name=code]", receipt.lower())
    owner.locator("main form button[type=submit]").click()
    owner.wait_for_url(f"**/votes/check/{receipt}/")
    assert "你的票已经收到" in owner.locator("main").inner_text()
    assert committee.faults == [] and phone.faults == [] and owner.faults == []


def test_a_collector_works_without_a_signal_and_what_two_took_at_one_door_is_said(
    visit: Callable[..., Any], served: Any
) -> None:
    phone = visit("shoupiao", viewport=PHONE)
    phone.goto("/field/")
    phone.evaluate("navigator.serviceWorker.ready")
    phone.locator("#field-list [data-x=votes] a").first.wait_for()

    # Down in the lift shaft: the page itself comes from the phone, and what is done stays on it.
    phone.context.set_offline(True)
    served.stop()
    phone.goto("/field/")
    phone.locator("#field-list [data-x=votes] a").first.click()
    phone.locator("#field-doors .wx-door").first.wait_for()
    doors = phone.locator("#field-doors .wx-door:not(.is-green)")
    taken = []
    for number in (0, 1):
        door = doors.nth(0)
        taken.append(door.locator("b").inner_text())
        door.click()
        phone.locator("#field-doors [data-x=collect]").click()
        assert "请先拍" in phone.locator("#field-doors [data-x=says]").inner_text()
        phone.set_input_files("#field-doors [data-x=camera]", picture(51 + number))
        phone.locator("#field-doors [data-x=picture]").wait_for()
        phone.locator("#field-doors [data-x=collect]").click()
        phone.locator("#field-doors [data-x=card]").wait_for(state="hidden")
    phone.goto("/field/")
    phone.locator(".wx-field-done[data-state=local]").nth(1).wait_for()
    assert "本机 2" in " ".join(phone.locator(".wx-field-steps").inner_text().split())

    # Meanwhile the other collector, who has a signal, takes a paper of the second door.
    served.start()
    other = visit("shoupiao2", viewport=PHONE)
    vote(other, "外墙维修资金使用")
    other.locator("main a.btn", has_text="上门收票").click()
    other.wait_for_url(re.compile(r"/votes/\d+/doors/"))
    other.locator("a.wx-door", has_text=taken[1]).first.click()
    other.locator("a.btn-primary", has_text="收到纸票").click()
    other.wait_for_url("**/collect/")
    other.set_input_files("input[name=picture]", picture(61))
    other.locator("main form button.btn-primary").click()
    other.wait_for_url(re.compile(r"/votes/\d+/doors/"))

    # A signal again: sent once each, in order; the second is said to have been taken already.
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.locator(".wx-field-done[data-state=received]").nth(1).wait_for()
    assert "本机 0" in " ".join(phone.locator(".wx-field-steps").inner_text().split())
    assert "已经有人收了票" in phone.locator(".wx-field-done", has_text=taken[1]).first.inner_text()
    phone.reload()
    phone.locator("#field-list [data-x=votes] a").first.click()
    assert phone.locator("#field-doors .wx-door.is-green", has_text=taken[0]).count()


def test_an_owner_reads_the_result_and_takes_the_pack_along(visit: Callable[..., Any]) -> None:
    owner = visit("yezhu", viewport=PHONE)
    vote(owner, "一单元门厅改造")
    text = owner.locator("main").inner_text()
    assert "结果公示中" in text and "门厅改成无障碍坡道" in text
    with owner.expect_download() as got:
        owner.locator("main a", has_text="下载公开核验包").first.click()
    assert got.value.suggested_filename.endswith(".zip") and owner.faults == []
