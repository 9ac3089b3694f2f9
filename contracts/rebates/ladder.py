"""The tier table with the figures of one part put into it: where it stands and what it pays.

Bounds are compared exactly and without division: growth by half has been reached when the actual
is not below one and a half times the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from contracts.rebates.figures import Figures
from contracts.rebates.model import Method, RebateTerms, Tier, ascending
from contracts.values.money import fen_from_e4
from contracts.values.rates import EXACT, Rate

ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the tier table as printed: its bounds, its reward, what fell into it, the hit.

    `lower` and `upper` (None: no end) are in the unit of the gauge. `slice` is what this row
    pays on: money where it pays percent, pieces where it pays per unit, the number of multiples
    where it pays for each; for whole-amount terms all of it in the row hit and nothing elsewhere.
    `amount` is exact, unrounded; `each` the tier's own amount, for rewards that are no percent.
    """

    number: int
    lower: Decimal
    upper: Decimal | None
    rate: Rate
    slice: Decimal
    amount: Decimal
    hit: bool
    each: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Place:
    """Where one part stands on the scale.

    `value` (also for growth and attainment) is in the measure: currency units, pieces, orders;
    `start` is where it stood before the period settled, None where all of it is paid on.
    `base` and `quantity` are what the reward is applied to. `bounds` are the tiers' in the unit
    of `value`; None where the scale needs a reference and there is none.
    """

    value: Decimal
    start: Decimal | None
    base: Decimal
    quantity: Decimal
    reference: Decimal | None
    bounds: tuple[Decimal, ...] | None
    #: The position of the tier reached, from 0; None below the first.
    hit: int | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Once, because every line of the derivation asks for it.
        hit = None if self.bounds is None else _reached(self.bounds, self.value)
        object.__setattr__(self, "hit", hit)

    @property
    def next(self) -> int | None:
        """The position of the tier above."""
        above = 0 if self.hit is None else self.hit + 1
        return above if self.bounds is not None and above < len(self.bounds) else None

    @property
    def to_next(self) -> Decimal | None:
        """What is missing to the tier above, in the unit of `value`."""
        if self.bounds is None or self.next is None:
            return None
        return EXACT.subtract(self.bounds[self.next], self.value)


def ladder(terms: RebateTerms, figures: Figures) -> tuple[Rung, ...]:
    """The tier table with the figures of one part. ValueError as of `sound_tiers`."""
    return rungs_at(terms, place_of(terms, figures))


def is_split(terms: RebateTerms) -> bool:
    """Whether each product (group) runs through the tiers by itself."""
    return terms.scope in ("product", "product_group")


def is_one_sum(terms: RebateTerms) -> bool:
    """Whether the reward is one sum, and not applied to a base."""
    return terms.method is Method.LUMP or (terms.method is Method.WHOLE and terms.pays == "amount")


def is_shared(terms: RebateTerms) -> bool:
    """Whether the group's reward is worked out first and then shared by own sales.

    A rate on the whole amount needs no sharing: it gives each member the same on its own base.
    """
    return terms.scope == "group" and (terms.method is not Method.WHOLE or is_one_sum(terms))


def units_of(e4: int, terms: RebateTerms) -> Decimal:
    """Currency units: rounded to fen half-up, but exact for parts, which are rounded once only."""
    if is_split(terms):
        return EXACT.scaleb(Decimal(e4), -4)
    return EXACT.scaleb(Decimal(fen_from_e4(e4)), -2)


def place_of(terms: RebateTerms, figures: Figures) -> Place:
    """Where the figures stand on the scale of the terms."""
    tiers = sound_tiers(terms)
    base = _reduced(terms, figures)
    quantity = Decimal(figures.quantity)
    by_quantity = terms.base.measure == "quantity"
    own = quantity if by_quantity else base
    value, start = own, None
    gauge = figures.gauge_quantity if by_quantity else figures.gauge_e4
    if terms.gauge == "orders":
        value = Decimal(figures.orders)
    elif gauge is not None:
        value = Decimal(gauge) if by_quantity else units_of(gauge, terms)
        if terms.scope != "group" and terms.accumulate and not terms.catch_up:
            start = EXACT.subtract(value, own)
    reference = _reference(terms, figures)
    return Place(value, start, base, quantity, reference, _bounds(terms, tiers, reference))


