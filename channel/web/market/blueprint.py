"""What the pages of the market share: blueprint, tabs, and how files and places are read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from channel.services.steps.market import File
from channel.web.pages import actor

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


def sent_files(name: str = "files") -> list[File]:
    """The photos and papers that came with the form."""
    return [
        File(sent.filename or "file", sent.read())
        for sent in request.files.getlist(name)
        if sent.filename
    ]
