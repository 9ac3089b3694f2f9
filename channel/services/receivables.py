"""Money in: receipts are booked, set against the oldest debts, and free what waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Receipt
from channel.queries.scope import get_visible
from channel.services.steps import credit, receipts, rechecking
from channel.services.work import Refused, Work, work
from contracts.values.findings import block

METHODS = ("transfer", "acceptance_bill", "cheque", "cash", "other")


@dataclass(frozen=True)
class Money:
    """A receipt as somebody books it."""

    distributor_id: int
    received_on: date
    amount_fen: int
    currency: str = "CNY"
    method: str = "transfer"
    payer_name: str = ""
    reference: str = ""


def book_receipt(actor: Actor, money: Money, *, external_key: str | None = None) -> int:
    """Book money, allocate it oldest due first; the rest stays unapplied and counts once."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, money.distributor_id)
        if money.amount_fen <= 0:
            raise Refused([block("receipt.amount")])
        if money.received_on > w.today:
            raise Refused([block("receipt.future", on=money.received_on, today=w.today)])
        if money.method not in METHODS:
            raise Refused([block("receipt.method", method=money.method)])
        account = credit.lock_account(w, distributor.id, money.currency)
        receipt = _add(w, money, money.amount_fen, external_key)
        credit.move(
            w,
            account,
            [("unapplied", money.amount_fen)],
            act="receive",
            document=receipt,
            on=money.received_on,
        )
        receipts.apply_waiting_money(w, account, money.received_on)
        rechecking.recheck_held(w, account)
        w.audit("receipt:post", receipt, changes={"amount_fen": money.amount_fen})
        return receipt.id


def _add(w: Work, money: Money, amount_fen: int, external_key: str | None) -> Receipt:
    receipt = Receipt(
        number=w.draw("RC", money.received_on),
        distributor_id=money.distributor_id,
        received_on=money.received_on,
        currency=money.currency,
        amount_fen=amount_fen,
        method=money.method,
        payer_name=money.payer_name,
        reference=money.reference,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        external_key=external_key,
    )
    w.session.add(receipt)
    w.session.flush()  # entries and allocations refer to receipt.id
    return receipt


def reverse_receipt(actor: Actor, receipt_id: int, reason: str) -> int:
    """Undo a wrong receipt by its opposite; what it paid is open again."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        receipt: Receipt = get_visible(actor, Receipt, receipt_id)
        if not reason.strip():
            raise Refused([block("receipt.reason_needed")])
        account = credit.lock_account(w, receipt.distributor_id, receipt.currency)
        undone = f"reversal of {receipt.number}"
        if receipt.amount_fen < 0 or w.session.scalar(
            sa.select(Receipt.id).where(
                Receipt.distributor_id == receipt.distributor_id, Receipt.reference == undone
            )
        ):
            raise Refused([block("receipt.reversed", number=receipt.number)])
        freed = _undo_allocations(w, receipt)
        money = Money(
            receipt.distributor_id,
            w.today,
            0,
            receipt.currency,
            receipt.method,
            receipt.payer_name,
            undone,
        )
        opposite = _add(w, money, -receipt.amount_fen, None)
        credit.move(
            w,
            account,
            [("invoiced", freed), ("unapplied", freed - receipt.amount_fen)],
            act="receive",
            document=opposite,
            on=w.today,
        )
        _offset(w, account, receipt, opposite)
        w.audit(
            "receipt:reverse", receipt, reason=reason, changes={"amount_fen": -receipt.amount_fen}
        )
        return opposite.id


def _undo_allocations(w: Work, receipt: Receipt) -> int:
    """Opposite rows for what the receipt paid; gives the fen that are open again."""
    paid: Sequence[tuple[int, int]] = [
        (invoice_id, int(fen))
        for invoice_id, fen in w.session.execute(
            sa.select(Allocation.invoice_id, sa.func.sum(Allocation.amount_fen))
            .where(Allocation.receipt_id == receipt.id)
            .group_by(Allocation.invoice_id)
        )
        if fen
    ]
    for invoice_id, fen in paid:
        w.session.add(
            Allocation(
                receipt_id=receipt.id,
                invoice_id=invoice_id,
                amount_fen=-fen,
                allocated_on=w.today,
                created_at=w.now,
            )
        )
    w.session.flush()  # what is open again must be seen by the next read
    return sum(fen for _id, fen in paid)


def _offset(w: Work, account: CreditAccount, receipt: Receipt, opposite: Receipt) -> None:
    """Other money that still waits takes the place of the reversed receipt."""
    assert receipt.amount_fen + opposite.amount_fen == 0
    receipts.apply_waiting_money(w, account, w.today)
