"""When an inventory report is due, and by how many working days one came late.

The due day is a working day of the month after the period; lateness is counted in working days,
and a report filed on a day off counts as filed on the next working day.
"""

from __future__ import annotations

from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.periods import Period
from contracts.values.workdays import WorkCalendar

#: A report is due on this working day of the month after its period.
DUE_WORKING_DAY = 5


def due_on(period: Period, calendar: WorkCalendar) -> date:
    """The fifth working day of the month after the period's last day.

    October 2026 → Friday 6 November 2026. A week is due with the month in which it ends.
    """
    following = Period.containing(period.last_day, "month").end
    return calendar.nth_working_day(following.year, following.month, DUE_WORKING_DAY)


def late_days(due: date, filed: date, calendar: WorkCalendar) -> int:
    """Working days after the due date; 0 in time. Due Friday, filed Saturday → late by 1."""
    if filed <= due:
        return 0
    return calendar.working_days_between(due, calendar.roll(filed, "next"))


def check_period(period: Period, today: date) -> list[Finding]:
    """A report tells of a month or a Monday-to-Sunday week, and not before its last day."""
    is_week = period.days == 7 and period.start.weekday() == 0
    if period.kind != "month" and not is_week:
        return [block("stock.period_kind", period=period.label)]
    if today < period.last_day:
        return [block("stock.period_open", period=period.label, last=period.last_day)]
    return []


#: Working days before the due day on which the first reminder leaves, and after it the last.
REMIND_BEFORE, REMIND_AFTER = 2, 1
#: So many working days after the due day nobody is reminded any more; the list of who is late is.
REMIND_UNTIL = 10
STEPS = ("before", "on", "after")


def step_on(due: date, today: date, calendar: WorkCalendar) -> str:
    """Which reminder of a report is to be told on a day: before, on or after its due day; '' none.

    A step whose day was missed is told on the next working day, as long as it is still true.
    """
    if today == due:
        return "on"
    if today < due:
        return "before" if calendar.working_days_between(today, due) <= REMIND_BEFORE else ""
    late = late_days(due, today, calendar)
    return "after" if REMIND_AFTER <= late <= REMIND_UNTIL else ""
