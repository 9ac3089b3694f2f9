"""The home page: what waits for me comes first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from channel.access import Permission
from channel.web.pages import page, show

bp = Blueprint("home", __name__)


@page(bp, "/", Permission.HOME)
def index() -> Any:
    return show("home/index.html")
