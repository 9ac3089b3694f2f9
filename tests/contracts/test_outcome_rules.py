"""The figures of an outcome review: forecast, rank, more than before, margin (D06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcomes import Outcome, latest, measured, percent
from contracts.values.rates import Rate

MONEY = st.integers(-(10**10), 10**10)


@pytest.mark.row("D06")
def test_the_example_of_the_mission():
    outcome = Outcome(18_000_000, 4_000_000, 10_000_000, (15_000_000, 9_000_000))
    assert (outcome.rank, outcome.of) == (1, 3)
    assert outcome.of_forecast == Decimal("180.0")
    assert outcome.incremental_fen == 14_000_000
    assert outcome.incremental_margin_fen is None


@pytest.mark.row("D06")
def test_the_margin_is_said_only_where_it_is_known():
    outcome = Outcome(18_000_000, 4_000_000, None, (), Rate.percent("22"))
    assert outcome.incremental_margin_fen == 3_080_000
    assert outcome.of_forecast is None


@pytest.mark.row("D06")
@pytest.mark.parametrize(
    ("due", "days"),
    [
        (date(2026, 7, 1), None),
        (date(2026, 7, 2), 1),
        (date(2026, 9, 29), 90),
        (date(2027, 6, 1), 184),
    ],
)
def test_measured_is_what_lies_before_the_review_and_inside_the_exception(due, days):
    found = measured(date(2026, 7, 1), date(2027, 1, 1), due)
    if days is None:
        assert found is None
        return
    assert found is not None
    now, before = found
    assert now.days == before.days == days
    assert now.start == before.end == date(2026, 7, 1)


@pytest.mark.row("D06")
@given(own=MONEY, others=st.lists(MONEY, max_size=8))
def test_ranks_lie_between_one_and_all_and_more_sales_never_rank_worse(own, others):
    outcome = Outcome(own, 0, None, tuple(others))
    assert 1 <= outcome.rank <= outcome.of
    assert Outcome(own + 1, 0, None, tuple(others)).rank <= outcome.rank


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_percentage_is_off_by_at_most_half_its_last_place(part, whole):
    found = percent(part, whole)
    assert found is not None
    assert abs(found - Decimal(part) * 100 / Decimal(whole)) <= Decimal("0.0500001")


def test_the_last_decision_stands():
    days = [(date(2026, 10, 1), "keep"), (date(2027, 1, 1), None), (date(2026, 12, 1), "end")]
    assert latest(days) == "end"
    assert latest([(date(2027, 1, 1), None)]) is None
