"""Pages about agreements: versions and their workflow, duties by day, papers."""

from __future__ import annotations

from channel.web.agreements import (  # noqa: F401  # each adds its routes
    calendar,
    duties,
    papers,
    renewing,
    versions,
)
from channel.web.agreements.blueprint import bp

__all__ = ["bp"]
