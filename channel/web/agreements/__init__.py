"""Pages about agreements: versions and their workflow, duties by day, papers."""

from __future__ import annotations

from channel.web.agreements import versions  # noqa: F401  # adds its routes
from channel.web.agreements.blueprint import bp

__all__ = ["bp"]
