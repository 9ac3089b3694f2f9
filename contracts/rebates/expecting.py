"""What is expected to be owed in the end: the forecast of a period, and the accrual of a tier.

An accrual is not an earning. It takes what was sold so far at the reward of the tier that is
expected to be reached, so that a later change of mind restates all of the period at once.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from contracts.rebates.compute import Part, compute
from contracts.rebates.figures import Facts, Figures
from contracts.rebates.ladder import is_one_sum, place_of, sound_tiers
from contracts.rebates.model import Method, RebateTerms
from contracts.rebates.reaching import at_next
from contracts.values.money import divide_half_up
from contracts.values.rates import EXACT

_LEAST_GROWTH = Decimal(-100)


def forecast(terms: RebateTerms, facts: Facts, elapsed: int, days: int) -> Facts:
    """The facts at the end of the period, were the rest of its days like those elapsed.

    What was sold grows by days ÷ elapsed, rounded down; baselines, targets and the evidence of
    conditions stay. ValueError when no day has elapsed.
    """
    if not 0 < elapsed <= days:
        raise ValueError(f"{elapsed} of {days} days cannot have elapsed")
    parts = {
        name: _lengthened(terms, figures, elapsed, days) for name, figures in facts.parts.items()
    }
    return replace(facts, parts=parts)


def _lengthened(terms: RebateTerms, figures: Figures, elapsed: int, days: int) -> Figures:
    base = figures.base_e4 * days // elapsed
    quantity = figures.quantity * days // elapsed
    gauge, pieces = figures.gauge_e4, figures.gauge_quantity
    if terms.scope == "group":
        gauge = None if gauge is None else gauge * days // elapsed
        pieces = None if pieces is None else pieces * days // elapsed
    else:
        # What was sold before this period stays as it is.
        gauge = None if gauge is None else gauge + base - figures.base_e4
        pieces = None if pieces is None else pieces + quantity - figures.quantity
    return replace(
        figures,
        base_e4=base,
        quantity=quantity,
        gauge_e4=gauge,
        gauge_quantity=pieces,
        orders=figures.orders * days // elapsed,
        reduced_e4=figures.reduced_e4 * days // elapsed,
    )


def expected_fen(terms: RebateTerms, facts: Facts, tier: int, currency: str = "CNY") -> int:
    """What was sold so far at the reward of a tier (position from 0), reached or not.

    Where the reward is applied to everything sold, the tier's own reward. Otherwise what the
    bound of the tier would pay, in proportion to the way there; from the bound on, and where
    several parts have each their own, what is earned. IndexError for a tier that is not there.
    """
    tiers = sound_tiers(terms)
    chosen = tiers[tier]
    if terms.method is Method.WHOLE and not is_one_sum(terms):
        lowest = _LEAST_GROWTH if terms.gauge == "growth" else Decimal(0)
        alone = replace(terms, tiers=(replace(chosen, lower=lowest),))
        return compute(alone, facts, currency).entitlement_fen
    result = compute(terms, facts, currency)
    if len(result.parts) != 1:
        return result.entitlement_fen
    (part,) = result.parts
    place = place_of(terms, part.figures)
    if place.bounds is None or place.value <= 0 or place.value >= place.bounds[tier]:
        return result.entitlement_fen
    missing = EXACT.subtract(place.bounds[tier], place.value)
    there: Part = replace(part, to_next=missing)
    at_bound = compute(terms, at_next(terms, result, there), currency).entitlement_fen
    return _in_proportion(at_bound, place.value, place.bounds[tier])


def _in_proportion(fen: int, value: Decimal, bound: Decimal) -> int:
    """fen × value ÷ bound, half-up, exact."""
    places = -min(_exponent(value), _exponent(bound), 0)
    done, whole = (int(EXACT.scaleb(number, places)) for number in (value, bound))
    return divide_half_up(fen * done, whole)


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)
