"""A clerk: cells of another system pasted and understood; the grid filled in on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import choose

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASTED = (
    "货号\t品名\t单位\t期初\t进货\t出货\t期末\n"
    "Q-77\t豆瓣酱\t打\t１２０\t0\t24\t96\nQ-78\t纸巾\t包\t5\t0\t0\t5\n"
)


@pytest.mark.row("F01", "F09")
@pytest.mark.parametrize("width", [1280, 390])
def test_pasted_cells_with_own_codes_and_units_are_understood_once(desk: Any, width: int) -> None:
    d1 = desk.page_of("d1", width=width)
    d1.goto("/stock/file")
    d1.locator("details:has(#pasted) summary").click()
    d1.fill("#pasted", PASTED)
    d1.get_by_role("button", name="检查粘贴的内容").click()
    words = d1.locator("#words")
    expect(words).to_contain_text("Q-77")
    choose(d1, "code-0", "豆瓣酱")
    choose(d1, "code-1", "不是我方产品")
    # The list of a choice may open once more with the focus and cover the button below it.
    words.locator("button.btn-primary").press("Enter")
    expect(d1.locator("#words")).to_contain_text("打")
    expect(d1.locator("#words")).not_to_contain_text("Q-77")
    d1.select_option("#unit-0", "ratio")
    d1.fill("#unit-0-times", "1")
    d1.fill("#unit-0-per", "12")
    d1.locator("#words button.btn-primary").press("Enter")
    expect(d1.locator("#words")).to_have_count(0)
    # 120 of theirs are 10 of ours, with what the file says beneath.
    row = d1.locator("table tbody tr").first
    expect(row).to_contain_text("10")
    expect(row).to_contain_text("120")
    d1.goto("/stock/codes")
    expect(d1.locator("#list")).to_contain_text("Q-77")


@pytest.mark.row("F01")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_report_is_filled_in_on_the_page_and_filed(desk: Any, width: int) -> None:
    d1 = desk.page_of("d1", width=width)
    desk.expected.add(422)
    d1.goto("/stock/grid")
    for line in d1.locator("fieldset.mend-row").all():
        product = line.locator("input[name$='-product']")
        if product.count():
            continue  # a spare line
        opening = line.locator("input[name$='-opening']").input_value() or "0"
        line.locator("input[name$='-opening']").fill(opening)
        for name, text in (("receipts", "0"), ("sell_out", "0"), ("closing", opening)):
            line.locator(f"input[name$='-{name}']").fill(text)
        line.locator("input[name$='-reason']").fill("系统停用，按上期结转")
    d1.get_by_role("button", name="检查报表").click()
    reason = d1.locator("form.decide #reason")
    if reason.count():
        reason.fill("补报")
    d1.locator("form.decide button.btn-primary").click()
    expect(d1.locator(".flashes .alert-success")).to_be_visible()
    assert "/stock/" in d1.url and "uploads" not in d1.url
