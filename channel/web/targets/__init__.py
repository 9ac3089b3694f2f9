"""Pages about targets: the pace board, a distributor's year, and the plans."""

from __future__ import annotations

from channel.web.targets import board, plans  # noqa: F401  # add their routes
from channel.web.targets.blueprint import bp

__all__ = ["bp"]
