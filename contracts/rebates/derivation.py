"""The steps of one part: what was counted, the tier reached or why none was, and what it pays.

Everything here words figures that `ladder` worked out; nothing is computed a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contracts.rebates.figures import Figures
from contracts.rebates.ladder import (
    ZERO,
    Place,
    Rung,
    is_barred,
    is_one_sum,
    is_split,
    lump_before,
    units_of,
)
from contracts.rebates.model import Method, RebateTerms
from contracts.rebates.steps import Step, StepKind
from contracts.rebates.units import unit_of
from contracts.values.findings import Fact
from contracts.values.money import Money, round_half_up
from contracts.values.rates import EXACT

_HUNDRED = Decimal(100)
_REACHED: dict[str, StepKind] = {
    "growth": "reached_growth",
    "attainment": "reached_attainment",
    "orders": "reached_orders",
}
_BELOW: dict[str, StepKind] = {
    "growth": "below_first_growth",
    "attainment": "below_first_attainment",
    "orders": "below_first_orders",
}


class Words:
    """The facts of one part's steps, in its currency and in the unit of its measure."""

    def __init__(self, terms: RebateTerms, place: Place, currency: str) -> None:
        self.terms, self.place, self.currency = terms, place, currency
        self.by_quantity = terms.base.measure == "quantity"

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)

    def measured(self, number: Decimal) -> Fact:
        """Money or pieces, as the base measures."""
        return count(number) if self.by_quantity else self.money(number)

    def bound(self, lower: Decimal) -> Fact:
        """A bound in the unit of the gauge."""
        if self.terms.gauge == "base":
            return self.measured(lower)
        return count(lower) if self.terms.gauge == "orders" else text(lower)

    @property
    def percent(self) -> str:
        return percent_text(self.terms, self.place)

    def standing(self) -> tuple[str, Fact]:
        """(name, fact) of where the part stands."""
        if self.terms.gauge == "orders":
            return "orders", count(self.place.value)
        if self.terms.gauge != "base":
            return "percent", self.percent
        return ("units" if self.by_quantity else "base"), self.measured(self.place.value)


def count(number: Decimal) -> int | str:
    """A number of pieces or orders; text where a bound cuts one."""
    return int(number) if number == number.to_integral_value() else text(number)


