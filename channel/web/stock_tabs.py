"""The tabs over the lists of inventory reports: filed, waiting, missing, checked."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.web.pages import actor


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages that the actor may open; `here` is the endpoint of the one shown."""
    who = actor()
    pages = [("stock.index", _("Filed"))]
    if may(who, Permission.STOCK_FILE):
        pages.append(("stock.files", _("Files not yet confirmed")))
        pages.append(("stock_codes.index", _("Own codes")))
    if not who.is_distributor:
        pages.append(("stock.missing", _("Not yet filed")))
    pages.append(("stock_checks.calendar", _("Filing calendar")))
    pages.append(("stock_checks.quality", _("Data quality")))
    if may(who, Permission.RISK_READ):
        pages.append(("stock_checks.outflow", _("Hidden outflow")))
    return [{"url": url_for(name), "label": label, "here": name == here} for name, label in pages]
