"""Money set against debts for many debtors at once: oldest due first, as for a single receipt.

An allocation bears the later of the two dates, so that ageing as of any past day is as it was.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.orders import Order, Shipment
from channel.models.receivables import Allocation, Invoice, Receipt
from channel.services.steps import rechecking
from channel.services.steps.importing.accounts import Move, Owner, post
from channel.services.steps.importing.plan import chunks, insert_many
from channel.services.work import Work
from credit.allocation import allocate_oldest


@dataclass
class Debt:
    """An invoice with what is open on it."""

    invoice_id: int
    pay_by: date
    invoice_date: date
    open_fen: int


@dataclass
class Credit:
    """A receipt with what is not applied yet."""

    receipt_id: int
    received_on: date
    rest_fen: int


def settle(
    w: Work, accounts: Mapping[Owner, CreditAccount], named: Mapping[int, int] | None = None
) -> int:
    """Apply waiting receipts to open invoices of the locked debtors; the fen applied.

    `named`: receipt id → the invoice that it was sent for, which is paid first.
    """
    waiting = {owner for owner, account in accounts.items() if account.unapplied_fen > 0}
    if not waiting:
        return 0
    debts, credits = _debts(w, waiting), _credits(w, waiting)
    shares: list[tuple[Owner, Credit, Debt, int]] = []
    for owner in sorted(waiting):
        shares += _pay_named(owner, debts[owner], credits[owner], named or {})
        shares += _pay_oldest(owner, debts[owner], credits[owner])
    insert_many(
        w,
        Allocation,
        [
            {
                "receipt_id": credit.receipt_id,
                "invoice_id": debt.invoice_id,
                "amount_fen": fen,
                "allocated_on": max(credit.received_on, debt.invoice_date),
                "created_at": w.now,
            }
            for _owner, credit, debt, fen in shares
        ],
    )
    post(w, dict(accounts), _moves(shares))
    return sum(fen for *_rest, fen in shares)


def _moves(shares: Sequence[tuple[Owner, Credit, Debt, int]]) -> list[Move]:
    """Two movements for each receipt and day on which some of it was applied."""
    sums: dict[tuple[Owner, int, date], int] = {}
    for owner, credit, debt, fen in shares:
        key = (owner, credit.receipt_id, max(credit.received_on, debt.invoice_date))
        sums[key] = sums.get(key, 0) + fen
    return [
        Move(owner, bucket, -fen, "allocate", "receipt", receipt_id, on)
        for (owner, receipt_id, on), fen in sums.items()
        for bucket in ("unapplied", "invoiced")
    ]


def _debts(w: Work, owners: set[Owner]) -> dict[Owner, list[Debt]]:
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == Invoice.id)
        .scalar_subquery()
    )
    rest = (Invoice.gross_fen - paid).label("rest")
    found: dict[Owner, list[Debt]] = defaultdict(list)
    for part in chunks(sorted({d for d, _currency in owners})):
        rows = w.session.execute(
            sa.select(
                Invoice.distributor_id, Invoice.currency, Invoice.id, Invoice.pay_by,
                Invoice.invoice_date, rest,
            )
            .where(Invoice.distributor_id.in_(part), Invoice.gross_fen > 0, rest > 0)
            .order_by(Invoice.pay_by, Invoice.id)
        )  # fmt: skip
        for distributor_id, currency, invoice_id, pay_by, on, fen in rows:
            found[distributor_id, currency].append(Debt(invoice_id, pay_by, on, int(fen)))
    return found


def _credits(w: Work, owners: set[Owner]) -> dict[Owner, list[Credit]]:
    used = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.receipt_id == Receipt.id)
        .scalar_subquery()
    )
    rest = (Receipt.amount_fen - used).label("rest")
    found: dict[Owner, list[Credit]] = defaultdict(list)
    for part in chunks(sorted({d for d, _currency in owners})):
        rows = w.session.execute(
            sa.select(
                Receipt.distributor_id, Receipt.currency, Receipt.id, Receipt.received_on, rest
            )
            .where(Receipt.distributor_id.in_(part), rest > 0)
            .order_by(Receipt.received_on, Receipt.id)
        )
        for distributor_id, currency, receipt_id, on, fen in rows:
            found[distributor_id, currency].append(Credit(receipt_id, on, int(fen)))
    return found


def _pay_named(
    owner: Owner, debts: list[Debt], credits: list[Credit], named: Mapping[int, int]
) -> list[tuple[Owner, Credit, Debt, int]]:
    """Receipts that name an open invoice of the same debtor pay that one."""
    by_id = {debt.invoice_id: debt for debt in debts}
    shares = []
    for credit in credits:
        debt = by_id.get(named.get(credit.receipt_id, 0))
        fen = min(credit.rest_fen, debt.open_fen) if debt else 0
        if debt and fen:
            shares.append((owner, credit, debt, fen))
            debt.open_fen -= fen
            credit.rest_fen -= fen
    return shares


def _pay_oldest(
    owner: Owner, debts: list[Debt], credits: list[Credit]
) -> list[tuple[Owner, Credit, Debt, int]]:
    """The rule of the core over a window of the oldest debts, so that it stays linear."""
    left = deque(debt for debt in debts if debt.open_fen > 0)
    shares = []
    for credit in credits:
        if not left:
            break
        window, sum_fen = [], 0
        for debt in left:
            window.append(debt)
            sum_fen += debt.open_fen
            if sum_fen >= credit.rest_fen:
                break
        by_id = {debt.invoice_id: debt for debt in window}
        items = [(d.invoice_id, d.pay_by, d.open_fen) for d in window]
        paid, credit.rest_fen = allocate_oldest(items, credit.rest_fen)
        for invoice_id, fen in paid:
            debt = by_id[invoice_id]
            debt.open_fen -= fen
            shares.append((owner, credit, debt, fen))
        while left and not left[0].open_fen:
            left.popleft()
    return shares


def recheck(w: Work, accounts: Mapping[Owner, CreditAccount]) -> None:
    """What was held for want of money is judged again, debtor by debtor."""
    held: set[Owner] = set()
    for model in (Shipment, Order):
        rows = w.session.execute(
            sa.select(model.distributor_id, model.currency).where(model.state == "held").distinct()
        )
        held |= {(distributor_id, currency) for distributor_id, currency in rows}
    for owner in sorted(held & accounts.keys()):
        rechecking.recheck_held(w, accounts[owner])
