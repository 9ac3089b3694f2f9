"""What the pages about goods share: their blueprint and the tabs between them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from channel.web.pages import actor

bp = Blueprint("catalogue", __name__)


def price_tabs(here: str) -> list[dict[str, Any]]:
    """Dealer prices, what is suggested further down, and what was sold below the book."""
    return [
        {"url": url_for(endpoint), "label": label, "here": endpoint == here}
        for endpoint, label in (
            ("catalogue.price_books", _("Price books")),
            ("catalogue.suggested", _("Suggested prices")),
            ("catalogue.special_lines", _("Special prices used")),
        )
    ]


def goods_tabs(here: str) -> list[dict[str, Any]]:
    """Products, groups and VAT side by side; a distributor's user sees products only."""
    if actor().is_distributor:
        return []
    return [
        {"url": url_for(endpoint), "label": label, "here": endpoint == here}
        for endpoint, label in (
            ("catalogue.products", _("Products")),
            ("catalogue.groups", _("Product groups")),
            ("catalogue.vat", _("VAT rates")),
        )
    ]
