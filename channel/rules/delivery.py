"""Clause 8 of the contract: another delivery place needs notice, or costs freight of its own.

Pure. Freight is a line apart: the price of the goods never knows where they go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.values.workdays import WorkCalendar


@dataclass(frozen=True)
class Notice:
    """How much notice was given, and whether it was less than agreed."""

    given_days: int | None
    required_days: int

    @property
    def is_late(self) -> bool:
        return self.given_days is not None and self.given_days < self.required_days


def notice(
    requested_on: date, planned_on: date | None, required_days: int, calendar: WorkCalendar
) -> Notice:
    """Working days after the day of the request, up to and with the planned day.

    Three working days' notice is met by a request three working days before. Without a planned
    day nothing can be late.
    """
    if planned_on is None:
        return Notice(None, required_days)
    return Notice(calendar.working_days_between(requested_on, planned_on), required_days)
