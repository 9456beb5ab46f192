"""A tile falls: guarded from a phone, confirmed on site, built, accepted, audited, and every door's share published."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from stdnum.cn import uscc

from .conftest import DESK, PHONE
from .steps import shown_when

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


def credit_code(number: int) -> str:
    """A credit code of nobody's, with the right check digit."""
    body = f"91510400MAFUND{number:03d}"
    return body + uscc.calc_check_digit(body)


def electronic_sheet(page: Any, vote: str) -> dict[str, Any]:
    """What the official system would send back: every unit of the roll, with its area, all but every sixth for it."""
    page.goto(f"/votes/{vote}/roll/")
    heads = [one.inner_text().strip() for one in page.locator("main thead th").all()]
    door, area = (next(at for at, head in enumerate(heads) if head.startswith(name)) for name in ("户室", "专有面积"))
    lines = ["户室,专有面积,第1项"]
    for at, row in enumerate(page.locator("main tbody tr").all()):
        cells = [one.inner_text().strip() for one in row.locator("th, td").all()]
        lines.append(f"{cells[door]},{cells[area].replace(',', '')},{'反对' if at % 6 == 5 else '同意'}")
    return {"name": "结果.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode("utf-8-sig")}


@pytest.mark.long
def test_the_ordinary_way_from_the_falling_tile_over_the_vote_to_the_warranty(
    visit: Callable[..., Any], served: Any
) -> None:
    first = datetime.date.today()

    def on(days: int, *accounts: str) -> list[Any]:
        """So many days after the tile fell, these people signed in; what was done until then stands."""
        if days:
            served.start(first + datetime.timedelta(days=days), going_on=days > 1)
        return [visit(one, viewport=PHONE if one == "xiangmu" else DESK) for one in accounts]

    # The tile: reported, fenced off within the hours, looked at by others, surveyed; the fund pays, after a vote.
    manager, community, committee = on(0, "xiangmu", "shequ", "yeweihui")
    manager.goto("/fund/new/")
    for name, value in (("title", "1 栋北面掉砖"), ("where", "1 栋北面 5 层"), ("words", "掉了一块砖，空鼓一片")):
        manager.fill(f"[name={name}]", value)
    manager.check("[name=is_dangerous]")
    manager.locator("main button.btn-primary[type=submit]").click()
    manager.wait_for_url(re.compile(r"/fund/repairs/\d+/$"))
    case = manager.url
    take(manager, case, "guard", photo=photo())
    take(community, case, "check_guard", note="围栏牢固")
    take(manager, case, "appraise", appraiser="例固检测", findings="空鼓 20 ㎡", file=PDF)
    take(manager, case, "classify", danger="")
    assert "维修资金" in manager.locator("main").inner_text()

    # Who benefits, and three sealed quotes that nobody opens before their moment.
    committee.goto(f"{case}scope/")
    committee.locator("[name=entrances]").first.check()
    committee.locator("button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(case)
    take(manager, case, "quote", contractor="例甲外墙", uscc=credit_code(1), opens_at=f"{first}T23:59")
    for number, name in ((2, "例乙外墙"), (3, "例丙外墙")):
        take(manager, case, "quote", contractor=name, uscc=credit_code(number))

    # The next day they are opened together, the cheapest is chosen, every door's share is reckoned and posted up.
    manager, committee = on(1, "xiangmu", "yeweihui")
    committee.goto(f"{case}open_quotes/")
    for at, field in enumerate(committee.locator("input[name^=amount_]").all()):
        field.fill(f"{19800 + 700 * at}")
    for field in committee.locator("input[name^=file_]").all():
        field.set_input_files(PDF)
    committee.locator("button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(case)
    manager.goto(f"{case}plan/")
    manager.locator("[name=quote]").first.check()
    manager.fill("[name=method]", "铲除空鼓，重贴面砖")
    manager.locator("button.btn-primary[type=submit]").last.click()
    manager.wait_for_url(case)
    take(committee, case, "publish", contact="业委会 郑演国 0812-0000002")
    assert "方案公示中" in committee.locator("main").inner_text()

    # Publicity over, the owners in scope are asked: the vote is there by itself and the committee takes it up.
    [committee] = on(9, "yeweihui")
    take(committee, case, "vote")
    shown_when(committee, "/votes/", "1 栋北面掉砖")
    committee.locator("main tbody a", has_text="1 栋北面掉砖").first.click()
    committee.wait_for_url(re.compile(r"/votes/case/\d+/$"))
    vote, number = committee.url, committee.url.rstrip("/").rpartition("/")[2]
    committee.goto(f"{vote}take_up/")
    committee.select_option("[name=organiser]", "owners_committee")
    committee.locator("button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(vote)
    committee.goto(f"/votes/{number}/edit/")
    committee.fill("[name=opens_on]", str(first + datetime.timedelta(days=24)))
    committee.fill("[name=closes_at]", f"{first + datetime.timedelta(days=25)}T18:00")
    committee.locator("button.btn-primary[type=submit]").last.click()
    committee.wait_for_url(vote)
    for phone, name in (("13600000011", "例收甲"), ("13600000012", "例收乙")):
        committee.goto(f"/votes/{number}/helpers/")
        committee.select_option("[name=duty]", "collector")
        committee.fill("[name=name]", name)
        committee.fill("[name=phone]", phone)
        committee.locator("main form button.btn-primary[type=submit]").last.click()
        committee.get_by_text("已添上").first.wait_for()
    step(committee, vote, "announce")
    assert "名册公示中" in committee.locator("main").inner_text()

    # The roll is frozen, the doors are open for a day, and the official system's result is adopted as the binding one.
    [committee] = on(24, "yeweihui")
    step(committee, vote, "freeze")
    shown_when(committee, vote, "收票中")
    [committee] = on(26, "yeweihui")
    shown_when(committee, vote, "已截止")
    sheet = electronic_sheet(committee, number)
    committee.goto(f"/imports/official_vote-{number}/")
    committee.set_input_files("input[type=file]", sheet)
    committee.locator("main form button.btn-primary[type=submit]").first.click()
    committee.wait_for_url("**/imports/upload/**")
    upload = committee.url
    shown_when(committee, upload, "可以写入")
    committee.locator("main button:enabled", has_text="写入").first.click()
    shown_when(committee, upload, "看写入的内容")
    step(committee, vote, "adopt", paper=PDF)
    step(committee, vote, "count", seed="演示开奖号 2 7 8")
    step(committee, vote, "publish")
    assert "通过" in committee.locator("main").inner_text()

    # In effect: the repair hears it, the fund pays in advance, it is built, accepted with owners, audited and shared out.
    manager, committee, center = on(34, "xiangmu", "yeweihui", "zijin")
    shown_when(committee, case, "表决通过")
    today = str(first + datetime.timedelta(days=34))
    take(manager, case, "apply", account="例甲外墙 例行 0001")
    take(center, case, "release", amount="10000", basis="本地文件〔2026〕1号")
    take(manager, case, "build", started_on=today, contract_sum="19800", file=PDF)
    take(committee, case, "accept", accepted_on=today, representatives="3", opinion="敲击无空鼓")
    take(center, case, "settle", amount="19763.41", auditor="例衡造价", file=PDF)
    take(center, case, "allocate")
    with center.expect_download() as got:
        center.evaluate("address => { location.href = address }", f"{case}shares/?format=csv")
    lines = got.value.path().read_text(encoding="utf-8-sig").splitlines()
    column = lines[0].split(",").index("决算分摊（元）")
    assert sum(round(float(line.split(",")[column].strip('"')) * 100) for line in lines[1:]) == 1_976_341

    # The result has hung long enough: the warranty runs, and the estate's public page tells of it.
    [owner] = on(46, "yezhu")
    assert "质保" in shown_when(owner, case, "质保期内")
    visitor = visit()
    visitor.goto("/estates/XQ00001/")
    assert "1 栋北面掉砖" in visitor.locator("main").inner_text()
    served.start()


def step(page: Any, case: str, name: str, **given: Any) -> None:
    """The same for a vote: back on its page it is done."""
    page.goto(f"{case}{name}/")
    for field, value in given.items():
        if isinstance(value, dict):
            page.set_input_files(f"[name={field}]", value)
        else:
            page.fill(f"[name={field}]", value)
    page.locator("button.btn-primary[type=submit]").last.click()
    page.wait_for_url(case)


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
