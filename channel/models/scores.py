"""Scores: the card by which credit grades are given, the grades, and the weekly risk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Currency, Facts, Id, Instant, Model
from channel.models.partners import Distributor


class ScoreCard(Model):
    """A version of the score card. Approved by a second person it never changes again; without
    any, the card that the product brings (credit.scoring.FIRST_CARD, version 0) holds."""

    __tablename__ = "score_card"
    __table_args__ = (
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.CheckConstraint("version_no > 0", name="version_no"),
    )

    id: Mapped[Id]
    version_no: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    #: credit.scoring.Card as JSON.
    card: Mapped[Facts]
    reason: Mapped[str] = mapped_column(sa.String(500))
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]


class CreditGrade(Model):
    """What a distributor scored on a day; it counts, and never changes, once it is accepted.

    A day scored again writes nothing unless an input moved; after an acceptance of the same day
    a moved input makes the next `turn`.
    """

    __tablename__ = "credit_grade"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "graded_on", "turn"),
        sa.CheckConstraint("state IN ('proposed','accepted')", name="state"),
        sa.CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted"),
        sa.CheckConstraint("score_e2 BETWEEN 0 AND 10000", name="score"),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR made_by_id IS NULL OR accepted_by_id <> made_by_id",
            name="two_persons",
        ),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    graded_on: Mapped[date] = mapped_column(index=True)
    turn: Mapped[int] = mapped_column(default=1)
    #: Hundredths of a point, 0 to 10,000: points × weight of the lines add up to it.
    score_e2: Mapped[int]
    grade: Mapped[str] = mapped_column(sa.String(8))
    #: credit.scoring.Line as JSON, in the order of the card.
    lines: Mapped[Facts]
    #: NULL and version 0: the card that the product brings.
    card_id: Mapped[int | None] = mapped_column(sa.ForeignKey("score_card.id"))
    card_version: Mapped[int]
    #: The grade that counted before; NULL and '' for the first.
    previous_score_e2: Mapped[int | None]
    previous_grade: Mapped[str] = mapped_column(sa.String(8), default="")
    currency: Mapped[Currency]
    #: A suggestion only: what is in force is a CreditLimit that was approved as one.
    limit_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: The figures from which the limit follows: credit.scoring.Suggestion as JSON.
    limit_facts: Mapped[Facts | None]
    term_days: Mapped[int | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    #: NULL: the machine, by a job of the house.
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    made_at: Mapped[Instant]
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    accepted_at: Mapped[Instant | None]

    distributor: Mapped[Distributor] = relationship()

    @property
    def score(self) -> Decimal:
        """Points out of 100, to two decimals."""
        return Decimal(self.score_e2).scaleb(-2)


class RiskSnapshot(Model):
    """The risk score of a distributor in a week, written once; movers compare two weeks."""

    __tablename__ = "risk_snapshot"
    __table_args__ = (
        sa.UniqueConstraint("distributor_id", "week"),
        sa.CheckConstraint("score_e1 >= 0", name="score"),
        sa.Index("ix_risk_snapshot_week", "week", "distributor_id", "score_e1"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    #: The Monday of the week.
    week: Mapped[date]
    taken_on: Mapped[date]
    #: Tenths of a point.
    score_e1: Mapped[int]
    #: credit.risk.Step as JSON.
    steps: Mapped[Facts]
    taken_at: Mapped[Instant]


#: Rows of these tables never change again once this holds.
FROZEN_WHEN = {
    "score_card": "OLD.approved_at IS NOT NULL",
    "credit_grade": "OLD.state = 'accepted'",
}
