"""What the pages of the market share: blueprint and tabs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from channel.web.forms.files import sent_files
from channel.web.pages import actor

__all__ = ["bp", "sent_files", "tabs"]

bp = Blueprint("market", __name__)


def tabs(here: str) -> list[dict[str, Any]]:
    """The rooms of the market side by side."""
    rooms = [
        ("market.index", _("Dashboard")),
        ("market.incidents", _("Incidents")),
        ("diversions.index", _("Cross-territory")),
        ("market.price_reports", _("Prices seen")),
        ("market.promotions", _("Promotions")),
        ("market.displays", _("Displays")),
        ("market.pop", _("POP places")),
        ("market.outlets", _("Outlets")),
    ]
    if not actor().is_distributor:
        rooms.append(("market.white", _("White space")))
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in rooms]
