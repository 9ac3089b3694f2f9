"""Reminders fall on working days: before and at the day to pay earlier, after it later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from channel.rules.dunning_reminders import LATE, SOON, TODAY, kind_on, told_on, window
from contracts.values.workdays import WorkCalendar

#: National Day 2026: off from 1 to 7 October, Saturday the 10th works.
CALENDAR = WorkCalendar(
    {**{date(2026, 10, n): False for n in range(1, 8)}, date(2026, 10, 10): True},
    frozenset({2026}),
)


@pytest.mark.row("P06", "B11")
@pytest.mark.parametrize(
    ("pay_by", "soon", "today", "late"),
    [
        (date(2026, 11, 19), date(2026, 11, 16), date(2026, 11, 19), date(2026, 11, 23)),
        (date(2026, 10, 8), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 12)),
        (date(2026, 10, 4), date(2026, 9, 30), date(2026, 9, 30), date(2026, 10, 8)),
        (date(2026, 10, 7), date(2026, 9, 30), date(2026, 9, 30), date(2026, 10, 10)),
    ],
)
def test_days_off_move_a_reminder(pay_by, soon, today, late):
    assert told_on(pay_by, 3, 3, CALENDAR) == {SOON: soon, TODAY: today, LATE: late}


def test_the_more_pressing_is_told_and_nothing_on_other_days():
    pay_by = date(2026, 10, 4)
    assert kind_on(date(2026, 9, 30), pay_by, 3, 3, CALENDAR) == TODAY
    assert kind_on(date(2026, 10, 9), pay_by, 3, 3, CALENDAR) is None
    assert kind_on(date(2026, 10, 8), pay_by, 0, 0, CALENDAR) is None


def test_the_window_holds_every_day_that_can_be_told():
    for n in range(365):
        pay_by = date(2026, 1, 1) + timedelta(days=n)
        for day in told_on(pay_by, 3, 3, CALENDAR).values():
            first, last = window(day, 3, 3)
            assert first <= pay_by <= last
