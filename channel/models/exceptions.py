"""Exceptions: the request with the rule it hit, its signatures, and the dated waiver it gives."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor

TYPES = (
    "minimum",
    "credit",
    "territory",
    "price",
    "expiry",
    "level",
    "terms",
    "exchange",
    "delivery_place",
    "support",
)


class ExceptionRequest(Model):
    """A request to be let past a rule, frozen with the finding and the version it concerns."""

    __tablename__ = "exception_request"
    __table_args__ = (
        sa.CheckConstraint(f"type IN {TYPES!r}", name="type"),
        sa.CheckConstraint(
            "state IN ('draft','pending','approved','rejected','sent_back','withdrawn','expired')",
            name="state",
        ),
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.Index("ix_exception_request_state", "state", "waiting_since"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(sa.String(16))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    agreement_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement_version.id"))
    #: order | shipment | none: what was refused.
    subject_kind: Mapped[str] = mapped_column(sa.String(10), default="none")
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(sa.String(64), default="")
    #: The finding that refused it, as it stood then.
    finding: Mapped[Facts | None]
    #: What is asked: floor, amount, division, product + price + quantity (see Waiver).
    asked: Mapped[Facts]
    #: The value by which approvers are chosen.
    size_fen: Mapped[Fen]
    currency: Mapped[Currency]
    reason: Mapped[str] = mapped_column(sa.Text)
    #: D04: the customer's means, the market's buying power, sales expected, cost of serving.
    ground_means: Mapped[str] = mapped_column(sa.Text, default="")
    ground_market: Mapped[str] = mapped_column(sa.Text, default="")
    expected_sales_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    ground_cost: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    #: G01: what those say who hold the area already; needed to open it further.
    ground_incumbents: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    #: Days on which the outcome is to be measured (D06), as ISO dates.
    review_on: Mapped[Facts | None]
    #: The earlier request that this one widens, after a review.
    widens_id: Mapped[int | None] = mapped_column(sa.ForeignKey("exception_request.id"))
    valid_from: Mapped[date]
    #: Exclusive: the first day on which the default rule applies again.
    valid_to: Mapped[date]
    max_uses: Mapped[int | None]
    max_value_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(sa.String(12), default="pending")
    stage: Mapped[int] = mapped_column(default=0)
    #: contracts.approval.Route as JSON.
    route: Mapped[Facts]
    requester_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    waiting_since: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]
    escalated_at: Mapped[Instant | None]
    decided_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    seats: Mapped[list[ApprovalSeat]] = relationship(
        back_populates="request", order_by="ApprovalSeat.id"
    )


class ApprovalSeat(Model):
    """One signature wanted at one stage: by a role, or by one person after a reassignment."""

    __tablename__ = "approval_seat"
    __table_args__ = (sa.Index("ix_approval_seat_request_id", "request_id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("exception_request.id"))
    stage: Mapped[int]
    role: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    verdict: Mapped[str | None] = mapped_column(sa.String(12))
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: The absent person in whose stead it was signed.
    in_stead_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_at: Mapped[Instant | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")

    request: Mapped[ExceptionRequest] = relationship(back_populates="seats")


class Waiver(Model):
    """What an approved exception allows, between two dates and within its caps."""

    __tablename__ = "waiver"
    __table_args__ = (
        sa.CheckConstraint(f"type IN {TYPES!r}", name="type"),
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.Index("ix_waiver_distributor_id_type", "distributor_id", "type", "valid_to"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("exception_request.id"), unique=True)
    type: Mapped[str] = mapped_column(sa.String(16))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    #: minimum: the floor that holds instead.
    floor_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: credit, expiry, support: how much more may go; delivery_place: the freight that is waived.
    amount_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: territory: the place that may be served; level: the one that is opened.
    division_code: Mapped[str | None] = mapped_column(sa.String(6))
    #: price: the good, its price and how many at it.
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    unit_gross_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    max_quantity: Mapped[int | None]
    #: terms: how many days later each payment falls due; exchange: how many days later a claim
    #: may come.
    extra_days: Mapped[int | None]
    max_uses: Mapped[int | None]
    max_value_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[Instant]


class WaiverUse(Model):
    """A use of a waiver by an order or shipment; cancelling writes the opposite row."""

    __tablename__ = "waiver_use"
    __table_args__ = (
        sa.Index("ix_waiver_use_waiver_id", "waiver_id", "uses", "value_fen", "quantity"),
        sa.Index("ix_waiver_use_document", "document_kind", "document_id"),
    )

    id: Mapped[Id]
    waiver_id: Mapped[int] = mapped_column(sa.ForeignKey("waiver.id"))
    document_kind: Mapped[str] = mapped_column(sa.String(10))
    document_id: Mapped[int]
    #: +1 used, -1 given back.
    uses: Mapped[int]
    value_fen: Mapped[Fen] = mapped_column(default=0)
    quantity: Mapped[int] = mapped_column(default=0)
    on_date: Mapped[date]
    created_at: Mapped[Instant]
