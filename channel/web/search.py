"""Search from the top bar and from Ctrl-K."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from channel.access import Permission
from channel.queries import search as reads
from channel.web.pages import actor, is_partial, page, show

bp = Blueprint("search", __name__)

KINDS = {
    "distributor": _l("Distributor"),
    "product": _l("Product"),
    "agreement": _l("Agreement"),
    "order": _l("Order"),
    "shipment": _l("Shipment"),
    "invoice": _l("Invoice"),
    "receipt": _l("Receipt"),
    "exception": _l("Exception"),
    "incident": _l("Incident"),
    "promotion": _l("Promotion"),
    "statement": _l("Statement"),
}


@page(bp, "/search", Permission.HOME)
def index() -> Any:
    text = request.args.get("q", "")[:100]
    hits = reads.search(actor(), text)
    template = "search/hits.html" if is_partial() else "search/index.html"
    return show(template, hits=hits, text=text, kinds=KINDS)
