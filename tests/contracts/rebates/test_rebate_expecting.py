"""Accruals and forecasts: what was sold so far at the tier that is expected."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rebate_builders import RESELLERS, some_terms

from contracts.rebates.compute import compute
from contracts.rebates.expecting import expected_fen, forecast
from contracts.rebates.figures import Facts, Figures, plain
from contracts.rebates.model import Method, Tier


@pytest.mark.row("E05")
@pytest.mark.parametrize(
    ("tier", "rebate_fen"), [(0, 600_00), (1, 1_200_00), (2, 1_800_00)], ids=["1 %", "2 %", "3 %"]
)
def test_what_was_sold_is_accrued_at_the_rate_of_the_tier_expected(
    tier: int, rebate_fen: int
) -> None:
    assert expected_fen(some_terms(), plain(60_000_0000), tier) == rebate_fen


def test_by_segment_the_way_to_the_bound_is_taken_in_proportion() -> None:
    terms = some_terms(method=Method.SEGMENT)
    # At 200,000 it pays 3,000.00, which is 1.5 % of everything.
    assert expected_fen(terms, plain(60_000_0000), 2) == 900_00
    assert expected_fen(terms, plain(60_000_0000), 1) == 600_00
    assert expected_fen(terms, plain(250_000_0000), 2) == 4_500_00


def test_a_lump_sum_is_accrued_in_proportion_until_it_is_earned() -> None:
    tiers = (Tier(Decimal(100_000), amount=Decimal(1_500)),)
    terms = some_terms(method=Method.LUMP, pays="amount", tiers=tiers)

    assert expected_fen(terms, plain(40_000_0000), 0) == 600_00
    assert expected_fen(terms, plain(100_000_0000), 0) == 1_500_00
    assert expected_fen(terms, plain(-1), 0) == 0


def test_growth_expected_is_paid_on_what_was_sold() -> None:
    terms = replace(some_terms(("10", "1"), ("50", "3")), gauge="growth")
    so_far = Facts({"": Figures(base_e4=60_000_0000, reference_e4=80_000_0000)})

    assert compute(terms, so_far).entitlement_fen == 0
    assert expected_fen(terms, so_far, 1) == 1_800_00


@given(st.integers(0, 10**11))
def test_the_tier_reached_is_accrued_as_it_is_earned(base_e4: int) -> None:
    for method in (Method.WHOLE, Method.SEGMENT):
        terms = some_terms(*RESELLERS, method=method)
        result = compute(terms, plain(base_e4))
        if result.tier_hit is not None:
            accrued = expected_fen(terms, plain(base_e4), result.tier_hit)
            assert accrued == result.entitlement_fen


@pytest.mark.row("E05")
def test_a_forecast_lengthens_what_was_sold_by_days() -> None:
    found = forecast(some_terms(), plain(60_000_0000), 46, 92)

    assert found == plain(120_000_0000)
    assert compute(some_terms(), found).entitlement_fen == 2_400_00


def test_a_forecast_keeps_what_was_sold_before_the_period() -> None:
    terms = some_terms(accumulate="year", catch_up=False)
    so_far = Facts({"": Figures(base_e4=10, gauge_e4=110, reference_e4=7)})

    assert forecast(terms, so_far, 1, 3).parts[""] == Figures(
        base_e4=30, gauge_e4=130, reference_e4=7
    )


@pytest.mark.parametrize("elapsed", [0, 93])
def test_days_that_cannot_have_elapsed_are_refused(elapsed: int) -> None:
    with pytest.raises(ValueError, match="elapsed"):
        forecast(some_terms(), plain(1), elapsed, 92)
