"""Pages about goods: products and groups, VAT rates and the calendar, price books."""

from __future__ import annotations

from channel.web.catalogue import calendar, goods, margins, prices, vat  # noqa: F401  # add their routes
from channel.web.catalogue.blueprint import bp

__all__ = ["bp"]
