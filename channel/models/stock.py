"""Inventory reports as filed: immutable versions and their rows."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Facts, Id, Instant, Model
from channel.models.catalogue import Product
from channel.models.partners import Distributor


class InventoryReport(Model):
    """One accepted report of a period. A restatement is a new version; the last one counts."""

    __tablename__ = "inventory_report"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "period_start", "version_no"),
        sa.CheckConstraint("period_end > period_start", name="span"),
        sa.CheckConstraint("state IN ('submitted','accepted','returned')", name="state"),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR filed_by_id IS NULL OR decided_by_id <> filed_by_id",
            name="two_persons",
        ),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    period_start: Mapped[date]
    #: Exclusive.
    period_end: Mapped[date]
    #: The same span as people write it: 2026-10, or 2026-10-05..2026-10-11.
    period: Mapped[str] = mapped_column(sa.String(24), index=True)
    version_no: Mapped[int]
    upload_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upload.id"), unique=True)
    #: Why an earlier version was restated; empty for the first.
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The filing date in China and the due date that it is judged against.
    filed_on: Mapped[date]
    due_on: Mapped[date]
    #: When the first version was filed; a restatement keeps it, and with it the late mark.
    first_filed_on: Mapped[date]
    #: Working days by which the first version came after the due date; 0 = in time.
    late_days: Mapped[int] = mapped_column(default=0)
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    #: submitted: waits for the channel manager; returned: never counted, or counts no longer.
    state: Mapped[str] = mapped_column(sa.String(10), default="accepted", server_default="accepted")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    #: What the channel manager said when accepting or sending back.
    decision: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")

    distributor: Mapped[Distributor] = relationship()
    rows: Mapped[list[InventoryRow]] = relationship(
        back_populates="report", order_by="InventoryRow.row_number"
    )


class InventoryRow(Model):
    """opening + receipts + returns_in + transfers_in + adj_plus - sell_out - returns_out
    - transfers_out - losses = closing, in base units. Blank is NULL, never 0."""

    __tablename__ = "inventory_row"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "row_number"),
        sa.Index("ix_inventory_row_product_id", "product_id", "report_id"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory_report.id"))
    #: The row of the file.
    row_number: Mapped[int]
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    batch: Mapped[str] = mapped_column(sa.String(64), default="")
    location: Mapped[str] = mapped_column(sa.String(64), default="")
    produced_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    opening: Mapped[int]
    receipts: Mapped[int | None]
    returns_in: Mapped[int | None]
    transfers_in: Mapped[int | None]
    adj_plus: Mapped[int | None]
    sell_out: Mapped[int | None]
    returns_out: Mapped[int | None]
    transfers_out: Mapped[int | None]
    losses: Mapped[int | None]
    closing: Mapped[int]
    #: What a count found; `closing` is what the books say. NULL: not counted.
    counted: Mapped[int | None]
    #: Ordered and on the way at the period's end; not part of the sum.
    in_transit: Mapped[int | None]
    held: Mapped[int | None]
    damaged: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The distributor's own code and unit, as its file wrote them; '' = the same as ours.
    own_code: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    own_unit: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    #: Soft findings accepted with the reason.
    findings: Mapped[Facts | None]

    report: Mapped[InventoryReport] = relationship(back_populates="rows")
    product: Mapped[Product] = relationship()
