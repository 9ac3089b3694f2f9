"""Reads of invoices that are owed in parts: their instalments, and what that moves elsewhere.

Sums over all invoices go by the invoice's own last date, which one index answers; what is here
moves the few that have instalments to their own dates, and adds nothing to any total.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.receivables import (
    Allocation,
    DiscountTaken,
    Invoice,
    InvoiceCharge,
    InvoiceInstalment,
)
from channel.queries.scope import visible

Part = InvoiceInstalment


@dataclass(frozen=True)
class PartLine:
    """An instalment with what was paid on it and what was taken off."""

    part: InvoiceInstalment
    settled_fen: int
    discount_taken_fen: int

    @property
    def open_fen(self) -> int:
        return self.part.amount_fen - self.settled_fen


def instalments_of(invoice_id: int) -> list[PartLine]:
    """The invoice's instalments; none where it is due as a whole."""
    settled = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == invoice_id, Allocation.instalment_id == Part.id)
        .scalar_subquery()
    )
    taken = (
        sa.select(sa.func.coalesce(sa.func.sum(DiscountTaken.amount_fen), 0))
        .where(DiscountTaken.instalment_id == Part.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Part, settled, taken).where(Part.invoice_id == invoice_id).order_by(Part.number)
    )
    return [PartLine(part, int(paid), int(off)) for part, paid, off in rows]


def charges_of(invoice_id: int) -> list[InvoiceCharge]:
    """What is charged beside the goods."""
    return list(
        db.session.scalars(
            sa.select(InvoiceCharge)
            .where(InvoiceCharge.invoice_id == invoice_id)
            .order_by(InvoiceCharge.line_no)
        )
    )


def moves_by_age(
    as_of: date,
    sums: Callable[..., Sequence[Any]],
    keys: Sequence[str],
    distributor_id: int | None = None,
) -> sa.Select[Any]:
    """What instalments move between the buckets of `sums(amount, as_of, pay_by)`: (debtor,
    currency, one figure per key); each row sums to nothing."""
    owner = (Part.distributor_id, Part.currency)

    def moved(amount: Any) -> list[Any]:
        pairs = zip(sums(amount, as_of, Part.pay_by), sums(amount, as_of, Invoice.pay_by), keys,
                    strict=True)  # fmt: skip
        return [(own - whole).label(key) for own, whole, key in pairs]

    known = Invoice.invoice_date <= as_of
    if distributor_id is not None:
        known = sa.and_(known, Part.distributor_id == distributor_id)
    owed = sa.select(*owner, *moved(Part.amount_fen)).join(Invoice, Invoice.id == Part.invoice_id)
    return owed.where(known).group_by(*owner)


def overdue_parts(actor: Actor, today: date) -> dict[str, int]:
    """Fen by currency that are overdue of invoices whose last instalment is not."""
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == Part.invoice_id, Allocation.instalment_id == Part.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Part.currency, sa.func.sum(Part.amount_fen - paid))
        .join(Invoice, Invoice.id == Part.invoice_id)
        .where(visible(actor, Part.distributor_id), Part.pay_by < today, Invoice.pay_by >= today)
        .group_by(Part.currency)
    )
    return {currency: int(total) for currency, total in rows}
