"""Rebate policies tried on the past, tiers expected, and the accruals booked for them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model, Name
from channel.models.partners import Distributor
from contracts.values.periods import Period


class RebateTrial(Model):
    """A version of a policy replayed over past periods, beside what ruled then and what was paid.

    The terms are kept as they were tried: a draft may change afterwards.
    """

    __tablename__ = "rebate_trial"
    __table_args__ = (
        sa.CheckConstraint("period_end > period_start", name="span"),
        sa.CheckConstraint("state IN ('waiting','done')", name="state"),
        sa.CheckConstraint("enrols IN ('all','agreement')", name="enrols"),
        sa.Index("ix_rebate_trial_policy_id", "policy_id"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_policy.id"))
    policy_code: Mapped[str] = mapped_column(sa.String(64))
    version_no: Mapped[int]
    name: Mapped[Name]
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    terms: Mapped[Facts]
    terms_hash: Mapped[str] = mapped_column(sa.String(64))
    enrols: Mapped[str] = mapped_column(sa.String(10))
    #: The policy whose rulings and payments stand beside it; its own code, unless told otherwise.
    against: Mapped[str] = mapped_column(sa.String(64))
    period_start: Mapped[date]
    period_end: Mapped[date]
    #: Ids of the distributors that were asked for; NULL: all.
    distributor_ids: Mapped[Facts | None]
    #: Within so many basis points under a bound a distributor counts as close to it.
    close_bp: Mapped[int]
    #: Settled periods as their last run saw them; else with all that has come in since.
    as_settled: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    made_at: Mapped[Instant]

    @property
    def span(self) -> Period:
        return Period(self.period_start, self.period_end)


class RebateTrialLine(Model):
    """One distributor, currency and period of a trial; `facts` are what «then» is computed from."""

    __tablename__ = "rebate_trial_line"
    __table_args__ = (
        sa.UniqueConstraint(
            "trial_id",
            "distributor_id",
            "currency",
            "period_start",
            "period_end",
            name="uq_rebate_trial_line_of_a_trial",
        ),
        sa.Index("ix_rebate_trial_line_distributor_id", "distributor_id"),
    )

    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_trial.id", ondelete="CASCADE"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    period_start: Mapped[date]
    period_end: Mapped[date]
    base_fen: Mapped[Fen]
    #: Under the versions that ruled the period; under the version tried; as posted statements gave.
    now_fen: Mapped[Fen]
    then_fen: Mapped[Fen]
    paid_fen: Mapped[Fen]
    #: What was missing to the next tier under the version tried, and what it would have been worth.
    short_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: `short_units` where pieces or orders are missing, and not money.
    short_units: Mapped[int | None]
    gain_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_close: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[Facts | None]

    trial: Mapped[RebateTrial] = relationship()
    distributor: Mapped[Distributor] = relationship()


class RebateExpectation(Model):
    """The tier that somebody expects a distributor to reach; the latest counts.

    `tier` is the position in the tiers in ascending order, from 0; NULL takes the choice back.
    """

    __tablename__ = "rebate_expectation"
    __table_args__ = (
        sa.Index(
            "ix_rebate_expectation_of", "policy_code", "distributor_id", "currency", "period_start"
        ),
    )

    id: Mapped[Id]
    policy_code: Mapped[str] = mapped_column(sa.String(64))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    period_start: Mapped[date]
    period_end: Mapped[date]
    tier: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(500))
    chosen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    chosen_at: Mapped[Instant]


class RebateAccrualRun(Model):
    """Accruals booked at the end of a day; a later run of the same day books differences only."""

    __tablename__ = "rebate_accrual_run"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    on_date: Mapped[date]
    posted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    posted_at: Mapped[Instant]


class RebateAccrual(Model):
    """What a run books: the accrual due, less what statements settled, less what is open already.

    `due_fen` is cumulative for the period; `open_fen` the balance of earlier entries.
    """

    __tablename__ = "rebate_accrual"
    __table_args__ = (
        sa.UniqueConstraint(
            "run_id",
            "policy_code",
            "distributor_id",
            "currency",
            "period_start",
            "period_end",
            name="uq_rebate_accrual_of_a_run",
        ),
        sa.CheckConstraint("amount_fen = due_fen - settled_fen - open_fen", name="difference"),
        sa.Index(
            "ix_rebate_accrual_of", "policy_code", "period_start", "distributor_id", "currency"
        ),
        sa.Index("ix_rebate_accrual_distributor_id", "distributor_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_accrual_run.id"))
    policy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rebate_policy.id"))
    policy_code: Mapped[str] = mapped_column(sa.String(64))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    period_start: Mapped[date]
    period_end: Mapped[date]
    base_fen: Mapped[Fen]
    #: The tier whose reward was taken (position from 0), chosen or reached; NULL: none.
    tier: Mapped[int | None]
    is_chosen: Mapped[bool] = mapped_column(default=False)
    due_fen: Mapped[Fen]
    settled_fen: Mapped[Fen]
    open_fen: Mapped[Fen]
    amount_fen: Mapped[Fen]

    run: Mapped[RebateAccrualRun] = relationship()
    distributor: Mapped[Distributor] = relationship()
