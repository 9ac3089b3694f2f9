"""The inventory statement → PDF bytes: movements, ages and layers, levels and suggested order.

The figures come frozen as plain values; a statement that does not re-add is never printed.
"""

from __future__ import annotations

from typing import Any, TypedDict

from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import paper_view
from channel.documents.words_stock import word_of
from channel.messages.values import format_number
from contracts.values.words import amount_in_words

AGES = ("a", "b", "c", "d", "e")


class LayerLine(TypedDict):
    """A part of the stock from one delivery; day '' and value None: not explained."""

    batch: str
    delivered_on: str
    quantity: int
    value_fen: int | None


class GoodsLine(TypedDict):
    """One product, in its base unit; decimals as text, '' where there is no figure."""

    code: str
    name: str
    name_en: str
    unit: str
    opening: int
    came_in: int
    sold: int
    left: int
    closing: int
    difference: int
    sell_through: str
    method: str
    safety: int
    target: int
    stock: int
    in_transit: int
    on_order: int
    to_order: int
    order_fen: int | None
    cover: str
    ages: list[int]
    unexplained: int
    quarantined: int
    average_days: str
    value_fen: int
    layers: list[LayerLine]


class StockStatementDoc(TypedDict):
    """What one distributor holds at the end of a report, both days inclusive."""

    period: str
    version: int
    first_day: str
    last_day: str
    date: str
    currency: str
    maker: Party
    distributor: Party
    goods: list[GoodsLine]
    value_fen: int
    order_fen: int
    floor_fen: int
    prepared_by: str


class StockInconsistentError(Exception):
    """The figures of an inventory statement do not re-add."""


def check_stock(doc: StockStatementDoc) -> None:
    """Raise StockInconsistentError unless movements, ages and layers agree to the unit."""
    for one in doc["goods"]:
        code = one["code"]
        moved = one["opening"] + one["came_in"] - one["sold"] - one["left"] + one["difference"]
        if moved != one["closing"]:
            raise StockInconsistentError(f"movements of {code}")
        layered = sum(layer["quantity"] for layer in one["layers"])
        if layered + one["quarantined"] != one["closing"]:
            raise StockInconsistentError(f"layers and closing of {code}")
        if sum(one["ages"]) + one["unexplained"] != layered:
            raise StockInconsistentError(f"ages and layers of {code}")
        if sum(layer["value_fen"] or 0 for layer in one["layers"]) != one["value_fen"]:
            raise StockInconsistentError(f"values of {code}")
    if sum(one["value_fen"] for one in doc["goods"]) != doc["value_fen"]:
        raise StockInconsistentError("values of the goods and their total")


def render_stock_statement(doc: StockStatementDoc, lang: Lang) -> bytes:
    """PDF bytes of one inventory statement in one language."""
    return print_pdf(stock_html(doc, lang))


def stock_html(doc: StockStatementDoc, lang: Lang) -> str:
    """The page before it is printed."""
    check_stock(doc)
    return template("stock_statement.html").render(_view(doc, lang))


def _view(doc: StockStatementDoc, lang: Lang) -> dict[str, Any]:
    word, currency = word_of(lang), doc["currency"]

    return {
        **paper_view(doc, lang, word),
        "words": amount_in_words(doc["value_fen"]) if currency == "CNY" else "",
        "number": format_number,
        "ages": [f"stock_age_{key}" for key in AGES],
    }
