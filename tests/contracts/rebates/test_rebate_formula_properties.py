"""What must hold for every formula and every figure, tried on policies that nobody wrote."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from drawn_rebates import E4, SHARES, formulas, statement_facts
from hypothesis import given
from hypothesis import strategies as st

from contracts.rebates.compute import compute
from contracts.rebates.figures import (
    Evidence,
    Facts,
    Figures,
    facts_from_json,
    facts_to_json,
    plain,
)
from contracts.rebates.model import (
    Base,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.rebates.reaching import at_next, gain_at_next_fen
from contracts.rebates.stacking import order
from contracts.rebates.steps import steps_from_json, steps_to_json
from contracts.rebates.terms_json import from_json, to_json
from contracts.values.rates import Rate


@st.composite
def statements(draw: st.DrawFn, **fixed: Any) -> tuple[RebateTerms, Facts]:
    terms = draw(formulas(**fixed))
    return terms, draw(statement_facts(terms))


def rising(terms: RebateTerms) -> RebateTerms:
    """The same bounds with rewards that only rise."""
    ordered = sorted(terms.tiers, key=lambda tier: tier.lower)
    rates = sorted(tier.rate for tier in ordered)
    amounts = sorted(tier.amount for tier in ordered)
    tiers = tuple(
        Tier(tier.lower, rate, amount)
        for tier, rate, amount in zip(ordered, rates, amounts, strict=True)
    )
    return replace(terms, tiers=tiers)


@given(statements())
def test_the_steps_of_every_formula_re_add_and_survive_storage(
    statement: tuple[RebateTerms, Facts],
) -> None:
    terms, facts = statement
    result = compute(terms, facts)

    assert sum(step.amount for step in result.steps) * 100 == result.entitlement_fen
    assert steps_from_json(steps_to_json(result.steps)) == result.steps
    assert compute(from_json(to_json(terms)), facts_from_json(facts_to_json(facts))) == result


@given(statements())
def test_nothing_is_ever_owed_to_the_house(statement: tuple[RebateTerms, Facts]) -> None:
    assert compute(*statement).entitlement_fen >= 0


@given(statements(), st.randoms(use_true_random=False))
def test_the_order_of_tiers_parts_and_evidence_is_irrelevant(
    statement: tuple[RebateTerms, Facts], random: Any
) -> None:
    terms, facts = statement
    tiers, parts = list(terms.tiers), list(facts.parts.items())
    random.shuffle(tiers)
    random.shuffle(parts)
    shuffled = Facts(dict(parts), dict(reversed(list(facts.evidence.items()))))

    assert compute(replace(terms, tiers=tuple(tiers)), shuffled) == compute(terms, facts)


@given(statements(scope="product", conditions=(), guarantee_fen=0))
def test_the_parts_re_add_to_what_is_rounded(statement: tuple[RebateTerms, Facts]) -> None:
    terms, facts = statement
    result = compute(terms, facts)
    alone = [compute(terms, Facts({name: one})) for name, one in facts.parts.items()]

    assert sum(part.amount for part in result.parts) == result.unrounded
    assert sum(one.unrounded for one in alone) == result.unrounded


@given(formulas(scope="distributor", gauge="base", conditions=(), guarantee_fen=0), E4)
def test_by_segment_never_pays_more_than_whole_amount_while_rates_rise(
    terms: RebateTerms, base_e4: int
) -> None:
    of_value = replace(rising(terms), pays="percent", base=Base(), accumulate=None)
    segment, whole = (
        compute(replace(of_value, method=method), plain(base_e4)).unrounded
        for method in (Method.SEGMENT, Method.WHOLE)
    )

    assert segment <= whole


@pytest.mark.parametrize("method", [Method.WHOLE, Method.SEGMENT, Method.EXCESS])
@given(terms=formulas(gauge="growth", scope="distributor", accumulate=None), low=E4, high=E4)
def test_more_sales_never_pay_less_while_rewards_rise(
    method: Method, terms: RebateTerms, low: int, high: int
) -> None:
    # A rebate below the minimum payout lapses, which is no fall either.
    of_value = replace(rising(terms), method=method, pays="percent", base=Base(), conditions=())
    less, more = (
        compute(of_value, Facts({"": Figures(base_e4=base, reference_e4=50_000_0000)}))
        for base in sorted((low, high))
    )

    assert less.entitlement_fen <= more.entitlement_fen


@given(statements(floor_payout_fen=0), st.integers(1, 10**8))
def test_a_cap_never_raises_and_is_never_passed(
    statement: tuple[RebateTerms, Facts], cap_fen: int
) -> None:
    terms, facts = statement
    free = compute(replace(terms, cap_fen=None), facts).entitlement_fen

    assert compute(replace(terms, cap_fen=cap_fen), facts).entitlement_fen == min(free, cap_fen)


@given(statements())
def test_a_guarantee_never_lowers(statement: tuple[RebateTerms, Facts]) -> None:
    terms, facts = statement
    plain_terms = replace(terms, guarantee_fen=0, cap_fen=None, floor_payout_fen=0)
    with_one = replace(plain_terms, guarantee_fen=5_000_00)

    assert compute(plain_terms, facts).entitlement_fen <= compute(with_one, facts).entitlement_fen


@given(statements(guarantee_fen=0, conditions=()), SHARES, SHARES)
def test_a_smaller_factor_never_leaves_more(
    statement: tuple[RebateTerms, Facts], one: Rate, other: Rate
) -> None:
    terms, facts = statement
    found = replace(facts, evidence={"display": Evidence(Decimal(0))})
    less, more = (
        replace(terms, conditions=(Condition("display", (Factor(Decimal(0), factor),)),))
        for factor in sorted((one, other))
    )

    assert compute(less, found).entitlement_fen <= compute(more, found).entitlement_fen


@given(
    formulas(scope="group", gauge="base", conditions=(), guarantee_fen=0),
    st.lists(st.integers(1, 10**8), min_size=1, max_size=6),
)
def test_the_shares_of_a_group_re_add_to_what_it_earned(
    terms: RebateTerms, members: list[int]
) -> None:
    free = replace(
        terms, method=Method.SEGMENT, pays="percent", base=Base(), cap_fen=None, accumulate=None
    )
    free = replace(free, floor_payout_fen=0)
    whole = sum(members)
    group = compute(replace(free, scope="distributor"), plain(whole)).unrounded
    shares = [
        compute(free, Facts({"": Figures(base_e4=own, gauge_e4=whole)})).entitlement_fen
        for own in members
    ]

    assert abs(sum(shares) - group * 100) <= Decimal(len(members)) / 2


@given(statements(cap_fen=None))
def test_the_next_tier_is_reached_with_what_is_missing(
    statement: tuple[RebateTerms, Facts],
) -> None:
    terms, facts = statement
    result = compute(terms, facts)
    part = result.parts[0]
    if part.to_next is None:
        assert gain_at_next_fen(terms, result, part) is None
        return
    assert part.to_next > 0

    reached = compute(terms, at_next(terms, result, part)).parts[0]

    if part.tier_hit is not None or reached.tier_hit is not None:
        # Two bounds may lie within one piece or one fen: then both are reached.
        assert (reached.tier_hit or 0) >= (part.next_tier or 0)
    assert gain_at_next_fen(terms, result, part) is not None


@given(st.dictionaries(st.sampled_from("ABCDE"), st.frozensets(st.sampled_from("ABCDEF"))))
def test_whoever_is_reduced_comes_later_or_a_circle_is_named(
    declared: dict[str, frozenset[str]],
) -> None:
    policies = [
        RebateTerms(code, code, Method.WHOLE, (), reduced_by=by) for code, by in declared.items()
    ]
    found = order(policies)
    if found.codes:
        assert sorted(found.codes) == sorted(declared)
        for code, by in declared.items():
            for first in by & declared.keys():
                assert found.codes.index(first) < found.codes.index(code)
    elif declared:
        circle = found.findings[0].facts["policies"]
        assert isinstance(circle, tuple)
        for one, following in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert following in declared[one]
