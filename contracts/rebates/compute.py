"""From the figures of one statement to the rebate owed, with every step that leads there.

Part by part the tiers, their sum, the conditions, the guarantee; then one rounding to fen,
half-up; then the cap and the minimum payout. The amounts of the steps re-add to the entitlement
exactly. What the tiers are compared with is rounded to fen, half-up, once per statement, but for
parts (products and groups of goods by themselves), which are exact until the one rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from contracts.rebates.conditions import Judged, judge
from contracts.rebates.derivation import counted_steps, paid_steps
from contracts.rebates.figures import Facts, Figures
from contracts.rebates.ladder import (
    ZERO,
    Place,
    Rung,
    is_barred,
    is_shared,
    ladder,
    lump_before,
    place_of,
    rungs_at,
)
from contracts.rebates.model import RebateTerms
from contracts.rebates.steps import Step, StepKind, steps_from_json, steps_to_json
from contracts.values.findings import Fact
from contracts.values.money import Money, divide_half_up, fen_from_e4, fen_of, round_half_up
from contracts.values.rates import EXACT

__all__ = [
    "Part",
    "Result",
    "Rung",
    "Step",
    "StepKind",
    "compute",
    "ladder",
    "steps_from_json",
    "steps_to_json",
]

#: How exactly a share without an end, such as a third, is printed.
_SHARE_PLACES = 12
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Part:
    """One run through the tiers: the whole statement (name ""), or one product (group) of it.

    `amount` is what its tiers give, before conditions and rounding. `tier_hit` and `next_tier`
    are positions, from 0, in the tiers in ascending order; None: below the first tier or no
    reference, and no tier above. `to_next` is what is missing to the bound of the next tier, in
    money, pieces or orders, also where the bound is a percent.
    """

    name: str
    figures: Figures
    rungs: tuple[Rung, ...]
    amount: Decimal
    tier_hit: int | None
    to_next: Decimal | None
    next_tier: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The rebate of one statement.

    `base` is the sum of the parts, rounded to fen; `unrounded` what they give after conditions
    and guarantee (to twelve decimals where a shared sum has no end), before the one rounding, the
    cap and the minimum payout. `tier_hit` is the highest of the parts; `to_next` and `next_tier`
    stand for one part only, of several each has its own.
    """

    base: Decimal
    steps: tuple[Step, ...]
    parts: tuple[Part, ...]
    unrounded: Decimal
    entitlement_fen: int
    tier_hit: int | None
    to_next: Decimal | None
    next_tier: int | None
    conditions: tuple[Judged, ...]
    facts: Facts
    currency: str = "CNY"

    @property
    def entitlement(self) -> Money:
        """The rebate owed, as money."""
        return Money.from_fen(self.entitlement_fen, self.currency)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The tier table of the only part, or of the first."""
        return self.parts[0].rungs


class _Sum:
    """A running amount that may be a fraction, and the steps that re-add to what is printed."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.steps: list[Step] = []
        self.numerator, self.denominator = ZERO, 1
        self.printed = ZERO

    def note(self, kind: StepKind, facts: dict[str, Fact]) -> None:
        self.steps.append(Step(kind, ZERO, facts))

    def add(self, steps: list[Step]) -> None:
        """Steps whose amounts are exact."""
        self.steps.extend(steps)
        for step in steps:
            if step.amount:
                self.numerator = EXACT.add(self.numerator, step.amount)
        self.printed = self.numerator

    def become(
        self, numerator: Decimal, denominator: int, kind: StepKind, facts: dict[str, Fact]
    ) -> None:
        """Change to a new amount, with the step that says why."""
        before = self.printed
        self.numerator, self.denominator = numerator, denominator
        self.printed = _quotient(numerator, denominator)
        self.steps.append(Step(kind, EXACT.subtract(self.printed, before), facts))

    def money(self) -> Money:
        return Money(self.printed, self.currency)

    def fen(self) -> int:
        """Rounded half-up, from the exact fraction and not from its printed digits."""
        if self.denominator == 1:
            return fen_of(self.numerator)
        exponent = min(int(self.numerator.as_tuple().exponent), 0)
        whole = int(EXACT.scaleb(self.numerator, -exponent))
        return divide_half_up(whole * 100, self.denominator * 10**-exponent)


def _quotient(numerator: Decimal, denominator: int) -> Decimal:
    if denominator == 1:
        return numerator
    return round_half_up(_WIDE.divide(numerator, Decimal(denominator)), _SHARE_PLACES)


