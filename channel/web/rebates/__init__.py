"""Pages about rebates: policies, runs, statements, and where a distributor stands."""

from __future__ import annotations

from channel.web.rebates import accrual, batch, policies, runs, statements  # noqa: F401  # routes
from channel.web.rebates.blueprint import bp

__all__ = ["bp"]
