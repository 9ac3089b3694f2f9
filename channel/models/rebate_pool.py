"""What the rebate pool is used for: uses with their form, discounts on invoices, and counts.

The ledger itself is pool_entry (models/rebates.py); nothing here holds a balance.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.orders import Order
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from contracts.rebates.payout import FORMS

STATES = ("reserved", "requested", "approved", "used", "released", "refused")


class PoolUse(Model):
    """One use of the pool in one form: on an order, against what is owed, or as money.

    invoice and goods: reserved → used by the invoices of the order, or released. offset and
    transfer: requested → approved by a second person → used, or refused. What is neither used nor
    given back is reserved: it counts as used already.
    """

    __tablename__ = "pool_use"
    __table_args__ = (
        sa.CheckConstraint(f"form IN {FORMS!r}", name="form"),
        sa.CheckConstraint(f"state IN {STATES!r}", name="state"),
        sa.CheckConstraint(
            "amount_fen > 0 AND used_fen >= 0 AND released_fen >= 0"
            " AND used_fen + released_fen <= amount_fen",
            name="parts",
        ),
        sa.CheckConstraint(
            "(form IN ('invoice', 'goods')) = (order_id IS NOT NULL)", name="of_order"
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR requested_by_id IS NULL OR decided_by_id <> requested_by_id",
            name="two_persons",
        ),
        sa.Index("ix_pool_use_owner", "distributor_id", "currency", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    form: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10))
    amount_fen: Mapped[Fen]
    used_fen: Mapped[Fen] = mapped_column(default=0)
    released_fen: Mapped[Fen] = mapped_column(default=0)
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sales_order.id"), index=True)
    #: The credit note of an offset.
    note_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    requested_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Of a transfer: the day and the bank's reference.
    paid_on: Mapped[date | None]
    payment_reference: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Number of the red-letter invoice (红字发票), typed once finance has it.
    red_invoice: Mapped[str] = mapped_column(sa.String(200), default="")
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    order: Mapped[Order | None] = relationship()
    credit_note: Mapped[Invoice | None] = relationship()

    @property
    def open_fen(self) -> int:
        """What is still reserved."""
        return self.amount_fen - self.used_fen - self.released_fen


class InvoiceDiscount(Model):
    """What the pool takes off an invoice, by VAT rate: in the total, in no goods line.

    The base of rebates and targets is what the goods cost before it.
    """

    __tablename__ = "invoice_discount"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "line_no"),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name="parts"),
        sa.CheckConstraint("gross_fen < 0", name="taken_off"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    line_no: Mapped[int]
    use_id: Mapped[int] = mapped_column(sa.ForeignKey("pool_use.id"), index=True)
    vat_rate_bp: Mapped[int]
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    gross_fen: Mapped[Fen]

    use: Mapped[PoolUse] = relationship()

    @property
    def kind(self) -> str:
        """What it is among the charges of an invoice."""
        return "rebate"


class PoolControl(Model):
    """One count of all pools: ledger against statements, cases and uses; never changed."""

    __tablename__ = "pool_control"
    __table_args__ = (sa.Index("ix_pool_control_on_date", "on_date"),)

    id: Mapped[Id]
    on_date: Mapped[date]
    checked_at: Mapped[Instant]
    pools: Mapped[int]
    #: How many pools differ; the first ones stand in `differences`.
    differing: Mapped[int]
    #: [{"distributor_id", "currency", "part", "documents_fen", "entries_fen"}]
    differences: Mapped[Facts]
