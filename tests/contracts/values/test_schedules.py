"""Dated versions: one answer per day, and a plain account of days with none or with several."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.periods import Period
from contracts.values.schedules import Coverage, Dated, gaps_and_overlaps, in_force

OLD = Dated("old", date(2026, 1, 1))
NEW = Dated("new", date(2026, 12, 1))
SUMMER = Dated("summer", date(2026, 6, 1), date(2026, 9, 1))
FIRST = date(2026, 1, 1)


@st.composite
def versions(draw: st.DrawFn) -> list[Dated[int]]:
    starts = draw(st.lists(st.integers(0, 60), max_size=6, unique=True))
    items = []
    for number, offset in enumerate(starts):
        start, days = FIRST + timedelta(days=offset), draw(st.none() | st.integers(1, 40))
        items.append(Dated(number, start, start + timedelta(days=days) if days else None))
    return items


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), "old"),
        (date(2026, 5, 31), "old"),
        (date(2026, 6, 1), "summer"),
        (date(2026, 8, 31), "summer"),
        (date(2026, 9, 1), "old"),
        (date(2026, 11, 30), "old"),
        (date(2026, 12, 1), "new"),
        (date(2030, 1, 1), "new"),
    ],
)
def test_the_latest_start_rules(day: date, value: str | None) -> None:
    for items in ([OLD, SUMMER, NEW], [NEW, OLD, SUMMER]):
        found = in_force(items, day)
        assert (found and found.value) == value


def test_a_correction_of_the_same_day_rules() -> None:
    wrong, right = Dated("wrong", date(2026, 1, 1)), Dated("right", date(2026, 1, 1))
    assert in_force([wrong, right], date(2026, 1, 1)) is right


@given(versions(), st.integers(-5, 110))
def test_what_rules_holds_and_nothing_that_holds_is_newer(
    items: list[Dated[int]], offset: int
) -> None:
    day = FIRST + timedelta(days=offset)
    found = in_force(items, day)
    holding = [item for item in items if item.holds(day)]
    assert (found is None) == (not holding)
    if found is not None:
        assert found in holding
        assert found.valid_from == max(item.valid_from for item in holding)
    assert in_force(items[::-1], day) == found


@given(versions())
def test_gaps_and_overlaps_tell_the_truth_of_every_day(items: list[Dated[int]]) -> None:
    within = Period(FIRST, FIRST + timedelta(days=100))
    gaps, overlaps = gaps_and_overlaps(items, within)
    for offset in range(within.days):
        day = FIRST + timedelta(days=offset)
        holding = sum(item.holds(day) for item in items)
        assert any(gap.contains(day) for gap in gaps) == (holding == 0)
        assert any(overlap.contains(day) for overlap in overlaps) == (holding > 1)


def test_gaps_and_overlaps_of_a_year() -> None:
    items = [Dated(1, date(2026, 2, 1), date(2026, 4, 1)), Dated(2, date(2026, 3, 1))]
    assert gaps_and_overlaps(items, Period.year(2026)) == Coverage(
        gaps=(Period.parse("2026-01"),), overlaps=(Period.parse("2026-03"),)
    )
    assert gaps_and_overlaps([], Period.year(2026)).gaps == (Period.year(2026),)
    next_year = Dated(3, date(2027, 1, 1))
    assert gaps_and_overlaps([next_year], Period.year(2026)).gaps == (Period.year(2026),)


def test_a_version_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="end after"):
        Dated("nothing", date(2026, 1, 1), date(2026, 1, 1))
