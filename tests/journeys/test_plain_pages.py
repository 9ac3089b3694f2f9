"""The key steps without JavaScript: forms and links alone must do the work."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.test_main_job import act, number_of, send

pytestmark = pytest.mark.browser

PLAIN = {"java_script_enabled": False}


@pytest.mark.row("D01", "D02", "P02")
def test_order_shipment_and_exception_without_javascript(desk: Any) -> None:
    d1 = desk.page_of("d1", **PLAIN)
    d1.goto("/orders/new")
    d1.locator("[name=product-0]").select_option(index=1)
    d1.locator("[name=quantity-0]").fill("60")
    act(d1, "submit")
    expect(d1.locator("main")).to_contain_text("6,000.00")
    placed = number_of(d1)

    cm = desk.page_of("cm", **PLAIN)
    cm.goto("/orders")
    cm.get_by_role("link", name=placed).click()
    cm.locator("a[href*='/shipments/new/']").click()
    cm.click("[data-save]")
    expect(cm.locator(".finding-block")).to_contain_text("¥4,000.00")
    shipment = cm.url
    cm.locator(".finding-block a.btn").click()
    cm.fill("#last_day", "2026-12-31")
    cm.fill("#reason", "首批试销")
    cm.fill("#ground_means", "无逾期记录")
    cm.fill("#ground_market", "县城餐饮旺季")
    cm.fill("#expected_sales_fen", "30000")
    cm.click("[data-save]")
    asked = number_of(cm)

    cm2 = desk.page_of("cm2", 390, **PLAIN)
    cm2.goto("/inbox")
    cm2.locator("article.card", has_text=asked).locator("button[value=approve]").click()
    expect(cm2.locator(".flashes .alert-success")).to_be_visible()

    cm.goto(shipment)
    act(cm, "dispatch")
    expect(cm.locator(".flashes .alert-success")).to_be_visible()


def test_lists_filter_and_turn_pages_without_javascript(viewer: Any) -> None:
    cm = viewer.page_of("cm", **PLAIN)
    cm.goto("/orders")
    first = cm.locator("#list tbody tr").first.inner_text()
    cm.locator("a[rel=next]").click()
    assert cm.locator("#list tbody tr").first.inner_text() != first
    cm.fill("#list-q", "D3")
    cm.select_option("#list-state", "held")
    cm.locator(".list-filters button").click()
    expect(cm.locator("#list tbody tr")).to_have_count(1)
    assert "q=D3" in cm.url and "state=held" in cm.url
    cm.locator(".chip").first.click()
    assert "q=D3" not in cm.url
    with cm.expect_download() as got:
        cm.locator(".list-export a").first.click()
    assert got.value.suggested_filename.endswith(".csv")


@pytest.mark.row("F01", "F09")
def test_a_report_is_mended_and_filed_without_javascript(desk: Any) -> None:
    d3 = desk.page_of("d3", **PLAIN)
    d3.goto("/stock/file?period=2026-10")
    received = "产品编码,期初,进货,出货,损耗,期末,差异说明\nA,10,0,十,0,0,盘点\n"
    send(d3, "十月.csv", "text/csv", received.encode())
    expect(d3.locator("#mend")).to_contain_text("十")
    # Goods that were shipped and are not in the file stand here as lines to fill in.
    for field in d3.locator("#mend input.form-control").all():
        name = field.get_attribute("name") or ""
        if name.endswith("-sell_out"):
            field.fill("10" if name == "cell-2-sell_out" else "0")
        elif name.endswith("-reason") and not field.input_value():
            field.fill("在途")
    d3.locator("#mend [data-save]").click()
    expect(d3.locator(".flashes .alert-success")).to_be_visible()
    assert not re.search(r"«十»", d3.locator("main").inner_text())
