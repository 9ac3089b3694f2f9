"""Pages of the market: dashboard and incidents, prices seen, promotions, displays, POP."""

from __future__ import annotations

from channel.web.market import (  # noqa: F401  # add their routes
    displays,
    incidents,
    outlets,
    prices,
    promotions,
    white,
)
from channel.web.market.blueprint import bp

__all__ = ["bp"]
