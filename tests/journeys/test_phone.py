"""A post's duties on a phone: without a signal, killed and started again, on two devices, with a clock that is a day off."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from .conftest import CHROMIUM, PASSWORD, PHONE

pytestmark = pytest.mark.browser
DAY = 24 * 3600 * 1000


def picture(shade: int) -> dict[str, Any]:
    made = io.BytesIO()
    Image.effect_noise((900, 700), 40 + shade).convert("RGB").save(made, "JPEG")
    return {"name": "now.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


@pytest.fixture
def phone(browser: Any, served: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """``phone("one")`` → a phone of the electrician's whose storage outlives its browser; ``off`` moves its clock."""
    running = []

    def switch_on(name: str, off: int = 0) -> Any:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / name), executable_path=CHROMIUM, viewport=PHONE, locale="zh-CN", base_url=served.base,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )  # fmt: skip
        running.append(context)
        if off:
            context.add_init_script(
                f"{{ const D = Date, off = {off}; "
                "globalThis.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(D.now() + off); } "
                "static now() { return D.now() + off; } }; }"
            )
        page = context.pages[0]
        page.set_default_timeout(15_000)
        return page

    yield switch_on
    for context in running:
        context.close()


def sign_in(page: Any) -> None:
    page.goto("/accounts/login/?next=/field/")
    page.fill("input[name=login]", "diangong")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/field/")
    page.evaluate("navigator.serviceWorker.ready")
    page.locator("#field-list [data-x=waiting] li").first.wait_for()


def code_on_the_wall(visit: Callable[..., Any], estate: str) -> str:
    """The code of the estate's power room, from the sheet that its keepers print."""
    office = visit("qiye")
    office.goto("/safety/")
    office.locator("main tbody a", has_text=estate).first.click()
    office.get_by_role("link", name="地点码").first.click()
    office.get_by_role("listitem").filter(has_text="2# 配电室").get_by_role("link", name="打印").click()
    found = re.search(r"/field/at/([0-9A-Z-]+)/", office.content())
    assert found is not None
    return found.group(1)


def open_duty(page: Any, words: str) -> None:
    page.locator("#field-list [data-x=waiting] a", has_text=words).first.click()
    page.locator("#field-duty [data-x=store]").wait_for()


def type_code(page: Any, code: str) -> None:
    page.click("#field-duty [data-x=scan-place]")
    page.fill("#field-code", code)
    page.click("#field-scan button[value=typed]")
    page.locator("#field-duty [data-x=place-bar][data-here=true]").wait_for()


def read(page: Any, figure: str) -> None:
    for sign in figure:
        page.locator("#field-duty .wx-keys button", has_text=sign).first.click()


def store(page: Any) -> None:
    page.click("#field-duty [data-x=store]")


def stored(page: Any) -> None:
    """Press the button, and wait until the phone has gone on: only then is it on its disk."""
    before = page.url
    store(page)
    page.wait_for_url(lambda url: url != before)


def counted(page: Any) -> str:
    return " ".join(page.locator(".wx-field-steps").inner_text().split())


def received_by_the_server(page: Any) -> list[dict[str, Any]]:
    return json.loads(page.evaluate("fetch('/field/day/').then((answer) => answer.text())"))["done"]


def test_a_duty_without_a_signal_survives_the_phone_and_arrives_once(visit: Any, served: Any, phone: Any) -> None:
    page = phone("one")
    sign_in(page)
    code = code_on_the_wall(visit, page.locator("#field-list [data-x=where]").inner_text())
    assert "收讫 0" in counted(page)

    # Down in the power room: no network, and the server itself is gone.
    page.context.set_offline(True)
    served.stop()
    page.goto("/field/")
    open_duty(page, "配电室抄表")
    type_code(page, code)
    page.set_input_files("#field-duty [data-x=camera]", picture(1))
    page.locator("#field-duty [data-x=picture]").wait_for()
    assert "本机时间" in page.locator("#field-duty [data-x=mark]").inner_text()
    read(page, "62")
    assert "正常" in page.locator("#field-duty [data-x=verdict]").inner_text()
    store(page)
    read(page, "220")
    store(page)
    read(page, "91")
    assert "超过上限 6" in page.locator("#field-duty [data-x=verdict]").inner_text()
    assert page.locator("#field-duty [data-x=store]").inner_text() == "存下并报隐患"
    stored(page)
    page.goto("/field/")
    page.locator("#field-list").wait_for()
    assert "本机 1" in counted(page) and "收讫 0" in counted(page)
    assert "完成" not in page.locator("main").inner_text()

    # The phone dies, lies about, is started again without a signal: everything is still there.
    page.context.close()
    page = phone("one")
    page.context.set_offline(True)
    page.goto(f"{served.base}/field/")
    page.locator(".wx-field-done", has_text="配电室抄表").wait_for()
    assert "本机 1" in counted(page)

    # A signal again: it goes out by itself, is received once, and only then leaves the phone.
    served.start()
    page.context.set_offline(False)
    page.context.clear_cookies()  # the session ran out meanwhile: that takes nothing from the phone
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#field-signed-out").wait_for()
    assert "1 件等登录后发送" in page.locator("#field-signed-out").inner_text()
    assert page.locator("#field-list [data-x=waiting] li").count()
    sign_in(page)
    page.locator(".wx-field-done[data-state=received]", has_text="配电室抄表").wait_for()
    assert "本机 0" in counted(page)
    page.reload()
    page.locator(".wx-field-done[data-state=received]", has_text="配电室抄表").wait_for()
    assert [row["abnormal"] for row in received_by_the_server(page)] == [True]

    # Another phone did the same while it had no signal; its clock is a day behind. Both are kept, and it is said.
    other = phone("two", off=-DAY)
    sign_in(other)
    assert "手机时钟差 1440 分钟" in other.locator("#field-band").inner_text()
    other.context.set_offline(True)
    open_duty(other, "挡鼠板")
    type_code(other, code)
    other.set_input_files("#field-duty [data-x=camera]", picture(2))
    other.locator("#field-duty [data-x=picture]").wait_for()
    other.click("#field-duty [data-x=normal]")
    stored(other)
    other.goto("/field/")
    other.locator(".wx-field-done[data-state=local]").wait_for()
    page.goto("/field/")
    open_duty(page, "挡鼠板")
    type_code(page, code)
    page.set_input_files("#field-duty [data-x=camera]", picture(3))
    page.locator("#field-duty [data-x=picture]").wait_for()
    page.click("#field-duty [data-x=normal]")
    stored(page)
    page.goto("/field/")
    page.locator(".wx-field-done[data-state=received]", has_text="挡鼠板").wait_for()
    other.context.set_offline(False)
    other.reload()
    other.locator(".wx-field-done[data-state=received]", has_text="挡鼠板").nth(1).wait_for()
    done = received_by_the_server(other)
    assert sorted(row["standing"] for row in done if "挡鼠板" in row["text"]) == ["conflict", "on_time"]
    assert len(done) == len({row["id"] for row in done}) == 3

    # At sign-out the day is gone from the phone.
    page.locator(".wx-field-more summary").click()
    page.locator("#field-out button").click()
    page.wait_for_url(re.compile("/accounts/|/$"))
    names = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert not [name for name in names if name.startswith("wuxie-field-day")]
    with urllib.request.urlopen(f"{served.base}/field/sw.js") as answer:
        assert answer.headers["Service-Worker-Allowed"] == "/field/"
