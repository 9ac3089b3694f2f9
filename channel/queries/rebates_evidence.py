"""What the conditions of rebates are judged by, for many distributors at once.

Each kind is read in a constant number of statements, as known on a day; what came to light
later makes a later run of the same period differ. The reads stand by their nouns in the files
beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal

from channel.queries import rebates_evidence_conduct as conduct
from channel.queries import rebates_evidence_duties as duties
from channel.queries import rebates_evidence_money as money
from channel.queries import rebates_evidence_sales as sales
from channel.queries.rebates_evidence_asked import Asked
from channel.queries.rebates_evidence_sales import baselines_e4, orders, targets_e4
from contracts.rebates.figures import Evidence
from contracts.rebates.model import ConditionKind, RebateTerms
from contracts.values.periods import Period

__all__ = ["baselines_e4", "evidence", "orders", "targets_e4"]

_READS: dict[ConditionKind, Callable[[Asked], Mapping[int, Evidence]]] = {
    "attainment": sales.attainment,
    "mix": sales.mix,
    "diversion": conduct.diversion,
    "price_order": conduct.price_order,
    "exclusivity": conduct.exclusivity,
    "report": duties.report,
    "display": duties.display,
    "training": duties.training,
    "fifo": duties.fifo,
    "collection": money.collection,
    "overdue": money.overdue,
}
#: Nothing found: no case and no debt count as 0; where proof is owed there is none.
_NONE_FOUND: dict[ConditionKind, Evidence] = {
    "diversion": Evidence(Decimal(0)),
    "price_order": Evidence(Decimal(0)),
    "overdue": Evidence(Decimal(0)),
}
_NO_PROOF = Evidence(None)


def evidence(
    terms: RebateTerms, period: Period, distributor_ids: Collection[int], on: date
) -> dict[int, dict[ConditionKind, Evidence]]:
    """distributor → condition of the terms → the value found, with what proves or breaks it.

    Every distributor asked for is there, with every kind that the terms name. The value is None
    where proof is owed and there is none: no agreed target or mix for the period, no duty to
    report or to be trained, no look at a display, no accepted report, nothing paid, no
    declaration. Such a condition leaves nothing. `on`: what was known at the end of that day.
    """
    asked = Asked(terms, period, frozenset(distributor_ids), on)
    found: dict[int, dict[ConditionKind, Evidence]] = {owner: {} for owner in asked.ids}
    for kind in dict.fromkeys(condition.kind for condition in terms.conditions):
        read = _READS[kind](asked)
        nothing = _NONE_FOUND.get(kind, _NO_PROOF)
        for owner, own in found.items():
            own[kind] = read.get(owner, nothing)
    return found
