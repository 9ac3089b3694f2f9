"""The keyboard alone: signing in, finding a record, deciding, and always seeing where one is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from channel.demo.cast import PASSWORD

pytestmark = pytest.mark.browser

#: Tells what has the focus, and whether one can see that it has.
FOCUS = """
() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  const seen = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none'
    || style.boxShadow !== 'none';
  return {tag: node.tagName, name: node.getAttribute('name'), value: node.getAttribute('value'),
    text: (node.innerText || node.getAttribute('aria-label') || '').trim().slice(0, 40),
    seen: seen && box.width > 0 && box.height > 0};
}
"""


def sign_in_by_keys(page: Page, user: str) -> None:
    page.goto("/login")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(f"{user}@weir.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".topbar").wait_for()


def tab_to(page: Page, name: str, value: str, most: int = 120) -> None:
    """Press Tab until a field or button has the focus; each stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            continue
        assert stop["seen"], f"the focus cannot be seen on {stop}"
        if (stop["name"], stop["value"]) == (name, value):
            return
    raise AssertionError(f"no Tab leads to {name}={value}")


@pytest.mark.row("P02")
def test_an_exception_is_found_and_decided_by_keys(desk: Any) -> None:
    page = desk.window()
    sign_in_by_keys(page, "cm2")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("EX-2026-000004")
    expect(page.locator("#palette-results a").first).to_contain_text("EX-2026-000004")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/exceptions/\d+$"))
    tab_to(page, "act", "approve")
    page.keyboard.press("Enter")
    expect(page.locator(".flashes .alert-success")).to_be_visible()


def test_g_and_a_letter_open_the_pages_of_the_menu(viewer: Any) -> None:
    page = viewer.window()
    sign_in_by_keys(page, "cm")
    for key, path in (("o", "/orders"), ("s", "/shipments"), ("h", "/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(re.compile(re.escape(path) + "$"))
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders")
    page.keyboard.press("/")
    expect(page.locator("#list-q")).to_be_focused()
    page.keyboard.type("g o")
    expect(page.locator("#list-q")).to_have_value("g o")


def test_the_first_tab_skips_the_menu(viewer: Any) -> None:
    page = viewer.page_of("cm")
    page.goto("/orders")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
