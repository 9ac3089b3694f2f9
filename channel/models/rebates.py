"""Rebate policies, runs, frozen statements and the pool they feed."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import E4, Code, Currency, Facts, Fen, Id, Instant, Model, Name
from channel.models.partners import Distributor

#: Rows that never change again once they are printed; migrations hang the refusals.
FROZEN_WHEN = {"rebate_statement": "OLD.number IS NOT NULL"}


class RebatePolicy(Model):
    """One version of a policy; approved by a second person before it may pay.

    For a period the highest approved version counts whose valid_from is not after its start.
    """

    __tablename__ = "rebate_policy"
    __table_args__ = (
        sa.UniqueConstraint("code", "version_no"),
        sa.CheckConstraint("state IN ('draft','review','approved','retired')", name="state"),
        sa.CheckConstraint("enrols IN ('all','agreement')", name="enrols"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR submitted_by_id IS NULL"
            " OR approved_by_id <> submitted_by_id",
            name="two_persons",
        ),
    )

    id: Mapped[Id]
    code: Mapped[Code]
    version_no: Mapped[int]
    name: Mapped[Name]
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    valid_from: Mapped[date]
    #: all: every distributor of the house; agreement: those whose agreement names the policy.
    enrols: Mapped[str] = mapped_column(sa.String(10), default="agreement")
    #: contracts.rebates.RebateTerms as JSON.
    terms: Mapped[Facts]
    terms_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_at: Mapped[Instant | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)


class RebateRun(Model):
    """A computation for one period over all enrolled distributors.

    `through_line_id` is the last invoice line that it saw: posted lines never change, so the
    lines up to there are the frozen input.
    """

    __tablename__ = "rebate_run"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed','reviewed','posted','discarded')", name="state"),
        sa.CheckConstraint("period_end > period_start", name="span"),
        sa.CheckConstraint(
            "posted_by_id IS NULL OR proposed_by_id IS NULL OR posted_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.Index("ix_rebate_run_period", "period_start", "period_end", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    period_start: Mapped[date]
    period_end: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    through_line_id: Mapped[int] = mapped_column(sa.BigInteger)
    #: The last rows of the other tables that it saw (channel.queries.rebates_seen), so that it
    #: looked at every period posted before. NULL: it looked at its own period only.
    seen: Mapped[Facts | None]
    #: sha256 over the facts and the policy hashes.
    inputs_hash: Mapped[str] = mapped_column(sa.String(64))
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reviewed_at: Mapped[Instant | None]
    posted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    posted_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)


class RebateStatement(Model):
    """One distributor, policy, period and currency in a run: entitlement so far less granted.

    Its period is the run's own, or an earlier one whose facts have changed since it was settled.
    """

    __tablename__ = "rebate_statement"
    __table_args__ = (
        sa.UniqueConstraint(
            "run_id",
            "distributor_id",
            "policy_id",
            "currency",
            "period_start",
            name="uq_rebate_statement_of_a_run",
        ),
        sa.CheckConstraint("entitlement_fen - granted_before_fen = amount_fen", name="delta"),
        sa.Index("ix_rebate_statement_distributor_id", "distributor_id", "run_id"),
        sa.Index(
            "ix_rebate_statement_granted", "policy_code", "distributor_id", "currency", "run_id"
        ),
        sa.Index("ix_rebate_statement_period", "period_start", "period_end", "run_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_run.id"))
    #: Drawn at posting; without gaps within a year.
    number: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_policy.id"))
    policy_code: Mapped[str] = mapped_column(sa.String(64))
    currency: Mapped[Currency]
    #: The days on which the distributor was enrolled, [[from, to), ...] as ISO text; None: all.
    spans: Mapped[Facts | None]
    #: Exact sum of the lines that count, and how many they are.
    base_e4: Mapped[E4]
    line_count: Mapped[int]
    #: The base rounded once, half up.
    base_fen: Mapped[Fen]
    tier_hit: Mapped[int | None]
    entitlement_fen: Mapped[Fen]
    granted_before_fen: Mapped[Fen] = mapped_column(default=0)
    amount_fen: Mapped[Fen]
    #: contracts.rebates Steps as JSON.
    steps: Mapped[Facts]
    #: The period that it settles, [start, end).
    period_start: Mapped[date]
    period_end: Mapped[date]
    #: contracts.rebates.figures.Facts as JSON: what it was computed from, and with `spans` what
    #: a recount is held against. NULL: posted before they were kept.
    facts: Mapped[Facts | None]
    #: Findings as JSON: why a period that was settled is looked at again. NULL: it was not.
    reasons: Mapped[Facts | None]
    #: Everything that is printed, frozen at posting.
    document: Mapped[Facts | None] = deferred(mapped_column(sa.JSON))
    #: SHA-256 of the document, set with it; None: posted before it was kept.
    document_sha256: Mapped[str | None] = mapped_column(sa.String(64))

    run: Mapped[RebateRun] = relationship()
    distributor: Mapped[Distributor] = relationship()
    policy: Mapped[RebatePolicy] = relationship()


class RebateGroup(Model):
    """Distributors whose sales are added up for the tiers of policies that say so."""

    __tablename__ = "rebate_group"

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    created_at: Mapped[Instant]


class RebateGroupMember(Model):
    """A distributor's membership between two dates, in one group at a time; `valid_to` is
    exclusive. Who is in the group on the last day of a period is in it for the whole of it."""

    __tablename__ = "rebate_group_member"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.Index("ix_rebate_group_member_distributor_id", "distributor_id"),
        sa.Index("ix_rebate_group_member_group_id", "group_id"),
    )

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_group.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def last_day(self) -> date | None:
        """The last day in the group, for people."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class StatementFile(Model):
    """The PDF bytes of a posted statement in one language, with their hash."""

    __tablename__ = "statement_file"
    __table_args__ = (sa.UniqueConstraint("statement_id", "lang"),)

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_statement.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    created_at: Mapped[Instant]


class PoolEntry(Model):
    """A movement between a distributor's pool and one other account, and so balanced by itself.

    `amount_fen` goes to the pool and its opposite to the account of `channel.rules.pool`; the
    balance on a date is the sum so far. A correction is the opposite pair under the same reference.
    """

    __tablename__ = "pool_entry"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('earned','used','expired','reversed','reserved','released','held','freed')",
            name="kind",
        ),
        sa.Index("ix_pool_entry_owner", "distributor_id", "currency", "on_date", "amount_fen"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    kind: Mapped[str] = mapped_column(sa.String(10))
    amount_fen: Mapped[Fen]
    on_date: Mapped[date]
    statement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rebate_statement.id"))
    created_at: Mapped[Instant]
    #: The account on the other side; '' in entries of before: the one of its kind.
    counter: Mapped[str] = mapped_column(sa.String(12), default="", server_default="")
    #: The number of the document that moved it.
    reference: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    #: Of what is earned: the first day on which it is gone; None: never.
    expires_on: Mapped[date | None]
    #: Of what expired: the entry by which it was earned.
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_entry.id"))
    #: The entry that this one undoes.
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_entry.id"))
    use_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_use.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
