"""Target plans: a year's amount for one distributor, split into quarters, months and groups."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor


class TargetPlan(Model):
    """One version of a year's plan: drafted, submitted, signed by a second person.

    The parts follow from the total and the weights; a signed plan freezes them, and a later
    signed plan of the same distributor and year takes its place.
    """

    __tablename__ = "target_plan"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft','review','signed','superseded')", name="state"),
        sa.CheckConstraint("total_fen > 0", name="positive"),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR submitted_by_id IS NULL OR signed_by_id <> submitted_by_id",
            name="two_persons",
        ),
        sa.Index("ix_target_plan_owner", "distributor_id", "year", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    year: Mapped[int]
    currency: Mapped[Currency]
    total_fen: Mapped[Fen]
    #: contracts.plans.Weights as JSON: of quarters, of months, of product groups.
    weights: Mapped[Facts]
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    #: The figures the target was held against when it was submitted: last year's sales, the
    #: growth asked, the peers' growth and who they are, the bound of the house.
    grounds: Mapped[Facts | None]
    #: Why the target lies beyond the bound; demanded there, printed in the plan.
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    #: [[period label, group code or "", fen], ...], frozen at the signature.
    parts: Mapped[Facts | None]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    drafted_at: Mapped[Instant]
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_at: Mapped[Instant | None]
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