def compute(terms: RebateTerms, facts: Facts, currency: str = "CNY") -> Result:
    """The rebate of one statement.

    A bound belongs to the tier above it. What is below the first tier or below zero, has no
    baseline or no target pays nothing and says so. ValueError for terms without tiers, with a
    bound given twice, or whose formula does not fit together.
    """
    named = sorted((facts.parts or {"": Figures()}).items())
    if is_shared(terms) and len(named) > 1:
        raise ValueError("what a group shares is one sum")
    base_e4 = sum(figures.base_e4 for _name, figures in named)
    base = EXACT.scaleb(Decimal(fen_from_e4(base_e4)), -2)
    total = _Sum(currency)
    exact = EXACT.scaleb(Decimal(base_e4), -4)
    total.note("base_rounding", {"exact": exact, "base": Money(base, currency)})
    parts = [_part(terms, name, figures, total) for name, figures in named]
    judged = judge(terms.conditions, facts.evidence)
    _apply(judged, total)
    _guarantee(terms, judged, total)
    unrounded, rounded_fen = total.printed, total.fen()
    hits = [part.tier_hit for part in parts if part.tier_hit is not None]
    if hits:
        rounded = Money.from_fen(rounded_fen, currency)
        total.become(rounded.amount, 1, "rounding", {"exact": unrounded, "rounded": rounded})
    entitlement_fen, limits = _limited(terms, rounded_fen, currency)
    only = parts[0] if len(parts) == 1 else None
    return Result(
        base=base,
        steps=(*total.steps, *limits),
        parts=tuple(parts),
        unrounded=unrounded,
        entitlement_fen=entitlement_fen,
        tier_hit=max(hits, default=None),
        to_next=only.to_next if only else None,
        next_tier=only.next_tier if only else None,
        conditions=judged,
        facts=facts,
        currency=currency,
    )


def _part(terms: RebateTerms, name: str, figures: Figures, total: _Sum) -> Part:
    """One part with its steps; its amount joins the total."""
    place = place_of(terms, figures)
    rungs = rungs_at(terms, place)
    total.add(list(counted_steps(terms, figures, place, name, total.currency)))
    total.add(paid_steps(terms, place, rungs, total.currency))
    amount = ZERO
    for rung in rungs:
        amount = EXACT.add(amount, rung.amount)
    if amount and (before := lump_before(terms, place)):
        amount = EXACT.subtract(amount, min(before, amount))
    if amount and is_shared(terms):
        amount = _share(terms, figures, place, amount, total)
    hit = None if is_barred(terms, place) else place.hit
    return Part(name, figures, rungs, amount, hit, place.to_next, place.next)


def _share(
    terms: RebateTerms, figures: Figures, place: Place, amount: Decimal, total: _Sum
) -> Decimal:
    """The member's share of the group's reward by own sales, exact as a fraction."""
    by_quantity = terms.base.measure == "quantity"
    own, group = figures.base_e4, figures.gauge_e4
    if by_quantity:
        own, group = figures.quantity, figures.gauge_quantity
    if group is None or group <= 0:
        return amount
    numerator = EXACT.multiply(amount, Decimal(own))
    share = _quotient(numerator, group)
    facts: dict[str, Fact] = {"before": Money(amount, total.currency), "share": share}
    for name, size in (("own", own), ("group", group)):
        facts[name] = (
            size if by_quantity else Money(EXACT.scaleb(Decimal(size), -4), total.currency)
        )
    total.become(numerator, group, "group_share", facts)
    return share


def _apply(judged: tuple[Judged, ...], total: _Sum) -> None:
    """Every condition multiplies what is left by its factor."""
    for one in judged:
        numerator = one.factor.of(total.numerator)
        if one.value is None:
            facts: dict[str, Fact] = {"condition": one.kind, "refs": one.refs}
            total.become(numerator, total.denominator, "condition_unproven", facts)
            continue
        facts = {"value": f"{one.value:f}", "factor": one.factor, "refs": one.refs}
        kind: StepKind = f"condition_{one.kind}"  # type: ignore[assignment]
        total.become(numerator, total.denominator, kind, facts)


def _guarantee(terms: RebateTerms, judged: tuple[Judged, ...], total: _Sum) -> None:
    """At least the guarantee, unless a condition leaves nothing."""
    if terms.guarantee_fen <= 0 or any(one.factor.fraction == 0 for one in judged):
        return
    least = Money.from_fen(terms.guarantee_fen, total.currency)
    if total.numerator < EXACT.multiply(least.amount, Decimal(total.denominator)):
        facts: dict[str, Fact] = {"guarantee": least, "before": total.money()}
        total.become(least.amount, 1, "guarantee", facts)


def _limited(terms: RebateTerms, rounded_fen: int, currency: str) -> tuple[int, list[Step]]:
    """The rounded rebate after the cap and the minimum payout, in this order, with their steps."""
    steps = []
    fen = rounded_fen
    if terms.cap_fen is not None and fen > terms.cap_fen:
        steps.append(_limit_step("cap", "cap", terms.cap_fen, fen, terms.cap_fen, currency))
        fen = terms.cap_fen
    minimum = terms.floor_payout_fen
    if 0 < fen < minimum:
        steps.append(_limit_step("minimum_payout", "minimum", minimum, fen, 0, currency))
        fen = 0
    return fen, steps


def _limit_step(
    kind: StepKind, name: str, limit_fen: int, before_fen: int, after_fen: int, currency: str
) -> Step:
    facts: dict[str, Fact] = {
        name: Money.from_fen(limit_fen, currency),
        "before": Money.from_fen(before_fen, currency),
    }
    return Step(kind, Decimal(after_fen - before_fen).scaleb(-2, EXACT), facts)
