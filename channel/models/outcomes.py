"""What an exception brought: the reviews at set dates, and the early end of a waiver."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Facts, Id, Instant, Model
from channel.models.exceptions import ExceptionRequest


class OutcomeReview(Model):
    """One look at an approved exception on a set day; the figures freeze with the decision."""

    __tablename__ = "outcome_review"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "due_on"),
        sa.CheckConstraint("decision IN ('keep','widen','end')", name="decision"),
        sa.Index("ix_outcome_review_due_on", "due_on", "decided_at"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("exception_request.id"))
    due_on: Mapped[date]
    decision: Mapped[str | None] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    #: Sales, forecast, rank and margin as they stood at the decision.
    figures: Mapped[Facts | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    request: Mapped[ExceptionRequest] = relationship()


class WaiverEnd(Model):
    """A waiver ends before its time: a new entry, because the waiver itself never changes."""

    __tablename__ = "waiver_end"

    id: Mapped[Id]
    waiver_id: Mapped[int] = mapped_column(sa.ForeignKey("waiver.id"), unique=True)
    #: The first day on which the default rule applies again.
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
