"""The rebate desk in Chromium: a line disputed by the clerk, answered by finance, and exported."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]


def a_fresh_statement(desk: Any, width: int) -> None:
    """The open quarter is proposed, reviewed and posted."""
    fin = desk.page_of("fin", width)
    fin.goto("/rebates/runs/new?period=2026Q4")
    fin.click("[data-save]")
    fin.wait_for_url(re.compile(r"/rebates/runs/\d+$"))
    fin.click("button[value=review]")
    fin.wait_for_selector(".flashes .alert-success")
    other = desk.page_of("fin2", width)
    other.goto(fin.url)
    other.click("button[value=post]")
    other.wait_for_selector(".flashes .alert-success")


@pytest.mark.row("E10", "E11")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_line_is_disputed_and_the_rest_is_confirmed(desk: Any, width: int) -> None:
    a_fresh_statement(desk, width)
    d1 = desk.page_of("d1", width)
    d1.goto("/rebates/statements?reply=reply_waiting")
    d1.locator("#list tbody a.row-link").first.click()
    d1.wait_for_url(re.compile(r"/rebates/statements/\d+$"))
    statement = d1.url
    d1.locator("a[href*='/dispute?line=base']").first.click()
    d1.wait_for_url(re.compile(r"/dispute\?line="))
    assert d1.input_value("#line").startswith("base:")
    d1.fill("#text", "数量与签收单不符")
    paper = {"name": "签收单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 note"}
    d1.set_input_files("#files", paper)
    d1.click("[data-save]")
    d1.wait_for_url(re.compile(r"/disputes/\d+$"))
    dispute = d1.url
    assert "数量与签收单不符" in d1.inner_text("main")
    d1.goto(statement)
    d1.click("form[action$='/confirm'] button")
    d1.wait_for_selector(".flashes .alert-success")
    assert "除外" in d1.inner_text("#reply")

    fin = desk.page_of("fin", width)
    fin.goto(dispute)
    fin.select_option("#outcome", "rejected")
    fin.fill("#reply", "签收单已核对，数量无误")
    fin.click("button[value=answer]")
    fin.wait_for_selector("text=曾暂扣")
    d1.goto(dispute)
    assert "签收单已核对，数量无误" in d1.inner_text("main")


@pytest.mark.row("E10", "P04")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_period_is_exported_twice_the_same(desk: Any, width: int) -> None:
    fin = desk.page_of("fin", width)
    fin.goto("/rebates/exports/new")
    fin.fill("#first", "2026-07-01")
    fin.fill("#last", "2026-09-30")
    fin.select_option("#format", "json")
    with fin.expect_download() as first:
        fin.click("form button.btn-primary")
    fin.goto("/rebates/exports")
    fin.locator("#list tbody a.row-link").first.click()
    fin.wait_for_url(re.compile(r"/rebates/exports/\d+$"))
    with fin.expect_download() as second:
        fin.click("form[action$='/again'] button")
    assert first.value.path().read_bytes() == second.value.path().read_bytes()
    fin.reload()
    assert fin.inner_text("main").count("完全一致") == 3
