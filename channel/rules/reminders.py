"""When a digest of duties leaves, and what stands in it: working days only, never in quiet hours.

One digest a day and person; what falls on days off is told on the working day before them or
after them, because a digest looks a week ahead and a month back.
"""

from __future__ import annotations

from datetime import date, timedelta

from contracts.obligations import Duty
from contracts.values.periods import Period
from contracts.values.workdays import WorkCalendar

DAYS_AHEAD = 7
DAYS_BACK = 30

#: What is open until somebody does it; the rest are days that simply come.
TO_BE_DONE = ("receivable", "report", "obligation", "return")

#: role → the sources that concern it; a role that is not named gets no digest.
CONCERNS = {
    "distributor": (
        "target", "report", "receivable", "exchange", "return", "obligation", "waiver",
        "renewal", "expiry", "commitment", "licence",
    ),
    "sales_rep": ("report", "receivable", "obligation", "waiver", "renewal", "expiry", "licence"),
    "channel_manager": (
        "report", "obligation", "waiver", "renewal", "expiry", "commitment", "licence",
    ),
    "finance": ("receivable",),
}  # fmt: skip


def is_quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether no reminder leaves at this hour; 20 to 8 runs over midnight, equal hours never."""
    if quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def may_leave(day: date, hour: int, quiet_from: int, quiet_to: int, calendar: WorkCalendar) -> bool:
    """Whether a digest may leave now: a working day (make-up Saturdays too), not a quiet hour."""
    return calendar.is_working(day) and not is_quiet(hour, quiet_from, quiet_to)


def window(today: date) -> Period:
    """The days that a digest looks at."""
    return Period(today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD + 1))


def belongs(duty: Duty, role: str, today: date) -> bool:
    """Whether a duty stands in the digest of a role: soon due, or overdue and not yet done."""
    if duty.is_done or duty.source not in CONCERNS.get(role, ()):
        return False
    return duty.on >= today or duty.source in TO_BE_DONE
