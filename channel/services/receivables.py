"""Money in: receipts are booked, set against debts by a policy, and free what waited for them.

Money by a method that the contract does not allow, or from somebody else, is parked: it counts
for nothing until a second person has approved it or sent it back.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.models.receivables import ParkedReceipt, Receipt
from channel.queries import receivables as reads
from channel.queries.scope import get_visible
from channel.services.steps import booking, credit, receipts, rechecking
from channel.services.steps.booking import Money
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block
from credit.allocation import NAMED, POLICIES

METHODS = ("transfer", "acceptance_bill", "cheque", "cash", "other")


def book_receipt(actor: Actor, money: Money, *, external_key: str | None = None) -> int:
    """Book money and set it against debts by its policy; the rest stays unapplied, counts once."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, money.distributor_id)
        if money.amount_fen <= 0:
            raise Refused([block("receipt.amount")])
        if money.received_on > w.today:
            raise Refused([block("receipt.future", on=money.received_on, today=w.today)])
        if money.method not in METHODS:
            raise Refused([block("receipt.method", method=money.method)])
        account = credit.lock_account(w, distributor.id, money.currency)
        receipt, counts = booking.book(w, account, distributor, money, external_key)
        if counts:
            booking.judge_again(w, account)
        return receipt.id


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
            booking.count(w, account, receipt)
            booking.judge_again(w, account)
        else:
            money = _undoing(receipt, w.today)
            booking.add(w, money, -receipt.amount_fen, None)
        w.audit(f"receipt:{act}", receipt, reason=note, changes={"state": (old, parked.state)})


def _undoing(receipt: Receipt, on: date) -> Money:
    """The opposite of a receipt, but for its amount."""
    return Money(
        receipt.distributor_id,
        on,
        0,
        receipt.currency,
        receipt.method,
        receipt.payer_name,
        f"{reads.UNDONE}{receipt.number}",
    )


def reverse_receipt(actor: Actor, receipt_id: int, reason: str) -> int:
    """Undo a wrong receipt by its opposite; what it paid is open again."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        receipt, account = _standing(w, receipt_id)
        if not reason.strip():
            raise Refused([block("receipt.reason_needed")])
        receipts.unapply(w, account, receipt)
        opposite = booking.add(w, _undoing(receipt, w.today), -receipt.amount_fen, None)
        back = [("unapplied", -receipt.amount_fen)]
        credit.move(w, account, back, act="receive", document=opposite, on=w.today)
        # Other money that still waits takes the place of the reversed receipt.
        receipts.apply_waiting_money(w, account, w.today)
        w.audit(
            "receipt:reverse", receipt, reason=reason, changes={"amount_fen": -receipt.amount_fen}
        )
        return opposite.id


def unapply_receipt(
    actor: Actor, receipt_id: int, invoice_ids: set[int] | None, reason: str
) -> int:
    """Take a receipt off these invoices, or off all: the money waits until a person sets it
    against something again. Gives the fen that wait."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        receipt, account = _standing(w, receipt_id)
        if not reason.strip():
            raise Refused([block("receipt.reason_needed")])
        receipts.keep_back(w, receipt)
        freed = receipts.unapply(w, account, receipt, invoice_ids)
        if not freed:
            raise Refused([block("receipt.nothing_applied", number=receipt.number)])
        rechecking.recheck_held(w, account)
        w.audit("receipt:unapply", receipt, reason=reason, changes={"amount_fen": freed})
        return freed


def reapply_receipt(actor: Actor, receipt_id: int, policy: str, named: booking.Named = ()) -> int:
    """Set what waits of a receipt against debts by a policy that a person chose; the fen."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        receipt, account = _standing(w, receipt_id)
        rest = receipts.rest_of(w, receipt)
        if policy not in POLICIES:
            raise Refused([block("receipt.policy", policy=policy)])
        if rest <= 0:
            raise Refused([block("receipt.nothing_waits", number=receipt.number)])
        if policy == NAMED:
            wishes = booking.named_ids(account, named, rest)
            spent = receipts.pay_named(w, account, receipt, wishes, w.today)
            receipts.keep_back(w, receipt)
        else:
            receipts.let_go(w, receipt)
            spent = receipts.apply_by(w, account, receipt, rest, policy, w.today)
        if not spent:
            raise Refused([block("receipt.nothing_open", number=receipt.number)])
        rechecking.recheck_held(w, account)
        changes = {"amount_fen": spent, "policy": policy}
        w.audit("receipt:apply", receipt, changes=changes)
        return spent


def _standing(w: Work, receipt_id: int) -> tuple[Receipt, CreditAccount]:
    """A receipt that counts and was not undone, with its debtor's account, locked."""
    receipt: Receipt = get_visible(w.actor, Receipt, receipt_id)
    account = credit.lock_account(w, receipt.distributor_id, receipt.currency)
    undone = receipts.reversed_numbers(w, [receipt.distributor_id])
    if receipt.amount_fen < 0 or receipt.number in undone:
        raise Refused([block("receipt.reversed", number=receipt.number)])
    parked = w.session.scalar(
        sa.select(ParkedReceipt.state).where(ParkedReceipt.receipt_id == receipt.id)
    )
    if parked not in (None, "approved"):
        raise Refused([block("receipt.still_parked", number=receipt.number)])
    return receipt, account
