"""What rebates are judged by and nobody else keeps: typed baselines, declarations, returns."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import E4, Code, Currency, Facts, Id, Instant, Model, Name
from channel.models.partners import Distributor
from channel.models.receivables import Invoice

#: Rows that never change again once somebody decided; migrations hang the refusals.
FROZEN_WHEN = {
    "growth_baseline": "OLD.decided_at IS NOT NULL",
    "exclusivity_declaration": "OLD.withdrawn_on IS NOT NULL",
}


class GrowthBaseline(Model):
    """What growth under a policy is measured from, for one distributor and period, as typed.

    It counts once a second person approved it; of several the one approved last.
    """

    __tablename__ = "growth_baseline"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed','approved','rejected')", name="state"),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("period_end > period_start", name="span"),
        sa.CheckConstraint("value_e4 > 0", name="positive"),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name="two_persons",
        ),
        sa.Index("ix_growth_baseline_policy", "policy_code", "period_start", "period_end"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    policy_code: Mapped[Code]
    period_start: Mapped[date]
    #: Exclusive.
    period_end: Mapped[date]
    currency: Mapped[Currency]
    #: Ten-thousandths of the unit that the policy measures: of the currency, or of base units.
    value_e4: Mapped[E4]
    #: Where the figure comes from.
    reason: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]

    distributor: Mapped[Distributor] = relationship()


class ExclusivityDeclaration(Model):
    """That a distributor declared for some days that it carries no rival goods, in its words."""

    __tablename__ = "exclusivity_declaration"
    __table_args__ = (
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.Index("ix_exclusivity_declaration_owner", "distributor_id", "valid_from"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    valid_from: Mapped[date]
    #: Exclusive.
    valid_to: Mapped[date]
    #: The words and the legal note as they were shown, frozen: {"lang", "text", "note"}.
    document: Mapped[Facts]
    #: Who signed for the distributor, as typed, and by which account.
    signer: Mapped[Name]
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_at: Mapped[Instant]
    #: The first day on which it no longer holds.
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    withdraw_reason: Mapped[str] = mapped_column(sa.String(500), default="")

    distributor: Mapped[Distributor] = relationship()


class InvoiceReturn(Model):
    """Why goods of an invoice were credited, and whether they came back; beside the credit note."""

    __tablename__ = "invoice_return"

    id: Mapped[Id]
    #: The credit note.
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), unique=True)
    #: The invoice that it undoes in part or whole.
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    is_goods_back: Mapped[bool]
    #: Of the form that was sent: sent twice, it is one return.
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]

    note: Mapped[Invoice] = relationship(foreign_keys=[note_id])
    invoice: Mapped[Invoice] = relationship(foreign_keys=[invoice_id])
