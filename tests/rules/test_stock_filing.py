"""Due days and lateness of inventory reports, on the calendar of 2026 and over random dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.stock_filing import check_period, due_on, late_days
from contracts.values.periods import Period
from contracts.values.workdays import WorkCalendar

#: National Day 2026: off until 7 October, worked on Saturday 10 October.
CALENDAR = WorkCalendar(
    {**{date(2026, 10, n): False for n in range(1, 8)}, date(2026, 10, 10): True},
    frozenset({2026}),
)


@pytest.mark.row("F08")
@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2026-10", date(2026, 11, 6)),
        ("2026-09", date(2026, 10, 13)),
        ("2026-12", date(2027, 1, 7)),
        ("2026-10-26..2026-11-01", date(2026, 12, 7)),
        ("2026-10-19..2026-10-25", date(2026, 11, 6)),
    ],
)
def test_a_report_is_due_on_the_fifth_working_day(period: str, due: date) -> None:
    assert due_on(Period.parse(period), CALENDAR) == due


@pytest.mark.row("F08")
@pytest.mark.parametrize(
    ("filed", "late"),
    [
        (date(2026, 11, 5), 0),
        (date(2026, 11, 6), 0),
        (date(2026, 11, 7), 1),
        (date(2026, 11, 8), 1),
        (date(2026, 11, 9), 1),
        (date(2026, 11, 10), 2),
        (date(2026, 11, 16), 6),
    ],
)
def test_lateness_is_counted_in_working_days(filed: date, late: int) -> None:
    assert late_days(date(2026, 11, 6), filed, CALENDAR) == late


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(due=days, wait=st.integers(1, 60))
def test_later_is_never_less_late(due: date, wait: int) -> None:
    due = CALENDAR.roll(due, "next")
    late = [late_days(due, due + timedelta(days=n), CALENDAR) for n in range(wait + 1)]
    assert late[0] == 0
    assert late[1:] == sorted(late[1:])
    assert all(late[n] >= 1 for n in range(1, wait + 1))


@pytest.mark.parametrize(
    ("period", "today", "code"),
    [
        ("2026-10", date(2026, 10, 31), None),
        ("2026-10", date(2026, 10, 30), "stock.period_open"),
        ("2026-10-26..2026-11-01", date(2026, 11, 1), None),
        ("2026-10-27..2026-11-02", date(2026, 11, 21), "stock.period_kind"),
        ("2026Q3", date(2026, 11, 21), "stock.period_kind"),
        ("2026-10-05..2026-10-10", date(2026, 11, 21), "stock.period_kind"),
    ],
)
def test_a_report_tells_of_a_month_or_a_week_that_is_over(
    period: str, today: date, code: str | None
) -> None:
    found = check_period(Period.parse(period), today)
    assert [f.code for f in found] == ([code] if code else [])
