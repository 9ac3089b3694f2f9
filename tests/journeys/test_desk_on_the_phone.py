"""The desk on a phone: decided in twenty seconds, several at once, for a colleague, reviewed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = 390


def in_the_first_window(page: Page, selector: str) -> bool:
    """Whether the thing can be seen without scrolling."""
    box = page.locator(selector).first.bounding_box()
    return box is not None and box["y"] + box["height"] <= 844


@pytest.mark.row("D09", "P02", "D04")
def test_one_request_is_read_and_approved_within_twenty_seconds(desk: Any) -> None:
    page = desk.page_of("cm", PHONE)
    begun = time.monotonic()
    page.goto("/inbox")
    card = page.locator("article", has_text="最低发货额").first
    number = card.locator("h2 a").inner_text()
    card.locator("h2 a").click()
    # What it changes, both grounds, credit, conduct and peers stand beside each other.
    for words in (
        "最低发货额由 ¥10,000.00 降为 ¥5,000.00",
        "客户实力",
        "市场购买力",
        "占用额度",
        "逾期",
        "以往例外",
        "排名",
    ):
        expect(page.locator("main")).to_contain_text(words)
    assert in_the_first_window(page, "button[value=approve]")
    page.locator("button[value=approve]").click()
    expect(page.locator(".flashes")).to_contain_text("已批准")
    assert time.monotonic() - begun < 20
    expect(page.locator("main")).not_to_contain_text(number)
    # The requester's page changed, and the trail says who, when and what was seen.
    rep = desk.page_of("rep", PHONE)
    rep.goto("/exceptions")
    rep.get_by_role("link", name=number, exact=True).click()
    expect(rep.locator("main")).to_contain_text("已批准")
    expect(rep.locator(".timeline")).to_contain_text("所见版本")


@pytest.mark.row("P02", "D09")
def test_several_at_once_and_the_refused_one_is_listed(desk: Any) -> None:
    apply = desk.page_of("cm", PHONE)
    apply.goto("/exceptions/new?type=minimum")
    apply.select_option("#distributor_id", index=1)
    apply.fill("#floor_fen", "6000")
    apply.fill(
        "#last_day",
        "2027-12-31" if apply.locator("#valid_from").input_value() > "2026-12" else "2026-12-31",
    )
    apply.fill("#max_uses", "2")
    apply.fill("#reason", "小批量试销")
    apply.fill("#ground_means", "资金充裕")
    apply.fill("#ground_market", "市场成熟")
    apply.locator("[data-save]").click()
    own = apply.locator("h1").inner_text().split(" ")[0]
    page = desk.page_of("cm2", PHONE)
    page.goto("/inbox")
    boxes = page.locator("input[name=pick]")
    count = boxes.count()
    assert count >= 2
    for i in range(count):
        boxes.nth(i).check()
    # Meanwhile one of them moves on: what was seen is not what stands now.
    apply.goto("/exceptions?q=" + own)
    apply.get_by_role("link", name=own, exact=True).click()
    apply.locator("button[value=withdraw]").click()
    page.locator("button", has_text="批准所选").click()
    flashes = page.locator(".flashes")
    expect(flashes).to_contain_text(f"已办理 {count - 1} 项申请")
    expect(flashes).to_contain_text(own)


@pytest.mark.row("D09")
def test_a_delegate_signs_in_the_stead_of_who_is_away(desk: Any) -> None:
    fin = desk.page_of("fin", PHONE)
    fin.goto("/exceptions/absences")
    last = fin.locator("#valid_from").input_value()
    fin.fill("#last_day", last)
    fin.select_option("#delegate_id", label="鲍总 (总经理)")
    fin.locator("[data-save]").click()
    expect(fin.locator("main")).to_contain_text("鲍总")
    cm = desk.page_of("cm", PHONE)
    cm.goto("/inbox")
    card = cm.locator("article", has_text="账期").first
    number = card.locator("h2 a").inner_text()
    card.locator("button[value=approve]").click()
    boss = desk.page_of("boss", PHONE)
    boss.goto("/inbox")
    expect(boss.locator("main")).to_contain_text("您同时代方芳审批")
    boss.locator("article", has_text=number).locator("h2 a").click()
    expect(boss.locator(".decide")).to_contain_text("您将代方芳审批")
    boss.locator("button[value=approve]").click()
    boss.goto("/exceptions?q=" + number)
    boss.get_by_role("link", name=number, exact=True).click()
    expect(boss.locator("main")).to_contain_text("代方芳审批")


@pytest.mark.row("D06")
def test_a_due_review_is_decided_and_widens_into_a_filled_application(desk: Any) -> None:
    page = desk.page_of("cm", PHONE)
    page.goto("/inbox")
    page.locator(".list-group-item", has_text="最低发货额").first.click()
    expect(page.locator("main")).to_contain_text("同行排名")
    expect(page.locator("main")).to_contain_text("预期 ¥80,000.00，实际")
    page.select_option("#decision", "widen")
    page.fill("#reason", "成效好，放宽到更低")
    page.locator("[data-save]").click()
    expect(page.locator("h1")).to_contain_text("最低发货额")
    assert page.locator("#floor_fen").input_value() == "5000.00"
    assert page.locator("#ground_means").input_value()
