"""A rep counts a distributor's stock on a phone, and the channel manager clears the gap."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.conftest import write

pytestmark = pytest.mark.browser


@pytest.mark.row("F10", "F12")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_count_on_the_phone_opens_a_follow_up_that_is_cleared(desk: Any, scripts: bool) -> None:
    rep = desk.page_of("rep", 390, java_script_enabled=scripts)
    rep.goto("/stock-counts/new")
    rep.click("main .row-link >> text=D1")
    fields = rep.locator(".count-line input[name^=n-]")
    assert fields.count() >= 2
    assert all(fields.nth(n).input_value().isdigit() for n in range(fields.count()))
    write(rep, ".count-line input >> nth=0", "1")
    rep.click("[data-save]")
    rep.wait_for_url(re.compile(r"/stock-counts/\d+$"))
    assert "超出界限" in rep.inner_text("main")
    number = rep.inner_text("main a[href*=follow-ups] >> nth=0")

    cm = desk.page_of("cm", 1280, java_script_enabled=scripts)
    cm.goto("/stock-counts/follow-ups")
    cm.click(f"text={number}")
    cm.fill("#result", "仓库盘亏，已要求重报")
    cm.click("main form [data-save]")
    cm.wait_for_selector("text=仓库盘亏，已要求重报 >> nth=0")
    assert cm.locator("#result").count() == 0

    # From the area to the distributor, and on to the report behind its figures.
    cm.goto("/channel-stock")
    cm.click("main tbody .row-link >> nth=0")
    cm.goto("/channel-stock/positions?q=D1")
    cm.click("main tbody .row-link >> nth=0")
    cm.wait_for_url("**/channel-stock/distributors/*")
    cm.click(".page-actions a[href*='/stock/']")
    cm.wait_for_url(re.compile(r"/stock/\d+$"))
