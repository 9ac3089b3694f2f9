"""The shape of a scale: where nothing is paid, what changes at each bound, what can never pay.

The size of a jump is told in money where the bound alone decides it, else as the two rewards.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from contracts.rebates.model import Method, RebateTerms, Tier, ascending
from contracts.rebates.units import bound, reward, reward_size, reward_word, unit_of
from contracts.values.findings import Fact, Finding, info, warn
from contracts.values.money import Money, fen_of
from contracts.values.rates import EXACT

ZERO = Decimal(0)
#: With this much of the reference, there is no excess over it yet.
_NO_EXCESS = {"growth": Decimal(0), "attainment": Decimal(100)}


def check_scale(terms: RebateTerms, currency: str = "CNY") -> Iterator[Finding]:
    """Warnings and notes on the tiers of terms that nothing blocks."""
    if terms.tiers != ascending(terms.tiers):
        yield warn("rebate.tiers_not_ascending", terms.code)
    if all(reward_size(terms, tier) == 0 for tier in terms.tiers) and not terms.guarantee_fen:
        yield warn("rebate.pays_nothing", terms.code)
    yield from _first(terms, currency)
    for number, (before, tier) in enumerate(pairwise(ascending(terms.tiers)), start=2):
        yield from _next(terms, number, before, tier, currency)
    yield from _below_reference(terms, currency)


def _place(terms: RebateTerms, tier: Tier, currency: str) -> dict[str, Fact]:
    return {"lower": bound(terms, tier.lower, currency), "unit": unit_of(terms)}


def _first(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """A scale that begins above zero leaves a hole, and most terms jump out of it."""
    first = ascending(terms.tiers)[0]
    place = _place(terms, first, currency)
    pays = reward_size(terms, first) > 0
    if terms.method is Method.LUMP and terms.gauge == "base" and first.lower == 0 and pays:
        yield info("rebate.lump_without_sales", terms.code, amount=Money(first.amount, currency))
    if first.lower <= 0:
        return
    yield warn("rebate.nothing_below", terms.code, **place)
    at = _pays_at(terms, first, first.lower)
    if pays and at is not None and terms.method is not Method.MULTIPLE:
        yield _jump(terms, 1, first, ZERO, at, currency)


def _next(
    terms: RebateTerms, number: int, before: Tier, tier: Tier, currency: str
) -> Iterator[Finding]:
    """What happens at a further bound: nothing more, nothing new, a fall, or a jump."""
    place = {"number": number, **_place(terms, tier, currency)}
    old, new = reward(terms, before, currency), reward(terms, tier, currency)
    if _capped_before(terms, tier):
        yield warn("rebate.tier_over_cap", terms.code, **place)
    elif terms.method is Method.SEGMENT and terms.pays == "amount":
        if tier.amount == 0:
            yield warn("rebate.tier_idle", terms.code, rate=new, how=reward_word(terms), **place)
    elif old == new:
        yield warn("rebate.tier_idle", terms.code, rate=new, how=reward_word(terms), **place)
    elif terms.method is not Method.SEGMENT:
        below, at = (_pays_at(terms, each, tier.lower) for each in (before, tier))
        if below is not None and at is not None:
            yield _jump(terms, number, tier, below, at, currency)
            return
        falls = reward_size(terms, tier) < reward_size(terms, before)
        code, say = (
            ("rebate.reward_drops", warn) if falls else ("rebate.reward_jumps", info)
        )  # fmt: skip
        yield say(code, terms.code, rate=new, before=old, how=reward_word(terms), **place)
    elif reward_size(terms, tier) < reward_size(terms, before):
        yield warn(
            "rebate.rate_falls", terms.code, rate=new, before=old, how=reward_word(terms), **place
        )


def _jump(
    terms: RebateTerms, number: int, tier: Tier, below: Decimal, at: Decimal, currency: str
) -> Finding:
    """The cliff at a bound: upwards a note, downwards a warning; rounded as a statement does."""
    old, new = (Money.from_fen(fen_of(amount), currency) for amount in (below, at))
    drops = new < old
    code, say = ("rebate.drops_at", warn) if drops else ("rebate.jumps_at", info)
    size = old - new if drops else new - old
    place = _place(terms, tier, currency)
    return say(code, terms.code, number=number, below=old, at=new, jump=size, **place)


def _pays_at(terms: RebateTerms, tier: Tier, at: Decimal) -> Decimal | None:
    """What one tier gives exactly at a bound; None where more than the bound decides it."""
    if terms.method is Method.LUMP:
        return tier.amount
    if terms.method is Method.MULTIPLE:
        if not terms.each or terms.each < 0:
            return None
        return EXACT.multiply(max(at, ZERO) // terms.each, tier.amount)
    if terms.method is not Method.WHOLE or terms.gauge != "base":
        return None
    if terms.accumulate is not None and not terms.catch_up:
        return None
    if terms.base.measure == "value" and terms.pays == "percent":
        return tier.rate.of(at)
    if terms.base.measure == "quantity" and terms.pays == "per_unit":
        return EXACT.multiply(at, tier.amount)
    return None


def _capped_before(terms: RebateTerms, tier: Tier) -> bool:
    """Whether the tiers below already pay the cap just under this tier's bound.

    With a lower reward here the tier would still pay less than the cap: not idle then.
    """
    if terms.cap_fen is None or terms.conditions or terms.accumulate is not None:
        return False
    lower = [other for other in ascending(terms.tiers) if other.lower < tier.lower]
    if terms.method is Method.SEGMENT:
        reached = _sliced(terms, lower, tier.lower)
    else:
        sums = [_pays_at(terms, each, tier.lower) for each in (lower[-1], tier)]
        reached = None if None in sums else min(each for each in sums if each is not None)
    return reached is not None and fen_of(reached) >= terms.cap_fen


def _sliced(terms: RebateTerms, tiers: list[Tier], until: Decimal) -> Decimal | None:
    """What the slices below a bound give; None where the reference decides their size."""
    total = ZERO
    if terms.pays == "amount":
        for tier in tiers:
            total = EXACT.add(total, tier.amount)
        return total
    if terms.gauge != "base":
        return None
    ends = [*(tier.lower for tier in tiers[1:]), until]
    for tier, end in zip(tiers, ends, strict=True):
        width = EXACT.subtract(end, tier.lower)
        total = EXACT.add(total, EXACT.multiply(width, reward_size(terms, tier)))
    return total


def _below_reference(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """Tiers that end where the excess begins can never pay."""
    if terms.method is not Method.EXCESS or terms.gauge not in _NO_EXCESS:
        return
    tiers = ascending(terms.tiers)
    for number, (tier, following) in enumerate(pairwise(tiers), start=1):
        if following.lower <= _NO_EXCESS[terms.gauge] and reward_size(terms, tier) > 0:
            place = _place(terms, tier, currency)
            yield warn("rebate.tier_below_reference", terms.code, number=number, **place)
