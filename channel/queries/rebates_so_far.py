"""The facts of a period that is not over: what is counted by a day, beside whole-period bounds.

Baselines, targets and conditions are those of the whole period, so that what is missing to the
next tier is what the statement will ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from channel import clock
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_granted
from channel.queries.rebates_facts import Gathered, gather
from channel.queries.rebates_settling import Settling, settling
from channel.queries.rebates_sums import Owner
from contracts.rebates import stacking
from contracts.values.periods import Period


def until(period: Period, on: date) -> Period:
    """The days of a period up to and including a day; the first day at least."""
    end = min(period.end, max(on, period.start) + timedelta(days=1))
    return Period(period.start, end)


def elapsed(settled: Settling, on: date) -> tuple[int, int]:
    """(days gone by, days in all) of what counts."""
    return until(settled.counted, on).days, settled.counted.days


@dataclass
class Estimates:
    """What the policies computed before give so far, for those that they reduce."""

    given: dict[tuple[str, Period], dict[Owner, int]] = field(default_factory=dict)

    def add(self, settled: Settling, owner: Owner, fen: int) -> None:
        self.given.setdefault((settled.policy.code, settled.period), {})[owner] = fen

    def reductions(self, settled: Settling, only: int | None = None) -> dict[Owner, int]:
        """What comes off first, in ten-thousandths: the estimates of the same period, and what
        statements gave of policies that are settled by another kind of period."""
        terms = settled.terms
        by_owner: dict[Owner, dict[str, int]] = {}
        others = {c for c in terms.reduced_by if (c, settled.period) not in self.given}
        for code in terms.reduced_by - others:
            for owner, fen in self.given[code, settled.period].items():
                by_owner.setdefault(owner, {})[code] = fen
        if others:
            granted = rebates_granted.granted(settled.counted, others, only)
            for (code, own, currency), fen in granted.items():
                by_owner.setdefault((own, currency), {})[code] = fen
        return {owner: stacking.reductions_e4(terms, fen) for owner, fen in by_owner.items()}


def in_order(items: Iterable[tuple[RebatePolicy, Period]]) -> list[Settling]:
    """Policies and periods in the order of computing; by code where they reduce in a circle."""
    found = [settling(policy, period) for policy, period in items]
    newest = {one.policy.code: one.terms for one in found}
    codes = stacking.order(newest.values()).codes or sorted(newest)
    return sorted(found, key=lambda one: (one.period.start, codes.index(one.policy.code)))


def gather_until(
    settled: Settling,
    on: date,
    only: int | None = None,
    reduced: Mapping[Owner, int] | None = None,
) -> Gathered:
    """The facts by the end of a day, of everybody or of one distributor.

    Read once where the day is today or later: there is nothing after it. For an earlier day what
    came since is left out, and only that is read twice.
    """
    whole = gather(settled, on, only=only, reduced=reduced)
    if on >= clock.today() or on >= settled.period.last_day:
        return whole
    so_far = replace(settled, so_far=until(settled.so_far, on), counted=until(settled.counted, on))
    part = gather(so_far, on, more=whole.own.keys(), only=only, reduced=reduced)
    part.references, part.evidence = whole.references, whole.evidence
    return part
