"""Dated versions: one answer per day, and a plain account of days with none or with several."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.schedules import Dated, in_force

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


def test_a_version_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="end after"):
        Dated("nothing", date(2026, 1, 1), date(2026, 1, 1))
