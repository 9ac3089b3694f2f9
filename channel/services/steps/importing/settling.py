"""Money set against debts for many debtors at once: oldest due first, as for a single receipt.

An allocation bears the later of the two dates, so that ageing as of any past day is as it was.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.orders import Order, Shipment
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment, Receipt
from channel.queries.credit import OpenPart
from channel.services.steps import discounts, receipts, rechecking
from channel.services.steps.importing.accounts import Move, Owner, post
from channel.services.steps.importing.plan import chunks, insert_many
from channel.services.work import Work
from credit.allocation import allocate_oldest, with_discount


@dataclass
class Debt:
    """An invoice, or one of its instalments, with what is open on it."""

    invoice_id: int
    pay_by: date
    invoice_date: date
    open_fen: int
    instalment_id: int | None = None
    amount_fen: int = 0
    discount_until: date | None = None
    discount_fen: int = 0


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
    paid = Paid()
    for owner in sorted(waiting):
        _pay_named(paid, owner, debts[owner], credits[owner], named or {})
        if any(debt.discount_fen for debt in debts[owner]):
            for credit in credits[owner]:
                for debt in debts[owner]:
                    paid.spend(owner, credit, debt)
        else:
            paid.shares += _pay_oldest(owner, debts[owner], credits[owner])
    insert_many(
        w,
        Allocation,
        [
            {
                "receipt_id": credit.receipt_id,
                "invoice_id": debt.invoice_id,
                "instalment_id": debt.instalment_id,
                "amount_fen": fen,
                "allocated_on": max(credit.received_on, debt.invoice_date),
                "distributor_id": owner[0],
                "currency": owner[1],
                "pay_by": debt.pay_by,
                "created_at": w.now,
            }
            for owner, credit, debt, fen in paid.shares
        ],
    )
    post(w, dict(accounts), _moves(paid.shares))
    for owner, credit, debt, off in paid.offs:
        on = max(credit.received_on, debt.invoice_date)
        receipt = w.session.get_one(Receipt, credit.receipt_id)
        discounts.give(w, accounts[owner], receipt, _part(debt), off, on)
    return sum(fen for *_rest, fen in paid.shares)


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
        parts = _parts(w, part)
        for distributor_id, currency, invoice_id, pay_by, on, fen in rows:
            owner = distributor_id, currency
            if invoice_id in parts:
                found[owner] += [p for p in parts[invoice_id] if p.open_fen > 0]
            else:
                found[owner].append(Debt(invoice_id, pay_by, on, int(fen)))
        if parts:
            for debts in found.values():
                debts.sort(key=lambda debt: (debt.pay_by, debt.invoice_id))
    return found


def _parts(w: Work, distributor_ids: Sequence[int]) -> dict[int, list[Debt]]:
    """The instalments of these debtors, by invoice."""
    part = InvoiceInstalment
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == part.invoice_id, Allocation.instalment_id == part.id)
        .scalar_subquery()
    )
    rows = w.session.execute(
        sa.select(
            part.invoice_id, part.pay_by, Invoice.invoice_date, part.amount_fen - paid, part.id,
            part.amount_fen, part.discount_until, part.discount_fen,
        )
        .join(Invoice, Invoice.id == part.invoice_id)
        .where(part.distributor_id.in_(distributor_ids))
        .order_by(part.invoice_id, part.number)
    )  # fmt: skip
    found: dict[int, list[Debt]] = defaultdict(list)
    for invoice_id, pay_by, on, fen, part_id, amount, until, off in rows:
        found[invoice_id].append(
            Debt(invoice_id, pay_by, on, int(fen), part_id, amount, until, off)
        )
    return found


def _part(debt: Debt) -> OpenPart:
    return OpenPart(
        debt.invoice_id, debt.instalment_id, debt.pay_by, debt.open_fen, debt.amount_fen,
        debt.discount_until, debt.discount_fen,
    )  # fmt: skip


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
                Receipt.distributor_id, Receipt.currency, Receipt.id, Receipt.received_on, rest,
                Receipt.number,
            )
            .where(
                Receipt.distributor_id.in_(part), rest > 0,
                Receipt.id.not_in(receipts.parked_ids(list(part))),
            )
            .order_by(Receipt.received_on, Receipt.id)
        )  # fmt: skip
        undone = receipts.reversed_numbers(w, list(part))
        for distributor_id, currency, receipt_id, on, fen, number in rows:
            if number not in undone:
                found[distributor_id, currency].append(Credit(receipt_id, on, int(fen)))
    return found


@dataclass
class Paid:
    """What was set against what: (owner, receipt, debt, fen), and the discounts it earned."""

    shares: list[tuple[Owner, Credit, Debt, int]] = field(default_factory=list)
    offs: list[tuple[Owner, Credit, Debt, int]] = field(default_factory=list)

    def spend(self, owner: Owner, credit: Credit, debt: Debt) -> None:
        """As much of the receipt as the debt takes, with the discount of an early payment."""
        is_early = debt.discount_until is not None and credit.received_on <= debt.discount_until
        fen, off = with_discount(
            debt.open_fen,
            debt.amount_fen or debt.open_fen,
            debt.discount_fen if is_early else 0,
            credit.rest_fen,
        )
        if fen:
            self.shares.append((owner, credit, debt, fen))
            debt.open_fen -= fen + off
            credit.rest_fen -= fen
        if off:
            self.offs.append((owner, credit, debt, off))


def _pay_named(
    paid: Paid, owner: Owner, debts: list[Debt], credits: list[Credit], named: Mapping[int, int]
) -> None:
    """Receipts that name an open invoice of the same debtor pay that one."""
    by_id: dict[int, list[Debt]] = defaultdict(list)
    for debt in debts:
        by_id[debt.invoice_id].append(debt)
    for credit in credits:
        for debt in by_id.get(named.get(credit.receipt_id, 0), ()):
            paid.spend(owner, credit, debt)


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
        items = [(n, d.pay_by, d.open_fen) for n, d in enumerate(window)]
        paid, credit.rest_fen = allocate_oldest(items, credit.rest_fen)
        for n, fen in paid:
            debt = window[n]
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