def _reduced(terms: RebateTerms, figures: Figures) -> Decimal:
    """The value less the rebates that come first; these never make it negative."""
    base = units_of(figures.base_e4, terms)
    if figures.reduced_e4 <= 0 or base <= 0:
        return base
    return max(ZERO, EXACT.subtract(base, EXACT.scaleb(Decimal(figures.reduced_e4), -4)))


def _reference(terms: RebateTerms, figures: Figures) -> Decimal | None:
    """The baseline or target; one of nothing is none, because no share of it can be told."""
    if terms.gauge not in ("growth", "attainment"):
        return None
    if figures.reference_e4 is None or figures.reference_e4 <= 0:
        return None
    if terms.base.measure == "quantity":
        return EXACT.scaleb(Decimal(figures.reference_e4), -4)
    found = units_of(figures.reference_e4, terms)
    return found if found > 0 else None


def _bounds(
    terms: RebateTerms, tiers: tuple[Tier, ...], reference: Decimal | None
) -> tuple[Decimal, ...] | None:
    if terms.gauge in ("base", "orders"):
        return tuple(tier.lower for tier in tiers)
    if reference is None:
        return None
    hundred = _HUNDRED if terms.gauge == "growth" else ZERO
    return tuple(
        EXACT.scaleb(EXACT.multiply(reference, EXACT.add(hundred, tier.lower)), -2)
        for tier in tiers
    )


def sound_tiers(terms: RebateTerms) -> tuple[Tier, ...]:
    """The tiers ascending; terms that no one could read one way only are refused (ValueError)."""
    ordered = ascending(terms.tiers)
    if not ordered:
        raise ValueError("a rebate policy needs at least one tier")
    if ordered[0].lower < 0 and terms.gauge != "growth":
        raise ValueError("a tier may not begin below zero")
    bounds = [tier.lower for tier in ordered]
    if len(set(bounds)) < len(bounds):
        raise ValueError("two tiers begin at the same bound")
    if reason := unreadable(terms):
        raise ValueError(reason)
    return ordered


def unreadable(terms: RebateTerms) -> str:
    """Why the parts of the formula do not fit together; "" where they do."""
    by_quantity = terms.base.measure == "quantity"
    if terms.method is Method.MULTIPLE and (terms.each is None or terms.each <= 0):
        return "per multiple: the multiple is missing"
    if terms.method is Method.EXCESS:
        if terms.gauge not in ("growth", "attainment"):
            return "on the excess: there is no reference to exceed"
        if terms.pays == "amount":
            return "on the excess: a sum is no share of it"
    cuts = terms.method in (Method.SEGMENT, Method.EXCESS) and terms.pays != "amount"
    if cuts and (terms.gauge == "orders" or by_quantity != (terms.pays == "per_unit")):
        return "by segment: the slices and the reward are in different units"
    starts = terms.accumulate is not None and not terms.catch_up
    if starts and is_shared(terms):
        return "a group's reward accumulates with catch-up only"
    if starts and terms.gauge == "attainment" and terms.method in (Method.LUMP, Method.MULTIPLE):
        return "sums for a target accumulate with catch-up only"
    return ""


def rungs_at(terms: RebateTerms, place: Place) -> tuple[Rung, ...]:
    """The rows of the table at this place, with what each pays."""
    tiers = sound_tiers(terms)
    uppers: list[Decimal | None] = [*(tier.lower for tier in tiers[1:]), None]
    hit = None if is_barred(terms, place) else place.hit
    rungs = []
    for at, (tier, upper) in enumerate(zip(tiers, uppers, strict=True)):
        part, amount = ZERO, ZERO
        if hit is not None and at <= hit:
            part, amount = _pays(terms, place, tier, at, at == hit)
        rungs.append(
            Rung(at + 1, tier.lower, upper, tier.rate, part, amount, at == hit, tier.amount)
        )
    return tuple(rungs)


