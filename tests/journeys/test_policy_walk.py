"""Drafting a rebate policy in Chromium: by its kind, a usual condition, approved by another."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.test_accessible import AXE, RUN

pytestmark = [pytest.mark.browser, pytest.mark.row("E01", "E03")]

READING = "#reading li"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_policy_is_drafted_by_its_kind_and_approved_by_another(desk: Any, width: int) -> None:
    cm = desk.page_of("cm", width)
    cm.goto("/rebates/policies/new")
    cm.click("text=增长返利（超额部分）")
    cm.wait_for_selector("text=举例：基数 ¥100,000.00")
    cm.fill("#code", "WALK")
    cm.fill("#name", "增长奖（试行）")
    cm.fill("input[name=tier-1-rate]", "10")
    cm.press("input[name=tier-1-rate]", "Tab")
    cm.wait_for_selector(f"{READING}:has-text('10 %')")
    cm.click("button[value='ready:report']")
    cm.wait_for_selector(f"{READING}:has-text('未按时报送的进销存报表数')")
    assert cm.input_value("input[name=cond-0-steps]") == "0: 100; 1: 0"
    assert cm.input_value("input[name=tier-1-rate]") == "10"
    cm.press("#name", "Enter")
    cm.wait_for_url(re.compile(r"/rebates/policies/\d+$"))
    assert "超额返利：仅对超过基数的部分" in cm.inner_text("main")
    cm.click("button[value=submit]")
    cm.wait_for_selector("text=已提交")
    address = cm.url

    other = desk.page_of("cm2", width)
    other.goto(address)
    other.on("dialog", lambda dialog: dialog.accept())
    other.click("button[value=approve]")
    other.wait_for_selector("text=已批准")
    other.click("button[value=revise]")
    other.wait_for_url(re.compile(r"/edit$"))
    other.fill("input[name=tier-0-rate]", "4")
    other.click("[data-save]")
    other.wait_for_url(re.compile(r"/rebates/policies/\d+$"))
    changes = other.inner_text("#changes")
    assert "5 %" in changes and "4 %" in changes


def test_a_policy_is_drafted_without_scripts(desk: Any) -> None:
    cm = desk.page_of("cm", java_script_enabled=False)
    cm.goto("/rebates/policies/new?kind=frequency")
    cm.fill("#code", "PLAIN")
    cm.fill("#name", "频次奖")
    cm.fill("input[name=tier-1-lower]", "10")
    cm.fill("input[name=tier-1-amount]", "800")
    cm.click("button[value=check]")
    assert "满 10 单 及以上：¥800.00。" in cm.inner_text("#reading")
    cm.locator("summary", has_text="限额与有效期").click()
    cm.fill("#cap_fen", "500")
    cm.click("button[data-save]")
    text = cm.inner_text("main")
    assert "每张结算单最多返利 ¥500.00。" in text
    assert "草稿" in text


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_policies_shut_nobody_out(viewer: Any, width: int) -> None:
    axe = AXE.read_text("utf-8")
    page = viewer.page_of("cm", width)
    wrong = []
    for path in (
        "/rebates/policies/new",
        "/rebates/policies/new?kind=multiple",
        "/rebates/policies/new?kind=bundle",
        "/rebates/policies/new?kind=collection",
        "/rebates/policies/1",
        "/rebates/policies/2",
    ):
        for scheme, only in (("light", []), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            if scheme == "light":
                page.goto(path)
                page.wait_for_load_state("networkidle")
                page.evaluate(axe)
            wrong += [f"{path} {scheme}: {text}" for text in page.evaluate(RUN, only)]
    assert not wrong, "\n".join(wrong)
