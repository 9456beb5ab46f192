"""A shop behind a master meter finds what it paid too much, and says whether the money came back: a phone, a number, no account."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PHONE
from .test_repair import PDF

pytestmark = pytest.mark.browser

SHOP = "2 号铺 药店"


def test_a_tenant_sees_the_overcharge_and_answers_for_the_refund(visit: Callable[..., Any]) -> None:
    company, tenant = visit("qiye"), visit(viewport=PHONE)
    company.goto("/power/refunds/?view=due")
    row = company.locator("main tbody tr", has_text=SHOP)
    assert "540.00 元" in row.inner_text()
    month = row.locator("a").first.get_attribute("href")
    company.goto("/power/")
    company.locator("main tbody tr", has_text="立春里").locator("a").first.click()
    meter = company.locator("main tr", has_text=SHOP)
    number = meter.locator(".wx-mono").inner_text()

    # A number that nobody gave out opens nothing and says where the right one stands.
    tenant.goto("/my-power/")
    tenant.fill("[name=receipt]", "AAAA-AAAA-A")
    tenant.locator("main button", has_text="查我的电费").click()
    tenant.locator("main", has_text="查不到这个查询号").wait_for()
    tenant.faults.clear()  # the refusal is a 422, which the browser notes

    tenant.fill("[name=receipt]", number.lower())
    tenant.locator("main button", has_text="查我的电费").click()
    text = tenant.locator("main").inner_text()
    assert SHOP in text and "多收 540.00 元" in text and "还没有退" in text
    assert tenant.locator("main button", has_text="退款收到了").count() == 0
    assert "面馆" not in text  # the neighbour's bill is the neighbour's

    company.goto(month)
    company.locator("main li", has_text=SHOP).locator("a.btn").first.click()
    company.select_option("[name=way]", "transfer")
    company.fill("[name=paid_on]", datetime.date.today().isoformat())
    company.set_input_files("[name=file]", PDF)
    company.locator("main form button.btn-primary[type=submit]").click()

    tenant.reload()
    tenant.locator("main button", has_text="退款没收到").click()
    assert "你说：没收到" in tenant.locator("main").inner_text()
    company.goto("/power/refunds/?view=denied")
    assert SHOP in company.locator("main tbody").inner_text()
    tenant.locator("main button", has_text="退款收到了").click()
    assert "多收 540.00 元，已退" in tenant.locator("main").inner_text()
    assert tenant.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert tenant.faults == [] and company.faults == []
