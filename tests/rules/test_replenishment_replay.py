"""The replay of a level on its own history, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.demand import Observation
from channel.rules.replenishment_replay import replay

D = Decimal


def months(*sold: int, out: tuple[int, ...] = ()) -> list[Observation]:
    return [Observation(f"M{n}", 30, q, is_out=n in out) for n, q in enumerate(sold)]


@pytest.mark.row("F03")
def test_a_window_shorter_than_a_period_takes_its_share() -> None:
    # 10 days of 30: 10, 20 and 30 asked for; a stock of 20 meets two of three.
    found = replay(months(30, 60, 90), D(10), 20)
    assert [(w.demand, w.served, w.is_met) for w in found.windows] == [
        (10, 10, True), (20, 20, True), (30, 20, False),
    ]  # fmt: skip
    assert (found.met, found.cycle_service, found.fill_rate) == (2, D("66.7"), D("83.3"))


def test_a_window_longer_than_a_period_goes_on_into_the_next() -> None:
    # 45 days: a month and half of the next one; the last month opens no whole window.
    found = replay(months(30, 60, 90), D(45), 100)
    assert [w.demand for w in found.windows] == [60, 105]
    assert [w.label for w in found.windows] == ["M0", "M1"]
    assert (found.cycle_service, found.fill_rate) == (D("50.0"), D("97.0"))


def test_windows_that_touch_a_period_without_stock_are_shown_and_not_counted() -> None:
    found = replay(months(30, 3, 30, out=(1,)), D(45), 5)
    assert [w.is_left_out for w in found.windows] == [True, True]
    assert (found.counted, found.cycle_service, found.fill_rate) == ((), None, None)


def test_nothing_asked_for_is_met_and_has_no_fill_rate() -> None:
    found = replay(months(0, 0), D(30), 0)
    assert (found.cycle_service, found.fill_rate) == (D("100.0"), None)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=12),
    st.integers(1, 90),
    st.integers(0, 400),
    st.integers(0, 200),
)
def test_more_stock_never_serves_less(sold: list[int], days: int, target: int, more: int) -> None:
    low, high = (replay(months(*sold), D(days), t) for t in (target, target + more))
    assert low.met <= high.met
    if low.fill_rate is not None and high.fill_rate is not None:
        assert low.fill_rate <= high.fill_rate <= 100
