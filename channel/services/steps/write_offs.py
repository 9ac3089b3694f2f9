"""Parts of debts that are given up, posted as documents of their own and set against the debt.

A posted write-off is undone by its opposite. It carries no VAT: a debt that is given up does not
lower the tax that was charged with it.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.models.cash import WriteOff
from channel.models.credit import CreditAccount
from channel.models.receivables import Allocation, Invoice, Receipt
from channel.queries.credit import OpenPart
from channel.services.steps import allocations, notes
from channel.services.work import Work

#: Printed as the reason of what the tolerance settles.
DIFFERENCE = "payment difference"


def post(w: Work, account: CreditAccount, write_off: WriteOff, on: date) -> None:
    """Post the note over what is given up, and settle debt and note with each other."""
    note = _note(w, account, -write_off.amount_fen, on)
    write_off.note_id, write_off.posted_on, write_off.state = note.id, on, "posted"
    if write_off.invoice_id is not None:
        target = (write_off.invoice_id, write_off.instalment_id)
        _set_against(w, note, target, write_off.amount_fen, on)
    w.session.flush()  # what is settled must be seen by the next read
    changes = {"amount_fen": write_off.amount_fen, "document": note.number}
    w.audit("write_off:post", write_off, reason=write_off.reason, changes=changes)


def reverse(w: Work, account: CreditAccount, write_off: WriteOff, reason: str) -> Invoice:
    """Post the opposite; what was given up is owed again."""
    assert write_off.note_id is not None
    opposite = _note(w, account, write_off.amount_fen, w.today)
    target = (write_off.invoice_id, write_off.instalment_id)
    if write_off.invoice_id is None:
        target = (write_off.note_id, None)
    _set_against(w, opposite, target, -write_off.amount_fen, w.today)
    write_off.reversal_id, write_off.state = opposite.id, "reversed"
    write_off.row_version += 1
    w.session.flush()  # what is open again must be seen by the next read
    changes = {"state": ("posted", "reversed"), "document": opposite.number}
    w.audit("write_off:reverse", write_off, reason=reason, changes=changes)
    return opposite


def settle_difference(
    w: Work, account: CreditAccount, receipt: Receipt, part: OpenPart, fen: int, on: date
) -> None:
    """The payment fell short by no more than is tolerated: the rest is written off at once."""
    write_off = _new(w, account, "difference", fen, DIFFERENCE)
    write_off.invoice_id, write_off.instalment_id = part.invoice_id, part.instalment_id
    write_off.receipt_id = receipt.id
    w.session.add(write_off)
    w.session.flush()  # the audit line needs write_off.id
    post(w, account, write_off, on)


def keep_as_income(
    w: Work, account: CreditAccount, receipt: Receipt, fen: int, on: date
) -> Allocation:
    """The payment was too much by no more than is tolerated: the house keeps it."""
    write_off = _new(w, account, "income", -fen, DIFFERENCE)
    write_off.receipt_id = receipt.id
    w.session.add(write_off)
    w.session.flush()  # the audit line needs write_off.id
    post(w, account, write_off, on)
    assert write_off.note_id is not None
    return allocations.share(w, (write_off.note_id, None), fen, on, receipt_id=receipt.id)


def undo_of_receipt(
    w: Work, account: CreditAccount, receipt: Receipt, invoice_ids: set[int] | None
) -> None:
    """What the receipt had settled by tolerance, of these invoices or of all, is owed again."""
    rows = w.session.scalars(
        sa.select(WriteOff).where(WriteOff.receipt_id == receipt.id, WriteOff.state == "posted")
    ).all()
    for write_off in rows:
        target = write_off.invoice_id or write_off.note_id
        if invoice_ids is None or target in invoice_ids:
            reverse(w, account, write_off, f"{receipt.number}")


def _new(w: Work, account: CreditAccount, kind: str, fen: int, reason: str) -> WriteOff:
    return WriteOff(
        number=w.draw("WO", w.today),
        kind=kind,
        distributor_id=account.distributor_id,
        currency=account.currency,
        amount_fen=fen,
        reason=reason,
        state="proposed",
        proposed_by_id=w.actor.user_id,
        proposed_at=w.now,
        row_version=1,
    )


def _note(w: Work, account: CreditAccount, gross_fen: int, on: date) -> Invoice:
    """Without VAT: what is given up is no turnover."""
    return notes.post(w, account, on, "WN", "write_off", net_fen=gross_fen, gross_fen=gross_fen)


def _set_against(
    w: Work, note: Invoice, target: tuple[int | None, int | None], fen: int, on: date
) -> None:
    """Two rows that sum to nothing: so much less of the target, and of the note."""
    for place, share in ((target, fen), ((note.id, None), -fen)):
        allocations.share(w, place, share, on, note_id=note.id)
