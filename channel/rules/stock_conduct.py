"""Whether reports came on time, as a condition of a rebate: each month of a period by itself.

A month that was not filed counts as late from the day after its due day on; a month that is not
due yet says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from channel.rules.stock_filing import due_on, late_days
from contracts.values.periods import Period
from contracts.values.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Month:
    """One report that was to come: `filed` None: it is not there."""

    period: Period
    due: date
    filed: date | None
    #: Working days after the due day; those until today while it is missing.
    late_days: int

    def state(self, on: date) -> str:
        """in_time | late | missing | waiting."""
        if self.filed is not None:
            return "late" if self.late_days else "in_time"
        return "missing" if self.late_days else "waiting"


@dataclass(frozen=True, slots=True)
class OnTime:
    """The condition over a period: 3 of 3 on time is met, 2 of 3 is not, with the late ones."""

    months: tuple[Month, ...]

    @property
    def late(self) -> tuple[Month, ...]:
        return tuple(m for m in self.months if m.late_days)

    @property
    def in_time(self) -> int:
        return sum(1 for m in self.months if m.filed is not None and not m.late_days)

    @property
    def met(self) -> bool | None:
        """None: not all were due yet, and none was late so far; or nothing was asked."""
        if self.late:
            return False
        return True if self.months and self.in_time == len(self.months) else None


def judge(
    months: Sequence[Period],
    filed: Mapping[date, tuple[date, date, int]],
    on: date,
    calendar: WorkCalendar,
) -> OnTime:
    """`filed`: first day of a month → (due, first filed, working days late) as recorded."""
    found = []
    for period in months:
        recorded = filed.get(period.start)
        if recorded is not None and recorded[1] <= on:
            found.append(Month(period, *recorded))
            continue
        due = due_on(period, calendar)
        found.append(Month(period, due, None, late_days(due, on, calendar)))
    return OnTime(tuple(found))
