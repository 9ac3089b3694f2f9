"""A policy replayed over a period: the facts of all distributors and what they come to.

The facts are those of a run, so that a replay under the policy that ruled gives what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from channel.models.rebates import RebatePolicy
from channel.queries.rebates_base import Owner
from channel.queries.rebates_policies import terms_of
from channel.services.steps import rebates as steps
from contracts.rebates.compute import Result, compute
from contracts.rebates.figures import Facts, plain
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period, PeriodKind, containing


@dataclass(frozen=True)
class Replayed:
    """One distributor and currency in one period."""

    terms: RebateTerms
    facts: Facts
    result: Result


def replay(policy: RebatePolicy, period: Period) -> dict[Owner, Replayed]:
    """What the version comes to for everybody in the period, whether it ruled or not."""
    terms = terms_of(policy)
    found = {}
    for one in steps.gather([policy], period):
        for owner, base in one.bases.items():
            facts = plain(base.e4)
            found[owner] = Replayed(terms, facts, compute(terms, facts, owner[1]))
    return found


def periods_within(span: Period, kind: PeriodKind) -> list[Period]:
    """The calendar periods of a kind that lie in the span as a whole."""
    found = []
    period = containing(span.start, kind)
    while period.end <= span.end:
        if period.start >= span.start:
            found.append(period)
        period = containing(period.end, kind)
    return found
