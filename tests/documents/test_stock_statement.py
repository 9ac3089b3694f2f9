"""The inventory statement on paper: it re-adds, or it is not printed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

import pytest

from channel.documents.stock import (
    StockInconsistentError,
    StockStatementDoc,
    check_stock,
    render_stock_statement,
    stock_html,
)

GOODS: dict[str, Any] = {
    "code": "A", "name": "豆瓣酱", "name_en": "Broad-bean paste", "unit": "箱",
    "opening": 100, "came_in": 200, "sold": 180, "left": 5, "closing": 120, "difference": 5,
    "sell_through": "60.0", "method": "cycle_service", "safety": 30, "target": 210,
    "stock": 115, "in_transit": 0, "on_order": 0, "to_order": 95, "order_fen": 950_000,
    "cover": "", "ages": [80, 0, 0, 0, 0], "unexplained": 45, "quarantined": -5,
    "average_days": "13.0", "value_fen": 800_000,
    "layers": [
        {"batch": "B1", "delivered_on": "2026-10-18", "quantity": 80, "value_fen": 800_000},
        {"batch": "", "delivered_on": "", "quantity": 45, "value_fen": None},
    ],
}  # fmt: skip


def a_doc(**changes: Any) -> StockStatementDoc:
    doc = {
        "period": "2026-10", "version": 1, "first_day": "2026-10-01", "last_day": "2026-10-31",
        "date": "2026-11-21", "currency": "CNY",
        "maker": {"name": "川香食品有限公司", "name_en": "", "uscc": "", "address": ""},
        "distributor": {"name": "隆昌川味经营部", "code": "D2", "uscc": "", "address": ""},
        "goods": [deepcopy(GOODS)], "value_fen": 800_000, "order_fen": 950_000,
        "floor_fen": 1_000_000, "prepared_by": "陈敏",
    }  # fmt: skip
    doc["goods"][0].update(changes)  # type: ignore[index]
    return cast(StockStatementDoc, doc)


@pytest.mark.row("P03")
def test_the_statement_says_stock_ages_level_and_order() -> None:
    html = stock_html(a_doc(), "zh")
    for text in ("隆昌川味经营部", "人民币捌仟元整", "周期服务水平", "无动销", "60.0", "无法对应",
                 "最低起运额为"):  # fmt: skip
        assert text in html
    assert "Broad-bean paste" in stock_html(a_doc(), "en")


@pytest.mark.row("P03")
def test_the_statement_is_printed_with_its_fonts() -> None:
    data = render_stock_statement(a_doc(), "zh")
    assert data.startswith(b"%PDF")
    assert render_stock_statement(a_doc(), "zh") == data


@pytest.mark.parametrize(
    "changes",
    [
        {"sold": 181},
        {"quarantined": 0},
        {"unexplained": 44},
        {"value_fen": 700_000},
        {"ages": [79, 0, 0, 0, 0]},
    ],
)
def test_a_statement_that_does_not_re_add_is_never_printed(changes: dict[str, Any]) -> None:
    with pytest.raises(StockInconsistentError):
        stock_html(a_doc(**changes), "zh")


def test_the_total_is_that_of_the_goods() -> None:
    doc = a_doc()
    doc["value_fen"] = 1
    with pytest.raises(StockInconsistentError, match="total"):
        check_stock(doc)
