"""Goods, their groups, VAT classes and dated prices, and the working-day calendar."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Fen, Id, Instant, Model, Name


class ProductGroup(Model):
    __tablename__ = "product_group"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]


class Product(Model):
    """A good in its base unit (the unit of orders, reports and prices), e.g. 箱."""

    __tablename__ = "product"
    __table_args__ = (sa.CheckConstraint("units_per_case > 0", name="case"),)

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(index=True)
    name_en: Mapped[Name] = mapped_column(default="")
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("product_group.id"), index=True)
    unit: Mapped[str] = mapped_column(sa.String(16), default="箱")
    #: How many base units make one case for ordering.
    units_per_case: Mapped[int] = mapped_column(default=1)
    vat_class: Mapped[str] = mapped_column(sa.String(32), default="standard")
    shelf_life_days: Mapped[int | None]
    #: From this day it is sold: rebates of new products count their days from here.
    launched_on: Mapped[date | None]
    #: Suggested retail price incl. VAT; a suggestion by law.
    srp_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_active: Mapped[bool] = mapped_column(default=True)
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)

    group: Mapped[ProductGroup] = relationship()


class VatRate(Model):
    """The rate of a VAT class from a date on, in basis points (1300 = 13 %)."""

    __tablename__ = "vat_rate"
    __table_args__ = (
        sa.UniqueConstraint("vat_class", "valid_from"),
        sa.CheckConstraint("rate_bp BETWEEN 0 AND 10000", name="rate"),
    )

    id: Mapped[Id]
    vat_class: Mapped[str] = mapped_column(sa.String(32))
    rate_bp: Mapped[int]
    valid_from: Mapped[date]


class PriceBook(Model):
    """A list of dealer prices in one currency; every agreement names one."""

    __tablename__ = "price_book"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    currency: Mapped[Currency] = mapped_column(default="CNY")


class PriceEntry(Model):
    """A dealer price incl. VAT from a date on; in force only when a second person approved it."""

    __tablename__ = "price_entry"
    __table_args__ = (
        sa.UniqueConstraint("book_id", "product_id", "valid_from"),
        sa.CheckConstraint("gross_fen > 0", name="positive"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="two_persons",
        ),
    )

    id: Mapped[Id]
    book_id: Mapped[int] = mapped_column(sa.ForeignKey("price_book.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    gross_fen: Mapped[Fen]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]

    product: Mapped[Product] = relationship()
    book: Mapped[PriceBook] = relationship()


class SuggestedPrice(Model):
    """What the good is suggested to cost further down, from a date on; prices incl. VAT.

    In force only when a second person approved it. The band is what a reported resale price is
    held against; an empty bound holds nothing.
    """

    __tablename__ = "suggested_price"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "currency", "valid_from"),
        sa.CheckConstraint("wholesale_fen > 0 AND retail_fen > 0", name="positive"),
        sa.CheckConstraint(
            "floor_fen IS NULL OR ceiling_fen IS NULL OR floor_fen <= ceiling_fen", name="band"
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="two_persons",
        ),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    currency: Mapped[Currency]
    wholesale_fen: Mapped[Fen]
    retail_fen: Mapped[Fen]
    floor_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    ceiling_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]

    product: Mapped[Product] = relationship()


class WorkingDay(Model):
    """A date that differs from Monday-to-Friday: a day off, or a working weekend day."""

    __tablename__ = "working_day"
    __table_args__ = (sa.CheckConstraint("state IN ('official','forecast')", name="state"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[Name] = mapped_column(default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="official")
