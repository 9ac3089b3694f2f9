"""A rebate policy read aloud: the sentences that say, in the order of signing, what it means.

Each sentence is a finding of severity INFO whose code begins with `rebate.reads.`; the page and
the contract print them, so that the people who sign read the same rule that is computed. Every
term has its sentence, also where it stands at its default.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from contracts.rebates.examples import examples
from contracts.rebates.model import Condition, Method, RebateTerms, ascending
from contracts.rebates.saying import say
from contracts.rebates.units import (
    bound,
    condition_bound,
    condition_unit,
    plain_number,
    reward,
    reward_word,
    unit_of,
)
from contracts.values.findings import Fact, Finding
from contracts.values.money import Money

_METHODS = {
    Method.WHOLE: "method_whole",
    Method.SEGMENT: "method_segment",
    Method.EXCESS: "method_excess",
    Method.LUMP: "method_lump",
    Method.MULTIPLE: "method_multiple",
}


def read_aloud(terms: RebateTerms, currency: str = "CNY") -> list[Finding]:
    """The policy in plain sentences, with worked examples.

    The order: what counts, over what it is added up, how the tiers pay, what reduces it, the
    conditions step by step, the limits, settlement and rounding, expiry.
    """
    return list(
        chain(
            _base(terms),
            _goods(terms),
            _places(terms),
            _added_up(terms),
            _gauge(terms, currency),
            _scale(terms, currency),
            examples(terms, currency),
            _stacking(terms),
            _conditions(terms),
            _limits(terms, currency),
            _settlement(terms),
        )
    )


def _base(terms: RebateTerms) -> Iterator[Finding]:
    base = terms.base
    if base.measure == "quantity":
        yield say(terms, f"base_{base.kind}_quantity")
        if terms.pays == "percent":
            yield say(terms, f"paid_on_{base.vat}")
    else:
        yield say(terms, f"base_{base.kind}_{base.vat}")
        if terms.pays == "per_unit":
            yield say(terms, "paid_on_pieces")
    if base.kind == "paid_on_time":
        if terms.grace_days:
            yield say(terms, "grace_days", days=terms.grace_days)
        else:
            yield say(terms, "grace_none")
    yield say(terms, "returns_off" if base.returns else "returns_stay")
    yield say(terms, "free_goods_count" if base.free_goods else "free_goods_not")
    yield say(terms, "exchanges_count" if base.exchanges else "exchanges_not")
    yield say(terms, "discounts_off" if base.discounts else "discounts_stay")


def _goods(terms: RebateTerms) -> Iterator[Finding]:
    if terms.goods:
        yield say(terms, "goods_in", groups=tuple(sorted(terms.goods)))
    elif not terms.products:
        yield say(terms, "goods_all")
    if terms.goods_out:
        yield say(terms, "goods_out", groups=tuple(sorted(terms.goods_out)))
    if terms.products:
        yield say(terms, "products_in", products=tuple(sorted(terms.products)))
    if terms.products_out:
        yield say(terms, "products_out", products=tuple(sorted(terms.products_out)))
    if terms.new_days is not None:
        yield say(terms, "new_days", days=terms.new_days)
    if terms.bundle:
        parts = tuple(f"{part.product} × {part.quantity}" for part in terms.bundle)
        yield say(terms, "bundle", parts=parts)
        if terms.stacks_with:
            yield say(terms, "bundle_stacks", policies=tuple(sorted(terms.stacks_with)))
        else:
            yield say(terms, "bundle_alone")


def _places(terms: RebateTerms) -> Iterator[Finding]:
    if terms.territories:
        yield say(terms, "territories_in", divisions=tuple(sorted(terms.territories)))
    if terms.territories_out:
        yield say(terms, "territories_out", divisions=tuple(sorted(terms.territories_out)))


def _added_up(terms: RebateTerms) -> Iterator[Finding]:
    """Whose sales reach the tiers together, and since when."""
    yield say(terms, f"scope_{terms.scope}")
    if terms.accumulate is None or terms.accumulate == terms.period_kind:
        yield say(terms, f"within_{terms.period_kind}")
        return
    yield say(terms, f"accumulate_{terms.accumulate}")
    yield say(terms, "catch_up" if terms.catch_up else "no_catch_up")


def _gauge(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    """What the tiers are compared with, where it is not the base itself."""
    if terms.gauge == "growth":
        yield say(terms, f"growth_{terms.reference}")
    elif terms.gauge == "attainment":
        yield say(terms, "attainment")
        if terms.base.measure == "value" and terms.base.vat == "net":
            yield say(terms, "attainment_gross")
    elif terms.gauge == "orders":
        if terms.qualify_fen:
            qualify = Money.from_fen(terms.qualify_fen, currency)
            yield say(terms, "orders_from", qualify=qualify)
        else:
            yield say(terms, "orders_all")


def _scale(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    yield _method(terms, currency)
    unit, how = unit_of(terms), reward_word(terms)
    tiers = ascending(terms.tiers)
    if tiers and tiers[0].lower > 0:
        lower = bound(terms, tiers[0].lower, currency)
        yield say(terms, "nothing_below", lower=lower, unit=unit)
    for number, tier in enumerate(tiers, start=1):
        place: dict[str, Fact] = {
            "number": number,
            "lower": bound(terms, tier.lower, currency),
            "unit": unit,
            "rate": reward(terms, tier, currency),
            "how": how,
        }
        if number == len(tiers):
            yield say(terms, "tier_top", **place)
        else:
            upper = bound(terms, tiers[number].lower, currency)
            yield say(terms, "tier_between", upper=upper, **place)


def _method(terms: RebateTerms, currency: str) -> Finding:
    """How the tier reached turns into money; band by band where a reference is sliced."""
    word = _METHODS[terms.method]
    by_piece = terms.pays == "per_unit"
    if terms.method is Method.WHOLE and by_piece:
        word = "method_whole_pieces"
    elif terms.method is Method.SEGMENT and terms.pays == "amount":
        word = "method_milestones"
    elif terms.method is Method.SEGMENT and terms.gauge in ("growth", "attainment"):
        word = "method_bands"
    elif terms.method is Method.SEGMENT and by_piece:
        word = "method_segment_pieces"
    elif terms.method is Method.EXCESS and terms.gauge == "attainment":
        word = "method_excess_target"
    elif terms.method is Method.MULTIPLE:
        each = bound(terms, terms.each or Decimal(0), currency)
        return say(terms, word, each=each, each_unit=unit_of(terms))
    return say(terms, word)


def _stacking(terms: RebateTerms) -> Iterator[Finding]:
    if terms.reduced_by:
        yield say(terms, "reduced_by", policies=tuple(sorted(terms.reduced_by)))
    if terms.not_with:
        yield say(terms, "not_with", policies=tuple(sorted(terms.not_with)))
    if not terms.reduced_by and not terms.not_with:
        yield say(terms, "beside_others")


def _conditions(terms: RebateTerms) -> Iterator[Finding]:
    if not terms.conditions:
        yield say(terms, "unconditional")
    for condition in terms.conditions:
        yield say(terms, "condition", condition=condition.kind)
        yield from _steps(terms, condition)
    if terms.conditions:
        yield say(terms, "conditions_proof")
    if len(terms.conditions) > 1:
        yield say(terms, "conditions_multiply")


def _steps(terms: RebateTerms, condition: Condition) -> Iterator[Finding]:
    unit = condition_unit(condition.kind)
    steps = condition.steps
    if condition.kind == "exclusivity" and steps and steps[0].lower > 0:
        yield say(terms, "undeclared")
    elif steps and steps[0].lower > 0:
        lower = condition_bound(condition, steps[0].lower)
        yield say(terms, "condition_below", lower=lower, case_unit=unit)
    for number, step in enumerate(steps, start=1):
        place: dict[str, Fact] = {
            "lower": condition_bound(condition, step.lower),
            "factor": step.factor,
            "case_unit": unit,
        }
        if condition.kind == "exclusivity":
            word = "declared" if step.lower > 0 else "rival_sighted"
            yield say(terms, word, factor=step.factor)
        elif number == len(steps):
            yield say(terms, "condition_top", **place)
        else:
            upper = condition_bound(condition, steps[number].lower)
            yield say(terms, "condition_between", upper=upper, **place)


def _limits(terms: RebateTerms, currency: str) -> Iterator[Finding]:
    if terms.guarantee_fen > 0:
        guarantee = Money.from_fen(terms.guarantee_fen, currency)
        yield say(
            terms, "guarantee_unless" if terms.conditions else "guarantee", guarantee=guarantee
        )
    if terms.cap_fen is not None:
        yield say(terms, "cap", cap=Money.from_fen(terms.cap_fen, currency))
    if terms.floor_payout_fen > 0:
        minimum = Money.from_fen(terms.floor_payout_fen, currency)
        yield say(terms, "minimum_payout", minimum=minimum)


def _settlement(terms: RebateTerms) -> Iterator[Finding]:
    yield say(terms, f"period_{terms.period_kind}")
    split = terms.scope in ("product", "product_group")
    yield say(terms, "rounding_parts" if split else "rounding")
    if terms.expires_months is None:
        yield say(terms, "expires_never")
    else:
        yield say(terms, "expires", months=plain_number(Decimal(terms.expires_months)))
