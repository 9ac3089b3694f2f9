"""Which days are locked, and which month can be closed or opened again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.closing import check_close, check_open, check_reopen, to_close
from contracts.values.periods import Period

pytestmark = pytest.mark.row("P12")

NOVEMBER_1 = date(2026, 11, 1)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "open_from", "is_locked"),
    [
        (date(2026, 10, 31), NOVEMBER_1, True),
        (NOVEMBER_1, NOVEMBER_1, False),
        (date(2020, 1, 1), NOVEMBER_1, True),
        (date(2020, 1, 1), None, False),
    ],
)
def test_the_day_of_the_lock_itself_is_open(day: date, open_from: date, is_locked: bool) -> None:
    found = check_open([TODAY, day], open_from)
    assert bool(found) is is_locked
    if found:
        assert found[0].facts == {"on": day, "open": open_from}
        assert found[0].is_blocking


@pytest.mark.parametrize(
    ("period", "open_from", "code"),
    [
        ("2026-10", None, None),
        ("2026-10", date(2026, 10, 1), None),
        ("2026-11", None, "closing.not_over"),
        ("2026-10", NOVEMBER_1, "closing.closed"),
        ("2026-09", NOVEMBER_1, "closing.closed"),
        ("2026Q3", None, "closing.no_month"),
    ],
)
def test_a_month_is_closed_once_and_when_it_is_over(
    period: str, open_from: date | None, code: str | None
) -> None:
    assert [f.code for f in check_close(Period.parse(period), open_from, TODAY)] == (
        [code] if code else []
    )


def test_the_last_day_of_a_month_is_too_early_and_the_first_of_the_next_is_not() -> None:
    october = Period.parse("2026-10")
    assert check_close(october, None, date(2026, 10, 31))
    assert not check_close(october, None, NOVEMBER_1)


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ("2026-10", None),
        ("2026-08", None),
        ("2026-11", "closing.open"),
        ("2026", "closing.no_month"),
    ],
)
def test_only_a_closed_month_is_reopened(period: str, code: str | None) -> None:
    found = check_reopen(Period.parse(period), NOVEMBER_1)
    assert [f.code for f in found] == ([code] if code else [])
    assert check_reopen(Period.parse("2026-10"), None)[0].code == "closing.open"


@pytest.mark.parametrize(
    ("open_from", "month"),
    [(None, "2026-10"), (date(2026, 9, 1), "2026-09"), (NOVEMBER_1, None)],
)
def test_the_month_that_is_offered(open_from: date | None, month: str | None) -> None:
    found = to_close(open_from, TODAY)
    assert (found and found.label) == month


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.none() | st.integers(0, 40))
def test_what_is_offered_can_be_closed_and_then_reopened(today: date, back: int | None) -> None:
    open_from = None
    if back is not None:
        open_from = (today.replace(day=1) - timedelta(days=30 * back)).replace(day=1)
    month = to_close(open_from, today)
    if month is not None:
        assert check_close(month, open_from, today) == []
        assert check_open([month.last_day], month.end)
        assert check_open([month.end], month.end) == []
        assert check_reopen(month, month.end) == []
