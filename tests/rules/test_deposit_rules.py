"""Deposits: what may be taken, what is short, and by when it is to be filled up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.deposits import KINDS, TAKING, check_move, signed, standing

pytestmark = pytest.mark.row("B10")

DECEMBER = date(2026, 12, 6)


@pytest.mark.parametrize(
    ("kind", "asked", "codes"),
    [
        ("deducted", 2_000_000, []),
        ("deducted", 2_000_001, ["deposit.too_much"]),
        ("refunded", 2_000_001, ["deposit.too_much"]),
        ("paid", 99_000_000, []),
        ("topped_up", 0, ["deposit.amount"]),
        ("deducted", -1, ["deposit.amount"]),
    ],
)
def test_nothing_is_taken_that_is_not_there(kind: str, asked: int, codes: list[str]) -> None:
    assert [f.code for f in check_move(kind, asked, 2_000_000, "CNY")] == codes


@pytest.mark.row("A16")
def test_a_deduction_leaves_a_gap_with_a_day_and_restoring_closes_it() -> None:
    entries = [("paid", 2_000_000, None), ("deducted", -500_000, DECEMBER)]
    short = standing(entries, 2_000_000)
    assert (short.balance_fen, short.short_fen, short.top_up_by) == (1_500_000, 500_000, DECEMBER)
    assert not short.is_late(DECEMBER)
    assert short.is_late(date(2026, 12, 7))
    full = standing([*entries, ("restored", 500_000, None)], 2_000_000)
    assert (full.balance_fen, full.short_fen, full.top_up_by) == (2_000_000, 0, None)
    assert not full.is_late(date(2027, 1, 1))


def test_the_earliest_day_stands_until_the_deposit_is_full_again() -> None:
    early, late = date(2026, 11, 1), date(2026, 12, 1)
    entries = [
        ("paid", 100, None),
        ("deducted", -10, late),
        ("deducted", -10, early),
        ("topped_up", 15, None),
    ]
    assert standing(entries, 100).top_up_by == early
    assert standing([*entries, ("topped_up", 5, None)], 100).top_up_by is None


def test_without_a_deposit_in_the_agreement_only_what_was_deducted_is_short() -> None:
    assert standing([], 0).short_fen == 0
    entries = [("paid", 2_000_000, None), ("deducted", -500_000, DECEMBER)]
    free = standing(entries, 0)
    assert (free.balance_fen, free.short_fen, free.top_up_by) == (1_500_000, 500_000, DECEMBER)
    assert standing([*entries, ("topped_up", 500_000, None)], 0).short_fen == 0
    assert standing([("paid", 100, None), ("refunded", -100, None)], 0).short_fen == 0
    assert standing([], 100).short_fen == 100


@pytest.mark.parametrize(("kind", "fen"), [("given", 1), ("paid", 0), ("paid", -1)])
def test_what_is_no_movement(kind: str, fen: int) -> None:
    with pytest.raises(ValueError, match="not a movement"):
        signed(kind, fen)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 10**9)), max_size=12))
def test_movements_that_pass_never_leave_less_than_nothing(moves: list[tuple[str, int]]) -> None:
    balance, kept = 0, []
    for kind, fen in moves:
        if check_move(kind, fen, balance, "CNY"):
            assert kind in TAKING
            continue
        balance += signed(kind, fen)
        kept.append((kind, signed(kind, fen), None))
        assert balance >= 0
    assert standing(kept, 0).balance_fen == balance
