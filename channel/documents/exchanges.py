"""A return note for an approved exchange → PDF bytes, from frozen words in both languages."""

from __future__ import annotations

from typing import Any, TypedDict

from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import iso_day_text, page_view
from channel.documents.words import words_in
from channel.documents.words_exchanges import EXCHANGE_WORDS
from channel.messages.values import format_fen


class NoteLine(TypedDict):
    """Goods that come back; the value of one incl. VAT in fen."""

    product: str
    name: str
    unit: str
    batch: str
    shipment: str
    shipped_on: str
    quantity: int
    unit_gross_fen: int


class ReturnNoteDoc(TypedDict):
    """What is sent back by when, who bears the freight, and what goes out for it."""

    number: str
    contract: str
    version: int
    approved_on: str
    return_by: str
    currency: str
    maker: Party
    distributor: Party
    lines: list[NoteLine]
    means: str
    goods: list[list[Any]]
    freight_by: str
    sealed: bool
    approved_by: str
    note: str


def render_return_note(doc: ReturnNoteDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    word = words_in(lang, EXCHANGE_WORDS)
    lines: list[dict[str, Any]] = [
        {
            **line,
            "shipped": iso_day_text(line["shipped_on"], lang),
            "value_fen": line["quantity"] * line["unit_gross_fen"],
        }
        for line in doc["lines"]
    ]
    view = {
        **page_view(doc, lang, word),
        "money": lambda fen: format_fen(fen, doc["currency"], sign=False),
        "lines": lines,
        "units": sum(line["quantity"] for line in doc["lines"]),
        "total_fen": sum(line["value_fen"] for line in lines),
        "approved_on": iso_day_text(doc["approved_on"], lang),
        "return_by": iso_day_text(doc["return_by"], lang),
        "freight": word(f"exchange_side_{doc['freight_by']}"),
        "means": word(f"exchange_means_{doc['means']}"),
    }
    return print_pdf(template("exchange.html").render(view))
