"""In which unit the bounds and the rewards of a policy are said: money, pieces, percent, orders.

A bound becomes a fact that prints itself (Money, Rate or a plain number) and a word for its unit,
so that one sentence serves every gauge.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from contracts.rebates.model import Condition, ConditionKind, Method, RebateTerms, Tier
from contracts.values.findings import Fact
from contracts.values.money import Money
from contracts.values.rates import Rate

#: money and quantity come from the base; growth and target are percentages of a reference.
Unit = Literal["money", "pieces", "growth", "target", "orders"]
#: How a reward is said: a share, money per piece, a plain amount, an amount per full multiple.
RewardWord = Literal["rate", "per_piece", "amount", "multiple"]
ConditionUnit = Literal["percent", "cases", "days", "declared"]

_PERCENT: frozenset[ConditionKind] = frozenset({"attainment", "mix"})
_DAYS: frozenset[ConditionKind] = frozenset({"collection", "overdue"})


def unit_of(terms: RebateTerms) -> Unit:
    """What the bounds of the tiers, and `each`, are counted in."""
    if terms.gauge == "growth":
        return "growth"
    if terms.gauge == "attainment":
        return "target"
    if terms.gauge == "orders":
        return "orders"
    return "pieces" if terms.base.measure == "quantity" else "money"


def bound(terms: RebateTerms, value: Decimal, currency: str = "CNY") -> Fact:
    """A bound as a fact: growth of 50 is the rate 50 %, a value is money, the rest a number."""
    unit = unit_of(terms)
    if unit == "money":
        return Money(value, currency)
    if unit in ("growth", "target"):
        return Rate.percent(value)
    return plain_number(value)


def reward_word(terms: RebateTerms) -> RewardWord:
    """Which of the four ways to say a reward suits the terms."""
    if terms.pays == "percent":
        return "rate"
    if terms.pays == "per_unit":
        return "per_piece"
    return "multiple" if terms.method is Method.MULTIPLE else "amount"


def reward(terms: RebateTerms, tier: Tier, currency: str = "CNY") -> Rate | Money:
    """What the tier gives, as a fact: a rate, or money of up to four decimals."""
    return tier.rate if terms.pays == "percent" else Money(tier.amount, currency)


def reward_size(terms: RebateTerms, tier: Tier) -> Decimal:
    """The reward as a bare number, to be compared with that of another tier."""
    return tier.rate.fraction if terms.pays == "percent" else tier.amount


def condition_unit(kind: ConditionKind) -> ConditionUnit:
    """What the steps of a condition are counted in."""
    if kind in _PERCENT:
        return "percent"
    if kind in _DAYS:
        return "days"
    return "declared" if kind == "exclusivity" else "cases"


def condition_bound(condition: Condition, value: Decimal) -> Fact:
    """The value of a step as a fact: percentages as rates, the rest as numbers."""
    if condition_unit(condition.kind) == "percent":
        return Rate.percent(value)
    return plain_number(value)


def plain_number(value: Decimal) -> Decimal:
    """5.0 → 5 and 1E+3 → 1000: the same number as people write it."""
    whole = value.to_integral_value()
    return Decimal(int(whole)) if value == whole else value.normalize()
