"""Approval as a pure engine: a request takes a route of stages, and people act on its seats.

Import from here: the modules inside are an order for readers, not for callers.
"""

from __future__ import annotations

from contracts.approval.engine import TRANSITIONS, acts_open_to, advance, refusals
from contracts.approval.model import (
    CLOSED,
    SYSTEM_ROLE,
    Act,
    ActKind,
    Case,
    CaseState,
    Mode,
    Route,
    Seat,
    Stage,
    Verdict,
    open_case,
)
from contracts.approval.overdue import IDLE_HOURS, Overdue, overdue
from contracts.approval.routes import (
    Band,
    NoRoute,
    check_bands,
    route,
    route_from_json,
    route_to_json,
)

__all__ = [
    "CLOSED",
    "IDLE_HOURS",
    "SYSTEM_ROLE",
    "TRANSITIONS",
    "Act",
    "ActKind",
    "Band",
    "Case",
    "CaseState",
    "Mode",
    "NoRoute",
    "Overdue",
    "Route",
    "Seat",
    "Stage",
    "Verdict",
    "acts_open_to",
    "advance",
    "check_bands",
    "open_case",
    "overdue",
    "refusals",
    "route",
    "route_from_json",
    "route_to_json",
]
