"""Terms that cannot be combined, and terms that change nothing beside the others.

What could be read two ways blocks; what is merely idle is a warning, so that nobody signs a term
and waits for its effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from contracts.rebates.model import PERIOD_KINDS, Method, RebateTerms
from contracts.values.findings import Finding, block, warn
from contracts.values.money import Money

#: What pays sums of money; by segment every tier reached pays its own sum.
_AMOUNTS = (Method.LUMP, Method.MULTIPLE)


def check_combining(terms: RebateTerms) -> Iterator[Finding]:
    """All findings of this kind, blocking and idle ones mixed."""
    yield from chain(
        _formula(terms),
        _measure(terms),
        _multiple(terms),
        _periods(terms),
        _scope(terms),
        _bundle(terms),
        _references(terms),
        _idle(terms),
    )


def _formula(terms: RebateTerms) -> Iterator[Finding]:
    """Gauge × method × reward."""
    formula = terms.method.value
    suits = (terms.pays == "amount") == (terms.method in _AMOUNTS)
    if not suits and not (terms.pays == "amount" and terms.method is Method.SEGMENT):
        yield block("rebate.pays_and_method", terms.code, pays=terms.pays, formula=formula)
    if terms.method is Method.EXCESS and terms.gauge not in ("growth", "attainment"):
        yield block("rebate.excess_of_nothing", terms.code, gauge=terms.gauge)
    if terms.gauge == "orders" and terms.method not in _AMOUNTS:
        yield block("rebate.orders_pay_amounts", terms.code, formula=formula)


def _measure(terms: RebateTerms) -> Iterator[Finding]:
    """Value and quantity, with and without VAT."""
    sliced = terms.method in (Method.SEGMENT, Method.EXCESS)
    if terms.base.measure == "quantity":
        if terms.pays != "percent" and terms.base.vat == "gross":
            yield block("rebate.quantity_with_vat", terms.code)
        if sliced and terms.pays == "percent":
            yield block("rebate.share_of_pieces", terms.code, formula=terms.method.value)
        return
    if sliced and terms.pays == "per_unit":
        yield block("rebate.pieces_of_value", terms.code, formula=terms.method.value)
    if terms.base.free_goods and terms.pays != "per_unit":
        yield block("rebate.free_goods_value", terms.code)


def _multiple(terms: RebateTerms) -> Iterator[Finding]:
    if terms.method is Method.MULTIPLE:
        if terms.each is None:
            yield block("rebate.each_missing", terms.code)
        elif terms.each <= 0:
            yield block("rebate.each_not_positive", terms.code, each=terms.each)
    elif terms.each is not None:
        yield block("rebate.each_elsewhere", terms.code, formula=terms.method.value)


def _periods(terms: RebateTerms) -> Iterator[Finding]:
    """The longer period must hold whole periods of settlement."""
    if terms.accumulate is None:
        if not terms.catch_up:
            yield warn("rebate.catch_up_idle", terms.code)
        return
    if PERIOD_KINDS.index(terms.accumulate) < PERIOD_KINDS.index(terms.period_kind):
        yield block(
            "rebate.accumulate_shorter",
            terms.code,
            accumulate=terms.accumulate,
            settle=terms.period_kind,
        )
    if terms.catch_up:
        return
    if terms.method is Method.SEGMENT:
        yield block("rebate.catch_up_needed", terms.code)
    elif terms.scope == "group" and terms.method is not Method.WHOLE:
        yield block("rebate.group_needs_catch_up", terms.code, formula=terms.method.value)
    elif terms.gauge == "attainment" and terms.method in _AMOUNTS:
        yield block("rebate.target_needs_catch_up", terms.code)


def _scope(terms: RebateTerms) -> Iterator[Finding]:
    if terms.scope not in ("product", "product_group"):
        return
    if terms.gauge == "orders":
        yield block("rebate.orders_by_product", terms.code, scope=terms.scope)
    if terms.bundle:
        yield block("rebate.bundle_by_product", terms.code, scope=terms.scope)


def _bundle(terms: RebateTerms) -> Iterator[Finding]:
    """A bundle has two parts or more, each of goods that count."""
    codes = [part.product for part in terms.bundle]
    if len(codes) == 1:
        yield block("rebate.bundle_one_part", terms.code, product=codes[0])
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield block("rebate.bundle_twice", terms.code, product=code)
    for part in terms.bundle:
        if part.quantity < 1:
            yield block("rebate.bundle_quantity", terms.code, product=part.product)
        if part.product in terms.products_out or (
            terms.products and part.product not in terms.products
        ):
            yield block("rebate.bundle_part_out", terms.code, product=part.product)


def _references(terms: RebateTerms) -> Iterator[Finding]:
    """Baselines and targets that nobody could agree on: such terms would never pay."""
    if terms.gauge == "attainment" and terms.base.measure == "quantity":
        yield warn("rebate.target_of_pieces", terms.code)
    typed = terms.gauge == "growth" and terms.reference == "typed"
    if typed and terms.scope in ("product", "product_group"):
        yield warn("rebate.baseline_of_parts", terms.code, scope=terms.scope)
    if terms.gauge == "attainment" and terms.scope == "product":
        yield warn("rebate.target_of_parts", terms.code, scope=terms.scope)


def _idle(terms: RebateTerms) -> Iterator[Finding]:
    """Terms without effect, because what they work on is not there."""
    money_only = terms.base.measure == "quantity" and terms.pays != "percent"
    if terms.grace_days and terms.base.kind != "paid_on_time":
        yield warn("rebate.grace_idle", terms.code, days=terms.grace_days)
    if terms.qualify_fen and terms.gauge != "orders":
        qualify = Money.from_fen(terms.qualify_fen)
        yield warn("rebate.qualify_idle", terms.code, qualify=qualify)
    if terms.reference != "last_year" and terms.gauge != "growth":
        yield warn("rebate.reference_idle", terms.code)
    if terms.base.discounts and money_only:
        yield warn("rebate.discounts_idle", terms.code)
    if terms.reduced_by and money_only:
        yield warn("rebate.reduced_idle", terms.code, policies=tuple(sorted(terms.reduced_by)))
