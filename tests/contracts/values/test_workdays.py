"""Working days by the notice of 2026, and by the plain week where there is no notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.workdays import Roll, WorkCalendar
from tests.contracts.values.calendar_2026 import CALENDAR

DAYS = st.dates(date(2025, 6, 1), date(2027, 12, 31))
ROLLS: st.SearchStrategy[Roll] = st.sampled_from(["none", "next", "previous"])


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-03", False),
        ("2026-01-04", True),  # Sunday, made up for
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up for
        ("2026-10-11", False),
        ("2026-11-14", False),
        ("2026-11-16", True),
    ],
)
@pytest.mark.row("P06", "A07")
def test_days_of_2026(day: str, worked: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is worked


def test_a_year_without_notice_is_a_forecast_and_never_raises() -> None:
    assert CALENDAR.is_forecast(date(2027, 10, 1)) and not CALENDAR.is_forecast(date(2026, 10, 1))
    assert CALENDAR.is_working(date(2027, 10, 1))  # a Friday, as long as nobody says otherwise
    assert not CALENDAR.is_working(date(2027, 10, 2))
    assert CALENDAR.roll(date(2027, 10, 2), "next") == date(2027, 10, 4)


@pytest.mark.parametrize(
    ("day", "rule", "rolled"),
    [
        ("2026-10-01", "next", "2026-10-08"),
        ("2026-10-01", "previous", "2026-09-30"),
        ("2026-10-01", "none", "2026-10-01"),
        ("2026-10-10", "next", "2026-10-10"),
        ("2026-02-15", "next", "2026-02-24"),
        ("2026-02-23", "previous", "2026-02-14"),
    ],
)
@pytest.mark.row("A07")
def test_rolling(day: str, rule: Roll, rolled: str) -> None:
    assert CALENDAR.roll(date.fromisoformat(day), rule) == date.fromisoformat(rolled)


@given(DAYS, ROLLS)
def test_rolling_again_changes_nothing(day: date, rule: Roll) -> None:
    rolled = CALENDAR.roll(day, rule)
    assert CALENDAR.roll(rolled, rule) == rolled
    assert rule == "none" or CALENDAR.is_working(rolled)
    assert rolled >= day if rule == "next" else rolled <= day


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="rolling rule"):
        CALENDAR.roll(date(2026, 10, 1), "following")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "month", "n", "day"),
    [
        (2026, 10, 1, "2026-10-08"),
        (2026, 10, 3, "2026-10-10"),
        (2026, 10, 4, "2026-10-12"),
        (2026, 1, 1, "2026-01-04"),
        (2026, 2, 16, "2026-02-28"),
        (2027, 1, 1, "2027-01-01"),
    ],
)
def test_the_nth_working_day(year: int, month: int, n: int, day: str) -> None:
    assert CALENDAR.nth_working_day(year, month, n) == date.fromisoformat(day)


@pytest.mark.parametrize("n", [0, -1, 18, 400])
def test_a_month_has_so_many_working_days(n: int) -> None:
    # October 2026 has 22 weekdays, 5 of them off, and one Saturday made up for.
    assert CALENDAR.nth_working_day(2026, 10, 18 if n == 18 else 1)
    with pytest.raises(ValueError, match="working day"):
        CALENDAR.nth_working_day(2026, 10, n + 1 if n == 18 else n)


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
    ],
)
def test_adding(day: str, n: int, result: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), n) == date.fromisoformat(result)


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    start = CALENDAR.roll(day, "next")
    assert CALENDAR.working_days_between(start, CALENDAR.add(start, n)) == n


@given(DAYS, st.integers(0, 200), st.integers(0, 200))
def test_counts_of_adjoining_spans_add_up(day: date, first: int, second: int) -> None:
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    count = CALENDAR.working_days_between
    assert count(day, middle) + count(middle, end) == count(day, end) == -count(end, day)


def test_the_year_table_does_not_change_behind_its_back() -> None:
    table = {date(2026, 10, 1): False}
    calendar = WorkCalendar(table, frozenset({2026}))
    table.clear()
    assert not calendar.is_working(date(2026, 10, 1))
