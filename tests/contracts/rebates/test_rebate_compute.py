"""The derivation behind a rebate: its steps, the tier table, the limits, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rebate_builders import RESELLERS, some_terms

from contracts.rebates.compute import (
    Step,
    compute,
    ladder,
    steps_from_json,
    steps_to_json,
)
from contracts.rebates.figures import Figures, plain
from contracts.rebates.model import Method
from contracts.rebates.reaching import gain_at_next_fen
from contracts.values.money import Money
from contracts.values.rates import Rate


def kinds_and_amounts(steps: tuple[Step, ...]) -> list[tuple[str, Decimal]]:
    return [(step.kind, step.amount) for step in steps]


@pytest.mark.row("E09")
def test_the_steps_of_a_segmented_rebate_are_its_slices() -> None:
    steps = compute(some_terms(method=Method.SEGMENT), plain(250_000_0000)).steps

    assert kinds_and_amounts(steps) == [
        ("base_rounding", Decimal(0)),
        ("segment", Decimal(1000)),
        ("segment", Decimal(2000)),
        ("segment", Decimal(1500)),
        ("rounding", Decimal(0)),
    ]
    assert steps[2].facts == {
        "number": 2,
        "lower": Money(Decimal(100_000), "CNY"),
        "until": Money(Decimal(200_000), "CNY"),
        "slice": Money(Decimal(100_000), "CNY"),
        "rate": Rate.percent(2),
    }
    assert "until" not in steps[3].facts


def test_the_last_slice_ends_at_the_base_and_not_at_its_bound() -> None:
    steps = compute(some_terms(method=Method.SEGMENT), plain(120_000_0000)).steps

    assert ["until" in step.facts for step in steps[1:3]] == [True, False]


def test_the_rounding_is_a_step_of_its_own() -> None:
    result = compute(some_terms(*RESELLERS), plain(123_456_7890), "USD")

    assert result.base == Decimal("123456.79")
    assert result.unrounded == Decimal("5555.55555")
    assert result.entitlement == Money(Decimal("5555.56"), "USD")
    assert result.steps[0].facts["exact"] == Decimal("123456.7890")
    assert kinds_and_amounts(result.steps)[1:] == [
        ("tier", Decimal("5555.55555")),
        ("rounding", Decimal("0.00445")),
    ]


@pytest.mark.parametrize(
    ("base_e4", "kind"), [(-1, "below_first_tier"), (-50, "negative_base"), (0, "below_first_tier")]
)
def test_a_rebate_of_nothing_says_why(base_e4: int, kind: str) -> None:
    # A ten-thousandth below zero rounds to zero and is no negative base.
    result = compute(some_terms(("10000", "1")), plain(base_e4))

    assert [step.kind for step in result.steps] == ["base_rounding", kind]
    assert (result.entitlement_fen, result.tier_hit, result.next_tier) == (0, None, 0)


def test_a_cap_is_a_step_that_takes_away_what_is_too_much() -> None:
    result = compute(some_terms(cap_fen=3_000_00), plain(300_000_0000))

    assert result.entitlement_fen == 3_000_00
    assert result.unrounded == 9_000
    assert result.steps[-1].kind == "cap"
    assert result.steps[-1].amount == Decimal("-6000.00")


def test_a_rebate_below_the_minimum_payout_lapses_and_one_equal_to_it_is_paid() -> None:
    terms = some_terms(floor_payout_fen=50_00)

    below, equal = compute(terms, plain(4_999_0000)), compute(terms, plain(5_000_0000))

    assert below.entitlement_fen == 0
    assert below.steps[-1].kind == "minimum_payout"
    assert below.steps[-1].amount == Decimal("-49.99")
    assert equal.entitlement_fen == 50_00


def test_the_base_is_rounded_half_up_away_from_zero() -> None:
    bases = {e4: compute(some_terms(), plain(e4)).base for e4 in (149, 150, -149, -150)}

    assert [str(base) for base in bases.values()] == ["0.01", "0.02", "-0.01", "-0.02"]


def test_the_tier_table_marks_the_row_that_was_hit() -> None:
    rungs = ladder(some_terms(), Figures(base_e4=120_000_0000))

    assert [(rung.number, rung.hit, rung.slice) for rung in rungs] == [
        (1, False, 0),
        (2, True, 120_000),
        (3, False, 0),
    ]
    assert [rung.upper for rung in rungs] == [100_000, 200_000, None]


def test_the_gain_at_the_next_tier_is_what_its_bound_pays_more() -> None:
    terms = some_terms(*RESELLERS)

    assert gain_at_next_fen(terms, compute(terms, plain(98_000_0000))) == 4_500_00 - 2_940_00
    assert gain_at_next_fen(terms, compute(terms, plain(100_000_0000))) is None


def test_stored_steps_come_back_as_they_were() -> None:
    steps = compute(some_terms(method=Method.SEGMENT, cap_fen=1), plain(250_000_1234)).steps

    assert steps_from_json(steps_to_json(steps)) == steps


def test_a_stored_line_that_is_no_step_is_refused() -> None:
    stored = steps_to_json(compute(some_terms(), plain(0)).steps)

    with pytest.raises(ValueError, match="not a step"):
        steps_from_json([{**stored[0], "code": "rebate.step.magic"}])


@pytest.mark.parametrize(
    "steps", [[("100", "1"), ("100", "2")], [("-1", "1")]], ids=["a bound twice", "below zero"]
)
def test_terms_that_can_be_read_two_ways_are_not_computed(steps: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match="tier"):
        compute(some_terms(*steps), plain(1))


def test_terms_without_tiers_are_not_computed() -> None:
    with pytest.raises(ValueError, match="at least one tier"):
        compute(replace(some_terms(), tiers=()), plain(1))
