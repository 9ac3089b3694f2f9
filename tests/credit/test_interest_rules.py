"""Late-payment interest: outstanding × rate × days ÷ 365, each day once, half-up per item."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.interest import Stretch, interest_on, late_interest, stretches

DUE = date(2026, 9, 1)
Paid = list[tuple[date, int]]


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.row("A07")
def test_a_hundred_at_ten_percent_for_fifteen_days() -> None:
    """100 × 0.10 × 15 ÷ 365 = 0.41095… → 0.41."""
    bears = late_interest(10_000, DUE, [], since=None, up_to=after(15), rate_bp=1_000)
    assert bears is not None
    assert bears.amount_fen == 41
    assert bears.working() == [["2026-09-01", "2026-09-16", 15, 10_000]]


@pytest.mark.parametrize(
    ("amount", "rate_bp", "days", "fen"),
    [
        # 1,000.00 × 5 % × 30 ÷ 365 = 4.1095…
        (100_000, 500, 30, 411),
        # 36.50 × 10 % × 5 ÷ 365 = 0.05 exactly; of 4 days 0.04.
        (3_650, 1_000, 5, 5),
        # 365.00 × 1 % × 1 ÷ 365 = 0.01; half of it, 0.005, goes up.
        (36_500, 100, 1, 1),
        (18_250, 100, 1, 1),
        (18_249, 100, 1, 0),
        (10_000, 0, 365, 0),
    ],
)
def test_figures_worked_by_hand(amount: int, rate_bp: int, days: int, fen: int) -> None:
    assert interest_on([Stretch(DUE, after(days), amount)], rate_bp) == fen


@pytest.mark.row("A07")
def test_the_day_to_pay_by_is_in_time() -> None:
    assert stretches(10_000, DUE, [], DUE, DUE) == []
    assert stretches(10_000, DUE, [], DUE, after(-3)) == []
    assert [s.days for s in stretches(10_000, DUE, [], DUE, after(1))] == [1]


@pytest.mark.row("A07")
def test_what_is_paid_bears_interest_until_its_day() -> None:
    """1,000.00, of which 400.00 came on day 10 of 30: 1,000 × 10 + 600 × 20 = 22,000 day-yuan."""
    found = stretches(100_000, DUE, [(after(10), 40_000)], DUE, after(30))
    assert [(s.days, s.open_fen) for s in found] == [(10, 100_000), (20, 60_000)]
    # 22,000 × 8 % ÷ 365 = 4.8219…
    assert interest_on(found, 800) == 482


def test_what_was_paid_in_time_or_wholly_bears_none() -> None:
    assert late_interest(10_000, DUE, [(DUE, 10_000)], since=None, up_to=after(90),
                         rate_bp=1_000) is None  # fmt: skip
    paid = [(after(-5), 4_000), (after(2), 6_000)]
    found = stretches(10_000, DUE, paid, DUE, after(90))
    assert [(s.days, s.open_fen) for s in found] == [(2, 6_000)]


def test_days_that_a_note_has_covered_are_not_charged_again() -> None:
    again = late_interest(10_000, DUE, [], since=after(15), up_to=after(15), rate_bp=1_000)
    assert again is None
    later = late_interest(10_000, DUE, [], since=after(15), up_to=after(25), rate_bp=1_000)
    assert later is not None
    assert (later.since, later.until, later.amount_fen) == (after(15), after(25), 27)


def test_a_negative_rate_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not negative"):
        interest_on([], -1)


PAID = st.lists(st.tuples(st.integers(-20, 80), st.integers(1, 5_000)), max_size=5).map(
    lambda rows: [(after(day), fen) for day, fen in rows]
)


@given(st.integers(1, 10**8), PAID, st.integers(1, 40), st.integers(1, 40))
def test_notes_one_after_the_other_count_the_same_days(
    amount: int, paid: Paid, first: int, more: int
) -> None:
    """Before rounding nothing is lost and nothing is counted twice."""

    def weight(since: date, up_to: date) -> int:
        return sum(s.open_fen * s.days for s in stretches(amount, DUE, paid, since, up_to))

    middle, end = after(first), after(first + more)
    assert weight(DUE, middle) + weight(middle, end) == weight(DUE, end)


@given(st.integers(1, 10**8), PAID, st.integers(0, 60), st.integers(0, 2_400))
def test_interest_is_never_above_the_whole_amount_for_all_days(
    amount: int, paid: Paid, days: int, rate_bp: int
) -> None:
    found = stretches(amount, DUE, paid, DUE, after(days))
    assert interest_on(found, rate_bp) <= interest_on([Stretch(DUE, after(days), amount)], rate_bp)
