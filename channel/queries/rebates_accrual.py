"""Where a distributor stands: earned so far, expected, booked, and what the next tier is worth.

What is earned is the very formula of the statement, so that what is promised is what is paid. An
accrual takes the tier that somebody expects; the forecast lengthens what was sold by days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from channel.access import Actor
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy
from channel.models.rebates_trials import RebateExpectation
from channel.queries import rebates_expected, rebates_granted
from channel.queries.rebates_facts import Gathered
from channel.queries.rebates_policies import ruling_on, terms_of
from channel.queries.rebates_settling import Settling
from channel.queries.rebates_so_far import (
    Estimates,
    elapsed,
    gather_until,
    in_order,
    until,
)
from channel.queries.rebates_sums import counting, daily_sums, with_quantity
from channel.queries.scope import get_visible
from contracts.rebates.compute import Part, Result, Rung, compute
from contracts.rebates.expecting import expected_fen, forecast
from contracts.rebates.figures import Facts, Figures
from contracts.rebates.ladder import is_split
from contracts.rebates.model import RebateTerms
from contracts.rebates.reaching import gain_at_next_fen, missing_fen, missing_units
from contracts.values.periods import Period


@dataclass(frozen=True)
class Point:
    """The running base and its rebate at the end of a day; None where days do not tell it."""

    on: date
    base_fen: int
    rebate_fen: int | None


@dataclass(frozen=True)
class Missing:
    """What one part of a rebate lacks to its next tier: money, or pieces or orders."""

    part: Part
    short_fen: int | None
    short_units: int | None
    gain_fen: int


@dataclass(frozen=True)
class Standing:
    """One policy, period and currency of a distributor, up to and including `on`."""

    policy: RebatePolicy
    terms: RebateTerms
    period: Period
    #: The days that the reward counts: all since an accumulation began, or the period.
    counted: Period
    currency: str
    on: date
    result: Result
    missing: tuple[Missing, ...]
    #: What posted statements of these days gave already.
    settled_fen: int
    points: tuple[Point, ...]
    expectation: RebateExpectation | None
    expected_fen: int
    #: The open balance of accruals.
    booked_fen: int
    #: By days elapsed, at the end of the period.
    forecast: Result
    gone: tuple[int, int]

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return self.result.rungs

    @property
    def accrued_fen(self) -> int:
        return self.result.entitlement_fen

    @property
    def open_fen(self) -> int:
        return self.accrued_fen - self.settled_fen

    @property
    def to_book_fen(self) -> int:
        """What a run of accruals would book for this day."""
        return self.expected_fen - self.settled_fen - self.booked_fen

    @property
    def base_fen(self) -> int:
        return int(self.result.base.scaleb(2))

    @property
    def forecast_base_fen(self) -> int:
        return int(self.forecast.base.scaleb(2))

    @property
    def only(self) -> Missing | None:
        """What is missing where the rebate has one part and a next tier."""
        return self.missing[0] if len(self.result.parts) == 1 and self.missing else None

    @property
    def no_reference(self) -> bool:
        """Whether growth or a target is asked for and there is nothing to measure it by."""
        return (
            self.terms.gauge in ("growth", "attainment")
            and not self.missing
            and all(part.tier_hit is None for part in self.result.parts)
        )

    def missing_of(self, part: Part) -> Missing | None:
        return next((one for one in self.missing if one.part.name == part.name), None)

    @property
    def to_next_fen(self) -> int | None:
        return self.only.short_fen if self.only else None

    @property
    def gain_fen(self) -> int | None:
        return self.only.gain_fen if self.only else None

    @property
    def days_left(self) -> int:
        return max(0, (self.period.end - self.on).days - 1)


def get_distributor(actor: Actor, distributor_id: int) -> Distributor:
    """The distributor, when the actor may see it."""
    return get_visible(actor, Distributor, distributor_id)  # type: ignore[no-any-return]


def standings(
    distributor: Distributor, on: date, *, by_day: bool = True, all_parts: bool = True
) -> list[Standing]:
    """All policies under which the distributor earns on the day; a few reads a policy.

    `by_day`: with the running base; `all_parts`: else only what has one part is told.
    """
    found, estimates = [], Estimates()
    reducing = {code for policy, _p in ruling_on(on) for code in terms_of(policy).reduced_by}
    for settled in in_order(ruling_on(on)):
        code = settled.policy.code
        if is_split(settled.terms) and not all_parts and code not in reducing:
            continue
        reduced = estimates.reductions(settled, distributor.id)
        gathered = gather_until(settled, on, distributor.id, reduced)
        if gathered.enrolled is not None and distributor.id not in gathered.enrolled:
            continue
        own = _of_policy(distributor, settled, gathered, on, by_day)
        for one in own:
            estimates.add(settled, (distributor.id, one.currency), one.accrued_fen)
        found += own
    return sorted(found, key=lambda one: (one.policy.code, one.currency))


def _of_policy(
    distributor: Distributor, settled: Settling, gathered: Gathered, on: date, by_day: bool
) -> list[Standing]:
    terms, code, period = settled.terms, settled.policy.code, settled.period
    own = distributor.id
    granted = rebates_granted.granted(Period(settled.counted.start, period.end), [code], own)
    chosen = rebates_expected.expectations(code, period, on, own)
    booked = rebates_expected.booked(code, period, own)
    days: dict[str, list[tuple[date, int]]] = {}
    if by_day:
        asked = counting(terms, until(settled.counted, on), None, period.start)
        days = daily_sums(asked, own, gathered.spans_of((own, distributor.currency)))
    currencies = {currency for owner, currency in gathered.own if owner == own}
    currencies |= {currency for _code, _owner, currency in granted}
    found = []
    for currency in sorted(currencies or {distributor.currency}):
        facts = gathered.of((own, currency))
        result = compute(terms, facts, currency)
        gone = elapsed(settled, on)
        expectation = chosen.get((own, currency))
        found.append(
            Standing(
                policy=settled.policy,
                terms=terms,
                period=period,
                counted=settled.counted,
                currency=currency,
                on=on,
                result=result,
                missing=_missing(terms, result),
                settled_fen=granted.get((code, own, currency), 0),
                points=_points(terms, facts, days.get(currency, []), currency),
                expectation=expectation,
                expected_fen=_expected(terms, facts, result, expectation, period.last_day <= on),
                booked_fen=booked.get((own, currency), 0),
                forecast=compute(terms, forecast(terms, facts, *gone), currency),
                gone=gone,
            )
        )
    return found


def _expected(
    terms: RebateTerms,
    facts: Facts,
    result: Result,
    expectation: RebateExpectation | None,
    is_over: bool,
) -> int:
    """What was sold so far at the tier chosen; without a choice, as it is earned."""
    if expectation is None or expectation.tier is None or is_over:
        return result.entitlement_fen
    tier = min(expectation.tier, len(terms.tiers) - 1)
    return expected_fen(terms, facts, tier, result.currency)


def _missing(terms: RebateTerms, result: Result) -> tuple[Missing, ...]:
    """The parts that have a tier above them."""
    return tuple(
        Missing(
            part,
            missing_fen(terms, part),
            missing_units(terms, part),
            gain_at_next_fen(terms, result, part) or 0,
        )
        for part in result.parts
        if part.to_next is not None
    )


def _points(
    terms: RebateTerms, facts: Facts, sums: list[tuple[date, int]], currency: str
) -> tuple[Point, ...]:
    """The base by day; the rebate, too, where one value decides it."""
    figures = facts.parts.get("")
    tells = figures is not None and terms.gauge != "orders" and not with_quantity(terms)
    points, e4 = [], 0
    for day, more in sums:
        e4 += more
        rebate: int | None = None
        if figures is not None and tells:
            at_day = replace(facts, parts={"": _back_to(figures, e4)})
            rebate = compute(terms, at_day, currency).entitlement_fen
        points.append(Point(day, _fen(e4), rebate))
    return tuple(points)


def _back_to(figures: Figures, e4: int) -> Figures:
    """The figures when the base was so much; what others had sold by then is not known."""
    gauge = figures.gauge_e4
    return replace(
        figures,
        base_e4=e4,
        gauge_e4=None if gauge is None else gauge - figures.base_e4 + e4,
    )


def _fen(e4: int) -> int:
    fen = (abs(e4) + 50) // 100
    return fen if e4 >= 0 else -fen


def hints(distributor: Distributor, on: date) -> list[tuple[Standing, Any]]:
    """While ordering: the policies of which the next tier is within reach, the nearest worth
    most first; what has many parts is left to the page of the standing."""
    found = [
        (standing, standing.only)
        for standing in standings(distributor, on, by_day=False, all_parts=False)
        if standing.only is not None and standing.only.gain_fen > 0
    ]
    return sorted(found, key=lambda pair: -pair[1].gain_fen)
