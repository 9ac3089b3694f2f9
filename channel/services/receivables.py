"""Money in: receipts are booked, set against the oldest debts, and free what waited for them.

Money by a method that the contract does not allow, or from somebody else, is parked: it counts
for nothing until a second person has approved it or sent it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, ParkedReceipt, Receipt
from channel.queries.scope import get_visible
from channel.rules.collection import check_receipt
from channel.services.steps import credit, discounts, judging, parking, receipts, rechecking
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import Finding, block

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
        w.audit("receipt:post", receipt, changes={"amount_fen": money.amount_fen})
        if findings := _objections(distributor, money):
            parking.park(w, receipt, findings)
        else:
            _count(w, account, receipt)
        return receipt.id


def _objections(distributor: Distributor, money: Money) -> list[Finding]:
    """What clause 4 of the contract in force on the day has against the receipt."""
    ground = judging.ground_on(distributor.id, money.received_on)
    allowed = ground.terms.payment_methods if ground.terms else None
    return check_receipt(money.method, allowed, money.payer_name, distributor.name)


def _count(w: Work, account: CreditAccount, receipt: Receipt) -> None:
    """The money counts: it pays the oldest debts, and what waited for it is judged again."""
    received = [("unapplied", receipt.amount_fen)]
    credit.move(w, account, received, act="receive", document=receipt, on=receipt.received_on)
    receipts.apply_waiting_money(w, account, receipt.received_on)
    rechecking.recheck_held(w, account)


def decide_parked(
    actor: Actor, parked_id: int, act: str, note: str, seen_version: int | None = None
) -> None:
    """A second person lets a parked receipt count, or sends the money back."""
    assert act in ("approve", "return")
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        parked: ParkedReceipt = get_visible(actor, ParkedReceipt, parked_id)
        receipt = w.session.get_one(Receipt, parked.receipt_id)
        account = credit.lock_account(w, receipt.distributor_id, receipt.currency)
        w.session.refresh(parked)
        assert_seen(parked, seen_version)
        if parked.state != "parked":
            raise Refused([block("receipt.decided", number=receipt.number)])
        if receipt.created_by_id == actor.user_id:
            raise Refused([block("receipt.own", number=receipt.number)])
        if not note.strip():
            raise Refused([block("receipt.reason_needed")])
        old, parked.state = parked.state, "approved" if act == "approve" else "returned"
        parked.decided_by_id, parked.decided_at = actor.user_id, w.now
        parked.note = note.strip()[:500]
        w.session.flush()  # what is approved is no longer left out of the waiting money
        if act == "approve":
            _count(w, account, receipt)
        else:
            money = _undoing(receipt, w.today)
            _add(w, money, -receipt.amount_fen, None)
        w.audit(f"receipt:{act}", receipt, reason=note, changes={"state": (old, parked.state)})


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


def _undoing(receipt: Receipt, on: date) -> Money:
    """The opposite of a receipt, but for its amount."""
    return Money(
        receipt.distributor_id,
        on,
        0,
        receipt.currency,
        receipt.method,
        receipt.payer_name,
        f"{receipts.UNDONE}{receipt.number}",
    )


def reverse_receipt(actor: Actor, receipt_id: int, reason: str) -> int:
    """Undo a wrong receipt by its opposite; what it paid is open again."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        receipt: Receipt = get_visible(actor, Receipt, receipt_id)
        if not reason.strip():
            raise Refused([block("receipt.reason_needed")])
        account = credit.lock_account(w, receipt.distributor_id, receipt.currency)
        undone = f"{receipts.UNDONE}{receipt.number}"
        if receipt.amount_fen < 0 or w.session.scalar(
            sa.select(Receipt.id).where(
                Receipt.distributor_id == receipt.distributor_id, Receipt.reference == undone
            )
        ):
            raise Refused([block("receipt.reversed", number=receipt.number)])
        if w.session.scalar(
            sa.select(ParkedReceipt.id).where(
                ParkedReceipt.receipt_id == receipt.id, ParkedReceipt.state != "approved"
            )
        ):
            raise Refused([block("receipt.still_parked", number=receipt.number)])
        freed = _undo_allocations(w, receipt)
        opposite = _add(w, _undoing(receipt, w.today), -receipt.amount_fen, None)
        credit.move(
            w,
            account,
            [("invoiced", freed), ("unapplied", freed - receipt.amount_fen)],
            act="receive",
            document=opposite,
            on=w.today,
        )
        discounts.take_back(w, account, receipt, opposite)
        # Other money that still waits takes the place of the reversed receipt.
        receipts.apply_waiting_money(w, account, w.today)
        w.audit(
            "receipt:reverse", receipt, reason=reason, changes={"amount_fen": -receipt.amount_fen}
        )
        return opposite.id


def _undo_allocations(w: Work, receipt: Receipt) -> int:
    """Opposite rows for what the receipt paid; gives the fen that are open again."""
    target = (Allocation.invoice_id, Allocation.instalment_id)
    paid = [
        (invoice_id, part_id, int(fen))
        for invoice_id, part_id, fen in w.session.execute(
            sa.select(*target, sa.func.sum(Allocation.amount_fen))
            .where(Allocation.receipt_id == receipt.id)
            .group_by(*target)
        )
        if fen
    ]
    for invoice_id, part_id, fen in paid:
        w.session.add(discounts.allocation(w, receipt, invoice_id, part_id, -fen, w.today))
    w.session.flush()  # what is open again must be seen by the next read
    return sum(fen for _id, _part, fen in paid)
