"""What the pages about agreements share: their blueprint, their tabs, what the actor saw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

bp = Blueprint("agreements", __name__)


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists about agreements side by side."""
    pages = [("agreements.index", _("Agreements"))]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in pages]


def seen() -> int | None:
    """The row version on which the page stood that was sent."""
    text = request.form.get("seen_version", "")
    return int(text) if text.isdigit() else None
