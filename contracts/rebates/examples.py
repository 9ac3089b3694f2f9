"""Worked examples of a policy: figures at the top of its scale, put through the computing itself.

The conditions are met at their best; where one leaves a part, a second example shows that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.rebates.compute import compute
from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.model import (
    Condition,
    ConditionKind,
    Factor,
    Method,
    RebateTerms,
    ascending,
)
from contracts.rebates.saying import say
from contracts.rebates.units import condition_bound, condition_unit, unit_of
from contracts.values.findings import Fact, Finding
from contracts.values.money import Money
from contracts.values.rates import EXACT, Rate

ONE = Decimal(1)
HUNDRED = Decimal(100)
#: Where the scale has no bound above zero, the worked example needs some figure to work on.
EXAMPLE_BASE = Decimal(100_000)
EXAMPLE_PIECES = Decimal(1_000)
EXAMPLE_ORDERS = Decimal(5)
EXAMPLE_GROWTH = Decimal(20)
#: So much a piece is worth in examples that need both.
PIECE_VALUE = Decimal(100)


@dataclass(frozen=True)
class _Case:
    """An example: its sentence, the figures that are said in it, and those computed with."""

    word: str
    said: Mapping[str, Fact]
    figures: Figures


def examples(terms: RebateTerms, currency: str = "CNY") -> Iterator[Finding]:
    """One example, or two; none for terms that cannot be computed."""
    try:
        case = _case(terms, currency)
        best: dict[ConditionKind, Evidence] = {}
        for condition in terms.conditions:
            best[condition.kind] = Evidence(_best(condition).lower)
        result = compute(terms, Facts({"": case.figures}, best), currency)
    except ValueError:
        return
    yield say(terms, case.word, rebate=result.entitlement, **case.said)
    for condition in terms.conditions:
        step = _partial(condition)
        if step is None:
            continue
        worse = {**best, condition.kind: Evidence(step.lower)}
        partly = compute(terms, Facts({"": case.figures}, worse), currency)
        yield say(
            terms,
            "example_condition",
            condition=condition.kind,
            value=condition_bound(condition, step.lower),
            case_unit=condition_unit(condition.kind),
            factor=step.factor,
            before=result.entitlement,
            rebate=partly.entitlement,
        )
        return


def _best(condition: Condition) -> Factor:
    return max(condition.steps, key=lambda step: step.factor)


def _partial(condition: Condition) -> Factor | None:
    """The first step that leaves a part of the rebate."""
    parts = (step for step in condition.steps if 0 < step.factor.fraction < ONE)
    return next(parts, None)


def _case(terms: RebateTerms, currency: str) -> _Case:
    unit = unit_of(terms)
    if unit == "growth":
        return _growth(terms, currency)
    if unit == "target":
        return _target(terms, currency)
    if unit == "orders":
        return _orders(terms)
    return _pieces(terms, currency) if unit == "pieces" else _value(terms, currency)


def _place(terms: RebateTerms, otherwise: Decimal) -> Decimal:
    """The bound of the top tier; for multiples two and a half of them above it."""
    top = ascending(terms.tiers)[-1].lower if terms.tiers else Decimal(0)
    if terms.method is Method.MULTIPLE and terms.each:
        return top + terms.each * Decimal("2.5")
    return top if top > 0 else otherwise


def _value(terms: RebateTerms, currency: str) -> _Case:
    base = _place(terms, EXAMPLE_BASE)
    figures = Figures(base_e4=_e4(base), quantity=int(EXAMPLE_PIECES))
    said: dict[str, Fact] = {"base": Money(base, currency)}
    if terms.pays == "per_unit":
        return _Case("example_both", {**said, "units": int(EXAMPLE_PIECES)}, figures)
    return _Case("example", said, figures)


def _pieces(terms: RebateTerms, currency: str) -> _Case:
    units = int(_place(terms, EXAMPLE_PIECES))
    worth = PIECE_VALUE * units
    figures = Figures(base_e4=_e4(worth), quantity=units)
    if terms.pays == "percent":
        said: dict[str, Fact] = {"base": Money(worth, currency), "units": units}
        return _Case("example_both", said, figures)
    return _Case("example_units", {"units": units}, figures)


def _orders(terms: RebateTerms) -> _Case:
    orders = int(_place(terms, EXAMPLE_ORDERS))
    figures = Figures(base_e4=_e4(EXAMPLE_BASE), quantity=int(EXAMPLE_PIECES), orders=orders)
    return _Case("example_orders", {"orders": orders}, figures)


def _growth(terms: RebateTerms, currency: str) -> _Case:
    percent = _place(terms, EXAMPLE_GROWTH)
    return _referred(terms, "example_growth", percent, HUNDRED + percent, currency)


def _target(terms: RebateTerms, currency: str) -> _Case:
    percent = _place(terms, HUNDRED)
    if terms.method is Method.EXCESS and percent <= HUNDRED:
        percent = HUNDRED + EXAMPLE_GROWTH
    return _referred(terms, "example_target", percent, percent, currency)


def _referred(
    terms: RebateTerms, word: str, percent: Decimal, reached: Decimal, currency: str
) -> _Case:
    """An example beside a baseline or a target, of which `reached` percent were sold."""
    by_quantity = terms.base.measure == "quantity"
    reference = EXAMPLE_PIECES if by_quantity else EXAMPLE_BASE
    actual = EXACT.scaleb(EXACT.multiply(reference, reached), -2)
    if by_quantity:
        actual = Decimal(int(actual))
    worth = actual * PIECE_VALUE if by_quantity else actual
    figures = Figures(
        base_e4=_e4(worth),
        quantity=int(actual) if by_quantity else int(EXAMPLE_PIECES),
        reference_e4=_e4(reference),
    )
    said: dict[str, Fact] = {"percent": Rate.percent(percent)}
    for name, number in (("reference", reference), ("actual", actual)):
        said[name] = int(number) if by_quantity else Money(number, currency)
    if by_quantity and terms.pays == "percent":
        said["base"] = Money(worth, currency)
        return _Case(f"{word}_worth", said, figures)
    if not by_quantity and terms.pays == "per_unit":
        said["units"] = int(EXAMPLE_PIECES)
        return _Case(f"{word}_units", said, figures)
    return _Case(word, said, figures)


def _e4(amount: Decimal) -> int:
    return int(EXACT.scaleb(amount, 4))
