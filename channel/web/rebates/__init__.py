"""Pages about rebates: policies, runs, statements, and where a distributor stands."""

from __future__ import annotations

from channel.web.rebates import (  # noqa: F401  # routes
    accrual,
    accruals,
    baselines,
    batch,
    conditions,
    exclusivity,
    exports,
    groups,
    policies,
    pool,
    replies,
    runs,
    statements,
    trials,
    uses,
)
from channel.web.rebates.blueprint import bp

__all__ = ["bp"]
