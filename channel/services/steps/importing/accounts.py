"""The debtors that an import touches: locked together in one order, moved by one entry each.

Balances and entries are written in the same transaction, as for a single document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from channel.db import lock
from channel.models.credit import CreditAccount, CreditEntry
from channel.services.steps.closing import assert_open
from channel.services.steps.importing.plan import chunks, insert_many
from channel.services.work import Work

#: distributor id, currency
Owner = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Move:
    """A signed movement of one bucket, in fen, by one document."""

    owner: Owner
    bucket: str
    amount_fen: int
    act: str
    document_kind: str
    document_id: int
    on: date


def lock_accounts(w: Work, owners: Collection[Owner]) -> dict[Owner, CreditAccount]:
    """The accounts, made on first use, locked in ascending order before any figure is read."""
    is_postgres = w.session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if is_postgres else sqlite).insert(CreditAccount)
    w.session.execute(
        insert.on_conflict_do_nothing(index_elements=["distributor_id", "currency"]),
        [
            {
                "distributor_id": distributor_id,
                "currency": currency,
                "ordered_fen": 0,
                "shipped_fen": 0,
                "invoiced_fen": 0,
                "unapplied_fen": 0,
            }
            for distributor_id, currency in sorted(owners)
        ],
    )
    wanted = set(owners)
    ids = []
    for part in chunks(sorted({d for d, _currency in owners})):
        for account_id, distributor_id, currency in w.session.execute(
            sa.select(CreditAccount.id, CreditAccount.distributor_id, CreditAccount.currency).where(
                CreditAccount.distributor_id.in_(part)
            )
        ):
            if (distributor_id, currency) in wanted:
                ids.append(account_id)
    # Parts in ascending order lock in ascending order, too.
    return {
        (a.distributor_id, a.currency): a
        for part in chunks(sorted(ids))
        for a in lock(CreditAccount, part)
    }


def post(w: Work, accounts: dict[Owner, CreditAccount], moves: Iterable[Move]) -> None:
    """Write the entries in bulk and keep the balances with them."""
    sums: dict[tuple[Owner, str], int] = {}
    rows = []
    days: set[date] = set()
    for move in moves:
        if move.amount_fen == 0:
            continue
        rows.append(
            {
                "account_id": accounts[move.owner].id,
                "bucket": move.bucket,
                "amount_fen": move.amount_fen,
                "act": move.act,
                "document_kind": move.document_kind,
                "document_id": move.document_id,
                "on_date": move.on,
                "created_at": w.now,
            }
        )
        days.add(move.on)
        key = (move.owner, move.bucket)
        sums[key] = sums.get(key, 0) + move.amount_fen
    assert_open(w, *days)
    insert_many(w, CreditEntry, rows)
    for (owner, bucket), fen in sums.items():
        name = f"{bucket}_fen"
        setattr(accounts[owner], name, getattr(accounts[owner], name) + fen)
    w.session.flush()  # what follows reads the balances in SQL
