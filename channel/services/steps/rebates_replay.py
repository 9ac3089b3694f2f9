"""A policy replayed over past periods: the facts of all distributors and what they come to.

The facts are those of a run, so that a replay under the policy that ruled gives what was paid.
Where a policy adds up over several periods, each gives what the replay of those before it left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

from channel import clock
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_granted
from channel.queries.rebates_facts import gather
from channel.queries.rebates_looks import later
from channel.queries.rebates_seen import Seen
from channel.queries.rebates_settling import Settling, settling
from channel.queries.rebates_sums import Owner
from channel.services.steps.rebates import as_settled
from contracts.rebates import stacking
from contracts.rebates.compute import Result, compute
from contracts.rebates.figures import Facts
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period, PeriodKind, containing


@dataclass(frozen=True)
class Replayed:
    """One distributor and currency in one period; `amount_fen` is what this period gives, less
    `earlier_fen`, what the periods before it gave of the same accumulation."""

    owner: Owner
    period: Period
    terms: RebateTerms
    facts: Facts
    result: Result
    earlier_fen: int

    @property
    def amount_fen(self) -> int:
        return self.result.entitlement_fen - self.earlier_fen


@dataclass
class Replay:
    """One policy over several periods, in their order; nothing posted of it is looked at.

    `looks`: periods that are seen as a run saw them; others with all that there is on the day.
    """

    on: date
    looks: Mapping[Period, Seen] = field(default_factory=dict)
    given: dict[tuple[Owner, Period], int] = field(default_factory=dict)

    def of(self, policy: RebatePolicy, period: Period) -> Iterator[Replayed]:
        """What the version comes to for everybody in a period, whether it ruled or not."""
        settled = settling(policy, period)
        before = self._before(settled)
        seen = self._seen(period)
        on = self.on if seen is None else clock.date_of(seen.at)
        found = gather(settled, on, seen=seen, more=before.keys(), reduced=_reductions(settled))
        for owner in sorted(found.own.keys() | before.keys()):
            earlier = before.get(owner, 0)
            terms = as_settled(settled.terms, settled, earlier)
            facts = found.of(owner)
            result = compute(terms, facts, owner[1])
            one = Replayed(owner, period, terms, facts, result, earlier)
            if settled.counted != period:
                self.given[owner, period] = one.amount_fen
            yield one

    def _seen(self, period: Period) -> Seen | None:
        """As its own last run saw it; a period that was never settled, as those within it."""
        if period in self.looks:
            return self.looks[period]
        within = [seen for own, seen in self.looks.items() if own.overlaps(period)]
        return reduce(later, within) if within else None

    def _before(self, settled: Settling) -> dict[Owner, int]:
        """What earlier periods of the same accumulation gave."""
        total: dict[Owner, int] = {}
        window = settled.counted
        for (owner, earlier), fen in self.given.items():
            if window.start <= earlier.start and earlier.end <= settled.period.start:
                total[owner] = total.get(owner, 0) + fen
        return total


def _reductions(settled: Settling) -> dict[Owner, int]:
    """What posted statements of other policies gave in the days that count."""
    codes = settled.terms.reduced_by
    if not codes:
        return {}
    by_owner: dict[Owner, dict[str, int]] = {}
    for (code, owner, currency), fen in rebates_granted.granted(settled.counted, codes).items():
        by_owner.setdefault((owner, currency), {})[code] = fen
    terms = settled.terms
    return {owner: stacking.reductions_e4(terms, fen) for owner, fen in by_owner.items()}


def periods_within(span: Period, kind: PeriodKind) -> list[Period]:
    """The calendar periods of a kind that lie in the span as a whole."""
    found = []
    period = containing(span.start, kind)
    while period.end <= span.end:
        if period.start >= span.start:
            found.append(period)
        period = containing(period.end, kind)
    return found


def years_of(span: Period) -> Period:
    """The span from the first day of its year on, where every accumulation begins."""
    return Period(containing(span.start, "year").start, span.end)


def is_replayed(policy: RebatePolicy, period: Period, span: Period) -> bool:
    """Whether a period matters: it lies in the span, or what lies there adds up on it."""
    if period.start >= span.start:
        return True
    one = settling(policy, period)
    return one.terms.accumulate is not None and one.terms.catch_up
