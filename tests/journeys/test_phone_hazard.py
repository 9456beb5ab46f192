"""An electrician finds a hot joint; the hazard is made safe, reported, mended, checked by another, and the star moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .steps import choose, shown_when, take
from .test_phone import open_duty, phone, picture, read, sign_in, stored

__all__ = ["phone"]
pytestmark = pytest.mark.browser


def safety_score(page: Any) -> str:
    """The line of the project's live score that counts hazards."""
    page.goto("/rating/projects/1/score/")
    return " ".join(str(page.locator("#D2").text_content()).split())


def test_a_hot_joint_becomes_a_hazard_is_mended_and_moves_the_star(visit: Callable[..., Any], phone: Any) -> None:
    electrician = phone("hot")
    sign_in(electrician)
    manager, company = visit("xiangmu"), visit("qiye", viewport=PHONE)
    before = safety_score(manager)

    # On the phone: a photo and the temperature, which is beyond its limit.
    open_duty(electrician, "红外测温")
    electrician.set_input_files("#field-duty [data-x=camera]", picture(5))
    electrician.locator("#field-duty [data-x=picture]").wait_for()
    read(electrician, "91")
    stored(electrician)
    electrician.goto("/field/")
    electrician.locator(".wx-field-done[data-state=received]", has_text="红外测温").filter(
        has_text="已生成隐患"
    ).wait_for()

    # The project manager hands it out; who is named makes it safe, with a photo.
    manager.goto("/safety/hazards/?q=配电柜过热")
    manager.locator("main tbody tr", has_text="红外测温").filter(has_text="已发现").locator("a").first.click()
    manager.wait_for_url(re.compile(r"/hazards/\d+/$"))
    case = manager.url
    assert "高出上限 21" in manager.locator("main").inner_text()
    choose(manager, "派单")
    manager.select_option("select[name=fixer]", index=1)
    take(manager, "派单")
    choose(manager, "登记临时管控")
    manager.set_input_files("input[name=photo]", picture(6))
    manager.fill("textarea[name=interim]", "停掉这一路，派人守着。")
    take(manager, "登记临时管控")

    # A major one goes to the authority, with its receipt; only then is it mended.
    company.goto(case)
    choose(company, "报主管部门")
    company.fill("input[name=receipt]", "演示应急〔2026〕1号")
    company.fill("textarea[name=text]", "换接头，复测温度。")
    take(company, "报主管部门")
    manager.goto(case)
    choose(manager, "开始整改")
    for name in ("person", "measure", "money", "time", "plan"):
        manager.fill(f"[name={name}]", "已落实")
    take(manager, "开始整改")
    choose(manager, "报改好")
    manager.set_input_files("input[name=photo]", picture(7))
    manager.fill("textarea[name=remedy]", "换了接头，满负荷一小时 45 ℃。")
    take(manager, "报改好")

    # Nobody checks their own work: the manager said that it is done.
    assert "复核通过" not in [one.inner_text() for one in manager.locator("main a.btn").all()]
    company.goto(case)
    choose(company, "复核通过")
    company.fill("textarea[name=note]", "到场复测 44 ℃。")
    take(company, "复核通过")
    assert "已销号" in shown_when(company, case, "已销号")
    assert safety_score(manager) != before
    assert manager.faults == [] and company.faults == []
