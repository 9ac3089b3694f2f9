"""The inventory statement of a distributor on the page and on paper."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, request
from flask_babel import get_locale
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission
from channel.documents.stock import StockStatementDoc, check_stock, render_stock_statement
from channel.documents.words_stock import word_of
from channel.models.partners import Distributor
from channel.queries import stock_advice_list
from channel.queries import stock_statement as reads
from channel.queries.scope import get_visible
from channel.web.pages import actor, download, page, show

bp = Blueprint("stock_statement", __name__)


def _document(id: int) -> StockStatementDoc:
    distributor: Distributor = get_visible(actor(), Distributor, id)
    report = stock_advice_list.last_report(actor(), id)
    if report is None:
        raise NotVisible
    made = reads.document(actor(), distributor, report, clock.today())
    doc = cast(StockStatementDoc, made)
    check_stock(doc)
    return doc


@page(bp, "/stock/advice/<int:id>/statement", Permission.STOCK_READ)
def record(id: int) -> Any:
    """The statement to be read on the screen, with the buttons that print it."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    if stock_advice_list.last_report(actor(), id) is None:
        return show("stock/no_advice.html", distributor=distributor)
    doc = _document(id)
    return show(
        "stock/statement.html",
        id=id,
        doc=doc,
        subtitle=_("Report %(period)s, as of %(day)s", period=doc["period"], day=doc["last_day"]),
        t=word_of("zh" if str(get_locale() or "zh").startswith("zh") else "en"),
    )


@page(bp, "/stock/advice/<int:id>/statement.pdf", Permission.STOCK_READ)
def paper(id: int) -> Any:
    doc = _document(id)
    lang = "en" if request.args.get("lang") == "en" else "zh"
    title = word_of(lang)("stock_title").replace(" ", "-")
    name = f"{title}-{doc['distributor'].get('code')}-{doc['last_day']}.pdf"
    return download(render_stock_statement(doc, lang), name, "application/pdf")
