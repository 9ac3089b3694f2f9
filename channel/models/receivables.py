"""Invoices with lines, charges and instalments, receipts, and what paid what. All append-only,
but for what people decide about a receipt that was parked.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import E4, Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.catalogue import Product
from channel.models.partners import Distributor


class Invoice(Model):
    """A posted receivable: an invoice, a credit note (negative), an opening balance, interest for
    late payment, or a write-off (negative; its opposite is positive)."""

    __tablename__ = "invoice"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('invoice','credit_note','opening','interest','write_off')", name="kind"
        ),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name="parts"),
        sa.Index(
            "ix_invoice_open_items",
            "distributor_id",
            "currency",
            "pay_by",
            "invoice_date",
            "gross_fen",
        ),
        sa.Index("ix_invoice_invoice_date", "invoice_date", "id"),
        sa.Index("ix_invoice_totals", "currency", "net_fen", "gross_fen", "distributor_id"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(sa.String(12), default="invoice")
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    shipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shipment.id"), unique=True)
    invoice_date: Mapped[date]
    #: When all of it is due; what is due earlier stands in its instalments.
    due_date: Mapped[date]
    #: The due date after rolling over days off; overdue counts from here, or from the
    #: instalments' own dates where there are any.
    pay_by: Mapped[date]
    currency: Mapped[Currency]
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    gross_fen: Mapped[Fen]
    created_at: Mapped[Instant]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    #: Of a credit note: the invoice whose goods came back, as far as it is one.
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)

    distributor: Mapped[Distributor] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(
        back_populates="invoice", order_by="InvoiceLine.line_no"
    )


def _own_day(context: Any) -> date:
    """The day of a line that says no other: that of its invoice."""
    given: date = context.get_current_parameters(isolate_multiinsert_groups=True)["invoice_date"]
    return given


class InvoiceLine(Model):
    """One line, exact to four decimals. Distributor, date, currency and group are copied here so
    that a rebate run reads one index and joins nothing."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "line_no"),
        # In the order in which bases are grouped, so that their sums need no sorting.
        sa.Index(
            "ix_invoice_line_rebate_base",
            "distributor_id",
            "currency",
            "counts_on",
            "group_id",
            "is_free",
            "net_e4",
            "gross_e4",
            "quantity",
        ),
        sa.Index("ix_invoice_line_product_id", "product_id", "distributor_id", "invoice_date"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    line_no: Mapped[int]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    invoice_date: Mapped[date]
    currency: Mapped[Currency]
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("product_group.id"))
    quantity: Mapped[int]
    unit_price_e4: Mapped[E4]
    net_e4: Mapped[E4]
    tax_e4: Mapped[E4]
    gross_e4: Mapped[E4]
    vat_rate_bp: Mapped[int]
    is_free: Mapped[bool] = mapped_column(default=False)
    #: The day to which rebates and targets count it: its invoice's, or that of the line it undoes.
    counts_on: Mapped[date] = mapped_column(default=_own_day)
    #: The day on which its goods left, where that is known; else the invoice's; of a line that
    #: undoes another, the day on which those goods had left.
    shipped_on: Mapped[date] = mapped_column(default=_own_day)
    #: The sold line of which these goods come back.
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_line.id"), index=True)

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class InvoiceCharge(Model):
    """What is charged beside the goods, e.g. freight: in the total, in no line, and so in no
    rebate, target or minimum."""

    __tablename__ = "invoice_charge"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "line_no"),
        sa.CheckConstraint("kind IN ('freight')", name="kind"),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name="parts"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    line_no: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12), default="freight")
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    gross_fen: Mapped[Fen]
    vat_rate_bp: Mapped[int]


class InvoiceInstalment(Model):
    """A part of an invoice with its own date. Only invoices that are paid in parts, or that give
    a discount for early payment, have any; theirs sum to the invoice."""

    __tablename__ = "invoice_instalment"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "number"),
        sa.Index("ix_invoice_instalment_open", "distributor_id", "currency", "pay_by"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    #: Copied from the invoice, so that a debtor's are read from one index.
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    number: Mapped[int]
    due_date: Mapped[date]
    pay_by: Mapped[date]
    amount_fen: Mapped[Fen]
    #: Paid up to this day, the discount is taken off.
    discount_until: Mapped[date | None]
    discount_fen: Mapped[Fen] = mapped_column(default=0)


class DiscountTaken(Model):
    """A discount for early payment that a receipt earned: posted as a credit note."""

    __tablename__ = "discount_taken"
    __table_args__ = (sa.Index("ix_discount_taken_receipt_id", "receipt_id"),)

    id: Mapped[Id]
    instalment_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice_instalment.id"), index=True)
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"))
    credit_note_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    #: Negative where a reversed receipt takes it back.
    amount_fen: Mapped[Fen]


class Receipt(Model):
    """Money received. What is not allocated yet counts once, as unapplied."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.Index("ix_receipt_distributor_id_received_on", "distributor_id", "received_on"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    received_on: Mapped[date] = mapped_column(index=True)
    currency: Mapped[Currency]
    #: Negative for a reversal.
    amount_fen: Mapped[Fen]
    method: Mapped[str] = mapped_column(sa.String(20), default="transfer")
    #: What it pays first: a policy of credit.allocation; NULL is the house's own.
    policy: Mapped[str | None] = mapped_column(sa.String(16))
    payer_name: Mapped[str] = mapped_column(sa.String(255), default="")
    reference: Mapped[str] = mapped_column(sa.String(255), default="")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)

    distributor: Mapped[Distributor] = relationship()


class ParkedReceipt(Model):
    """A receipt that frees no credit and pays nothing until a second person has decided."""

    __tablename__ = "parked_receipt"
    __table_args__ = (
        sa.CheckConstraint("state IN ('parked','approved','returned')", name="state"),
        sa.Index("ix_parked_receipt_state", "state", "id"),
    )

    id: Mapped[Id]
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    #: Why: the findings, as they stood then.
    findings: Mapped[Facts]
    state: Mapped[str] = mapped_column(sa.String(10), default="parked")
    parked_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    row_version: Mapped[int] = mapped_column(default=1)

    receipt: Mapped[Receipt] = relationship()
    distributor: Mapped[Distributor] = relationship()


class Allocation(Model):
    """A part of a receipt set against an invoice. Negative undoes one.

    Where no money settles an invoice but a write-off, the note stands in place of the receipt.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        sa.CheckConstraint("receipt_id IS NOT NULL OR note_id IS NOT NULL", name="source"),
        sa.Index("ix_allocation_invoice", "invoice_id", "allocated_on", "amount_fen"),
        sa.Index("ix_allocation_receipt", "receipt_id", "allocated_on", "amount_fen"),
        sa.Index(
            "ix_allocation_ages",
            "distributor_id",
            "currency",
            "pay_by",
            "allocated_on",
            "amount_fen",
        ),
    )

    id: Mapped[Id]
    receipt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("receipt.id"))
    #: The write-off, an invoice.id, that settles where no money does.
    note_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    #: The part that is paid, of an invoice that has instalments.
    instalment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_instalment.id"))
    amount_fen: Mapped[Fen]
    #: Never before the invoice's own day.
    allocated_on: Mapped[date]
    #: Copied from the invoice, or from its instalment, so that ageing joins nothing.
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    pay_by: Mapped[date]
    created_at: Mapped[Instant]
