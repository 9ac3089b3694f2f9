"""Credit: dated limits, the debtor's account that is locked, and its append-only entries."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Currency, Facts, Fen, Id, Instant, Model, Name
from credit import pools
from credit.limits import KINDS


class CreditLimit(Model):
    """A limit between two dates, of one debtor or of a pool; approved by a second person.

    NULL is unlimited and 0 is none.

    What each kind does stands in credit.limits; only a fixed one may have no end.
    """

    __tablename__ = "credit_limit"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount"),
        sa.CheckConstraint("kind = 'fixed' OR valid_to IS NOT NULL", name="temporary_ends"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.CheckConstraint("(distributor_id IS NULL) <> (pool_id IS NULL)", name="owner"),
        sa.Index("ix_credit_limit_distributor_id_currency", "distributor_id", "currency"),
        sa.Index("ix_credit_limit_pool_id", "pool_id"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"))
    pool_id: Mapped[int | None] = mapped_column(sa.ForeignKey("credit_pool.id"))
    currency: Mapped[Currency]
    kind: Mapped[str] = mapped_column(sa.String(10), default="fixed")
    amount_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: From this day on the limit waits to be looked at again; it holds all the same.
    review_on: Mapped[date | None]
    #: Of a guarantee: who gives it, what it is worth, and the share of it that counts.
    guarantor: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    guarantee_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    share_bp: Mapped[int | None]
    #: Of a limit for one project: its name.
    project: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    #: contracts.approval.Route as JSON; NULL (an import) is one signature of any desk.
    route: Mapped[Facts | None]
    #: [{"person", "role", "name", "at"}] in the order in which they signed.
    signatures: Mapped[Facts | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, for people."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class CreditPool(Model):
    """A limit that several debtors share; its row is locked after theirs, before it is summed."""

    __tablename__ = "credit_pool"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {pools.KINDS!r}", name="kind"),
        sa.Index(
            "uq_credit_pool_house",
            "currency",
            unique=True,
            sqlite_where=sa.text("kind = 'house'"),
            postgresql_where=sa.text("kind = 'house'"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    #: group: the members share it; house: everybody who owes in the currency does.
    kind: Mapped[str] = mapped_column(sa.String(8), default="group")
    currency: Mapped[Currency]
    created_at: Mapped[Instant]


class CreditPoolMember(Model):
    """A debtor's membership of a group between two dates; `valid_to` is exclusive."""

    __tablename__ = "credit_pool_member"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.Index("ix_credit_pool_member_distributor_id", "distributor_id"),
        sa.Index("ix_credit_pool_member_pool_id", "pool_id"),
    )

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(sa.ForeignKey("credit_pool.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def last_day(self) -> date | None:
        """The last day in the group, for people."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class CreditAccount(Model):
    """The debtor in one currency: the one row that is locked before any figure is read.

    The balances are the sums of its entries, written in the same transaction under the lock.
    """

    __tablename__ = "credit_account"
    __table_args__ = (sa.UniqueConstraint("distributor_id", "currency"),)

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    #: Approved orders not yet shipped.
    ordered_fen: Mapped[Fen] = mapped_column(default=0)
    #: Shipped, not yet invoiced.
    shipped_fen: Mapped[Fen] = mapped_column(default=0)
    #: Invoiced and unpaid.
    invoiced_fen: Mapped[Fen] = mapped_column(default=0)
    #: Received and not allocated; lowers the use.
    unapplied_fen: Mapped[Fen] = mapped_column(default=0)


class CreditEntry(Model):
    """A signed movement of one bucket by one document; never changed, corrections are new."""

    __tablename__ = "credit_entry"
    __table_args__ = (
        sa.CheckConstraint("bucket IN ('ordered','shipped','invoiced','unapplied')", name="bucket"),
        sa.Index("ix_credit_entry_account_id_bucket", "account_id", "bucket", "amount_fen"),
        sa.Index("ix_credit_entry_document", "document_kind", "document_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("credit_account.id"))
    bucket: Mapped[str] = mapped_column(sa.String(10))
    amount_fen: Mapped[Fen]
    #: reserve | ship | post | release | receive | allocate | open | import
    act: Mapped[str] = mapped_column(sa.String(12))
    document_kind: Mapped[str] = mapped_column(sa.String(16))
    document_id: Mapped[int]
    on_date: Mapped[date]
    created_at: Mapped[Instant]


class CreditControl(Model):
    """One count of all accounts against their documents and entries; never changed."""

    __tablename__ = "credit_control"
    __table_args__ = (sa.Index("ix_credit_control_on_date", "on_date"),)

    id: Mapped[Id]
    on_date: Mapped[date]
    checked_at: Mapped[Instant]
    accounts: Mapped[int]
    #: Buckets that differ; the first ones stand in `differences`.
    differing: Mapped[int]
    #: [{"distributor_id", "currency", "bucket", "documents_fen", "entries_fen", "balance_fen"}]
    differences: Mapped[Facts]