def text(number: Decimal) -> str:
    """Shortest text without an exponent: 50.00 → 50."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def percent_text(terms: RebateTerms, place: Place) -> str:
    """Growth or attainment to one decimal, half-up: `+50.0`, `96.4`.

    Where that would name another tier than the one reached, with as many more as needed.
    """
    value, reference = place.value, place.reference or Decimal(1)
    gain = EXACT.subtract(value, reference) if terms.gauge == "growth" else value
    hundredfold = EXACT.multiply(gain, _HUNDRED)
    lowers = sorted(tier.lower for tier in terms.tiers)
    reached = [hundredfold >= EXACT.multiply(lower, reference) for lower in lowers]
    for places in range(1, 12):
        shown = round_half_up(hundredfold / reference, places)
        if [shown >= lower for lower in lowers] == reached:
            break
    return f"{shown:+f}" if terms.gauge == "growth" else f"{shown:f}"


def counted_steps(
    terms: RebateTerms, figures: Figures, place: Place, name: str, currency: str
) -> Iterator[Step]:
    """What was counted for one part, beyond the base of the statement."""
    words = Words(terms, place, currency)
    whole = units_of(figures.base_e4, terms)
    if is_split(terms) and name:
        yield Step("part", ZERO, {"part": name, "base": words.money(whole)})
    if place.base != whole:
        facts: dict[str, Fact] = {
            "before": words.money(whole),
            "by": words.money(EXACT.scaleb(Decimal(figures.reduced_e4), -4)),
            "base": words.money(place.base),
        }
        yield Step("reduced", ZERO, facts)
    if words.by_quantity or terms.pays == "per_unit":
        yield Step("units", ZERO, {"units": figures.quantity})
    if (figures.gauge_quantity if words.by_quantity else figures.gauge_e4) is not None:
        kind: StepKind = "group_total" if terms.scope == "group" else "accumulated"
        pooled = terms.scope == "group" or terms.accumulate is not None
        if pooled and terms.gauge != "orders":
            yield Step(kind, ZERO, {"total": words.measured(place.value)})
    yield from _gauge_step(words)


def _gauge_step(words: Words) -> Iterator[Step]:
    terms, place = words.terms, words.place
    if terms.gauge == "orders":
        qualify = Money.from_fen(terms.qualify_fen, words.currency)
        yield Step("orders", ZERO, {"orders": count(place.value), "qualify": qualify})
    elif place.reference is not None:
        reference = "reference" if terms.gauge == "growth" else "target"
        facts: dict[str, Fact] = {
            "actual": words.measured(place.value),
            reference: words.measured(place.reference),
            "percent": words.percent,
        }
        yield Step("growth" if terms.gauge == "growth" else "attainment", ZERO, facts)


def paid_steps(
    terms: RebateTerms, place: Place, rungs: tuple[Rung, ...], currency: str
) -> list[Step]:
    """The tiers that pay, or the one step that says why nothing is paid."""
    words = Words(terms, place, currency)
    if is_barred(terms, place):
        return [_negative(words)]
    if place.bounds is None:
        kind: StepKind = "no_baseline" if terms.gauge == "growth" else "no_target"
        return [Step(kind, ZERO, {"actual": words.measured(place.value)})]
    if place.hit is None:
        return [_below_first(words, rungs[0])]
    if terms.method is Method.SEGMENT:
        return [
            _segment_step(words, rung, at == place.hit)
            for at, rung in enumerate(rungs[: place.hit + 1])
            if at == place.hit or rung.slice or rung.amount or place.start is None
        ]
    return _reached_steps(words, rungs[place.hit])


def _negative(words: Words) -> Step:
    place = words.place
    if words.by_quantity and place.quantity < 0:
        return Step("negative_units", ZERO, {"units": int(place.quantity)})
    if words.terms.pays == "per_unit" and place.base >= 0:
        return Step("negative_units", ZERO, {"units": int(place.quantity)})
    return Step("negative_base", ZERO, {"base": words.money(place.base)})


def _below_first(words: Words, first: Rung) -> Step:
    short = words.place.to_next or ZERO
    name, standing = words.standing()
    by_orders = words.terms.gauge == "orders"
    facts = {
        name: standing,
        "lower": words.bound(first.lower),
        "short": count(short) if by_orders else words.measured(short),
    }
    value: StepKind = "below_first_units" if words.by_quantity else "below_first_tier"
    return Step(_BELOW.get(words.terms.gauge, value), ZERO, facts)


def _segment_step(words: Words, rung: Rung, is_last: bool) -> Step:
    terms = words.terms
    facts: dict[str, Fact] = {"number": rung.number, "lower": words.bound(rung.lower)}
    if terms.pays == "amount":
        return Step("segment_lump", rung.amount, {**facts, "sum": words.money(rung.each)})
    facts["slice"] = words.measured(rung.slice)
    reward: Fact = words.money(rung.each) if terms.pays == "per_unit" else rung.rate
    kind: StepKind = "segment"
    if terms.gauge in ("growth", "attainment"):
        kind = "segment_growth" if terms.gauge == "growth" else "segment_attainment"
        facts["reward"] = reward
    elif words.by_quantity:
        kind = "segment_units"
        facts["each"] = reward
    else:
        facts["rate"] = reward
    if not is_last and rung.upper is not None:
        facts["until"] = words.bound(rung.upper)
    return Step(kind, rung.amount, facts)


def _reached_steps(words: Words, rung: Rung) -> list[Step]:
    """The tier reached and what it pays; one step where money is compared and pays a percent."""
    terms, place = words.terms, words.place
    plain = terms.gauge == "base" and not words.by_quantity
    if plain and terms.method is Method.WHOLE and terms.pays == "percent":
        return [
            Step(
                "tier",
                rung.amount,
                {
                    "number": rung.number,
                    "base": words.money(place.base),
                    "lower": words.money(rung.lower),
                    "rate": rung.rate,
                },
            )
        ]
    name, standing = words.standing()
    value: StepKind = "reached_units" if words.by_quantity else "reached_value"
    facts = {"number": rung.number, name: standing, "lower": words.bound(rung.lower)}
    reached = Step(_REACHED.get(terms.gauge, value), ZERO, facts)
    return [reached, *_reward_steps(words, rung)]


def _reward_steps(words: Words, rung: Rung) -> Iterator[Step]:
    terms, place = words.terms, words.place
    each = words.money(rung.each)
    if is_one_sum(terms):
        yield Step("lump", rung.amount, {"sum": each})
        before = min(lump_before(terms, place), rung.amount)
        if before:
            yield Step("lump_before", EXACT.minus(before), {"sum": words.money(before)})
    elif terms.method is Method.MULTIPLE:
        unit = words.bound(terms.each or ZERO)
        times = {"times": int(rung.slice), "each": unit, "each_unit": unit_of(terms)}
        yield Step("multiple", rung.amount, {**times, "sum": each})
    elif terms.method is Method.EXCESS:
        facts = {
            "excess": words.measured(rung.slice),
            "reference": words.measured(place.reference or ZERO),
        }
        if terms.pays == "per_unit":
            yield Step("pays_excess_units", rung.amount, {**facts, "each": each})
        else:
            yield Step("pays_excess", rung.amount, {**facts, "rate": rung.rate})
    elif terms.pays == "per_unit":
        yield Step("pays_units", rung.amount, {"units": int(rung.slice), "each": each})
    else:
        base = words.money(rung.slice)
        yield Step("pays_percent", rung.amount, {"base": base, "rate": rung.rate})
