"""A note posted to a debtor's account: in the ledger at once, due on its own day as a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from channel.models.credit import CreditAccount
from channel.models.receivables import Invoice
from channel.services.steps import credit
from channel.services.work import Work


def post(
    w: Work,
    account: CreditAccount,
    on: date,
    series: str,
    kind: str,
    *,
    net_fen: int,
    gross_fen: int,
    **more: Any,
) -> Invoice:
    """The note, with its id; negative amounts lower the debt.

    `more`: what else an Invoice holds, e.g. its lines, or other days on which it is due. Refused
    on a day of a closed month.
    """
    days = {"due_date": on, "pay_by": on}
    note = Invoice(
        number=w.draw(series, on),
        kind=kind,
        distributor_id=account.distributor_id,
        invoice_date=on,
        currency=account.currency,
        net_fen=net_fen,
        tax_fen=gross_fen - net_fen,
        gross_fen=gross_fen,
        created_at=w.now,
        **(days | more),
    )
    w.session.add(note)
    w.session.flush()  # entries, allocations and audit lines refer to note.id
    credit.move(w, account, [("invoiced", gross_fen)], act="post", document=note, on=on)
    return note
