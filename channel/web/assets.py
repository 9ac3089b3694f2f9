"""Static files by name, with a hash in the address so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, url_for
from markupsafe import Markup


@cache
def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of one of our static files."""
    static = current_app.static_folder
    assert static
    return url_for("static", filename=name, v=_digest(f"{static}/{name}"))


def icon(name: str, size: int = 20) -> Markup:
    """An icon of the sprite; decoration, so hidden from screen readers."""
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"></use></svg>'
    ).format(size, asset("icons.svg"), name)


def init_app(app: Flask) -> None:
    app.add_template_global(asset, "asset")
    app.add_template_global(icon, "icon")
