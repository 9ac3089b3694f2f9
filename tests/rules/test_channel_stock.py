"""Age, cover, estimate, gap and forecast by tables worked out by hand, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.channel_stock import (
    ESTIMATE_DAYS,
    Age,
    Cover,
    age_of,
    carry,
    cover_of,
    gap_of,
)
from channel.rules.demand import Kind, Observation, Profile
from channel.rules.sell_out_forecast import Method, forecast, sold_over

TODAY = date(2026, 11, 21)
END = date(2026, 10, 31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.row("F12")
@pytest.mark.parametrize(
    ("filed", "last_day", "age"),
    [
        (None, None, Age.UNKNOWN),
        (ago(40), ago(45), Age.OLD),
        (ago(36), ago(36), Age.OLD),
        (ago(35), ago(40), Age.FRESH),
        (ago(15), ago(21), Age.FRESH),
        # Filed today, but of a month long past.
        (TODAY, ago(51), Age.OLD),
        (TODAY, ago(50), Age.FRESH),
    ],
)
def test_figures_are_old_by_filing_or_by_what_they_tell_of(filed, last_day, age):
    assert age_of(filed, last_day, TODAY, 35) is age


@pytest.mark.row("F12")
@pytest.mark.parametrize(
    ("stock", "sold", "days", "cover"),
    [
        (60, 300, 30, Cover.SHORT),
        (70, 300, 30, Cover.WITHIN),
        (600, 300, 30, Cover.WITHIN),
        (601, 300, 30, Cover.OVER),
        (50, 0, 30, Cover.STILL),
        (0, 0, 30, Cover.WITHIN),
        (0, 10, 30, Cover.SHORT),
        (-5, 10, 30, Cover.SHORT),
    ],
)
def test_stock_is_short_or_over_beside_its_pace(stock, sold, days, cover):
    assert cover_of(stock, sold, days, 7, 60) is cover


def test_a_closing_is_carried_by_what_came_and_what_was_sold():
    """60 + 10 on its way + 100 shipped and there − 21 days at 2.5 = 117; 40 are on the road."""
    shipped = [(date(2026, 10, 29), 10), (date(2026, 11, 16), 100), (date(2026, 11, 17), 40)]
    found = carry(60, None, shipped, 25_000, END, TODAY, 5)
    assert (found.days, found.came, found.road, found.sold, found.stock) == (21, 110, 40, 53, 117)
    told = carry(60, 7, shipped, 25_000, END, TODAY, 5)
    assert (told.came, told.stock) == (107, 114)


def test_goods_that_arrived_before_the_last_day_are_in_the_report():
    assert carry(60, None, [(date(2026, 10, 26), 10)], 0, END, TODAY, 5).came == 0
    assert carry(60, None, [(date(2026, 10, 27), 10)], 0, END, TODAY, 5).came == 10


def test_an_estimate_ends_at_nothing_and_says_so():
    found = carry(10, None, [], 10_000, END, TODAY, 5)
    assert (found.sold, found.stock, found.is_sold_out) == (21, 0, True)


def test_without_a_forecast_or_after_too_long_there_is_no_estimate():
    assert carry(10, None, [], None, END, TODAY, 5).stock is None
    late = END + timedelta(days=ESTIMATE_DAYS + 1)
    assert carry(10, None, [], 10_000, END, late, 5).stock is None


@given(
    st.integers(0, 500),
    st.none() | st.integers(0, 50),
    st.lists(st.tuples(st.integers(-20, 60), st.integers(1, 90)), max_size=6),
    st.integers(0, 60),
)
def test_nothing_is_lost_and_nothing_comes_twice(closing, told, days, on):
    """Every unit shipped since is there or on the road; what is there never falls with time."""
    shipped = [(END + timedelta(days=n), quantity) for n, quantity in days]
    found = carry(closing, told, shipped, 0, END, END + timedelta(days=on), 5)
    since = sum(q for n, q in days if (n > 0 if told is not None else n > -5) and n <= on)
    assert found.came + found.road == since + (told or 0)
    assert found.stock == closing + found.came
    later = carry(closing, told, shipped, 0, END, END + timedelta(days=on + 1), 5)
    assert later.came >= found.came


@pytest.mark.row("F10")
@pytest.mark.parametrize(
    ("counted", "expected", "gap", "percent", "above"),
    [
        (52, 60, -8, "13.3", True),
        (54, 60, -6, "10.0", False),
        (66, 60, 6, "10.0", False),
        (60, 60, 0, "0.0", False),
        (5, 0, 5, "100.0", True),
        (0, 0, 0, "0.0", False),
        (0, 30, -30, "100.0", True),
    ],
)
def test_a_gap_beside_its_bound(counted, expected, gap, percent, above):
    found = gap_of(counted, expected)
    assert (found.gap, found.percent) == (gap, Decimal(percent))
    assert found.is_above(1_000) is above


def months(*sold: int, out: tuple[int, ...] = ()) -> Profile:
    return Profile(tuple(Observation(f"M{n}", 30, q, is_out=n in out) for n, q in enumerate(sold)))


def test_too_few_periods_give_no_forecast():
    found = forecast(months(30, 30, 0, out=(2,)))
    assert (found.method, found.daily, found.over(30)) == (Method.REFUSED, None, None)
    assert found.note.facts == {"have": 2, "needed": 3}
    assert (found.used, found.left_out) == (2, 1)


def test_steady_demand_goes_by_the_mean_of_the_last_six():
    found = forecast(months(900, 30, 60, 30, 60, 30, 60))
    assert (found.method, found.kind, found.used) == (Method.MEAN, Kind.ERRATIC, 6)
    assert (found.daily, found.over(20)) == (Decimal("1.5000"), 30)


def test_demand_now_and_then_goes_by_croston_less_its_bias():
    """7 every fourth month: 1.75 × 0.95 a month, over 30 days."""
    found = forecast(months(0, 0, 0, 7))
    assert found.method is Method.SBA
    assert found.daily == Decimal("0.0554")


def test_demand_that_dies_out_falls_in_silence():
    busy = (8, 0, 8, 0, 8)
    assert forecast(months(*busy)).method is Method.SBA
    assert forecast(months(*busy, *[0] * 10)).method is Method.SBA
    silent = forecast(months(*busy, *[0] * 11))
    assert silent.method is Method.TSB
    longer = forecast(months(*busy, *[0] * 12))
    assert longer.daily < silent.daily < forecast(months(*busy)).daily


def test_goods_that_do_not_move_are_forecast_as_nothing():
    found = forecast(months(0, 0, 0))
    assert (found.method, found.daily) == (Method.NONE, Decimal(0))


@given(st.integers(0, 10_000_000), st.integers(0, 60), st.integers(0, 60))
def test_a_forecast_of_two_spans_is_that_of_both_within_a_unit(rate, one, two):
    apart = sold_over(rate, one) + sold_over(rate, two)
    assert abs(apart - sold_over(rate, one + two)) <= 1
