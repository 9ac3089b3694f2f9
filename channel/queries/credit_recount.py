"""Credit counted anew from the documents: what every balance should be, in one statement.

One statement sees one moment of the database, so that a count beside running work finds no
difference that is none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount, CreditControl, CreditEntry
from channel.models.orders import Order, OrderLine, Shipment
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, ParkedReceipt, Receipt

#: Who speaks of a bucket.
SOURCES = ("document", "entry", "balance")
BUCKETS = ("ordered", "shipped", "invoiced", "unapplied")


@dataclass(frozen=True)
class Difference:
    """One bucket of one debtor: by its documents, by its entries, and as the account has it."""

    distributor_id: int
    currency: str
    bucket: str
    documents_fen: int
    entries_fen: int
    balance_fen: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _part(
    source: str, bucket: str, owner: Any, fen: Any, *conditions: Any, join: Any = None
) -> Any:
    """Sums by debtor as rows (distributor, currency, bucket, documents, entries, balance)."""
    total = sa.func.sum(fen)
    found = [
        total if source == name else sa.literal(0) for name in ("document", "entry", "balance")
    ]
    statement = sa.select(
        owner.distributor_id, owner.currency, sa.literal(bucket).label("bucket"), *found
    )
    if join is not None:
        statement = statement.select_from(join)
    return statement.where(*conditions).group_by(owner.distributor_id, owner.currency)


def _by_documents() -> list[Any]:
    """What orders, shipments, invoices and receipts say of each bucket.

    Goods of an order count until they are shipped; freight of a changed place counts with the
    order or the shipment that bears it; money that is parked does not count.
    """
    lines = sa.join(OrderLine, Order, Order.id == OrderLine.order_id)
    unshipped = OrderLine.unit_gross_fen * (OrderLine.quantity - OrderLine.shipped_quantity)
    paid = sa.join(Allocation, Invoice, Invoice.id == Allocation.invoice_id)
    spent = sa.join(Allocation, Receipt, Receipt.id == Allocation.receipt_id)
    parked = sa.join(ParkedReceipt, Receipt, Receipt.id == ParkedReceipt.receipt_id)
    planned = Shipment.state.in_(("draft", "refused", "held", "released"))
    return [
        _part("document", "ordered", Order, unshipped, Order.state == "confirmed",
              OrderLine.is_free.is_(False), join=lines),
        _part("document", "ordered", Order, Order.freight_fen, Order.freight_fen != 0),
        _part("document", "ordered", Shipment, Shipment.freight_fen, planned),
        _part("document", "shipped", Shipment, Shipment.goods_gross_fen + Shipment.freight_fen,
              Shipment.state == "shipped"),
        _part("document", "invoiced", Invoice, Invoice.gross_fen),
        _part("document", "invoiced", Invoice, -Allocation.amount_fen, join=paid),
        _part("document", "unapplied", Receipt, Receipt.amount_fen),
        _part("document", "unapplied", Receipt, -Receipt.amount_fen,
              ParkedReceipt.state == "parked", join=parked),
        _part("document", "unapplied", Receipt, -Allocation.amount_fen, join=spent),
    ]  # fmt: skip


def _by_entries() -> list[Any]:
    entries = sa.join(CreditEntry, CreditAccount, CreditAccount.id == CreditEntry.account_id)
    return [
        _part("entry", bucket, CreditAccount, CreditEntry.amount_fen,
              CreditEntry.bucket == bucket, join=entries)
        for bucket in BUCKETS
    ]  # fmt: skip


def _balances() -> list[Any]:
    return [
        _part("balance", bucket, CreditAccount, getattr(CreditAccount, f"{bucket}_fen"))
        for bucket in BUCKETS
    ]


def differences() -> list[Difference]:
    """Every bucket of which documents, entries and balance do not agree; none, always."""
    parts = sa.union_all(*_by_documents(), *_by_entries(), *_balances()).subquery()
    owner_id, currency, bucket, *figures = parts.c
    documents, entries, balance = (sa.cast(sa.func.sum(c), sa.BigInteger) for c in figures)
    rows = db.session.execute(
        sa.select(owner_id, currency, bucket, documents, entries, balance)
        .group_by(owner_id, currency, bucket)
        .having(sa.or_(documents != balance, entries != balance))
        .order_by(owner_id, currency, bucket)
    )
    return [Difference(*row[:3], *map(int, row[3:])) for row in rows]


def count_accounts() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(CreditAccount)) or 0


def last_control() -> CreditControl | None:
    """The newest count, or None in a house that was never counted."""
    return db.session.scalars(
        sa.select(CreditControl).order_by(CreditControl.id.desc()).limit(1)
    ).first()


def controls(limit: int = 30) -> list[CreditControl]:
    """The newest counts."""
    return list(
        db.session.scalars(sa.select(CreditControl).order_by(CreditControl.id.desc()).limit(limit))
    )


def names_of(control: CreditControl | None) -> dict[int, Distributor]:
    """The debtors that a count names, by id."""
    ids = {row["distributor_id"] for row in control.differences} if control else set()
    if not ids:
        return {}
    rows = db.session.scalars(sa.select(Distributor).where(Distributor.id.in_(ids)))
    return {row.id: row for row in rows}
