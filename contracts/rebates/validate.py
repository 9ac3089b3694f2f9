"""What is wrong, or merely surprising, in the terms of a rebate policy before anyone signs it.

Blocking findings make terms that could not be computed, or be read two ways; warnings and notes
tell both sides about holes, idle tiers and jumps that the wording allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts.rebates.cliffs import check_scale
from contracts.rebates.combining import check_combining
from contracts.rebates.condition_checks import check_conditions
from contracts.rebates.model import RebateTerms, Tier
from contracts.rebates.units import bound, unit_of
from contracts.values.findings import Finding, block, info
from contracts.values.money import Money, round_half_up

ONE = Decimal(1)
#: Rewards in money may be finer than fen: 0.125 a piece.
AMOUNT_PLACES = 4
#: Growth cannot fall below −100 %: there is no selling less than nothing.
LEAST_GROWTH = Decimal(-100)


def validate(terms: RebateTerms, currency: str = "CNY") -> list[Finding]:
    """All findings on the terms, `subject` being the policy's code.

    Hints on the shape of the scale are given only when nothing blocks, because only then can the
    scale be computed. What concerns other policies is `beside.check_beside`.
    """
    found = [
        *_naming(terms),
        *_bounds(terms, currency),
        *_rewards(terms, currency),
        *_limits(terms, currency),
        *_days(terms),
        *check_combining(terms),
        *check_conditions(terms),
    ]
    if any(finding.is_blocking for finding in found):
        return sorted(found, key=lambda finding: -finding.severity.rank)
    return [*check_scale(terms, currency), *found, *_guarantee(terms, currency)]


def _naming(terms: RebateTerms) -> Iterator[Finding]:
    if not terms.code.strip() or not terms.name.strip():
        yield block("rebate.unnamed", terms.code)
    for group in sorted(terms.goods & terms.goods_out):
        yield block("rebate.goods_in_and_out", terms.code, group=group)
    for product in sorted(terms.products & terms.products_out):
        yield block("rebate.products_in_and_out", terms.code, product=product)
    for division in sorted(terms.territories & terms.territories_out):
        yield block("rebate.territories_in_and_out", terms.code, division=division)


def _bounds(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    if not terms.tiers:
        yield block("rebate.no_tiers", terms.code)
    seen: set[Decimal] = set()
    for tier in terms.tiers:
        yield from _bound(terms, tier, currency)
        if tier.lower in seen:
            lower = bound(terms, tier.lower, currency)
            yield block("rebate.bound_twice", terms.code, lower=lower, unit=unit_of(terms))
        seen.add(tier.lower)


def _bound(terms: RebateTerms, tier: Tier, currency: str) -> Iterator[Finding]:
    unit = unit_of(terms)
    lower = bound(terms, tier.lower, currency)
    if unit == "growth" and tier.lower < LEAST_GROWTH:
        yield block("rebate.growth_below_all", terms.code, lower=lower)
    if unit != "growth" and tier.lower < 0:
        yield block("rebate.bound_negative", terms.code, lower=lower, unit=unit)
    if unit == "money" and tier.lower != round_half_up(tier.lower):
        yield block("rebate.bound_not_fen", terms.code, lower=tier.lower)
    if unit in ("pieces", "orders") and tier.lower != tier.lower.to_integral_value():
        yield block("rebate.bound_not_whole", terms.code, lower=tier.lower, unit=unit)


def _rewards(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    for number, tier in enumerate(terms.tiers, start=1):
        if terms.pays == "percent":
            yield from _rate(terms, number, tier)
        else:
            yield from _amount(terms, number, tier, currency)


def _rate(terms: RebateTerms, number: int, tier: Tier) -> Iterator[Finding]:
    if tier.rate.fraction < 0:
        yield block("rebate.rate_negative", terms.code, number=number, rate=tier.rate)
    if tier.rate.fraction > ONE:
        yield block("rebate.rate_over_hundred", terms.code, number=number, rate=tier.rate)
    if tier.amount:
        yield block("rebate.reward_elsewhere", terms.code, number=number, pays=terms.pays)


def _amount(terms: RebateTerms, number: int, tier: Tier, currency: str) -> Iterator[Finding]:
    amount = Money(tier.amount, currency)
    if tier.amount < 0:
        yield block("rebate.amount_negative", terms.code, number=number, amount=amount)
    if tier.amount != round_half_up(tier.amount, AMOUNT_PLACES):
        yield block("rebate.amount_too_fine", terms.code, number=number, amount=tier.amount)
    if tier.rate.fraction:
        yield block("rebate.reward_elsewhere", terms.code, number=number, pays=terms.pays)


def _limits(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    minimum = Money.from_fen(terms.floor_payout_fen, currency)
    guarantee = Money.from_fen(terms.guarantee_fen, currency)
    if terms.floor_payout_fen < 0:
        yield block("rebate.minimum_payout_negative", terms.code, minimum=minimum)
    if terms.guarantee_fen < 0:
        yield block("rebate.guarantee_negative", terms.code, guarantee=guarantee)
    if 0 < terms.guarantee_fen < terms.floor_payout_fen:
        yield block(
            "rebate.guarantee_below_minimum", terms.code, guarantee=guarantee, minimum=minimum
        )
    if terms.cap_fen is None:
        return
    cap = Money.from_fen(terms.cap_fen, currency)
    if terms.cap_fen <= 0:
        yield block("rebate.cap_not_positive", terms.code, cap=cap)
    elif terms.cap_fen < terms.floor_payout_fen:
        yield block("rebate.cap_below_minimum", terms.code, cap=cap, minimum=minimum)
    elif terms.cap_fen < terms.guarantee_fen:
        yield block("rebate.cap_below_guarantee", terms.code, cap=cap, guarantee=guarantee)


def _days(terms: RebateTerms) -> Iterator[Finding]:
    if terms.new_days is not None and terms.new_days < 1:
        yield block("rebate.new_days_not_positive", terms.code, days=terms.new_days)
    if terms.grace_days < 0:
        yield block("rebate.grace_negative", terms.code, days=terms.grace_days)
    if terms.expires_months is not None and terms.expires_months < 1:
        yield block("rebate.expires_not_positive", terms.code, months=terms.expires_months)
    if terms.qualify_fen < 0:
        qualify = Money.from_fen(terms.qualify_fen)
        yield block("rebate.qualify_negative", terms.code, qualify=qualify)


def _guarantee(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """A guarantee is owed to whoever sold nothing, too: said, because it surprises."""
    if terms.guarantee_fen > 0:
        guarantee = Money.from_fen(terms.guarantee_fen, currency)
        yield info("rebate.guarantee_without_sales", terms.code, guarantee=guarantee)
