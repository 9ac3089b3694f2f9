"""Ageing: the edges of the buckets, and a total that is always the open balance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ageing import BUCKETS, Ageing, age, bucket_of, days_overdue
from tests.golden import cases

AS_OF = date(2026, 10, 1)
ITEMS = st.lists(
    st.tuples(
        st.text(max_size=3),
        st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        st.integers(-(10**10), 10**10),
    ),
    max_size=12,
)


@pytest.mark.parametrize("case", cases("ageing"))
def test_the_bucket_of_an_item(case: dict[str, Any]) -> None:
    assert bucket_of(case["due"], case["as_of"]) == case["bucket"]


@pytest.mark.row("B06")
def test_a_debtor_spread_over_the_buckets() -> None:
    items = [
        ("IV-1", date(2026, 10, 2), 100),
        ("IV-2", date(2026, 10, 1), 20),
        ("IV-3", date(2026, 9, 30), 3_000),
        ("IV-4", date(2026, 9, 1), 4_000),
        ("IV-5", date(2026, 8, 31), 50_000),
        ("IV-6", date(2026, 7, 3), 600_000),
        ("IV-7", date(2026, 7, 2), 7_000_000),
        ("CN-1", date(2026, 9, 15), -500),
    ]
    ageing = age(items, AS_OF)
    assert list(ageing.fen.items()) == [
        ("not_due", 120),
        ("1-30", 6_500),
        ("31-60", 50_000),
        ("61-90", 600_000),
        (">90", 7_000_000),
    ]
    assert (ageing.total_fen, ageing.overdue_fen) == (7_656_620, 7_656_500)


@pytest.mark.row("B06")
@given(ITEMS, st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_the_buckets_sum_to_the_ledger(items: list[tuple[str, date, int]], as_of: date) -> None:
    ageing = age(items, as_of)
    assert ageing.total_fen == sum(open_fen for _, _, open_fen in items)
    assert ageing.overdue_fen == sum(open_fen for _, due, open_fen in items if due < as_of)
    assert age(items[::-1], as_of) == ageing
    assert tuple(ageing.fen) == BUCKETS


@given(ITEMS, ITEMS)
def test_ageings_of_debtors_add_up(
    first: list[tuple[str, date, int]], second: list[tuple[str, date, int]]
) -> None:
    assert age(first, AS_OF) + age(second, AS_OF) == age(first + second, AS_OF)


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 100))
def test_items_only_grow_older(due: date, days: int) -> None:
    later = AS_OF + timedelta(days=days)
    assert BUCKETS.index(bucket_of(due, later)) >= BUCKETS.index(bucket_of(due, AS_OF))
    assert days_overdue(due, later) - days_overdue(due, AS_OF) <= days


def test_ageings_of_two_days_do_not_add() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        age([], AS_OF) + age([], date(2026, 10, 2))
    with pytest.raises(TypeError):
        age([], AS_OF) + 1  # type: ignore[operator]


def test_an_ageing_has_every_bucket() -> None:
    with pytest.raises(ValueError, match="has the buckets"):
        Ageing(AS_OF, {"not_due": 1})
