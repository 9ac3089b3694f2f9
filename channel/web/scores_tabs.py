"""The tabs that the pages of grades, of the score card and of risk share."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages of scores beside one another."""
    places = [
        ("scores.index", _("Credit grades")),
        ("score_cards.index", _("Score card")),
        ("risk.index", _("Risk scores")),
    ]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in places]
