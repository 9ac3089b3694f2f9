"""The market as it is seen: outlets, resale prices, incidents, promotions, displays, POP."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model, Name
from channel.models.catalogue import Product
from channel.models.partners import Distributor

#: rival: goods of another maker where exclusivity was declared.
INCIDENT_KINDS = ("price", "promotion", "local", "diversion", "rival")
TOPICS = ("media", "government", "emergency", "other")
SEVERITIES = ("low", "medium", "high")
OUTLET_KINDS = ("supermarket", "convenience", "restaurant", "wholesale", "other")


class Outlet(Model):
    """A place where people buy the goods, served by one distributor."""

    __tablename__ = "outlet"
    __table_args__ = (sa.CheckConstraint(f"kind IN {OUTLET_KINDS!r}", name="kind"),)

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(sa.String(16), default="supermarket")
    division_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    address: Mapped[str] = mapped_column(sa.String(500), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    #: When it was entered here; NULL: before that was kept.
    opened_on: Mapped[date | None]

    distributor: Mapped[Distributor] = relationship()


class PriceReport(Model):
    """A resale price as somebody saw it, with the band that it was held against."""

    __tablename__ = "price_report"
    __table_args__ = (
        sa.CheckConstraint("price_fen > 0", name="positive"),
        sa.CheckConstraint("verdict IN ('inside','below','above','no_band')", name="verdict"),
        sa.Index("ix_price_report_distributor_id_seen_on", "distributor_id", "seen_on"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    #: In whose area the price was seen.
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    #: Where: an outlet of the register, or its name in words.
    outlet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outlet.id"))
    place: Mapped[Name]
    division_code: Mapped[str] = mapped_column(sa.String(6))
    seen_on: Mapped[date]
    currency: Mapped[Currency]
    price_fen: Mapped[Fen]
    #: The band of the day, frozen; None: no bound.
    floor_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    ceiling_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    verdict: Mapped[str] = mapped_column(sa.String(8))
    evidence: Mapped[str] = mapped_column(sa.String(1000), default="")
    reported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reported_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    product: Mapped[Product] = relationship()


class Promotion(Model):
    """A promotion as filed beforehand; `approval_number` is given with the approval."""

    __tablename__ = "promotion"
    __table_args__ = (
        sa.CheckConstraint("state IN ('filed','approved','rejected','closed')", name="state"),
        sa.CheckConstraint("ends_on >= starts_on", name="span"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR filed_by_id IS NULL OR approved_by_id <> filed_by_id",
            name="two_persons",
        ),
        sa.Index("ix_promotion_distributor_id_state", "distributor_id", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    division_code: Mapped[str] = mapped_column(sa.String(6))
    title: Mapped[Name]
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    currency: Mapped[Currency]
    budget_fen: Mapped[Fen]
    starts_on: Mapped[date]
    #: Inclusive: the last day of the promotion.
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="filed")
    approval_number: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    #: What came of it, written at the end; with what it cost.
    result: Mapped[str] = mapped_column(sa.Text, default="")
    spent_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    filed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()


class PromotionLog(Model):
    """A promotion as it took place on a day: evidence of an approved one, or an incident."""

    __tablename__ = "promotion_log"
    __table_args__ = (sa.CheckConstraint("verdict IN ('evidence','incident')", name="verdict"),)

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    promotion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("promotion.id"), index=True)
    #: The approval number as typed; empty: none.
    stated_number: Mapped[str] = mapped_column(sa.String(64), default="")
    took_place_on: Mapped[date]
    place: Mapped[Name]
    division_code: Mapped[str] = mapped_column(sa.String(6))
    what: Mapped[str] = mapped_column(sa.String(1000))
    verdict: Mapped[str] = mapped_column(sa.String(10))
    #: Why it is no evidence: the code of the finding.
    finding: Mapped[Facts | None]
    logged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    logged_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()


class Incident(Model):
    """Something out of order in the market: open → notice → answered → closed with a result."""

    __tablename__ = "market_incident"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {INCIDENT_KINDS!r}", name="kind"),
        sa.CheckConstraint(f"severity IN {SEVERITIES!r}", name="severity"),
        sa.CheckConstraint("state IN ('open','notice','answered','closed')", name="state"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.CheckConstraint("state <> 'closed' OR result <> ''", name="result"),
        sa.Index("ix_market_incident_kind_opened_on", "kind", "opened_on", "division_code"),
        sa.Index("ix_market_incident_distributor_id_state", "distributor_id", "state"),
        sa.Index("ix_market_incident_clock", "acknowledged_at", "escalated_at", "due_at"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: Of a local incident: media, government, emergency, other.
    topic: Mapped[str] = mapped_column(sa.String(12), default="")
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    division_code: Mapped[str] = mapped_column(sa.String(6))
    place: Mapped[Name] = mapped_column(default="")
    severity: Mapped[str] = mapped_column(sa.String(8), default="medium")
    #: The rule that was broken, with its figures; None where a person filed it in words.
    finding: Mapped[Facts | None]
    #: What happened, in words.
    what: Mapped[str] = mapped_column(sa.Text, default="")
    #: The maker's interest at risk, and what was done at once.
    interest: Mapped[str] = mapped_column(sa.Text, default="")
    actions: Mapped[str] = mapped_column(sa.Text, default="")
    price_report_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("price_report.id"), unique=True
    )
    promotion_log_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("promotion_log.id"), unique=True
    )
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    #: The date in China on which it was opened: months are counted by it.
    opened_on: Mapped[date]
    #: When it became known there, and when it was filed here.
    known_at: Mapped[Instant]
    reported_at: Mapped[Instant]
    #: By when a channel manager has to acknowledge it; None: no clock.
    due_at: Mapped[Instant | None]
    acknowledged_at: Mapped[Instant | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    escalated_at: Mapped[Instant | None]
    notice: Mapped[str] = mapped_column(sa.Text, default="")
    noticed_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[Instant | None]
    result: Mapped[str] = mapped_column(sa.Text, default="")
    #: Said at the close: it was what it was taken for. NULL: closed before that was asked.
    is_upheld: Mapped[bool | None]
    closed_at: Mapped[Instant | None]
    #: The date in China on which it was closed: days to close are counted by it.
    closed_on: Mapped[date | None]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()


class DisplayStandard(Model):
    """The faces that an outlet of a kind has to show from a day on."""

    __tablename__ = "display_standard"
    __table_args__ = (
        sa.UniqueConstraint("outlet_kind", "valid_from"),
        sa.CheckConstraint(f"outlet_kind IN {OUTLET_KINDS!r}", name="kind"),
    )

    id: Mapped[Id]
    outlet_kind: Mapped[str] = mapped_column(sa.String(16))
    valid_from: Mapped[date]
    #: [[item, faces], ...]
    items: Mapped[Facts]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    set_at: Mapped[Instant]


class DisplayCheck(Model):
    """One look at an outlet's display: the standard as it was, what was found, and the score."""

    __tablename__ = "display_check"
    __table_args__ = (
        sa.CheckConstraint("found >= 0 AND found <= required AND required > 0", name="faces"),
        sa.Index("ix_display_check_distributor_id_checked_on", "distributor_id", "checked_on"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlet.id"), index=True)
    checked_on: Mapped[date]
    #: [[item, faces required, faces found], ...]
    items: Mapped[Facts]
    required: Mapped[int]
    found: Mapped[int]
    #: The agreement's percentage on that day.
    pass_percent: Mapped[int]
    is_passed: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    outlet: Mapped[Outlet] = relationship()


class PopPlacement(Model):
    """A piece of POP material at an outlet from one day to another; without an end it stands."""

    __tablename__ = "pop_placement"
    __table_args__ = (
        sa.CheckConstraint("removed_on IS NULL OR removed_on >= placed_on", name="span"),
        sa.Index("ix_pop_placement_distributor_id_placed_on", "distributor_id", "placed_on"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlet.id"), index=True)
    item: Mapped[Name]
    #: Where in the outlet.
    spot: Mapped[Name] = mapped_column(default="")
    #: Who of the outlet agreed to it.
    consent_by: Mapped[Name] = mapped_column(default="")
    placed_on: Mapped[date]
    #: The first day on which it no longer stood.
    removed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    placed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    outlet: Mapped[Outlet] = relationship()


class Evidence(Model):
    """A photo or paper that proves a record of the market, kept byte for byte."""

    __tablename__ = "market_evidence"
    __table_args__ = (sa.Index("ix_market_evidence_subject", "subject_kind", "subject_id"),)

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    #: The table and the row that it belongs to.
    subject_kind: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    filename: Mapped[Name]
    mimetype: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    added_at: Mapped[Instant]


class MarketSize(Model):
    """What all makers together sell in a division in a year, as somebody estimated it."""

    __tablename__ = "market_size"
    __table_args__ = (
        sa.UniqueConstraint("division_code", "year"),
        sa.CheckConstraint("amount_fen > 0", name="positive"),
    )

    id: Mapped[Id]
    division_code: Mapped[str] = mapped_column(sa.String(6))
    year: Mapped[int]
    amount_fen: Mapped[Fen]
    source: Mapped[str] = mapped_column(sa.String(500), default="")
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    entered_at: Mapped[Instant]
