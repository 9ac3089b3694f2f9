"""The REST interface for other systems: JSON from the same use cases and reads as the pages.

Every answer that is no success is a problem document (RFC 9457) with the findings' codes and
their sentences in the language that was asked for.
"""

from __future__ import annotations

from flask import Flask

from channel.api import (  # noqa: F401  # routes
    document,
    lists,
    money,
    orders,
    problems,
    stock_reports,
    tokens,
)
from channel.api.routing import bp

# A blueprint is furnished once, however many applications take it.
tokens.guard(bp)
problems.hang_on(bp)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.before_request(problems.unmatched)
