"""Which rebates came off a statement's base first, and by which statements they were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from channel.documents.parts import TakenOff
from channel.models.rebates import RebateStatement
from contracts.rebates.model import RebateTerms

#: distributor, currency, first day of the period, policy code
Given = tuple[int, str, date, str]


def given_by(
    statements: Sequence[RebateStatement], numbers: Sequence[str]
) -> dict[Given, TakenOff]:
    """What every statement of a run earns for its period, with the number that it will have."""
    return {
        (s.distributor_id, s.currency, s.period_start, s.policy_code): TakenOff(
            policy=s.policy_code,
            name=s.policy.name,
            statement=number,
            amount_fen=s.entitlement_fen,
        )
        for s, number in zip(statements, numbers, strict=True)
    }


def taken_off(
    given: dict[Given, TakenOff], statement: RebateStatement, terms: RebateTerms
) -> list[TakenOff]:
    """The rebates that reduced the base; as one sum where not all of them are of this run."""
    parts = (statement.facts or {}).get("parts", {})
    reduced_e4 = sum(part.get("reduced_e4", 0) for part in parts.values())
    if not reduced_e4:
        return []
    owner = (statement.distributor_id, statement.currency, statement.period_start)
    found = [given[*owner, code] for code in sorted(terms.reduced_by) if (*owner, code) in given]
    found = [one for one in found if one["amount_fen"]]
    if sum(one["amount_fen"] for one in found) * 100 == reduced_e4:
        return found
    if reduced_e4 % 100:
        return []
    return [TakenOff(policy=", ".join(sorted(terms.reduced_by)), amount_fen=reduced_e4 // 100)]
