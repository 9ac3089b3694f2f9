"""Who signs what, and who signs for whom: the bands of approvers and the absences."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Facts, Fen, Id, Instant, Model


class ApprovalBand(Model):
    """Requests of a kind, for a class of distributor, from an amount on: the stages that sign.

    A kind without rows takes the house's default stages; `class_code` '' is every class that has
    no rows of its own.
    """

    __tablename__ = "approval_band"
    __table_args__ = (sa.UniqueConstraint("type", "class_code", "from_fen"),)

    id: Mapped[Id]
    type: Mapped[str] = mapped_column(sa.String(16))
    class_code: Mapped[str] = mapped_column(sa.String(8), default="")
    from_fen: Mapped[Fen]
    #: contracts.approval.Route as JSON.
    route: Mapped[Facts]


class Absence(Model):
    """A person is away between two dates (the end exclusive), and who signs meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.CheckConstraint("delegate_id IS NULL OR delegate_id <> person_id", name="two_persons"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    #: Taken back before its end.
    ended_at: Mapped[Instant | None]
