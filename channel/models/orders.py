"""Orders and shipments: what was asked for, what was judged, what went out."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.catalogue import Product
from channel.models.partners import Distributor, ShipTo


class Order(Model):
    """An order. `verdict` holds the findings, figures and versions of the last judgement."""

    __tablename__ = "sales_order"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft','refused','held','confirmed','closed','cancelled')", name="state"
        ),
        sa.Index("ix_sales_order_distributor_id_state", "distributor_id", "state"),
        sa.Index("ix_sales_order_order_date", "order_date", "id"),
        # What is ordered for later: read by each check of credit, and only a few rows.
        sa.Index(
            "ix_sales_order_later",
            "distributor_id",
            "currency",
            "deliver_on",
            sqlite_where=sa.text("state = 'confirmed' AND deliver_on IS NOT NULL"),
            postgresql_where=sa.text("state = 'confirmed' AND deliver_on IS NOT NULL"),
        ),
        sa.Index(
            "ix_sales_order_totals",
            "currency",
            "gross_fen",
            "distributor_id",
            "state",
            "order_date",
        ),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    agreement_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement_version.id"))
    order_date: Mapped[date]
    ship_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ship_to.id"))
    #: Frozen from the ship-to: where the goods go.
    division_code: Mapped[str | None] = mapped_column(sa.String(6))
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    #: Goods, incl. VAT.
    gross_fen: Mapped[Fen] = mapped_column(default=0)
    #: The day on which the goods are wanted; another place needs notice before it.
    deliver_on: Mapped[date | None]
    #: Freight for late changes of the place, not yet with a shipment; never part of the goods.
    freight_fen: Mapped[Fen] = mapped_column(default=0, server_default="0")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    verdict: Mapped[Facts | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    ship_to: Mapped[ShipTo | None] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="order", order_by="OrderLine.line_no", cascade="all, delete-orphan"
    )


class OrderLine(Model):
    """Goods and price. The price comes from the book, or from a waiver; never from typing."""

    __tablename__ = "order_line"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "line_no"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("shipped_quantity BETWEEN 0 AND quantity", name="shipped"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("sales_order.id"), index=True)
    line_no: Mapped[int]
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    #: Base units.
    quantity: Mapped[int]
    shipped_quantity: Mapped[int] = mapped_column(default=0)
    #: Dealer price incl. VAT per base unit.
    unit_gross_fen: Mapped[Fen]
    #: book | special | free | imported
    price_source: Mapped[str] = mapped_column(sa.String(10), default="book")
    waiver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("waiver.id"))
    vat_rate_bp: Mapped[int]
    gross_fen: Mapped[Fen]
    is_free: Mapped[bool] = mapped_column(default=False)
    #: Free goods that the rebate pool pays at the unit price.
    pool_use_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_use.id"), index=True)

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Shipment(Model):
    """Goods that leave together, from one or several orders of one distributor to one place."""

    __tablename__ = "shipment"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft','refused','held','released','shipped','invoiced','cancelled')",
            name="state",
        ),
        sa.Index("ix_shipment_distributor_id_state", "distributor_id", "state"),
        sa.Index("ix_shipment_ship_date", "ship_date", "id"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    agreement_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement_version.id"))
    ship_date: Mapped[date]
    ship_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ship_to.id"))
    division_code: Mapped[str | None] = mapped_column(sa.String(6))
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    #: Goods value incl. VAT, before any rebate offset, without free goods.
    goods_gross_fen: Mapped[Fen] = mapped_column(default=0)
    #: Freight for late changes of the place; apart from the goods, never part of the minimum.
    freight_fen: Mapped[Fen] = mapped_column(default=0, server_default="0")
    verdict: Mapped[Facts | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    shipped_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    ship_to: Mapped[ShipTo | None] = relationship()
    lines: Mapped[list[ShipmentLine]] = relationship(
        back_populates="shipment", order_by="ShipmentLine.line_no", cascade="all, delete-orphan"
    )


class ShipmentLine(Model):
    __tablename__ = "shipment_line"
    __table_args__ = (
        sa.UniqueConstraint("shipment_id", "line_no"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    line_no: Mapped[int]
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    quantity: Mapped[int]
    gross_fen: Mapped[Fen]
    is_free: Mapped[bool] = mapped_column(default=False)
    batch: Mapped[str] = mapped_column(sa.String(64), default="")
    produced_on: Mapped[date | None]

    shipment: Mapped[Shipment] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()
    product: Mapped[Product] = relationship()


class PlaceChange(Model):
    """That an order or a shipment goes elsewhere: the notice given, and the freight it costs.

    The freight is reserved with the document, travels with the shipment that carries the goods,
    and ends on its invoice; a cancelled document gives it up.
    """

    __tablename__ = "place_change"
    __table_args__ = (
        sa.CheckConstraint("freight_fen >= 0", name="freight"),
        sa.CheckConstraint("order_id IS NOT NULL OR shipment_id IS NOT NULL", name="document"),
        sa.Index("ix_place_change_order_id", "order_id"),
        sa.Index("ix_place_change_shipment_id", "shipment_id"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    #: Where it was asked for; a change asked for on a shipment names no order.
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sales_order.id"))
    #: The shipment that bears the freight.
    shipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shipment.id"))
    from_ship_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ship_to.id"))
    to_ship_to_id: Mapped[int] = mapped_column(sa.ForeignKey("ship_to.id"))
    requested_on: Mapped[date]
    #: The planned day from which the notice is counted back; none was planned where empty.
    planned_on: Mapped[date | None]
    notice_days: Mapped[int | None]
    required_days: Mapped[int]
    freight_fen: Mapped[Fen] = mapped_column(default=0)
    #: The document was cancelled before the goods left: nothing is charged.
    is_void: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]

    from_ship_to: Mapped[ShipTo | None] = relationship(foreign_keys=[from_ship_to_id])
    to_ship_to: Mapped[ShipTo] = relationship(foreign_keys=[to_ship_to_id])
