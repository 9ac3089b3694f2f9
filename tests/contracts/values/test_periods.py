"""Periods are half-open, their labels can be read back, and cutting and joining lose no day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.periods import Period, PeriodKind, containing, merge, preceding

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
KINDS: st.SearchStrategy[PeriodKind] = st.sampled_from(get_args(PeriodKind))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    return Period(start, start + timedelta(days=draw(st.integers(1, 900))))


@pytest.mark.parametrize(
    ("text", "start", "last_day", "days"),
    [
        ("2026-10", "2026-10-01", "2026-10-31", 31),
        ("2024-02", "2024-02-01", "2024-02-29", 29),
        ("2026-12", "2026-12-01", "2026-12-31", 31),
        ("2026Q1", "2026-01-01", "2026-03-31", 90),
        ("2026Q3", "2026-07-01", "2026-09-30", 92),
        ("2026Q4", "2026-10-01", "2026-12-31", 92),
        ("2026H1", "2026-01-01", "2026-06-30", 181),
        ("2026H2", "2026-07-01", "2026-12-31", 184),
        ("2026", "2026-01-01", "2026-12-31", 365),
        ("2026-01-05..2026-02-03", "2026-01-05", "2026-02-03", 30),
        ("2026-01-05..2026-01-05", "2026-01-05", "2026-01-05", 1),
    ],
)
def test_labels(text: str, start: str, last_day: str, days: int) -> None:
    period = Period.parse(text)
    assert (period.start, period.last_day) == (
        date.fromisoformat(start),
        date.fromisoformat(last_day),
    )
    assert period.days == days
    assert period.label == str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "26", " 2026", "２０２６", "2026-10-01"),
        *("2026-13", "2026-00", "2026-1", "2026Q5", "2026q1", "2026H3"),
        *("2026-02-03..2026-01-05", "2026-02-30..2026-03-01"),
    ],
)
def test_unreadable_labels(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - some come from the calendar itself
        Period.parse(text)


@given(periods())
def test_label_round_trip(period: Period) -> None:
    assert Period.parse(period.label) == period


@given(DAYS, KINDS)
def test_a_day_lies_in_its_calendar_period(day: date, kind: PeriodKind) -> None:
    period = containing(day, kind)
    assert period.contains(day)
    assert period.kind == kind
    assert Period.parse(period.label) == period == Period.containing(day, kind)


@given(periods(), KINDS)
def test_cutting_and_joining_lose_no_day(period: Period, kind: PeriodKind) -> None:
    pieces = period.split(kind)
    assert sum(piece.days for piece in pieces) == period.days
    assert all(
        containing(piece.start, kind) == containing(piece.last_day, kind) for piece in pieces
    )
    assert merge(pieces) == (period,)


@given(st.lists(periods(), max_size=6), st.randoms(use_true_random=False))
def test_joining_does_not_depend_on_the_order(items: list[Period], random: Any) -> None:
    shuffled = items.copy()
    random.shuffle(shuffled)
    joined = merge(items)
    assert merge(shuffled) == joined == merge(joined)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(periods(), periods())
def test_common_days(a: Period, b: Period) -> None:
    common = a.intersection(b)
    assert common == b.intersection(a)
    assert a.overlaps(b) == (common is not None)
    if common is not None:
        assert all(p.contains(day) for p in (a, b) for day in (common.start, common.last_day))
        assert merge([a, b])[0].days == a.days + b.days - common.days


def test_the_end_does_not_belong() -> None:
    july, august = Period.month(2026, 7), Period.month(2026, 8)
    assert july.contains(date(2026, 7, 31)) and not july.contains(date(2026, 8, 1))
    assert not july.overlaps(august) and not august.overlaps(july)
    assert july.intersection(august) is None and august.intersection(july) is None
    assert july.end == august.start


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_period_has_days(end: date) -> None:
    with pytest.raises(ValueError, match="end after"):
        Period(date(2026, 1, 1), end)


def test_instants_are_no_days() -> None:
    with pytest.raises(TypeError, match="dates"):
        Period(date(2026, 1, 1), datetime(2026, 1, 2))


@pytest.mark.parametrize(
    ("day", "kind", "before"),
    [
        (date(2026, 11, 22), "month", "2026-10"),
        (date(2026, 11, 1), "month", "2026-10"),
        (date(2027, 1, 31), "month", "2026-12"),
        (date(2026, 11, 22), "quarter", "2026Q3"),
        (date(2026, 6, 30), "half", "2025H2"),
        (date(2026, 1, 1), "year", "2025"),
    ],
)
def test_the_period_before_is_the_last_whole_one(day: date, kind: PeriodKind, before: str) -> None:
    assert preceding(day, kind) == Period.parse(before)
