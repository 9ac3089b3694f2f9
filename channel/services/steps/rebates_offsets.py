"""A rebate set against receivables: a credit note over it, with the VAT of what it settles."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.rebate_pool import PoolUse
from channel.models.receivables import Invoice
from channel.queries.credit import OpenPart
from channel.services.steps import notes, offsetting, rebates_pool
from channel.services.work import Work
from contracts.values.money import round_half_up


def post(w: Work, account: CreditAccount, use: PoolUse) -> Invoice:
    """Post the note, settle the oldest debts with it, and use what was reserved."""
    w.session.flush()  # what was just posted takes part
    planned = offsetting.plan(account, use.open_fen)
    gross = sum(share for _part, share in planned)
    net = _net_of(w, planned)
    note = notes.post(w, account, w.today, "RN", "credit_note", net_fen=-net, gross_fen=-gross)
    offsetting.settle(w, note.id, planned, w.today)
    use.note_id = note.id
    rebates_pool.consume(w, use, gross, note.number, w.today)
    w.audit("invoice:post", note, reason=use.number, changes={"gross_fen": note.gross_fen})
    return note


def _net_of(w: Work, planned: Sequence[tuple[OpenPart, int]]) -> int:
    """The net of what is settled: of each invoice its own share of VAT, rounded half up."""
    ids = {part.invoice_id for part, _share in planned}
    amounts = {
        invoice_id: (net, gross)
        for invoice_id, net, gross in w.session.execute(
            sa.select(Invoice.id, Invoice.net_fen, Invoice.gross_fen).where(Invoice.id.in_(ids))
        )
    }
    total = 0
    for part, share in planned:
        net, gross = amounts[part.invoice_id]
        total += int(round_half_up(Decimal(share) * net / gross, 0))
    return total
