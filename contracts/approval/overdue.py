"""When a case that waits too long is to be reminded of, and to whom it is to be escalated.

The instants are arguments: the same figures give the same decision on any day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.approval.model import Case, CaseState, Seat

IDLE_HOURS = 48


@dataclass(frozen=True, slots=True)
class Overdue:
    """What the clock asks for.

    `number` counts the full idle spans since the last move: the caller writes one reminder and
    one escalation per number, so that running the job twice writes nothing twice.
    """

    remind: bool
    escalate: bool
    number: int
    idle: timedelta
    waiting_for: tuple[Seat, ...]


def overdue(case: Case, waiting_since: datetime, now: datetime, hours: int = IDLE_HOURS) -> Overdue:
    """The decision for a case that last moved at `waiting_since`; both instants must be aware.

    After `hours` without a move the open seats are reminded and the case is escalated; exactly
    `hours` is enough. Cases that wait for no signature are never reminded of.
    """
    if waiting_since.tzinfo is None or now.tzinfo is None:
        raise ValueError("instants carry their time zone")
    if hours <= 0:
        raise ValueError("the idle span is a positive number of hours")
    idle = max(now - waiting_since, timedelta())
    number = idle // timedelta(hours=hours) if case.state is CaseState.PENDING else 0
    return Overdue(
        remind=number > 0,
        escalate=number > 0,
        number=number,
        idle=idle,
        waiting_for=case.open_seats,
    )
