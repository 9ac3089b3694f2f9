"""The rooms of cross-territory selling side by side."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.web.pages import actor


def tabs(here: str) -> list[dict[str, Any]]:
    """Tabs for the house, or the fewer ones of a distributor."""
    rooms = [("diversions.index", _("Goods found"))]
    if actor().is_distributor:
        rooms.append(("diversions.here", _("In our territory")))
    if may(actor(), Permission.MARKET_HANDLE):
        rooms.append(("diversions.patterns", _("Patterns")))
    rooms += [("conduct.index", _("Consequences")), ("diversions.codes", _("Trace codes"))]
    found = [{"url": url_for(e), "label": label, "here": e == here} for e, label in rooms]
    cases = url_for("market.incidents", kind="diversion")
    found.insert(1, {"url": cases, "label": _("Cases"), "here": False})
    return found
