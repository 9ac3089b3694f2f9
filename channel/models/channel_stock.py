"""Stock in the channel: a snapshot written with each report, and the counts of our own people."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Facts, Id, Instant, Model
from channel.models.catalogue import Product
from channel.models.partners import Distributor


class StockPosition(Model):
    """What one product came to in one period, over all batches and locations.

    Written with the report in force, in the same transaction; a restatement replaces it.
    """

    __tablename__ = "stock_position"
    # Clustered by its key on SQLite, where a second copy in an index would double the table.
    __table_args__ = ({"sqlite_with_rowid": False},)

    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    #: Exclusive.
    period_end: Mapped[date]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory_report.id"))
    closing: Mapped[int]
    #: The closing without what is held or damaged.
    saleable: Mapped[int]
    #: On its way at the period's end, as reported; NULL: the report does not say.
    in_transit: Mapped[int | None]
    #: Sell-out less returns from customers.
    sold: Mapped[int]


class StockStanding(Model):
    """Where one product stands by the distributor's last report: what the channel view reads.

    The forecast is made when the report is accepted, from the positions of the periods before.
    """

    __tablename__ = "stock_standing"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "product_id"),
        sa.Index("ix_stock_standing_product_id", "product_id", "distributor_id"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory_report.id"), index=True)
    period: Mapped[str] = mapped_column(sa.String(24))
    #: The last day of the period, and the day on which its current version was filed.
    last_day: Mapped[date]
    filed_on: Mapped[date]
    closing: Mapped[int]
    saleable: Mapped[int]
    in_transit: Mapped[int | None]
    #: The pace of about three months: net sell-out over the days of the periods counted.
    pace_sold: Mapped[int]
    pace_days: Mapped[int]
    #: channel.rules.sell_out_forecast: '' until the job has made it.
    method: Mapped[str] = mapped_column(sa.String(12), default="", server_default="")
    kind: Mapped[str] = mapped_column(sa.String(12), default="", server_default="")
    #: Ten-thousandths of a unit a day; NULL: refused.
    daily_e4: Mapped[int | None] = mapped_column(sa.BigInteger)
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    left_out: Mapped[int] = mapped_column(default=0, server_default="0")
    note: Mapped[Facts | None]

    product: Mapped[Product] = relationship()


class StockCount(Model):
    """What one of our own people counted at a distributor on a day; its photos are evidence."""

    __tablename__ = "stock_count"
    __table_args__ = (
        sa.Index("ix_stock_count_distributor_id_counted_on", "distributor_id", "counted_on"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    counted_on: Mapped[date]
    #: The report that it was held against; NULL: none was filed.
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inventory_report.id"))
    period: Mapped[str] = mapped_column(sa.String(24), default="")
    last_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The bound of the house on that day, in basis points.
    bound_bp: Mapped[int]
    counted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    lines: Mapped[list[StockCountLine]] = relationship(order_by="StockCountLine.id")


class StockCountLine(Model):
    """One product at one place: the count, the report, and the report moved to the count's day."""

    __tablename__ = "stock_count_line"
    __table_args__ = (
        sa.UniqueConstraint("count_id", "product_id", "location"),
        sa.CheckConstraint("counted >= 0", name="counted"),
        sa.Index("ix_stock_count_line_goods", "distributor_id", "product_id", "location"),
    )

    id: Mapped[Id]
    count_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_count.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    #: '' = everything the distributor holds.
    location: Mapped[str] = mapped_column(sa.String(64), default="")
    counted: Mapped[int]
    #: The closing of the report; NULL: the report does not name the product there.
    reported: Mapped[int | None]
    #: What came and what the forecast sold until the count; NULL: not moved.
    came: Mapped[int | None]
    sold: Mapped[int | None]
    #: The figure of the count's day; NULL: not moved.
    moved: Mapped[int | None]
    #: Count less report, and less the figure that judges (moved where there is one).
    gap: Mapped[int | None]
    gap_bp: Mapped[int | None]
    judged_gap: Mapped[int | None]
    judged_bp: Mapped[int | None]
    is_above: Mapped[bool] = mapped_column(default=False)
    #: The count before this one found a gap above the bound, too.
    is_repeated: Mapped[bool] = mapped_column(default=False)

    count: Mapped[StockCount] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class StockFollowUp(Model):
    """A gap that a channel manager has to clear: opened by a count, closed with a result."""

    __tablename__ = "stock_follow_up"
    __table_args__ = (
        sa.CheckConstraint("state IN ('open','closed')", name="state"),
        sa.CheckConstraint("state <> 'closed' OR result <> ''", name="result"),
        sa.Index("ix_stock_follow_up_distributor_id_state", "distributor_id", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_count_line.id"), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    #: A repeated gap is a case: the owner is told, too.
    is_case: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    opened_on: Mapped[date]
    result: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[Instant | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    product: Mapped[Product] = relationship()
    line: Mapped[StockCountLine] = relationship()
