"""What the pages about agreements share: their blueprint, their tabs, what the actor saw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

bp = Blueprint("agreements", __name__)


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists about agreements side by side."""
    pages = [
        ("agreements.index", _("Agreements")),
        ("agreements.calendar", _("Calendar of duties")),
        ("agreements.obligations", _("Free duties")),
        ("agreements.expiring", _("Expiring")),
    ]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in pages]


def language() -> str:
    """The language of a paper: as asked for, else that of the page."""
    asked = request.args.get("lang", "")
    return asked if asked in ("zh", "en") else side()


def side() -> str:
    """Which of the two languages of a clause the page shows."""
    return "zh" if str(get_locale()).startswith("zh") else "en"
