"""A part of a receipt, or of a note, set against an invoice or one of its instalments."""

from __future__ import annotations

from datetime import date

from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.services.work import Work


def share(
    w: Work,
    target: tuple[int | None, int | None],
    fen: int,
    on: date,
    *,
    receipt_id: int | None = None,
    note_id: int | None = None,
) -> Allocation:
    """The row, added, with what ageing asks of its target (invoice, instalment) copied to it.

    It never counts before its invoice does.
    """
    invoice_id, instalment_id = target
    invoice = w.session.get_one(Invoice, invoice_id)
    pay_by = invoice.pay_by
    if instalment_id is not None:
        pay_by = w.session.get_one(InvoiceInstalment, instalment_id).pay_by
    row = Allocation(
        receipt_id=receipt_id,
        note_id=note_id,
        invoice_id=invoice_id,
        instalment_id=instalment_id,
        amount_fen=fen,
        allocated_on=max(on, invoice.invoice_date),
        distributor_id=invoice.distributor_id,
        currency=invoice.currency,
        pay_by=pay_by,
        created_at=w.now,
    )
    w.session.add(row)
    return row
