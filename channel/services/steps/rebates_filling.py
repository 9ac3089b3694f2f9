"""What posted statements do to the pools: earned, or taken back within the contract's limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries import rebates_pool_facts as reads
from channel.queries.rebates_policies import terms_of
from channel.rules import pool as rules
from channel.services.work import Work
from contracts.rebates.payout import clawback_within


def fill(
    w: Work,
    statements: Sequence[RebateStatement],
    numbers: Sequence[str],
    waived: dict[int, int],
) -> None:
    """One pair for each statement that gives or takes something, under the statement's number.

    Where the contract limits what is taken back, a second pair gives back what is beyond it: the
    statement stays whole, and the run that follows does not ask for it again.
    """
    months: dict[int, int | None] = {}
    for s in statements:
        if s.policy_id not in months:
            months[s.policy_id] = terms_of(s.policy).expires_months
    rows = []
    for s, number in zip(statements, numbers, strict=True):
        if not s.amount_fen:
            continue
        row = _row(w, s, number, "earned" if s.amount_fen > 0 else "reversed", s.amount_fen)
        lasts = months[s.policy_id]
        if s.amount_fen > 0 and lasts is not None:
            row["expires_on"] = rules.months_later(w.today, lasts)
        rows.append(row)
        if back := waived.get(s.id):
            rows.append(_row(w, s, number, "reversed", back) | {"counter": "waived"})
    if rows:
        w.session.execute(sa.insert(PoolEntry), rows)


def _row(w: Work, s: RebateStatement, number: str, kind: str, fen: int) -> dict[str, Any]:
    return {
        "distributor_id": s.distributor_id,
        "currency": s.currency,
        "kind": kind,
        "counter": rules.counter_of(kind),
        "amount_fen": fen,
        "on_date": w.today,
        "statement_id": s.id,
        "reference": number,
        "expires_on": None,
        "created_at": w.now,
        "created_by_id": w.actor.user_id,
    }


def beyond(w: Work, statements: Sequence[RebateStatement]) -> dict[int, int]:
    """statement → fen that the contract does not let be taken back."""
    taking = [s for s in statements if s.amount_fen < 0]
    clauses = reads.clauses_on({s.distributor_id for s in taking}, w.today)
    limits = {owner: c.clawback_months for owner, c in clauses.items() if c.clawback_months}
    if not limits:
        return {}
    left: dict[tuple[int, str], int] = defaultdict(int)
    by_window: dict[tuple[int, str], set[int]] = defaultdict(set)
    for s in taking:
        if s.distributor_id in limits:
            by_window[limits[s.distributor_id], s.currency].add(s.distributor_id)
    for (months, currency), owners in by_window.items():
        since = rules.months_later(w.today, -months)
        for owner, fen in reads.earned_since(owners, currency, since, w.today).items():
            left[owner, currency] = fen
    for s in statements:
        if s.amount_fen > 0:
            left[s.distributor_id, s.currency] += s.amount_fen
    found = {}
    for s in taking:
        if s.distributor_id in limits:
            owner = (s.distributor_id, s.currency)
            taken = clawback_within(-s.amount_fen, left[owner])
            left[owner] -= taken
            found[s.id] = -s.amount_fen - taken
    return found


def most_back(w: Work, distributor_id: int, currency: str, on: date) -> int | None:
    """The most that may be taken back on a day; None: the contract sets no limit."""
    months = reads.clause_on(distributor_id, on).clawback_months
    if months is None:
        return None
    since = rules.months_later(on, -months)
    earned = reads.earned_since([distributor_id], currency, since, on)
    return max(0, earned.get(distributor_id, 0))
