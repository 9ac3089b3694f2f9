"""Money set against invoices and their instalments by a stated policy, and what becomes free.

What is parked, what was reversed, and what a person keeps back is never set against anything by
itself. A rest that the house tolerates is written off, or kept, at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.cash import CashRule, KeptReceipt
from channel.models.credit import CreditAccount
from channel.models.receivables import Allocation, ParkedReceipt, Receipt
from channel.queries import cash
from channel.queries import credit as reads
from channel.queries.credit import OpenPart
from channel.queries.receivables import UNDONE
from channel.services.steps import allocations, credit, discounts, write_offs
from channel.services.work import Work
from credit.allocation import INTEREST_FIRST, in_order, is_tolerated, with_discount


def parked_ids(distributor_ids: list[int]) -> Any:
    """The receipts of debtors that no run may touch: those that wait for a second person, those
    that were sent back, and those whose rest a person keeps back."""
    parked = sa.select(ParkedReceipt.receipt_id).where(
        ParkedReceipt.distributor_id.in_(distributor_ids), ParkedReceipt.state != "approved"
    )
    kept = sa.select(KeptReceipt.receipt_id).where(KeptReceipt.distributor_id.in_(distributor_ids))
    return parked.union_all(kept)


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


def rest_of(w: Work, receipt: Receipt) -> int:
    """What of the receipt is not set against anything."""
    used = w.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0)).where(
            Allocation.receipt_id == receipt.id
        )
    )
    return receipt.amount_fen - int(used or 0)


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


def house_rules(w: Work) -> CashRule:
    """Read once for the transaction."""
    if "cash.rules" not in w.memo:
        w.memo["cash.rules"] = cash.rules()
    return w.memo["cash.rules"]  # type: ignore[no-any-return]


def apply_waiting_money(w: Work, account: CreditAccount, on: date) -> int:
    """Set unapplied receipts against what is open, each by its policy; gives the fen applied."""
    w.session.flush()  # what was just posted takes part
    if account.unapplied_fen <= 0:
        return 0
    parts = _open_parts(account)
    if not parts:
        return 0
    applied = 0
    for receipt, rest in waiting(w, account.distributor_id, account.currency):
        if not parts:
            break
        parts, spent = pay(w, account, receipt, rest, parts, on)
        applied += spent
    return applied


def _open_parts(account: CreditAccount) -> list[OpenPart]:
    parts = reads.open_parts(account.distributor_id, account.currency)
    return [part for part in parts if part.open_fen > 0]


def by_policy(
    w: Work, account: CreditAccount, policy: str, parts: list[OpenPart]
) -> list[OpenPart]:
    """The parts in the order in which the policy pays them."""
    if policy != INTEREST_FIRST:
        return parts  # they are read oldest due first
    key = f"cash.interest.{account.id}"
    if key not in w.memo:
        w.memo[key] = cash.interest_invoices(account.distributor_id, account.currency)
    return in_order([(part, part.pay_by, part.invoice_id in w.memo[key]) for part in parts], policy)


def apply_by(
    w: Work, account: CreditAccount, receipt: Receipt, rest: int, policy: str, on: date
) -> int:
    """Set one receipt against what is open by a policy that is not its own; the fen spent."""
    w.session.flush()  # what was just posted takes part
    return pay(w, account, receipt, rest, _open_parts(account), on, policy)[1]


def pay(
    w: Work,
    account: CreditAccount,
    receipt: Receipt,
    rest: int,
    parts: list[OpenPart],
    on: date,
    policy: str | None = None,
) -> tuple[list[OpenPart], int]:
    """Spend what is left of one receipt on open parts by its policy, and settle what the house
    tolerates; gives what stays open, oldest first, and the fen spent."""
    on = max(on, receipt.received_on)
    rules = house_rules(w)
    ordered = by_policy(w, account, policy or receipt.policy or rules.policy, parts)
    spent, open_fen = _spend(w, account, receipt, [(p, p.open_fen) for p in ordered], rest, on)
    left = [
        replace(part, open_fen=open_fen[_key(part)]) for part in parts if open_fen[_key(part)] > 0
    ]
    if not left and rules.over_is_income:
        spent += _keep_rest(w, account, receipt, rest - spent, on)
    _tell_ledger(w, account, receipt, spent, on)
    return left, spent


def pay_named(
    w: Work, account: CreditAccount, receipt: Receipt, wishes: Mapping[int, int], on: date
) -> int:
    """Spend so many fen of a receipt on invoices by id, as somebody named them; the fen spent."""
    w.session.flush()  # what was just posted takes part
    on, left = max(on, receipt.received_on), dict(wishes)
    targets = []
    for part in _open_parts(account):
        share = min(part.open_fen, left.get(part.invoice_id, 0))
        if share > 0:
            targets.append((part, share))
            left[part.invoice_id] -= share
    spent, _open = _spend(w, account, receipt, targets, rest_of(w, receipt), on)
    _tell_ledger(w, account, receipt, spent, on)
    return spent


def _key(part: OpenPart) -> tuple[int, int | None]:
    return part.invoice_id, part.instalment_id


def _spend(
    w: Work,
    account: CreditAccount,
    receipt: Receipt,
    targets: list[tuple[OpenPart, int]],
    rest: int,
    on: date,
) -> tuple[int, dict[tuple[int, int | None], int]]:
    """Spend money on (part, at most so many fen) in turn; the fen spent, and what stays open."""
    spent, open_fen = 0, {_key(part): part.open_fen for part, _most in targets}
    rules = house_rules(w)
    for part, most in targets:
        if spent >= rest:
            break
        is_early = part.discount_until is not None and receipt.received_on <= part.discount_until
        money = min(rest - spent, most)
        off_most = part.discount_fen if is_early else 0
        fen, off = with_discount(part.open_fen, part.amount_fen, off_most, money)
        allocations.share(w, _key(part), fen, on, receipt_id=receipt.id)
        if off:
            discounts.give(w, account, receipt, part, off, on)
        spent += fen
        short = part.open_fen - fen - off
        if is_tolerated(short, part.amount_fen, rules.short_fen, rules.short_bp):
            write_offs.settle_difference(w, account, receipt, part, short, on)
            short = 0
        open_fen[_key(part)] = short
    return spent, open_fen


def _keep_rest(w: Work, account: CreditAccount, receipt: Receipt, over: int, on: date) -> int:
    """What came too much, where the house keeps so little; the fen kept."""
    rules = house_rules(w)
    if not is_tolerated(over, receipt.amount_fen, rules.over_fen, rules.over_bp):
        return 0
    write_offs.keep_as_income(w, account, receipt, over, on)
    return over


def _tell_ledger(w: Work, account: CreditAccount, receipt: Receipt, spent: int, on: date) -> None:
    moves = [("unapplied", -spent), ("invoiced", -spent)]
    credit.move(w, account, moves, act="allocate", document=receipt, on=on)


def unapply(
    w: Work, account: CreditAccount, receipt: Receipt, invoice_ids: set[int] | None = None
) -> int:
    """Take the receipt off these invoices, or off all, by opposite rows of today: discounts and
    tolerated differences are owed again. Gives the fen of money that wait again."""
    w.session.flush()  # what was just set against something takes part
    notes = discounts.notes_of(w, receipt)
    target = (Allocation.invoice_id, Allocation.instalment_id)
    rows = w.session.execute(
        sa.select(*target, sa.func.sum(Allocation.amount_fen))
        .where(Allocation.receipt_id == receipt.id, Allocation.invoice_id.not_in(notes))
        .group_by(*target)
    ).all()
    freed = 0
    for invoice_id, part_id, fen in rows:
        if fen and (invoice_ids is None or invoice_id in invoice_ids):
            back = discounts.take_back(w, account, receipt, invoice_id, part_id)
            target = (invoice_id, part_id)
            allocations.share(w, target, -int(fen), w.today, receipt_id=receipt.id)
            freed += int(fen) - back
    write_offs.undo_of_receipt(w, account, receipt, invoice_ids)
    moves = [("invoiced", freed), ("unapplied", freed)]
    credit.move(w, account, moves, act="allocate", document=receipt, on=w.today)
    w.session.flush()  # what is open again must be seen by the next read
    return freed


def keep_back(w: Work, receipt: Receipt) -> None:
    """From now on the rest of the receipt waits for a person."""
    if not cash.is_kept(receipt.id):
        w.session.add(
            KeptReceipt(
                receipt_id=receipt.id, distributor_id=receipt.distributor_id,
                kept_by_id=w.actor.user_id, kept_at=w.now,
            )
        )  # fmt: skip
        w.session.flush()  # the next run must not take it


def let_go(w: Work, receipt: Receipt) -> None:
    """The rest of the receipt takes part in the next run again."""
    w.session.execute(sa.delete(KeptReceipt).where(KeptReceipt.receipt_id == receipt.id))
