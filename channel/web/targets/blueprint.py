"""What the pages about targets share: their blueprint and the tabs between them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

bp = Blueprint("targets", __name__)


def tabs(here: str) -> list[dict[str, Any]]:
    return [
        {"url": url_for(endpoint), "label": label, "here": endpoint == here}
        for endpoint, label in (
            ("targets.index", _("Pace board")),
            ("targets.plans", _("Target plans")),
        )
    ]
