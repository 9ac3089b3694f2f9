"""Reads of how money is applied: the house's rules, and receipts whose rest waits for a person."""

from __future__ import annotations

import sqlalchemy as sa

from channel.db import db
from channel.models.cash import CashRule, KeptReceipt
from channel.models.receivables import Invoice


def rules() -> CashRule:
    """The house's rules; they begin with nothing tolerated and no interest."""
    return db.session.scalars(sa.select(CashRule)).one()


def is_kept(receipt_id: int) -> bool:
    """Whether the rest of the receipt waits for a person."""
    statement = sa.select(KeptReceipt.id).where(KeptReceipt.receipt_id == receipt_id)
    return db.session.scalar(statement) is not None


def interest_invoices(distributor_id: int, currency: str) -> set[int]:
    """The debtor's notes over late-payment interest."""
    return set(
        db.session.scalars(
            sa.select(Invoice.id).where(
                Invoice.distributor_id == distributor_id,
                Invoice.currency == currency,
                Invoice.kind == "interest",
            )
        )
    )
