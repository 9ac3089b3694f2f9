"""Exchange of slow movers in Chromium: the clerk and the house, to the last dispute."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.row("A11")]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_claim_goes_from_the_clerk_to_the_settled_dispute(desk: Any, width: int) -> None:
    d1 = desk.page_of("d1", width)
    d1.goto("/exchanges/new")
    field = d1.locator("input[name^=quantity-]").nth(0)
    field.fill("20")
    d1.fill("#reason", "终端动销慢")
    d1.click("button[value=file]")
    d1.wait_for_url(re.compile(r"/exchanges/\d+$"))
    assert "已申报" in d1.inner_text("main")
    address = d1.url

    cm = desk.page_of("cm", width)
    cm.goto(address)
    cm.click("button[value=approve]")
    cm.wait_for_selector("text=中文退回单")

    d1.goto(address)
    d1.fill("#carrier", "德邦物流")
    d1.click("button[value=send]")
    d1.wait_for_selector("text=经销商已退回")

    cm.goto(address)
    cm.fill("input[name^=accepted-]", "18")
    cm.fill("input[name^=count_note-]", "两箱破损")
    cm.click("button[value=count]")
    cm.wait_for_selector("text=厂家已清点")

    fin = desk.page_of("fin", width)
    fin.goto(address)
    fin.click("button[value=settle]")
    fin.wait_for_selector("text=部分结算，余量有争议")

    cm.goto(address)
    cm.fill("input[name^=judge_note-]", "装车前已破损")
    cm.click("button[value=judge]")
    cm.wait_for_selector("text=裁定了争议")
    d1.goto(address)
    assert "已结算" in d1.inner_text("main")


def test_a_claim_is_filed_without_scripts(desk: Any) -> None:
    d1 = desk.page_of("d1", java_script_enabled=False)
    d1.goto("/exchanges/new")
    d1.locator("input[name^=quantity-]").nth(0).fill("3")
    d1.fill("#reason", "终端动销慢")
    d1.click("button[value=file]")
    assert "已申报" in d1.inner_text("main")
