"""Closing a month in the browser, and what the closed month answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel.queries import closing as reads
from tests.builders import an_order, the_order

pytestmark = pytest.mark.row("P12")


def test_a_month_is_closed_and_a_back_dated_shipment_is_refused_with_the_open_day(
    world: Any, sign_in: Any
) -> None:
    order = an_order(world, A=200)
    fin, cm, boss = sign_in("fin"), sign_in("cm"), sign_in("boss")
    assert "月结 2026-10" in fin.get("/closing").text
    page = fin.follow(fin.post("/closing/close", {"month": "2026-10", "seen_version": "1"}))
    assert "2026-10 已月结" in page.text
    owner = world.distributor("D1")
    line = the_order(order).lines[0].id
    typed = {
        "ship_date": "2026-10-31",
        "ship_to_id": str(world.ship_to("D1")),
        f"quantity-{line}": "200",
    }
    text = cm.post(f"/shipments/new/{owner}", typed, status=422).text
    assert "属于已月结的月份" in text
    assert "2026-11-01" in text
    boss.post("/closing/reopen", {"month": "2026-10", "reason": "漏记"})
    assert reads.the_closing().open_from == date(2026, 10, 1)


def test_a_word_that_is_no_month_is_named(world: Any, sign_in: Any) -> None:
    fin = sign_in("fin")
    page = fin.follow(fin.post("/closing/close", {"month": "soon"}))
    assert "“soon”不是月份" in page.text
    assert reads.the_closing().open_from is None


@pytest.mark.row("P01")
def test_who_may_open_the_page_and_who_may_close(world: Any, sign_in: Any) -> None:
    for name in ("cm", "rep", "auditor", "boss", "fin"):
        sign_in(name).get("/closing")
    sign_in("d1").get("/closing", status=403)
    for name in ("cm", "auditor", "d1"):
        sign_in(name).post("/closing/close", {"month": "2026-10"}, status=403)
    sign_in("fin").post("/closing/reopen", {"month": "2026-10", "reason": "x"}, status=403)
