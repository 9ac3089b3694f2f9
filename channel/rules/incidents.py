"""Incidents of the market: their states, their clocks, and when a promotion is unauthorised.

Pure. An incident is opened by a rule or by a person, and closed with a written result only.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.values.findings import Finding, warn
from contracts.values.transitions import Transitions


class State(enum.StrEnum):
    OPEN = "open"
    NOTICE = "notice"
    ANSWERED = "answered"
    CLOSED = "closed"


class Action(enum.StrEnum):
    NOTIFY = "notify"
    ANSWER = "answer"
    CLOSE = "close"


#: A notice asks for an answer; after an answer it may be asked again, or closed from anywhere.
WORKFLOW: Transitions[State, Action] = Transitions(
    {
        (State.OPEN, Action.NOTIFY): State.NOTICE,
        (State.NOTICE, Action.ANSWER): State.ANSWERED,
        (State.ANSWERED, Action.NOTIFY): State.NOTICE,
        (State.OPEN, Action.CLOSE): State.CLOSED,
        (State.NOTICE, Action.CLOSE): State.CLOSED,
        (State.ANSWERED, Action.CLOSE): State.CLOSED,
    }
)


def due_at(reported_at: datetime, hours: int) -> datetime:
    """By when it has to be acknowledged: so many hours on the clock after it was filed."""
    return reported_at + timedelta(hours=hours)


def is_overdue(due: datetime | None, acknowledged_at: datetime | None, now: datetime) -> bool:
    """Whether the clock ran out unheard; the last instant itself is in time."""
    return due is not None and acknowledged_at is None and now > due


@dataclass(frozen=True)
class Filed:
    """A promotion as it was filed: its number once approved, and its days, both inclusive."""

    approval_number: str
    starts_on: date
    ends_on: date


def check_promotion(stated: str, filed: Filed | None, on: date) -> list[Finding]:
    """What makes a promotion that took place on a day unauthorised; nothing: it is evidence.

    `filed` is the distributor's own approved promotion that bears the stated number, if any.
    """
    if not stated.strip():
        return [warn("promotion.no_number", on=on)]
    if filed is None:
        return [warn("promotion.number_unknown", value=stated)]
    if not filed.starts_on <= on <= filed.ends_on:
        return [
            warn(
                "promotion.outside_dates",
                value=stated,
                on=on,
                start=filed.starts_on,
                end=filed.ends_on,
            )
        ]
    return []
