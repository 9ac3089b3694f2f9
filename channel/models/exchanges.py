"""Claims for the exchange of slow-moving goods: lines, what goes out, and what was posted."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.agreements import AgreementVersion
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.receivables import Invoice

STATES = (
    "draft",
    "claimed",
    "approved",
    "on_way",
    "counted",
    "disputed",
    "judged",
    "settled",
    "refused",
    "withdrawn",
    "lapsed",
)
MEANS = ("credit", "same", "other")
SIDES = ("distributor", "maker")
KINDS = ("returned", "goods", "freight")


class ExchangeClaim(Model):
    """A claim of a distributor, frozen with the clause that ruled on the day it was filed."""

    __tablename__ = "exchange_claim"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {STATES!r}", name="state"),
        sa.CheckConstraint(f"means IN {MEANS!r}", name="means"),
        sa.CheckConstraint(f"freight_paid_by IN {SIDES!r}", name="freight_paid_by"),
        sa.CheckConstraint("freight_fen >= 0", name="freight"),
        sa.Index("ix_exchange_claim_distributor_id_state", "distributor_id", "state"),
        sa.Index("ix_exchange_claim_state", "state", "return_by"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    agreement_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement_version.id"))
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    #: What goes out: credit | same goods | other goods.
    means: Mapped[str] = mapped_column(sa.String(8), default="credit")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Clause 7 as it ruled on the day of filing: the fields of Duties that begin with exchange_.
    clause: Mapped[Facts | None]
    #: Net value invoiced in the quarter before, the cap on it, and what other claims hold of it.
    base_net_fen: Mapped[Fen] = mapped_column(default=0)
    cap_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    used_net_fen: Mapped[Fen] = mapped_column(default=0)
    findings: Mapped[Facts | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    filed_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The last day on which the goods may be sent back.
    return_by: Mapped[date | None]
    #: The return note as it was frozen with the approval.
    document: Mapped[Facts | None]
    sent_on: Mapped[date | None]
    carrier: Mapped[str] = mapped_column(sa.String(255), default="")
    waybill: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Freight of the way back incl. VAT, and the side that paid the carrier.
    freight_fen: Mapped[Fen] = mapped_column(default=0)
    freight_paid_by: Mapped[str] = mapped_column(sa.String(12), default="distributor")
    counted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    counted_on: Mapped[date | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    judged_on: Mapped[date | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    settled_on: Mapped[date | None]
    #: Drawn with the page: the same page sent twice writes one claim.
    once: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    version: Mapped[AgreementVersion | None] = relationship()
    lines: Mapped[list[ExchangeLine]] = relationship(
        back_populates="claim", order_by="ExchangeLine.line_no", cascade="all, delete-orphan"
    )
    goods: Mapped[list[ExchangeGoods]] = relationship(
        order_by="ExchangeGoods.id", cascade="all, delete-orphan"
    )
    postings: Mapped[list[ExchangePosting]] = relationship(order_by="ExchangePosting.id")


class ExchangeLine(Model):
    """Goods of one delivery: asked, approved, sent back, accepted by the count, granted after.

    sent = accepted + disputed; disputed = granted + dismissed once it is judged.
    """

    __tablename__ = "exchange_line"
    __table_args__ = (
        sa.UniqueConstraint("claim_id", "line_no"),
        sa.CheckConstraint("asked > 0", name="asked"),
        sa.CheckConstraint("approved BETWEEN 0 AND asked", name="approved"),
        sa.CheckConstraint("sent BETWEEN 0 AND approved", name="sent"),
        sa.CheckConstraint("accepted BETWEEN 0 AND sent", name="accepted"),
        sa.CheckConstraint("granted BETWEEN 0 AND sent - accepted", name="granted"),
        sa.Index("ix_exchange_line_shipment_line_id", "shipment_line_id"),
    )

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("exchange_claim.id"))
    line_no: Mapped[int]
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    batch: Mapped[str] = mapped_column(sa.String(64), default="")
    #: The delivery that it came with; NULL only in a draft: we shipped nothing that it could be.
    shipment_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shipment_line.id"))
    shipped_on: Mapped[date | None]
    #: The last day of the window, without what an exception adds.
    last_day: Mapped[date | None]
    is_sealed: Mapped[bool] = mapped_column(default=True)
    asked: Mapped[int]
    approved: Mapped[int | None]
    sent: Mapped[int | None]
    accepted: Mapped[int | None]
    granted: Mapped[int | None]
    #: Why less was approved, counted, granted.
    approve_note: Mapped[str] = mapped_column(sa.String(500), default="")
    count_note: Mapped[str] = mapped_column(sa.String(500), default="")
    judge_note: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Paid for one unit, the book price on the day of filing, and what counts of the two.
    paid_gross_fen: Mapped[Fen] = mapped_column(default=0)
    book_gross_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit_gross_fen: Mapped[Fen] = mapped_column(default=0)
    vat_rate_bp: Mapped[int] = mapped_column(default=0)
    #: What the claim takes of the delivery and of the quarter's cap at present.
    held: Mapped[int] = mapped_column(default=0)
    held_net_fen: Mapped[Fen] = mapped_column(default=0)

    claim: Mapped[ExchangeClaim] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
    shipment_line: Mapped[ShipmentLine | None] = relationship()


class ExchangeGoods(Model):
    """Other goods that the distributor takes for what comes back."""

    __tablename__ = "exchange_goods"
    __table_args__ = (
        sa.UniqueConstraint("claim_id", "product_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("exchange_claim.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int]

    product: Mapped[Product] = relationship()


class ExchangePosting(Model):
    """A line of the document that settles a claim. Append-only; what comes back is negative.

    It stands here and not among the invoice lines, so that it is part of no target, rebate, mix.
    """

    __tablename__ = "exchange_posting"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "line_no"),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name="parts"),
        sa.Index("ix_exchange_posting_claim_id", "claim_id"),
    )

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("exchange_claim.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    #: The shipment that carried the goods that went out.
    shipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shipment.id"))
    line_no: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10))
    posted_on: Mapped[date]
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    batch: Mapped[str] = mapped_column(sa.String(64), default="")
    #: Signed like the amounts.
    quantity: Mapped[int] = mapped_column(default=0)
    unit_gross_fen: Mapped[Fen] = mapped_column(default=0)
    vat_rate_bp: Mapped[int]
    net_fen: Mapped[Fen]
    tax_fen: Mapped[Fen]
    gross_fen: Mapped[Fen]

    invoice: Mapped[Invoice] = relationship()
    shipment: Mapped[Shipment | None] = relationship()
    product: Mapped[Product | None] = relationship()
