"""What growth and attainment are measured from, and what conditions are judged by, by owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from channel.queries import rebates_evidence
from channel.queries.rebates_settling import Settling, periods_so_far
from channel.queries.rebates_sums import Owner, Sums
from contracts.rebates.figures import Evidence
from contracts.rebates.model import ConditionKind, RebateTerms
from contracts.values.periods import Period

#: Judged in the period settled alone: the agreement says them for such a period.
_OF_THE_PERIOD: frozenset[ConditionKind] = frozenset({"attainment", "mix"})
#: owner → part → what growth or attainment is measured from
References = dict[Owner, dict[int | None, int]]


def evidence_of(
    settled: Settling, ids: Collection[int], on: date
) -> dict[int, dict[ConditionKind, Evidence]]:
    """Conduct is judged over all the days that count, so that nothing comes back by waiting."""
    terms, found = settled.terms, dict[int, dict[ConditionKind, Evidence]]()
    for period in dict.fromkeys((settled.period, settled.counted)):
        kinds = tuple(
            c
            for c in terms.conditions
            if (settled.period if c.kind in _OF_THE_PERIOD else settled.counted) == period
        )
        if not kinds or not ids:
            continue
        part = rebates_evidence.evidence(replace(terms, conditions=kinds), period, ids, on)
        for owner, own in part.items():
            found.setdefault(owner, {}).update(own)
    return found


def measured(terms: RebateTerms, sums: Sums) -> References:
    """Sales as a baseline, in the unit of the measure."""
    by_quantity = terms.base.measure == "quantity"
    return {
        owner: {i: b.quantity * 10_000 if by_quantity else b.e4 for i, b in parts.items()}
        for owner, parts in sums.items()
    }


def typed(settled: Settling, ids: Collection[int]) -> dict[Owner, int]:
    """Typed baselines of the period; where sales accumulate, of all periods so far."""
    total: dict[Owner, int] | None = None
    for period in periods_so_far(settled):
        found = rebates_evidence.baselines_e4(settled.terms, period, ids)
        if total is None:
            total = found
        else:
            total = {o: e4 + found[o] for o, e4 in total.items() if o in found}
    return total or {}


def targets(
    settled: Settling, ids: Collection[int], own: Sums, groups: Mapping[str, int]
) -> References:
    """Targets of all that counts so far; where the agreement has none for these very days, of
    the whole window. Each product group has its own, where they go through the tiers alone."""
    terms = settled.terms
    wanted: list[tuple[int | None, RebateTerms]] = [(None, terms)]
    if terms.scope == "product_group":
        used = {part for parts in own.values() for part in parts}
        wanted = [
            (i, replace(terms, goods=frozenset({code}))) for code, i in groups.items() if i in used
        ]
    found: References = {}
    windows = [settled.so_far]
    if terms.accumulate is not None:
        windows.append(Period.containing(settled.so_far.start, terms.accumulate))
    for part, asked in wanted:
        for window in windows:
            for owner, e4 in rebates_evidence.targets_e4(asked, window, ids).items():
                found.setdefault(owner, {}).setdefault(part, e4)
    return found
