"""Discounts for early payment, posted as credit notes: the receipt that earned one settles both.

The receipt pays the discount's fen on the invoice and takes as many from the note, so that money,
debt and ledger all keep their sums; a reversed receipt takes its discounts back the same way.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.receivables import DiscountTaken, Invoice, Receipt
from channel.queries.credit import OpenPart
from channel.services.steps import allocations, notes
from channel.services.work import Work
from contracts.values.money import divide_half_up


def give(
    w: Work, account: CreditAccount, receipt: Receipt, part: OpenPart, off_fen: int, on: date
) -> None:
    """Post the note over `off_fen` and settle note and instalment with each other."""
    assert part.instalment_id is not None
    note = _post(w, account, part.invoice_id, -off_fen, on)
    _take(w, receipt, part.instalment_id, note, off_fen)
    for invoice_id, instalment_id, fen in (
        (note.id, None, -off_fen),
        (part.invoice_id, part.instalment_id, off_fen),
    ):
        allocations.share(w, (invoice_id, instalment_id), fen, on, receipt_id=receipt.id)


def notes_of(w: Work, receipt: Receipt) -> list[int]:
    """The notes by which the receipt's discounts were given and taken back."""
    return list(
        w.session.scalars(
            sa.select(DiscountTaken.credit_note_id).where(DiscountTaken.receipt_id == receipt.id)
        )
    )


def take_back(
    w: Work, account: CreditAccount, receipt: Receipt, invoice_id: int, instalment_id: int | None
) -> int:
    """The receipt no longer pays the item: what it earned there is owed again; gives its fen.

    The note that undoes the discount is settled by the receipt that gives back the item's fen,
    as the note of the discount itself was.
    """
    if instalment_id is None:
        return 0
    rows = w.session.scalars(
        sa.select(DiscountTaken)
        .where(DiscountTaken.receipt_id == receipt.id, DiscountTaken.instalment_id == instalment_id)
        .order_by(DiscountTaken.id)
    ).all()
    fen = sum(taken.amount_fen for taken in rows)
    if fen:
        undone = _post(w, account, invoice_id, fen, w.today)
        _take(w, receipt, instalment_id, undone, -fen)
        allocations.share(w, (undone.id, None), fen, w.today, receipt_id=receipt.id)
    return fen


def _post(w: Work, account: CreditAccount, of_invoice: int, gross_fen: int, on: date) -> Invoice:
    """A note over the amount, VAT in the proportion of the document that it lowers."""
    source = w.session.get_one(Invoice, of_invoice)
    net_fen = divide_half_up(gross_fen * abs(source.net_fen), abs(source.gross_fen))
    note = notes.post(w, account, on, "CN", "credit_note", net_fen=net_fen, gross_fen=gross_fen)
    w.audit("invoice:discount", note, changes={"gross_fen": gross_fen, "of_invoice": source.number})
    return note


def _take(w: Work, receipt: Receipt, instalment_id: int, note: Invoice, fen: int) -> None:
    w.session.add(
        DiscountTaken(
            receipt_id=receipt.id,
            instalment_id=instalment_id,
            credit_note_id=note.id,
            amount_fen=fen,
        )
    )
