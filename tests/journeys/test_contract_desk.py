"""The contract desk by clicking: clause 2 missing, shown and signed, relaxed for a month, kept on
paper, a duty noted and done, the price of leaving."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import choose, write
from tests.journeys.test_main_job import act

pytestmark = pytest.mark.browser


def paper(page: Page, link: str) -> str:
    """The text of the PDF behind a link, without blanks."""
    with page.expect_download() as waiting:
        page.locator(link).first.click()
    data = waiting.value.path().read_bytes()
    return re.sub(r"\s+", "", "".join(p.extract_text() for p in PdfReader(BytesIO(data)).pages))


@pytest.mark.row("A00", "A19", "C02", "A22")
def test_a_contract_is_refused_mended_shown_and_signed(desk: Any) -> None:
    cm = desk.page_of("cm")
    cm.goto("/agreements/new")
    choose(cm, "distributor_id", "D3")
    write(cm, "#valid_from", "2027-01-01")
    write(cm, "#last_day", "2028-12-31")
    write(cm, "#includes", "510300")
    write(cm, "#commitment_months", "24")
    write(cm, "#commitment_fen", "140000")
    write(cm, "#commitment_rate", "5")
    cm.click("[data-save]")
    act(cm, "submit")
    expect(cm.locator(".flashes")).to_contain_text("第 2 条")
    cm.locator("a[href$='/edit']").click()
    cm.select_option("#price_book", index=1)
    cm.click("[data-save]")
    act(cm, "share")
    act(cm, "submit")
    expect(cm.locator(".flashes")).to_contain_text("另一人")

    d3 = desk.page_of("d3", 390)
    d3.goto(cm.url)
    expect(d3.locator("main")).to_contain_text("尚未签订")
    d3.goto(cm.url + "/exit?on=2027-10-15")
    expect(d3.locator("main")).to_contain_text("¥7,000.00")

    boss = desk.page_of("boss")
    boss.goto(cm.url)
    act(boss, "approve")
    expect(boss.locator(".flashes .alert-success")).to_be_visible()
    text = paper(boss, "a[href*='contract.pdf'][href*='zh']")
    assert "建议零售价" in text
    assert "第十一条其他约定" in text
    assert "自贡" in text


@pytest.mark.row("A17", "A15", "A22")
def test_a_relaxation_for_a_month_is_listed_and_a_duty_is_done(desk: Any) -> None:
    cm = desk.page_of("cm")
    cm.goto("/agreements?q=D2&standing=in_force")
    cm.locator("table tbody a").first.click()
    cm.fill("#valid_from", "2026-12-01")
    cm.fill("#last_day", "2026-12-15")
    cm.fill("#reason", "年货旺季放宽")
    act(cm, "amend")
    cm.fill("#payment_days", "60")
    cm.click("[data-save]")
    act(cm, "submit")
    second = desk.page_of("cm2")
    second.goto(cm.url)
    act(second, "approve")
    text = paper(second, "a[href*='contract.pdf'][href*='zh']")
    assert "年货旺季放宽" in text
    assert "60日内付款" in text
    cm.goto(cm.url + "/compare")
    expect(cm.locator("ins").first).to_contain_text("60 日内付款")

    cm.goto("/agreements/1")
    form = cm.locator("form[action$='/obligations']")
    form.locator("#text").fill("提交年度对账确认函")
    form.locator("#due_on").fill("2026-12-20")
    form.locator("button").click()
    d1 = desk.page_of("d1", 390)
    d1.goto("/agreements/calendar?month=2026-12")
    d1.get_by_role("link", name="提交年度对账确认函").click()
    row = d1.locator("#duties tr", has_text="提交年度对账确认函")
    row.locator("input[name=evidence]").fill("确认函已盖章寄出")
    row.locator("button").click()
    expect(d1.locator("#duties tr", has_text="提交年度对账确认函")).to_contain_text("已履行")
