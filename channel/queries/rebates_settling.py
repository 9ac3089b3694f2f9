"""A policy and the period that it settles: which days count, and what lies on top of what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from channel.models.rebates import RebatePolicy
from channel.queries.rebates_policies import terms_of
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period


@dataclass(frozen=True)
class Settling:
    """A policy and the period that it settles, with the days that count.

    `so_far` begins with the accumulation; `counted` is what the reward applies to: all so far
    where the tier reached pays on everything, else the period.
    """

    policy: RebatePolicy
    terms: RebateTerms
    period: Period
    so_far: Period
    counted: Period


def settling(policy: RebatePolicy, period: Period) -> Settling:
    """The days that count for a version and a period."""
    terms = terms_of(policy)
    so_far = period
    if terms.accumulate is not None:
        window = Period.containing(period.start, terms.accumulate)
        if window.start <= period.start and window.end >= period.end:
            so_far = Period(window.start, period.end)
    return Settling(policy, terms, period, so_far, so_far if terms.catch_up else period)


def has_own_cap(settled: Settling) -> bool:
    """Whether the cap of the period lies on top of what earlier periods were granted, because the
    tier pays on all sales so far."""
    return settled.terms.cap_fen is not None and settled.counted != settled.period


def with_cap_on(terms: RebateTerms, earlier_fen: int) -> RebateTerms:
    """The terms with the cap of this period on top of what the periods before were granted."""
    return replace(terms, cap_fen=(terms.cap_fen or 0) + max(earlier_fen, 0))


def periods_so_far(settled: Settling) -> Iterable[Period]:
    """The settlement periods so far, this one last."""
    start = settled.so_far.start
    while start < settled.so_far.end:
        period = Period.containing(start, settled.terms.period_kind)
        yield period
        start = period.end
