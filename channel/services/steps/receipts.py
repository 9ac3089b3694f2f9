"""Money set against invoices, oldest due first, and what becomes free by it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.receivables import Allocation, Receipt
from channel.queries import credit as reads
from channel.services.steps import credit
from channel.services.work import Work
from credit.allocation import allocate_oldest


def waiting(w: Work, distributor_id: int, currency: str) -> list[tuple[Receipt, int]]:
    """Receipts of the debtor with what is not allocated yet, oldest first."""
    used = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.receipt_id == Receipt.id)
        .scalar_subquery()
    )
    rows = w.session.execute(
        sa.select(Receipt, (Receipt.amount_fen - used).label("rest"))
        .where(Receipt.distributor_id == distributor_id, Receipt.currency == currency)
        .order_by(Receipt.received_on, Receipt.id)
    )
    return [(receipt, int(rest)) for receipt, rest in rows if rest]


def apply_waiting_money(w: Work, account: CreditAccount, on: date) -> int:
    """Set unapplied receipts against open invoices, oldest due first; gives the fen applied."""
    w.session.flush()  # what was just posted takes part
    if account.unapplied_fen <= 0:
        return 0
    items = [i for i in reads.open_items(account.distributor_id, account.currency) if i[2] > 0]
    if not items:
        return 0
    applied = 0
    for receipt, rest in waiting(w, account.distributor_id, account.currency):
        if rest <= 0 or not items:
            continue
        shares, _left = allocate_oldest(items, rest)
        paid = dict(shares)
        for invoice_id, fen in shares:
            w.session.add(
                Allocation(
                    receipt_id=receipt.id,
                    invoice_id=invoice_id,
                    amount_fen=fen,
                    allocated_on=max(on, receipt.received_on),
                    created_at=w.now,
                )
            )
        total = sum(paid.values())
        credit.move(
            w,
            account,
            [("unapplied", -total), ("invoiced", -total)],
            act="allocate",
            document=receipt,
            on=on,
        )
        applied += total
        items = [
            (ref, due, fen - paid.get(ref, 0)) for ref, due, fen in items if fen > paid.get(ref, 0)
        ]
    return applied
