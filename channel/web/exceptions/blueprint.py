"""What the pages about exceptions share: their blueprint, tabs, and where documents are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from channel import clock
from channel.web.pages import actor

bp = Blueprint("exceptions", __name__)

RECORDS = {
    "order": "orders.record",
    "shipment": "shipments.record",
    "agreement": "agreements.record",
    "support": "supports.claim",
    "exchange": "exchanges.record",
}


def ending_address() -> str:
    """The register of the approved exceptions that end within 30 days (D10)."""
    today = clock.today()
    return url_for(
        "exceptions.index",
        state="approved",
        ends_from=(today + timedelta(days=1)).isoformat(),
        ends_to=(today + timedelta(days=30)).isoformat(),
    )


def tabs(here: str) -> list[dict[str, Any]]:
    """The register, what ends soon, what it cost and brought, and who signs what."""
    who = actor()
    found = [(url_for("exceptions.index"), _("Register"), "index")]
    found.append((ending_address(), _("Ending within 30 days"), "ending"))
    if not who.is_distributor:
        found.append((url_for("exceptions.board"), _("Cost and result"), "board"))
        found.append((url_for("exceptions.bands"), _("Who signs what"), "bands"))
        found.append((url_for("exceptions.absences"), _("Absences"), "absences"))
    return [{"url": url, "label": label, "here": key == here} for url, label, key in found]
