"""What is wrong, or merely surprising, in the terms of a rebate policy before anyone signs it.

Blocking findings make terms that could not be computed, or be read two ways; warnings and notes
tell both sides about holes, idle tiers and jumps that the wording allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from contracts.rebates.compute import ladder
from contracts.rebates.model import Method, RebateTerms, Tier, ascending
from contracts.values.findings import Fact, Finding, block, info, warn
from contracts.values.money import Money, fen_of, round_half_up

ONE = Decimal(1)


def validate(terms: RebateTerms, currency: str = "CNY") -> list[Finding]:
    """All findings on the terms, `subject` being the policy's code.

    Hints on the shape of the scale are given only when nothing blocks, because only then can the
    scale be computed.
    """
    refusals = [
        *_naming(terms),
        *_bounds(terms, currency),
        *_rates(terms),
        *_limits(terms, currency),
    ]
    if refusals:
        return refusals
    return [*_order(terms), *_first_tier(terms, currency), *_shape(terms, currency)]


def _naming(terms: RebateTerms) -> Iterator[Finding]:
    if not terms.code.strip() or not terms.name.strip():
        yield block("rebate.unnamed", terms.code)
    for group in sorted(terms.goods & terms.goods_out):
        yield block("rebate.goods_in_and_out", terms.code, group=group)


def _bounds(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    if not terms.tiers:
        yield block("rebate.no_tiers", terms.code)
    seen: set[Decimal] = set()
    for tier in terms.tiers:
        lower = Money(tier.lower, currency)
        if tier.lower < 0:
            yield block("rebate.bound_negative", terms.code, lower=lower)
        if tier.lower != round_half_up(tier.lower):
            yield block("rebate.bound_not_fen", terms.code, lower=tier.lower)
        if tier.lower in seen:
            yield block("rebate.bound_twice", terms.code, lower=lower)
        seen.add(tier.lower)


def _rates(terms: RebateTerms) -> Iterator[Finding]:
    for number, tier in enumerate(terms.tiers, start=1):
        if tier.rate.fraction < 0:
            yield block("rebate.rate_negative", terms.code, number=number, rate=tier.rate)
        if tier.rate.fraction > ONE:
            yield block("rebate.rate_over_hundred", terms.code, number=number, rate=tier.rate)


def _limits(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    minimum = Money.from_fen(terms.floor_payout_fen, currency)
    if terms.floor_payout_fen < 0:
        yield block("rebate.minimum_payout_negative", terms.code, minimum=minimum)
    if terms.cap_fen is None:
        return
    cap = Money.from_fen(terms.cap_fen, currency)
    if terms.cap_fen <= 0:
        yield block("rebate.cap_not_positive", terms.code, cap=cap)
    elif terms.cap_fen < terms.floor_payout_fen:
        yield block("rebate.cap_below_minimum", terms.code, cap=cap, minimum=minimum)


def _order(terms: RebateTerms) -> Iterator[Finding]:
    if terms.tiers != ascending(terms.tiers):
        yield warn("rebate.tiers_not_ascending", terms.code)
    if all(tier.rate.fraction == 0 for tier in terms.tiers):
        yield warn("rebate.pays_nothing", terms.code)


def _first_tier(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """A scale that begins above zero leaves a hole, and whole-amount terms jump out of it."""
    first = ascending(terms.tiers)[0]
    if first.lower == 0:
        return
    yield warn("rebate.nothing_below", terms.code, lower=Money(first.lower, currency))
    if terms.method is Method.WHOLE and first.rate.fraction > 0:
        below = Money.from_fen(0, currency)
        at = _pays_at(first.lower, first, currency)
        yield _jump(terms, 1, Money(first.lower, currency), below, at)


def _shape(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """What happens at each further bound: nothing more, nothing new, a fall, or a jump."""
    for number, (before, tier) in enumerate(pairwise(ascending(terms.tiers)), start=2):
        place: dict[str, Fact] = {"number": number, "lower": Money(tier.lower, currency)}
        if _capped_before(terms, tier):
            yield warn("rebate.tier_over_cap", terms.code, **place)
        elif tier.rate == before.rate:
            yield warn("rebate.tier_idle", terms.code, rate=tier.rate, **place)
        elif terms.method is Method.WHOLE:
            below = _pays_at(tier.lower, before, currency)
            at = _pays_at(tier.lower, tier, currency)
            yield _jump(terms, number, Money(tier.lower, currency), below, at)
        elif tier.rate < before.rate:
            yield warn("rebate.rate_falls", terms.code, rate=tier.rate, before=before.rate, **place)


def _jump(terms: RebateTerms, number: int, lower: Money, below: Money, at: Money) -> Finding:
    """The cliff at a bound of whole-amount terms: upwards a note, downwards a warning."""
    if at < below:
        code, say, size = "rebate.drops_at", warn, below - at
    else:
        code, say, size = "rebate.jumps_at", info, at - below
    return say(code, terms.code, number=number, lower=lower, below=below, at=at, jump=size)


def _pays_at(base: Decimal, tier: Tier, currency: str) -> Money:
    """What one tier's rate gives on the whole base, rounded as a statement rounds it."""
    return Money.from_fen(fen_of(tier.rate.of(base)), currency)


def _capped_before(terms: RebateTerms, tier: Tier) -> bool:
    """Whether the tiers below already pay the cap just under this tier's bound.

    With whole-amount terms a lower rate here would still pay less than the cap: not idle then.
    """
    if terms.cap_fen is None:
        return False
    lower_tiers = tuple(other for other in terms.tiers if other.lower < tier.lower)
    below = RebateTerms(terms.code, terms.name, terms.method, lower_tiers)
    reached = sum((rung.amount for rung in ladder(below, tier.lower)), Decimal(0))
    if terms.method is Method.WHOLE:
        reached = min(reached, tier.rate.of(tier.lower))
    return fen_of(reached) >= terms.cap_fen
