"""Collection figures by hand-worked tables, and their edges: a dash with its reason, never 0."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.collection_figures import (
    NEGATIVE,
    NO_SALES,
    NOTHING_DUE,
    NOTHING_PAID,
    OLDER,
    UNSOLD,
    average_days_late,
    best_possible_dso,
    count_back_dso,
    effectiveness,
    simple_dso,
    true_dso,
    window_days,
)

YUAN = 100


@pytest.mark.parametrize(
    ("balance", "sales", "days", "dso"),
    [
        # More sales move it although nothing was collected faster.
        (50_000, 100_000, 30, "15.0"),
        (50_000, 200_000, 30, "7.5"),
        (1, 3, 10, "3.3"),
        (0, 100, 30, "0.0"),
    ],
)
def test_simple_dso(balance, sales, days, dso):
    assert simple_dso(balance * YUAN, sales * YUAN, days).value == Decimal(dso)


def test_count_back_eats_the_newest_sales_first():
    months = [(40_000, 30), (60_000, 31), (20_000, 30)]
    # 40,000 of the last month (30 days), then 30,000 of 60,000 (15.5 of 31 days).
    assert count_back_dso(70_000, months).value == Decimal("45.5")
    assert count_back_dso(10_000, months).value == Decimal("7.5")
    # A month without sales takes its days and nothing of the balance.
    assert count_back_dso(10_000, [(0, 30), (20_000, 31)]).value == Decimal("45.5")
    assert count_back_dso(120_000, months).value == Decimal("91.0")
    assert count_back_dso(120_001, months).reason == OLDER


def test_true_dso_adds_up_the_invoices():
    # 60 days × 10,000 of a month with 50,000, and 20 days × 30,000 of one with 40,000: 12 + 15.
    months = [(60 * 10_000, 50_000), (20 * 30_000, 40_000)]
    assert true_dso(months).value == Decimal("27.0")
    assert true_dso([(100, 0)]).reason == UNSOLD
    assert true_dso([(0, 0)]).value == 0


def test_effectiveness():
    # Begin 100,000, sales 80,000, end 60,000 of which 40,000 not due: 120,000 of 140,000.
    assert effectiveness(100_000, 80_000, 60_000, 40_000).value == Decimal("85.7")
    assert effectiveness(100_000, 80_000, 40_000, 40_000).value == Decimal("100.0")
    # Over a quarter the sales are those of an average month.
    assert effectiveness(100_000, 240_000, 60_000, 40_000, 3).value == Decimal("85.7")


def test_days_late_are_weighted_by_amount():
    # 10,000 ten days late and 30,000 two days early.
    assert average_days_late(10_000 * 10 - 30_000 * 2, 40_000).value == Decimal("1.0")


def test_what_cannot_be_computed_says_why():
    assert simple_dso(5, 0, 30).reason == NO_SALES
    assert simple_dso(-5, 100, 30).reason == NEGATIVE
    assert best_possible_dso(-5, 100, 30).reason == NEGATIVE
    assert count_back_dso(5, [(0, 30), (-4, 31)]).reason == NO_SALES
    assert count_back_dso(-5, [(5, 30)]).reason == NEGATIVE
    assert effectiveness(0, 0, 0, 0).reason == NOTHING_DUE
    assert average_days_late(0, 0).reason == NOTHING_PAID
    for made in (simple_dso(5, 0, 30), count_back_dso(-5, []), effectiveness(0, 0, 0, 0)):
        assert made.value is None


def test_the_window_begins_with_the_customer():
    first, last = date(2026, 9, 1), date(2026, 11, 30)
    assert window_days(first, last, None) == 91
    assert window_days(first, last, date(2026, 11, 21)) == 10
    assert window_days(first, last, date(2020, 1, 1)) == 91
    assert window_days(first, last, date(2026, 12, 5)) == 0


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 366))
def test_with_one_month_counting_back_is_the_simple_figure(balance, sales, days):
    simple, counted = simple_dso(balance, sales, days), count_back_dso(balance, [(sales, days)])
    assert counted == simple if balance <= sales else counted.reason == OLDER


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_the_best_possible_is_never_above_the_simple(balance, overdue, sales):
    best = best_possible_dso(max(0, balance - overdue), sales, 30).value
    simple = simple_dso(balance, sales, 30).value
    assert best is not None and simple is not None and best <= simple
