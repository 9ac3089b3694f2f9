"""Support given to distributors: budgets, the ledger of claims against them, and the seasons."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor

KINDS = ("fee", "goods", "people", "relaxation")
TRIGGERS = ("start_up", "season", "new_product", "competitor", "recovery")


class SupportBudget(Model):
    """How much may be spent on a distributor between two dates (the end exclusive)."""

    __tablename__ = "support_budget"
    __table_args__ = (
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    currency: Mapped[Currency]
    amount_fen: Mapped[Fen]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()


class SupportClaim(Model):
    """One support: what is planned, what the budget grants, the evidence, the result, the payment.

    planned → paid or cancelled; nothing is paid without evidence.
    """

    __tablename__ = "support_claim"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        sa.CheckConstraint(f"trigger IN {TRIGGERS!r}", name="trigger"),
        sa.CheckConstraint("state IN ('planned','paid','cancelled')", name="state"),
        sa.CheckConstraint("granted_fen >= 0 AND granted_fen <= asked_fen", name="granted"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    budget_id: Mapped[int] = mapped_column(sa.ForeignKey("support_budget.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    trigger: Mapped[str] = mapped_column(sa.String(12))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product_group.id"))
    on_date: Mapped[date]
    title: Mapped[str] = mapped_column(sa.String(200))
    asked_fen: Mapped[Fen]
    granted_fen: Mapped[Fen]
    #: The part of `granted_fen` that an approved exception lets go over the budget.
    over_fen: Mapped[Fen] = mapped_column(default=0)
    #: What was warned of when it was entered: out of season, cut to the budget.
    findings: Mapped[Facts | None]
    used_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    evidence: Mapped[str] = mapped_column(sa.String(500), default="")
    evidence_name: Mapped[str] = mapped_column(sa.String(255), default="")
    evidence_type: Mapped[str] = mapped_column(sa.String(100), default="")
    evidence_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    evidence_data: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    result: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(12), default="planned")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    paid_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    paid_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    budget: Mapped[SupportBudget] = relationship()
    distributor: Mapped[Distributor] = relationship()


class SupportSeason(Model):
    """The months (1 to 12) that are season for a product group."""

    __tablename__ = "support_season"

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("product_group.id"), unique=True)
    months: Mapped[Facts]
