"""What must hold for every rebate policy and every base, tried on policies that nobody wrote."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rebate_builders import some_terms

from contracts.rebates.compute import compute
from contracts.rebates.figures import plain
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.rebates.reading import read_aloud
from contracts.rebates.terms_json import from_json, terms_hash, to_json
from contracts.rebates.validate import validate
from contracts.values.findings import Severity
from contracts.values.rates import Rate

BASES_E4 = st.integers(min_value=-(10**11), max_value=10**13)


@st.composite
def policies(draw: st.DrawFn, method: Method | None = None) -> RebateTerms:
    bounds = draw(st.lists(st.integers(0, 10**8), min_size=1, max_size=6, unique=True))
    tiers = tuple(
        Tier(Decimal(bound).scaleb(-2), Rate(Decimal(draw(st.integers(0, 10_000))).scaleb(-4)))
        for bound in bounds
    )
    cap_fen = draw(st.none() | st.integers(1, 10**8))
    return some_terms(
        method=method or draw(st.sampled_from((Method.WHOLE, Method.SEGMENT))),
        tiers=tiers,
        cap_fen=cap_fen,
        floor_payout_fen=draw(st.integers(0, min(cap_fen or 10**6, 10**6))),
    )


def with_rising_rates(terms: RebateTerms) -> RebateTerms:
    rates = sorted(tier.rate for tier in terms.tiers)
    ordered = sorted(terms.tiers, key=lambda tier: tier.lower)
    tiers = tuple(replace(tier, rate=rate) for tier, rate in zip(ordered, rates, strict=True))
    return replace(terms, tiers=tiers)


def oracle_fen(terms: RebateTerms, base_e4: int) -> int:
    """The rebate by another road: fractions of whole numbers, tiers read from the top down."""
    base = Decimal(base_e4).scaleb(-2).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    left = max(int(base), 0)
    total = Fraction(0)
    for tier in sorted(terms.tiers, key=lambda tier: tier.lower, reverse=True):
        lower = int(tier.lower * 100)
        if left >= lower and base >= 0:
            part = left if terms.method is Method.WHOLE else left - lower
            total += part * Fraction(tier.rate.fraction)
            left = -1 if terms.method is Method.WHOLE else lower
    fen = (total + Fraction(1, 2)).__floor__()
    fen = min(fen, terms.cap_fen) if terms.cap_fen is not None else fen
    return fen if fen >= terms.floor_payout_fen else 0


@pytest.mark.row("E02")
@given(policies(), BASES_E4)
def test_every_rebate_agrees_with_fractions_of_whole_numbers(
    terms: RebateTerms, base_e4: int
) -> None:
    assert compute(terms, plain(base_e4)).entitlement_fen == oracle_fen(terms, base_e4)


@pytest.mark.row("E09")
@given(policies(), BASES_E4)
def test_the_steps_re_add_to_the_entitlement(terms: RebateTerms, base_e4: int) -> None:
    result = compute(terms, plain(base_e4))

    assert sum(step.amount for step in result.steps) * 100 == result.entitlement_fen


@given(policies(), BASES_E4)
def test_the_slices_re_add_to_what_the_tiers_give(terms: RebateTerms, base_e4: int) -> None:
    result = compute(terms, plain(base_e4))
    rungs = result.rungs

    assert sum(rung.amount for rung in rungs) == result.unrounded
    assert [rung.hit for rung in rungs].count(True) == (0 if result.tier_hit is None else 1)
    if result.tier_hit is not None:
        covered = sum(rung.slice for rung in rungs)
        first = Decimal(0) if terms.method is Method.WHOLE else rungs[0].lower
        assert covered == result.base - first


@given(policies(Method.SEGMENT), BASES_E4, BASES_E4)
def test_more_base_never_lowers_a_segmented_rebate(
    terms: RebateTerms, one_e4: int, other_e4: int
) -> None:
    less, more = sorted((one_e4, other_e4))

    assert (
        compute(terms, plain(less)).entitlement_fen <= compute(terms, plain(more)).entitlement_fen
    )


@given(policies(Method.WHOLE), BASES_E4, BASES_E4)
def test_more_base_never_lowers_a_whole_amount_rebate_whose_rates_rise(
    terms: RebateTerms, one_e4: int, other_e4: int
) -> None:
    rising = with_rising_rates(terms)
    less, more = sorted((one_e4, other_e4))

    assert (
        compute(rising, plain(less)).entitlement_fen <= compute(rising, plain(more)).entitlement_fen
    )


@given(st.integers(0, 10_000), BASES_E4)
def test_with_one_tier_from_zero_both_methods_pay_the_same(rate_bp: int, base_e4: int) -> None:
    tiers = (Tier(Decimal(0), Rate(Decimal(rate_bp).scaleb(-4))),)
    whole = some_terms(tiers=tiers, method=Method.WHOLE)
    segment = some_terms(tiers=tiers, method=Method.SEGMENT)

    paid = {compute(terms, plain(base_e4)).entitlement_fen for terms in (whole, segment)}

    assert len(paid) == 1


@given(policies(), BASES_E4, st.randoms(use_true_random=False))
def test_the_order_in_which_tiers_were_typed_is_irrelevant(
    terms: RebateTerms, base_e4: int, random: object
) -> None:
    typed = list(terms.tiers)
    random.shuffle(typed)  # type: ignore[attr-defined]
    shuffled = replace(terms, tiers=tuple(typed))

    assert compute(shuffled, plain(base_e4)) == compute(terms, plain(base_e4))
    assert terms_hash(shuffled) == terms_hash(terms)


@pytest.mark.row("E05")
@given(policies(), BASES_E4)
def test_what_is_missing_reaches_the_next_tier_exactly(terms: RebateTerms, base_e4: int) -> None:
    result = compute(terms, plain(base_e4))
    if result.to_next is None or result.next_tier is None:
        assert result.tier_hit == len(terms.tiers) - 1
        return
    assert result.to_next > 0
    reached = int((result.base + result.to_next) * 10_000)

    assert compute(terms, plain(reached)).tier_hit == result.next_tier
    assert compute(terms, plain(reached - 100)).tier_hit == result.tier_hit


@given(policies())
def test_terms_survive_storage_and_equal_terms_have_equal_hashes(terms: RebateTerms) -> None:
    stored = from_json(to_json(terms))

    assert stored == terms
    assert terms_hash(stored) == terms_hash(terms)


@given(policies())
def test_computable_terms_are_never_blocked_and_can_be_read_aloud(terms: RebateTerms) -> None:
    assert Severity.BLOCK not in {finding.severity for finding in validate(terms)}
    spoken = [finding.code for finding in read_aloud(terms)]

    assert sum(code.startswith("rebate.reads.tier_") for code in spoken) == len(terms.tiers)
