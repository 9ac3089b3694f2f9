"""How credit is checked, by version; and the trials of a version on the documents of a month."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor

#: Rows that never change again once they rule; migrations hang the refusals.
FROZEN_WHEN = {"credit_policy": "OLD.state = 'approved'"}


class CreditPolicyVersion(Model):
    """A version of the house's credit policy; approved by a second person, then never changed.

    On a date the approved version rules that began last.
    """

    __tablename__ = "credit_policy"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed','approved','withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.Index("ix_credit_policy_ruling", "state", "valid_from", "number"),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    #: credit.policy.CreditPolicy as JSON.
    policy: Mapped[Facts]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)


class CreditTrial(Model):
    """A dry run: the documents of a span of days judged under a version that does not rule."""

    __tablename__ = "credit_trial"
    __table_args__ = (sa.CheckConstraint("end_day > first_day", name="span"),)

    id: Mapped[Id]
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("credit_policy.id"), index=True)
    first_day: Mapped[date]
    #: Exclusive.
    end_day: Mapped[date]
    #: Documents of the days that nobody ever judged: drafts and what was imported.
    unjudged: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    #: NULL while it runs.
    finished_at: Mapped[Instant | None]

    policy: Mapped[CreditPolicyVersion] = relationship()

    @property
    def last_day(self) -> date:
        """The last day that was tried, for people."""
        return self.end_day - timedelta(days=1)


class CreditTrialLine(Model):
    """One document in a trial: what was decided then, and what the version would have decided."""

    __tablename__ = "credit_trial_line"
    __table_args__ = (
        sa.UniqueConstraint("trial_id", "kind", "document_id"),
        sa.CheckConstraint("kind IN ('order','shipment')", name="kind"),
        sa.CheckConstraint("change IN ('same','stopped','freed','unknown')", name="change"),
        sa.Index("ix_credit_trial_line_change", "trial_id", "change"),
    )

    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(sa.ForeignKey("credit_trial.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    document_id: Mapped[int]
    number: Mapped[Code]
    document_date: Mapped[date]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    amount_fen: Mapped[Fen]
    #: accept | hold | refuse
    was: Mapped[str] = mapped_column(sa.String(8))
    #: The same under the version, or «unknown» where the stored figures do not say.
    now: Mapped[str] = mapped_column(sa.String(8))
    change: Mapped[str] = mapped_column(sa.String(8))
    #: The credit findings under the version, as JSON; of an unknown one the figures that lack.
    reasons: Mapped[Facts]

    distributor: Mapped[Distributor] = relationship()
