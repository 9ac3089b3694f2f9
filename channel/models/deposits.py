"""Deposits: what a distributor has left with the house, movement by movement."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Fen, Id, Instant, Model
from channel.models.partners import Distributor
from channel.rules.deposits import KINDS


class DepositEntry(Model):
    """A movement; the balance on a date is the sum of the approved ones so far.

    Money in counts at once; what takes money away counts when a second person approved it, and
    then never changes: a deduction is undone by an entry that restores it.
    """

    __tablename__ = "deposit_entry"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR entered_by_id IS NULL OR approved_by_id <> entered_by_id",
            name="two_persons",
        ),
        sa.Index("ix_deposit_entry_owner", "distributor_id", "currency", "on_date", "amount_fen"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    #: paid | topped_up | deducted | refunded | restored
    kind: Mapped[str] = mapped_column(sa.String(10))
    #: Signed: money in is positive.
    amount_fen: Mapped[Fen]
    on_date: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(500))
    #: Of a deduction: the day by which the deposit is to be filled up again.
    top_up_by: Mapped[date | None]
    #: Of an entry that restores: the deduction that it undoes, each once.
    restores_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deposit_entry.id"), unique=True)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    entered_at: Mapped[Instant]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: When it began to count; NULL while it waits for a second person.
    approved_at: Mapped[Instant | None]

    distributor: Mapped[Distributor] = relationship()


#: Rows of this table never change again once this holds.
FROZEN_WHEN = {"deposit_entry": "OLD.approved_at IS NOT NULL"}
