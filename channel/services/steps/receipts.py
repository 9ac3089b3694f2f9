"""Money set against invoices and their instalments, oldest due first, and what becomes free.

What is parked, and what was reversed, is never set against anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.receivables import Allocation, ParkedReceipt, Receipt
from channel.queries import credit as reads
from channel.queries.credit import OpenPart
from channel.services.steps import credit, discounts
from channel.services.work import Work
from credit.allocation import with_discount

#: The reference of the opposite receipt that undoes another one, by that one's number.
UNDONE = "reversal of "


def parked_ids(distributor_ids: list[int]) -> Any:
    """The receipts of debtors that wait for a second person, or were sent back."""
    return sa.select(ParkedReceipt.receipt_id).where(
        ParkedReceipt.distributor_id.in_(distributor_ids), ParkedReceipt.state != "approved"
    )


def reversed_numbers(w: Work, distributor_ids: list[int]) -> set[str]:
    """The numbers of receipts that an opposite one has undone."""
    rows = w.session.scalars(
        sa.select(Receipt.reference).where(
            Receipt.distributor_id.in_(distributor_ids),
            Receipt.amount_fen < 0,
            Receipt.reference.startswith(UNDONE),
        )
    )
    return {reference.removeprefix(UNDONE) for reference in rows}


def waiting(w: Work, distributor_id: int, currency: str) -> list[tuple[Receipt, int]]:
    """Receipts of the debtor with what is not allocated yet, oldest first."""
    used = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.receipt_id == Receipt.id)
        .scalar_subquery()
    )
    rows = w.session.execute(
        sa.select(Receipt, (Receipt.amount_fen - used).label("rest"))
        .where(
            Receipt.distributor_id == distributor_id,
            Receipt.currency == currency,
            Receipt.id.not_in(parked_ids([distributor_id])),
        )
        .order_by(Receipt.received_on, Receipt.id)
    ).all()
    undone = reversed_numbers(w, [distributor_id]) if any(r.amount_fen < 0 for r, _ in rows) else ()
    return [(r, int(rest)) for r, rest in rows if rest > 0 and r.number not in undone]


def apply_waiting_money(w: Work, account: CreditAccount, on: date) -> int:
    """Set unapplied receipts against what is open, oldest due first; gives the fen applied."""
    w.session.flush()  # what was just posted takes part
    if account.unapplied_fen <= 0:
        return 0
    parts = reads.open_parts(account.distributor_id, account.currency)
    parts = [part for part in parts if part.open_fen > 0]
    if not parts:
        return 0
    applied = 0
    for receipt, rest in waiting(w, account.distributor_id, account.currency):
        if not parts:
            break
        parts, spent = _pay(w, account, receipt, rest, parts, max(on, receipt.received_on))
        credit.move(
            w,
            account,
            [("unapplied", -spent), ("invoiced", -spent)],
            act="allocate",
            document=receipt,
            on=on,
        )
        applied += spent
    return applied


def _pay(
    w: Work, account: CreditAccount, receipt: Receipt, rest: int, parts: list[OpenPart], on: date
) -> tuple[list[OpenPart], int]:
    """Spend one receipt on the oldest parts; gives what stays open, and the fen spent."""
    spent, left = 0, []
    for part in parts:
        if spent == rest:
            left.append(part)
            continue
        early = part.discount_until is not None and receipt.received_on <= part.discount_until
        fen, off = with_discount(
            part.open_fen, part.amount_fen, part.discount_fen if early else 0, rest - spent
        )
        w.session.add(
            discounts.allocation(w, receipt, part.invoice_id, part.instalment_id, fen, on)
        )
        if off:
            discounts.give(w, account, receipt, part, off, on)
        spent += fen
        if part.open_fen > fen + off:
            left.append(replace(part, open_fen=part.open_fen - fen - off))
    return left, spent
