"""When a payer is reminded of an open item: before the day to pay by, on it, and after it.

Reminders leave on working days: what falls on a day off is told on the working day before it,
and what is late already on the next one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from contracts.values.workdays import WorkCalendar

SOON: Final = "soon"
TODAY: Final = "today"
LATE: Final = "late"


def told_on(pay_by: date, before: int, after: int, calendar: WorkCalendar) -> dict[str, date]:
    """Kind → the working day on which the payer is told; a kind of 0 days is not told."""
    days = {TODAY: calendar.roll(pay_by, "previous")}
    if before:
        days[SOON] = calendar.roll(pay_by - timedelta(days=before), "previous")
    if after:
        days[LATE] = calendar.roll(pay_by + timedelta(days=after), "next")
    return days


def kind_on(on: date, pay_by: date, before: int, after: int, calendar: WorkCalendar) -> str | None:
    """What the payer is told of the item on this day; the more pressing where two fall together."""
    days = told_on(pay_by, before, after, calendar)
    return next((kind for kind in (LATE, TODAY, SOON) if days.get(kind) == on), None)


def window(on: date, before: int, after: int) -> tuple[date, date]:
    """The days to pay by, both inclusive, that can be told on this day: a fortnight of rolling."""
    slack = timedelta(days=14)
    return on - timedelta(days=after) - slack, on + timedelta(days=before) + slack
