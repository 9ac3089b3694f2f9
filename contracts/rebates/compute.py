"""From the invoiced base of one statement to the rebate owed, with every step that leads there.

The amounts of the steps re-add to the entitlement exactly; money is rounded twice and nowhere
else: the base to fen, half-up, once per statement, and the rebate to fen, half-up, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from contracts.rebates.model import Method, RebateTerms, Tier, ascending
from contracts.values.findings import Fact, Finding, Severity, facts_to_json, from_json
from contracts.values.money import Money, fen_from_e4, fen_of
from contracts.values.rates import EXACT, Rate

StepKind = Literal[
    "base_rounding",
    "negative_base",
    "below_first_tier",
    "tier",
    "segment",
    "rounding",
    "cap",
    "minimum_payout",
]

ZERO = Decimal(0)

_CODE_PREFIX = "rebate.step."


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the derivation; `amount` is what it adds to the rebate, in currency units.

    Facts by kind (money facts carry the currency, `number` counts tiers from 1 for people):
    base_rounding: exact, base; negative_base: base; below_first_tier: base, lower, short;
    tier: number, base, lower, rate; segment: number, lower, slice, rate and, but for the last
    slice, until; rounding: exact, rounded; cap: cap, before; minimum_payout: minimum, before.
    """

    kind: StepKind
    amount: Decimal
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code under which the sentence of this step is kept."""
        return _CODE_PREFIX + self.kind

    def as_finding(self) -> Finding:
        """The step in the form that every other reason has, to be printed and stored alike."""
        return Finding(self.code, Severity.INFO, facts={**self.facts, "amount": self.amount})


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the tier table as printed: its bounds, its rate, what fell into it, and the hit.

    `slice` is the part of the base that this row pays on: for whole-amount terms the whole base
    in the row hit and nothing elsewhere. `amount` is exact, unrounded. `upper` None: no end.
    """

    number: int
    lower: Decimal
    upper: Decimal | None
    rate: Rate
    slice: Decimal
    amount: Decimal
    hit: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The rebate of one statement.

    `base` is rounded to fen; `unrounded` is what the tiers give before the one rounding, the cap
    and the minimum payout. `tier_hit` and `next_tier` are positions, from 0, in the tiers in
    ascending order; None: below the first tier, or no tier above. `to_next` is the money still
    missing to the bound of the next tier.
    """

    base: Decimal
    steps: tuple[Step, ...]
    unrounded: Decimal
    entitlement_fen: int
    tier_hit: int | None
    to_next: Decimal | None
    next_tier: int | None
    currency: str = "CNY"

    @property
    def entitlement(self) -> Money:
        """The rebate owed, as money."""
        return Money.from_fen(self.entitlement_fen, self.currency)


def compute(terms: RebateTerms, base_e4: int, currency: str = "CNY") -> Result:
    """The rebate on a base of `base_e4` ten-thousandths of a currency unit.

    A bound belongs to the tier above it. A base below the first bound, or below zero, pays
    nothing and says so. ValueError for terms without tiers or with a bound given twice.
    """
    exact = Decimal(base_e4).scaleb(-4, EXACT)
    base = Decimal(fen_from_e4(base_e4)).scaleb(-2, EXACT)
    rungs = ladder(terms, base)
    steps = [_base_step(exact, base, currency), *_tier_steps(terms, rungs, base, currency)]
    unrounded = _exact_sum(rung.amount for rung in rungs)
    rounded_fen = fen_of(unrounded)
    entitlement_fen, limit_steps = _limited(terms, rounded_fen, currency)
    hit = _hit(rungs)
    if hit is not None:
        steps.append(_rounding_step(unrounded, rounded_fen, currency))
    steps.extend(limit_steps)
    following = next((rung for rung in rungs if rung.lower > base), None)
    return Result(
        base=base,
        steps=tuple(steps),
        unrounded=unrounded,
        entitlement_fen=entitlement_fen,
        tier_hit=hit,
        to_next=None if following is None else EXACT.subtract(following.lower, base),
        next_tier=None if following is None else following.number - 1,
        currency=currency,
    )


def gain_at_next_fen(terms: RebateTerms, result: Result) -> int | None:
    """What more the statement would pay on reaching exactly the next bound; None at the top."""
    if result.next_tier is None:
        return None
    bound = ascending(terms.tiers)[result.next_tier].lower
    at_bound = compute(terms, fen_of(bound) * 100, result.currency)
    return at_bound.entitlement_fen - result.entitlement_fen


def ladder(terms: RebateTerms, base: Decimal) -> tuple[Rung, ...]:
    """The tier table with `base` (currency units, rounded to fen) put into it."""
    tiers = _sound(terms.tiers)
    uppers: list[Decimal | None] = [*(tier.lower for tier in tiers[1:]), None]
    rungs = []
    for number, (tier, upper) in enumerate(zip(tiers, uppers, strict=True), start=1):
        hit = _is_in(base, tier.lower, upper)
        if terms.method is Method.WHOLE:
            part = base if hit else ZERO
        else:
            part = _slice(base, tier.lower, upper)
        amount = tier.rate.of(part)
        rungs.append(Rung(number, tier.lower, upper, tier.rate, part, amount, hit))
    return tuple(rungs)


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, object]]:
    """The steps as stored beside a statement line; amounts and facts survive unchanged.

    The same text as that of the findings, without making them: runs store many thousands.
    """
    return [
        {
            "code": step.code,
            "severity": Severity.INFO.value,
            "subject": "",
            "facts": facts_to_json({**step.facts, "amount": step.amount}),
        }
        for step in steps
    ]


def steps_from_json(data: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """The steps that `steps_to_json` wrote; ValueError for anything else."""
    return tuple(_step_of(finding) for finding in from_json(data))


def _step_of(finding: Finding) -> Step:
    facts = dict(finding.facts)
    amount = facts.pop("amount", None)
    for kind in get_args(StepKind):
        if finding.code == _CODE_PREFIX + kind and isinstance(amount, Decimal):
            return Step(kind, amount, facts)
    raise ValueError(f"not a step of a rebate: {finding.code}")


def _sound(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The tiers ascending; terms that no one could read one way only are refused."""
    ordered = ascending(tiers)
    if not ordered:
        raise ValueError("a rebate policy needs at least one tier")
    if ordered[0].lower < 0:
        raise ValueError("a tier may not begin below zero")
    bounds = [tier.lower for tier in ordered]
    if len(set(bounds)) < len(bounds):
        raise ValueError("two tiers begin at the same bound")
    return ordered