def is_barred(terms: RebateTerms, place: Place) -> bool:
    """Whether more was returned than bought of what the scale measures or the reward counts."""
    measured = place.quantity if terms.base.measure == "quantity" else place.base
    if measured < 0 and (terms.gauge != "orders" or is_shared(terms)):
        return True
    if is_one_sum(terms) or terms.method is Method.MULTIPLE or terms.pays == "amount":
        return False
    return (place.quantity if terms.pays == "per_unit" else place.base) < 0


def _pays(
    terms: RebateTerms, place: Place, tier: Tier, at: int, is_hit: bool
) -> tuple[Decimal, Decimal]:
    """(what the row pays on, what it pays)."""
    if terms.method is Method.SEGMENT:
        return _segment(terms, place, tier, at)
    if not is_hit:
        return ZERO, ZERO
    if is_one_sum(terms):
        return ZERO, tier.amount
    if terms.method is Method.MULTIPLE:
        times = multiples(terms, place)
        return times, EXACT.multiply(tier.amount, times)
    if terms.method is Method.EXCESS:
        part = _between(place.reference or ZERO, place.value, place.start)
    else:
        part = place.quantity if terms.pays == "per_unit" else place.base
    return part, _reward(terms, tier, part)


def _reward(terms: RebateTerms, tier: Tier, part: Decimal) -> Decimal:
    if terms.pays == "per_unit":
        return EXACT.multiply(tier.amount, part)
    return tier.rate.of(part)


def _segment(terms: RebateTerms, place: Place, tier: Tier, at: int) -> tuple[Decimal, Decimal]:
    """The slice of a tier that was reached; a sum is earned by reaching the slice."""
    bounds = place.bounds or ()
    lower = max(bounds[at], ZERO)
    if terms.pays == "amount":
        is_new = place.start is None or place.start < bounds[at]
        return ZERO, tier.amount if is_new else ZERO
    end = place.value if at + 1 == len(bounds) else min(place.value, bounds[at + 1])
    part = _between(lower, end, place.start)
    return part, _reward(terms, tier, part)


def _between(lower: Decimal, end: Decimal, start: Decimal | None) -> Decimal:
    """From the bound, or from where the period began if that is above it, up to the end."""
    begin = lower if start is None else max(lower, start)
    return EXACT.subtract(end, begin) if end > begin else ZERO


def multiples(terms: RebateTerms, place: Place) -> Decimal:
    """How many full multiples were filled, in the period settled where it pays on that alone."""
    full = _full(terms, place, place.value)
    return full if place.start is None else full - min(full, _full(terms, place, place.start))


def _full(terms: RebateTerms, place: Place, value: Decimal) -> Decimal:
    """Full multiples at a value: of the unit itself, or of percentage points of the reference."""
    each = terms.each or ZERO
    if place.reference is not None:
        beyond = EXACT.subtract(value, place.reference) if terms.gauge == "growth" else value
        each = EXACT.scaleb(EXACT.multiply(place.reference, each), -2)
        value = beyond
    return EXACT.divide_int(value, each) if value > 0 else ZERO


def lump_before(terms: RebateTerms, place: Place) -> Decimal:
    """The sum that was reached before the period settled: it is earned once."""
    if place.start is None or place.bounds is None or not is_one_sum(terms):
        return ZERO
    reached = _reached(place.bounds, place.start)
    return ZERO if reached is None else sound_tiers(terms)[reached].amount


def _reached(bounds: tuple[Decimal, ...], value: Decimal) -> int | None:
    return next((at for at in reversed(range(len(bounds))) if value >= bounds[at]), None)
