"""Where a distributor stands: the running base of each policy's current period and its estimate.

The estimate is the very formula of the statement, so that what is promised is what is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from channel.access import Actor
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_base as base
from channel.queries.rebates_policies import ruling_on, terms_of
from channel.queries.scope import get_visible
from contracts.rebates.compute import Result, Rung, compute
from contracts.rebates.figures import plain
from contracts.rebates.model import RebateTerms
from contracts.rebates.reaching import gain_at_next_fen
from contracts.values.periods import Period


@dataclass(frozen=True)
class Point:
    """The running base and its rebate at the end of a day."""

    on: date
    base_fen: int
    rebate_fen: int


@dataclass(frozen=True)
class Standing:
    """One policy, period and currency of a distributor, up to and including `on`."""

    policy: RebatePolicy
    terms: RebateTerms
    period: Period
    currency: str
    on: date
    result: Result
    rungs: tuple[Rung, ...]
    #: What reaching the next tier exactly would add; None at the top.
    gain_fen: int | None
    #: What posted statements of this period gave already.
    settled_fen: int
    points: tuple[Point, ...]

    @property
    def accrued_fen(self) -> int:
        return self.result.entitlement_fen

    @property
    def open_fen(self) -> int:
        return self.accrued_fen - self.settled_fen

    @property
    def base_fen(self) -> int:
        return int(self.result.base.scaleb(2))

    @property
    def to_next_fen(self) -> int | None:
        return None if self.result.to_next is None else int(self.result.to_next.scaleb(2))

    @property
    def days_left(self) -> int:
        return max(0, (self.period.end - self.on).days - 1)


def get_distributor(actor: Actor, distributor_id: int) -> Distributor:
    """The distributor, when the actor may see it."""
    return get_visible(actor, Distributor, distributor_id)  # type: ignore[no-any-return]


def standings(distributor: Distributor, on: date) -> list[Standing]:
    """All policies under which the distributor earns on the day; two or three reads a policy."""
    groups = base.group_ids()
    found = []
    for policy, period in ruling_on(on):
        spans: base.Spans = None
        if policy.enrols == "agreement":
            enrolled = base.enrolled_spans(policy.code, period, distributor.id)
            if distributor.id not in enrolled:
                continue
            spans = enrolled[distributor.id]
        found += _of_policy(distributor, policy, period, spans, groups, on)
    return found


def _of_policy(
    distributor: Distributor,
    policy: RebatePolicy,
    period: Period,
    spans: base.Spans,
    groups: dict[str, int],
    on: date,
) -> list[Standing]:
    terms = terms_of(policy)
    so_far = Period(period.start, min(period.end, on + timedelta(days=1)))
    days = base.daily_sums(terms, so_far, groups, distributor.id, spans)
    granted = base.granted(period, [policy.code], distributor.id)
    found = []
    currencies = days.keys() | {currency for _code, _owner, currency in granted}
    for currency in sorted(currencies or {distributor.currency}):
        sums = days.get(currency, [])
        result = compute(terms, plain(sum(e4 for _day, e4 in sums)), currency)
        found.append(
            Standing(
                policy=policy,
                terms=terms,
                period=period,
                currency=currency,
                on=on,
                result=result,
                rungs=result.rungs,
                gain_fen=gain_at_next_fen(terms, result),
                settled_fen=granted.get((policy.code, distributor.id, currency), 0),
                points=_points(terms, sums, currency),
            )
        )
    return found


def _points(terms: RebateTerms, sums: list[tuple[date, int]], currency: str) -> tuple[Point, ...]:
    points, e4 = [], 0
    for day, more in sums:
        e4 += more
        result = compute(terms, plain(e4), currency)
        points.append(Point(day, int(result.base.scaleb(2)), result.entitlement_fen))
    return tuple(points)
