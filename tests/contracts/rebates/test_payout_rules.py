"""How a rebate may be used: forms, the cap of an order, shares of invoices, limits of claw-back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rebates import payout
from contracts.rebates.payout import (
    FORMS,
    OnOrder,
    Payout,
    Pool,
    cap_of,
    check_use,
    clawback_within,
    most_on_order,
    taken_so_far,
)

FEN = st.integers(0, 10**12)


def codes(found) -> list[str]:
    return [f.code for f in found]


@pytest.mark.row("E07")
@pytest.mark.parametrize(
    ("pool", "goods", "cap_bp", "on_it", "most"),
    [
        (240_000, 500_000, 3000, 0, 150_000),  # the cap bounds: 30 % of 5,000.00
        (100_000, 500_000, 3000, 0, 100_000),  # the pool bounds
        (240_000, 500_000, 3000, 100_000, 50_000),  # part of it is taken already
        (240_000, 500_000, 10_000, 0, 240_000),
        (240_000, 500_000, None, 0, 240_000),  # no cap: all of the goods
        (900_000, 500_000, None, 0, 500_000),
        (240_000, 333_333, 3333, 0, 111_099),  # rounded down: 1,110.998889
        (-50_000, 500_000, 3000, 0, 0),
        (240_000, 500_000, 0, 0, 0),
        (240_000, 0, 3000, 0, 0),
    ],
)
def test_the_most_on_an_order(pool, goods, cap_bp, on_it, most):
    clause = Payout(cap_bp=cap_bp)
    order = OnOrder(goods, on_it)
    assert most_on_order(clause, Pool(pool), order) == most
    if most:
        assert check_use(clause, Pool(pool), "invoice", most, order) == []
    assert check_use(clause, Pool(pool), "invoice", most + 1, order) != []


@pytest.mark.row("E07")
def test_every_reason_is_said_with_its_figures():
    clause = Payout(("transfer",), 3000)
    found = check_use(clause, Pool(1_000), "invoice", 2_000, OnOrder(5_000, 1_500))
    assert codes(found) == ["payout.form", "payout.cap", "payout.too_much"]
    facts = found[1].facts
    assert str(facts["percent"]) == "30 %"
    assert (facts["cap"].fen, facts["used"].fen, facts["left"].fen) == (1_500, 1_500, 0)
    assert codes(check_use(Payout(), Pool(0), "transfer", 100)) == ["payout.empty"]
    assert codes(check_use(Payout(), Pool(-1), "transfer", 100)) == ["payout.below_zero"]
    assert codes(check_use(Payout(), Pool(100), "transfer", 0)) == ["payout.amount"]
    assert check_use(Payout(), Pool(100), "transfer", 100) == []


@pytest.mark.row("E07")
def test_money_and_offsets_know_no_cap_of_an_order():
    assert check_use(Payout(cap_bp=0), Pool(100), "offset", 100) == []


@pytest.mark.row("E07")
@given(pool=st.integers(-(10**9), 10**12), goods=FEN, cap=st.integers(0, 10_000), asked=FEN)
def test_what_passes_is_within_pool_and_cap(pool, goods, cap, asked):
    clause, order = Payout(cap_bp=cap), OnOrder(goods)
    passes = check_use(clause, Pool(pool), "goods", asked, order) == []
    assert passes == (0 < asked <= most_on_order(clause, Pool(pool), order))
    assert cap_of(clause, goods) * 10_000 <= goods * cap < (cap_of(clause, goods) + 1) * 10_000


@pytest.mark.row("E07")
@given(total=FEN, parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_shares_of_part_invoices_add_up_to_all(total, parts):
    whole, done, taken = sum(parts), 0, 0
    for part in parts:
        done += part
        so_far = taken_so_far(total, done, whole)
        assert so_far >= taken
        assert abs(so_far * whole - total * done) * 2 <= whole
        taken = so_far
    assert taken == total


@pytest.mark.row("E13")
@pytest.mark.parametrize(
    ("asked", "earned", "taken"), [(800, 500, 500), (500, 500, 500), (10, -5, 0), (0, 9, 0)]
)
def test_no_more_is_taken_back_than_the_contract_lets(asked, earned, taken):
    assert clawback_within(asked, earned) == taken


@given(
    forms=st.sets(st.sampled_from(FORMS)),
    cap=st.none() | st.integers(0, 10_000),
    months=st.none() | st.integers(1, 60),
)
def test_a_clause_survives_its_json(forms, cap, months):
    clause = Payout(payout.in_order(tuple(forms)), cap, months)
    assert payout.from_json(payout.to_json(clause)) == clause


@pytest.mark.parametrize(
    "wrong", [{"cap_bp": 10_001}, {"cap_bp": -1}, {"clawback_months": 0}, {"forms": ("barter",)}]
)
def test_a_clause_that_says_nothing_sensible_is_refused(wrong):
    with pytest.raises(ValueError, match="not a clause"):
        Payout(**wrong)
