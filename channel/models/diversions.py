"""Codes on goods, where they were found, and the steps that follow a breach.

The case itself is an incident of the market (models/market.py); nothing here is a second one.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model, Name
from channel.models.catalogue import Product
from channel.models.market import Incident
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.rules.diversions import VERDICTS
from channel.rules.trace_codes import LEVELS
from contracts.consequences import BASES, RUNGS

#: Rows that never change again once a second person decided; migrations hang the refusals.
FROZEN_WHEN = {"conduct_step": "OLD.decided_at IS NOT NULL"}


class TraceRange(Model):
    """The codes from first to last that left with a shipment line; ranges never overlap."""

    __tablename__ = "trace_range"
    __table_args__ = (
        sa.CheckConstraint(f"level IN {LEVELS!r}", name="level"),
        sa.CheckConstraint("last_no >= first_no AND units_each > 0", name="span"),
        sa.Index("ix_trace_range_series", "stem", "width", "last_no", "first_no"),
    )

    id: Mapped[Id]
    shipment_line_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment_line.id"), index=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    #: Frozen from the shipment: to whom the goods went.
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    level: Mapped[str] = mapped_column(sa.String(8))
    #: Base units under one code.
    units_each: Mapped[int] = mapped_column(default=1)
    first_code: Mapped[Code]
    last_code: Mapped[Code]
    #: The code of the case or pallet that holds them; '': not told.
    parent_code: Mapped[Code] = mapped_column(default="")
    stem: Mapped[Code]
    width: Mapped[int]
    first_no: Mapped[int] = mapped_column(sa.BigInteger)
    last_no: Mapped[int] = mapped_column(sa.BigInteger)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    entered_at: Mapped[Instant]

    shipment_line: Mapped[ShipmentLine] = relationship()
    shipment: Mapped[Shipment] = relationship()
    distributor: Mapped[Distributor] = relationship()
    product: Mapped[Product] = relationship()


class CodeScan(Model):
    """Goods found at a place, by their code or by a photo, with what that says; never changed."""

    __tablename__ = "code_scan"
    __table_args__ = (
        sa.CheckConstraint(f"verdict IN {VERDICTS!r}", name="verdict"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.Index("ix_code_scan_distributor_id_found_on", "distributor_id", "found_on"),
        sa.Index("ix_code_scan_found_on", "found_on", "id"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    #: '': no code could be read, a photo shows whose goods they are.
    code: Mapped[Code] = mapped_column(default="")
    range_id: Mapped[int | None] = mapped_column(sa.ForeignKey("trace_range.id"), index=True)
    #: To whom the goods had been shipped; None: the code is unknown.
    distributor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    #: Who held the place on that day; None: nobody.
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    division_code: Mapped[str] = mapped_column(sa.String(6))
    place: Mapped[Name]
    found_on: Mapped[date]
    quantity: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    verdict: Mapped[str] = mapped_column(sa.String(12))
    incident_id: Mapped[int | None] = mapped_column(sa.ForeignKey("market_incident.id"), index=True)
    scanned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    scanned_at: Mapped[Instant]

    range: Mapped[TraceRange | None] = relationship()
    distributor: Mapped[Distributor | None] = relationship(foreign_keys=[distributor_id])
    holder: Mapped[Distributor | None] = relationship(foreign_keys=[holder_id])
    product: Mapped[Product | None] = relationship()
    incident: Mapped[Incident | None] = relationship()


class ConductNotice(Model):
    """A notice in a case, as it was sent; never changed afterwards."""

    __tablename__ = "conduct_notice"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("market_incident.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    issued_on: Mapped[date]
    #: The last day to answer.
    reply_by: Mapped[date]
    #: Everything that is printed, frozen.
    document: Mapped[Facts]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class ConductStep(Model):
    """A rung of the ladder in a case: proposed by one person, in force once a second signed.

    It is undone by a step of its own that bears the opposite amount.
    """

    __tablename__ = "conduct_step"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {RUNGS!r}", name="kind"),
        sa.CheckConstraint(f"basis IN {BASES!r}", name="basis"),
        sa.CheckConstraint("state IN ('proposed','approved','rejected')", name="state"),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount_fen >= 0 ELSE amount_fen <= 0 END",
            name="opposite",
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="span"),
        sa.Index("ix_conduct_step_owner", "distributor_id", "kind", "state", "from_on"),
        # Each step is undone once; what was refused does not count.
        sa.Index(
            "uq_conduct_step_reverses_id",
            "reverses_id",
            unique=True,
            sqlite_where=sa.text("state <> 'rejected'"),
            postgresql_where=sa.text("state <> 'rejected'"),
        ),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("market_incident.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    currency: Mapped[Currency]
    #: What the distributor bears; negative in the step that undoes one; 0: no money.
    amount_fen: Mapped[Fen] = mapped_column(default=0)
    #: What the agreement names for a breach; None: nothing.
    contract_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    basis: Mapped[str] = mapped_column(sa.String(12), default="contract")
    #: Why, and why the amount is another than the contract's.
    reason: Mapped[str] = mapped_column(sa.String(1000))
    #: In force from this day; of a stop also the last day, None: until it is lifted.
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    #: Of a deduction: the day by which the deposit is filled up again.
    top_up_by: Mapped[date | None]
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conduct_step.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    #: The entry that it made in the ledger it concerns.
    deposit_entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deposit_entry.id"))
    pool_entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_entry.id"), unique=True)
    #: Everything that is printed, frozen when it was signed.
    document: Mapped[Facts | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]

    incident: Mapped[Incident] = relationship()
    distributor: Mapped[Distributor] = relationship()
    reverses: Mapped[ConductStep | None] = relationship(remote_side="ConductStep.id")


class StatementPenalty(Model):
    """That a step stands on a rebate statement: each on one, the next after it was signed."""

    __tablename__ = "statement_penalty"

    id: Mapped[Id]
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("conduct_step.id"), unique=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_statement.id"), index=True)

    step: Mapped[ConductStep] = relationship()
    statement: Mapped[RebateStatement] = relationship()
