"""Promises to pay are kept, open or broken by the money received in time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.promises import BROKEN, KEPT, OPEN, Money, Pledge, standings


def day(n: int) -> date:
    return date(2026, 11, n)


def at(n: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, n, hour, tzinfo=UTC)


def pledge(ref: str, fen: int, made: int, due: int) -> Pledge:
    return Pledge(ref, fen, day(made), at(made), day(due))


def money(on: int, fen: int, hour: int = 12) -> Money:
    return Money(day(on), at(on, hour), fen)


@pytest.mark.row("B11")
@pytest.mark.parametrize(
    ("came", "on", "state", "missing"),
    [
        ([], 10, OPEN, 1_000),
        ([], 11, BROKEN, 1_000),
        ([money(10, 1_000)], 10, KEPT, 0),
        ([money(10, 1_000)], 11, KEPT, 0),
        ([money(11, 1_000)], 12, BROKEN, 1_000),
        ([money(6, 400), money(9, 500)], 11, BROKEN, 100),
        ([money(4, 1_000)], 11, BROKEN, 1_000),
        ([money(5, 1_000, hour=9)], 11, BROKEN, 1_000),
        ([money(5, 1_000, hour=11)], 11, KEPT, 0),
    ],
)
def test_the_money_by_the_day_decides(came, on, state, missing):
    found = standings([pledge("P", 1_000, 5, 10)], came, day(on))["P"]
    assert (found.state, found.missing_fen) == (state, missing)


def test_money_keeps_one_promise_only():
    two = [pledge("late", 2_000, 1, 20), pledge("soon", 1_000, 5, 10)]
    found = standings(two, [money(6, 1_500)], day(21))
    assert found["soon"].state == KEPT
    assert (found["late"].state, found["late"].missing_fen) == (BROKEN, 1_500)


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(1, 14), st.integers(0, 14)), max_size=5),
    st.lists(st.tuples(st.integers(1, 28), st.integers(1, 500)), max_size=6),
)
def test_no_money_is_counted_twice(promised, came):
    pledges = [pledge(str(n), fen, made, made + more)
               for n, (fen, made, more) in enumerate(promised)]  # fmt: skip
    found = standings(pledges, [money(on, fen) for on, fen in came], day(28))
    assert sum(s.received_fen for s in found.values()) <= sum(fen for _on, fen in came)
    for one in pledges:
        assert found[one.ref].received_fen + found[one.ref].missing_fen == one.amount_fen