def _is_in(base: Decimal, lower: Decimal, upper: Decimal | None) -> bool:
    return base >= lower and (upper is None or base < upper)


def _slice(base: Decimal, lower: Decimal, upper: Decimal | None) -> Decimal:
    """The part of the base between the bounds; zero when the base does not get there."""
    end = base if upper is None else min(base, upper)
    return EXACT.subtract(end, lower) if end > lower else ZERO


def _hit(rungs: tuple[Rung, ...]) -> int | None:
    return next((rung.number - 1 for rung in rungs if rung.hit), None)


def _exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def _base_step(exact: Decimal, base: Decimal, currency: str) -> Step:
    return Step("base_rounding", ZERO, {"exact": exact, "base": Money(base, currency)})


def _tier_steps(
    terms: RebateTerms, rungs: tuple[Rung, ...], base: Decimal, currency: str
) -> list[Step]:
    """One step per tier that the base reached, or the one step that says why nothing is paid."""
    first = rungs[0].lower
    if base < 0:
        return [Step("negative_base", ZERO, {"base": Money(base, currency)})]
    if base < first:
        facts = {
            "base": Money(base, currency),
            "lower": Money(first, currency),
            "short": Money(EXACT.subtract(first, base), currency),
        }
        return [Step("below_first_tier", ZERO, facts)]
    if terms.method is Method.WHOLE:
        return [_whole_step(rung, base, currency) for rung in rungs if rung.hit]
    return [_segment_step(rung, currency) for rung in rungs if base >= rung.lower]


def _whole_step(rung: Rung, base: Decimal, currency: str) -> Step:
    facts: dict[str, Fact] = {
        "number": rung.number,
        "base": Money(base, currency),
        "lower": Money(rung.lower, currency),
        "rate": rung.rate,
    }
    return Step("tier", rung.amount, facts)


def _segment_step(rung: Rung, currency: str) -> Step:
    facts: dict[str, Fact] = {
        "number": rung.number,
        "lower": Money(rung.lower, currency),
        "slice": Money(rung.slice, currency),
        "rate": rung.rate,
    }
    if not rung.hit and rung.upper is not None:
        facts["until"] = Money(rung.upper, currency)
    return Step("segment", rung.amount, facts)


def _rounding_step(unrounded: Decimal, rounded_fen: int, currency: str) -> Step:
    rounded = Money.from_fen(rounded_fen, currency)
    difference = EXACT.subtract(rounded.amount, unrounded)
    return Step("rounding", difference, {"exact": unrounded, "rounded": rounded})


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
