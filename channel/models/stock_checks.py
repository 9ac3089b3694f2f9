"""What checks leave behind: the score of each report as it was filed, and reminders told."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Facts, Id, Instant, Model


class StockQuality(Model):
    """The data-quality score of one version of a report, kept as it was when it was filed."""

    __tablename__ = "stock_quality"
    __table_args__ = (
        sa.UniqueConstraint("report_id"),
        sa.CheckConstraint("score >= 0 AND score <= full_score", name="score"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory_report.id"))
    score: Mapped[int]
    #: What a report without fault had scored under the same weights.
    full_score: Mapped[int]
    #: channel.rules.stock_quality.Part as JSON; their points add up to `score`.
    parts: Mapped[Facts]
    scored_at: Mapped[Instant]


class StockReminder(Model):
    """One step of reminding one distributor of one report: told once, whoever asks again."""

    __tablename__ = "stock_reminder"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "period_start", "step"),
        sa.CheckConstraint("step IN ('before','on','after')", name="step"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    period_start: Mapped[date]
    period: Mapped[str] = mapped_column(sa.String(24))
    step: Mapped[str] = mapped_column(sa.String(6))
    due_on: Mapped[date]
    told_on: Mapped[date]
    #: To how many people a mail went.
    mails: Mapped[int]
    told_at: Mapped[Instant]
