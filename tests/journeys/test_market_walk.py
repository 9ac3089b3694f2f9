"""The market and the targets in Chromium: a price seen becomes an incident, a plan is signed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.conftest import choose, write

pytestmark = pytest.mark.browser


def report(page: Any, price: str) -> None:
    page.goto("/market/prices/new")
    choose(page, "product_id", "豆瓣酱")
    write(page, "#price_fen", price)  # leaves the field, and with it the open list
    choose(page, "distributor_id", "D1")
    write(page, "#place", "东市场 12 号摊位")
    page.click("[data-save]")
    page.wait_for_url(re.compile(r"/market/prices/\d+$"))


@pytest.mark.row("A04", "A10")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_price_below_the_floor_is_noticed_answered_and_closed(desk: Any, width: int) -> None:
    rep = desk.page_of("rep", width)
    report(rep, "95")
    assert "区间内" in rep.inner_text("main")
    report(rep, "80")
    assert "低于下限" in rep.inner_text("main")
    rep.click(".page-actions a.btn-primary")
    rep.wait_for_url("**/market/incidents/*")
    address = rep.url
    cm = desk.page_of("cm", width)
    cm.goto(address)
    cm.fill("#notice-text", "请说明低价原因")
    cm.click("button[value=notify]")
    d1 = desk.page_of("d1", width)
    d1.goto("/")
    d1.click("text=份整改通知待您答复")
    d1.click(".row-link >> nth=0")
    d1.fill("#answer-text", "门店清仓，已恢复原价")
    d1.click("button[value=answer]")
    cm.goto(address)
    assert "门店清仓" in cm.inner_text("main")
    cm.click("button[value=close]")
    assert "书面处理结果" in cm.inner_text(".alert")
    cm.fill("#close-text", "属实，口头警告")
    cm.click("button[value=close]")
    cm.wait_for_selector("text=属实，口头警告")
    assert cm.locator("#close-text").count() == 0


@pytest.mark.row("G02", "G03")
def test_a_plan_is_built_without_scripts_and_signed_by_another(desk: Any) -> None:
    cm = desk.page_of("cm", java_script_enabled=False)
    cm.goto("/targets/plans/new")
    choose(cm, "distributor_id", "D1")
    write(cm, "#year", "2027")
    cm.click("[data-save]")
    cm.fill("#total_fen", "1000000")
    for n, weight in enumerate(("20", "30", "30", "20"), 1):
        cm.fill(f"[name=quarter-{n}]", weight)
    cm.click("[data-save]")
    quarters = cm.locator("tr.hit td:nth-child(2)").all_inner_texts()
    assert quarters == ["200,000.00", "300,000.00", "300,000.00", "200,000.00"]
    plan = cm.url
    if cm.locator("#plan-reason").count():
        cm.fill("#plan-reason", "新开三家连锁超市")
    cm.click("button[value=submit]")
    other = desk.page_of("cm2")
    other.goto(plan)
    other.click("button[value=sign]")
    other.wait_for_selector("text=已签署")
