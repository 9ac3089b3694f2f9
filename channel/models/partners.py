"""The maker and the distributors: who they are, where goods go."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model, Name
from contracts.rebates.payout import FORMS


class Maker(Model):
    """The house itself and its house-wide rules; one row."""

    __tablename__ = "maker"

    id: Mapped[Id]
    name: Mapped[Name]
    name_en: Mapped[Name] = mapped_column(default="")
    uscc: Mapped[str | None] = mapped_column(sa.String(18))
    address: Mapped[str] = mapped_column(sa.String(500), default="")
    currency: Mapped[Currency] = mapped_column(default="CNY")
    #: Minimum shipment, goods value incl. VAT; an agreement may say otherwise.
    min_shipment_fen: Mapped[Fen] = mapped_column(default=1_000_000)
    #: Division levels that may hold a territory: province, prefecture, county.
    levels_open: Mapped[Facts] = mapped_column(default=lambda: ["province", "prefecture"])
    #: Days to object to a statement, printed on it.
    objection_days: Mapped[int] = mapped_column(default=15)
    #: Whether a statement counts as confirmed when nobody objects in time; agreements may differ.
    silence_confirms: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    #: Days to answer what a distributor disputes of a statement.
    dispute_days: Mapped[int] = mapped_column(default=10, server_default="10")
    #: An exception asking for more than this also needs the owner.
    exception_band_fen: Mapped[Fen] = mapped_column(default=5_000_000)
    #: The least that a dealer should keep of its selling price, in basis points.
    #: A limit raised by no more than this share is signed by one desk, else by three.
    limit_raise_bp: Mapped[int] = mapped_column(default=2000, server_default="2000")
    floor_margin_bp: Mapped[int] = mapped_column(default=800, server_default="800")
    #: The rebate that the margin ladder counts with, in basis points of the dealer price.
    ladder_rebate_bp: Mapped[int] = mapped_column(default=200, server_default="200")
    #: A target that grows by more than this beyond its peers needs a reason, in basis points.
    growth_bound_bp: Mapped[int] = mapped_column(default=3000, server_default="3000")
    #: No reminder leaves from this hour until that one, Chinese time.
    quiet_from: Mapped[int] = mapped_column(default=20, server_default="20")
    quiet_to: Mapped[int] = mapped_column(default=8, server_default="8")
    #: Whether a distributor sees its own credit grade and the lines that led to it.
    shows_grades: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Figures of a distributor filed longer ago than this are shown grey.
    stock_old_days: Mapped[int] = mapped_column(default=35, server_default="35")
    #: Stock is short below and over above so many days of cover.
    stock_short_days: Mapped[int] = mapped_column(default=7, server_default="7")
    stock_over_days: Mapped[int] = mapped_column(default=60, server_default="60")
    #: A count that differs by more than this from the report is followed up, in basis points.
    count_gap_bp: Mapped[int] = mapped_column(default=1000, server_default="1000")
    #: An outlet without an order for so many days sleeps, and is lost.
    outlet_sleep_days: Mapped[int] = mapped_column(default=90, server_default="90")
    outlet_lost_days: Mapped[int] = mapped_column(default=180, server_default="180")
    #: How rebates are used where an agreement does not say: forms by comma, the most of an order
    #: in basis points (NULL: no cap), and the months back to which they are taken back (NULL: all).
    payout_forms: Mapped[str] = mapped_column(
        sa.String(60), default=",".join(FORMS), server_default=",".join(FORMS)
    )
    payout_cap_bp: Mapped[int | None] = mapped_column(default=3000, server_default="3000")
    payout_clawback_months: Mapped[int | None]


class Distributor(Model):
    """A distributor. Its code is ours; `external_key` is the key of the system it came from."""

    __tablename__ = "distributor"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('company','sole_trader','cooperative','foreign')", name="kind"
        ),
    )

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(16), default="company")
    #: Unified social credit code, checked; empty for firms abroad.
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    tax_name: Mapped[str] = mapped_column(sa.String(255), default="")
    division_code: Mapped[str | None] = mapped_column(sa.String(6), index=True)
    address: Mapped[str] = mapped_column(sa.String(500), default="")
    contact: Mapped[str] = mapped_column(sa.String(100), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    bank_name: Mapped[str] = mapped_column(sa.String(255), default="")
    bank_account: Mapped[str] = mapped_column(sa.String(64), default="")
    licence_until: Mapped[date | None]
    #: Class by which approvers are chosen (A, B, C); '' is not classed.
    class_code: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    currency: Mapped[Currency] = mapped_column(default="CNY")
    #: user_account.id; without a foreign key, because users point at distributors already and
    #: the two tables could not be created in any order. Users are closed, never deleted.
    sales_rep_id: Mapped[int | None] = mapped_column(index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    created_at: Mapped[Instant]
    row_version: Mapped[int] = mapped_column(default=1)

    ship_tos: Mapped[list[ShipTo]] = relationship(
        back_populates="distributor", order_by="ShipTo.id"
    )


class ShipTo(Model):
    """A place where the distributor takes goods; its division is judged against the territory."""

    __tablename__ = "ship_to"

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    name: Mapped[Name]
    division_code: Mapped[str] = mapped_column(sa.String(6))
    address: Mapped[str] = mapped_column(sa.String(500), default="")
    is_active: Mapped[bool] = mapped_column(default=True)

    distributor: Mapped[Distributor] = relationship(back_populates="ship_tos")
