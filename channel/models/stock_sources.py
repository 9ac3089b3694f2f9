"""Decided once of a distributor's reports: its codes, its units, its way of counting."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Id, Instant, Model, Name
from channel.models.catalogue import Product

_NO_PRODUCT = sa.text("product_id IS NULL")
_PRODUCT = sa.text("product_id IS NOT NULL")


class StockCode(Model):
    """A product code of the distributor's own and the good of ours that it means."""

    __tablename__ = "stock_code"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "code"),
        sa.CheckConstraint("times > 0 AND per > 0", name="ratio"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    #: As rules/stock_units.code_key spells it: without case, width, blanks and marks.
    code: Mapped[str] = mapped_column(sa.String(64))
    #: As the distributor writes it, and what it calls the good.
    written: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[Name] = mapped_column(default="")
    #: NULL: none of our goods; such rows are left out of the report.
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    #: One of it is times / per of what the row's unit says: a bundle of six under its own code.
    times: Mapped[int] = mapped_column(default=1)
    per: Mapped[int] = mapped_column(default=1)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant]
    row_version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product | None] = relationship()


class StockUnit(Model):
    """A word of the unit column and how many base units it is, for one good or for all."""

    __tablename__ = "stock_unit"
    __table_args__ = (
        sa.Index(
            "uq_stock_unit_all", "distributor_id", "unit", unique=True,
            sqlite_where=_NO_PRODUCT, postgresql_where=_NO_PRODUCT,
        ),
        sa.Index(
            "uq_stock_unit_product", "distributor_id", "unit", "product_id", unique=True,
            sqlite_where=_PRODUCT, postgresql_where=_PRODUCT,
        ),
        sa.CheckConstraint("kind IN ('base','case','ratio')", name="kind"),
        sa.CheckConstraint("times > 0 AND per > 0", name="ratio"),
    )  # fmt: skip

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    #: As rules/stock_units.unit_key spells it.
    unit: Mapped[str] = mapped_column(sa.String(20))
    written: Mapped[str] = mapped_column(sa.String(20))
    #: NULL: for all goods for which nothing else is said.
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    #: «base»: our base unit; «case»: the catalogue's case; «ratio»: times / per base units.
    kind: Mapped[str] = mapped_column(sa.String(5))
    times: Mapped[int] = mapped_column(default=1)
    per: Mapped[int] = mapped_column(default=1)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant]
    row_version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product | None] = relationship()


class StockHabit(Model):
    """How a distributor counts: which parts stand beside its closing stock, not in it."""

    __tablename__ = "stock_habit"

    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), primary_key=True)
    #: The closing of its reports is without the goods held, or damaged; we add them.
    held_beside: Mapped[bool] = mapped_column(default=False)
    damaged_beside: Mapped[bool] = mapped_column(default=False)
    #: Its receipts hold the goods still on the road; we take them off.
    transit_received: Mapped[bool] = mapped_column(default=False)
    row_version: Mapped[int] = mapped_column(default=1)
