"""Exceptions: apply from a refusal, decide on a phone, review what they brought."""

from __future__ import annotations

from channel.web.exceptions import (  # noqa: F401  # add their routes
    applications,
    approvers,
    inbox,
    record,
    register,
    reviews,
)
from channel.web.exceptions.blueprint import bp

__all__ = ["bp"]
