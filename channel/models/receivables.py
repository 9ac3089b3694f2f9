"""Invoices with their lines, receipts, and what receipt paid which invoice. All append-only."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import E4, Code, Currency, Fen, Id, Instant, Model
from channel.models.catalogue import Product
from channel.models.partners import Distributor


class Invoice(Model):
    """A posted receivable: an invoice, a credit note (negative) or an opening balance."""

    __tablename__ = "invoice"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('invoice','credit_note','opening')", name="kind"),
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
    due_date: Mapped[date]
    #: The due date after rolling over days off; overdue counts from here.
    pay_by: Mapped[date]
    currency: Mapped[Currency]
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    gross_fen: Mapped[Fen]
    created_at: Mapped[Instant]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)

    distributor: Mapped[Distributor] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(
        back_populates="invoice", order_by="InvoiceLine.line_no"
    )


class InvoiceLine(Model):
    """One line, exact to four decimals. Distributor, date, currency and group are copied here so
    that a rebate run reads one index and joins nothing."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "line_no"),
        sa.Index(
            "ix_invoice_line_rebate_base",
            "distributor_id",
            "invoice_date",
            "currency",
            "group_id",
            "is_free",
            "net_e4",
            "gross_e4",
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

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


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
    payer_name: Mapped[str] = mapped_column(sa.String(255), default="")
    reference: Mapped[str] = mapped_column(sa.String(255), default="")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)

    distributor: Mapped[Distributor] = relationship()


class Allocation(Model):
    """A part of a receipt set against an invoice; oldest due first. Negative undoes one."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.Index("ix_allocation_invoice", "invoice_id", "allocated_on", "amount_fen"),
        sa.Index("ix_allocation_receipt", "receipt_id", "allocated_on", "amount_fen"),
    )

    id: Mapped[Id]
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"))
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    amount_fen: Mapped[Fen]
    allocated_on: Mapped[date]
    created_at: Mapped[Instant]
