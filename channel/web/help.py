"""The help page: the rules as the product applies them, with the house's own figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from channel.queries import partners
from channel.web.navigation import menu
from channel.web.pages import SIGNED_IN, page, show

bp = Blueprint("help", __name__)


@page(bp, "/help", SIGNED_IN)
def index() -> Any:
    """Where leaders disagree, what Weir chose stands here, where its user sees it."""
    return show("help/index.html", maker=partners.get_maker(), groups=menu())
