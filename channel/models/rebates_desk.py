"""What happens around a posted statement: the other side's reply, disputes said out, exports."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import Code, Facts, Id, Instant, Json, Model, Name
from channel.models.dunning import Dispute
from channel.models.partners import Distributor
from channel.models.rebates import RebateRun, RebateStatement

#: Rows that never change again once they are signed; migrations hang the refusals.
FROZEN_WHEN = {"statement_reply": "OLD.signed_at IS NOT NULL"}


class StatementReply(Model):
    """By when a distributor replies to a statement, what silence means, and what it signed.

    One for each posted statement, made with it. Signed once: by the distributor, or by silence
    where the agreement or the house says so. What was in dispute then stands in `excepted`.
    """

    __tablename__ = "statement_reply"
    __table_args__ = (
        sa.CheckConstraint("silence IN ('confirms','open')", name="silence"),
        sa.CheckConstraint("signed_as IN ('','confirmed','silence')", name="signed_as"),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_as = '')", name="signed"),
        sa.Index("ix_statement_reply_waiting", "signed_as", "silence", "reply_by"),
        sa.Index("ix_statement_reply_owner", "distributor_id", "signed_as", "reply_by"),
    )

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("rebate_statement.id"), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    #: The last day for objections.
    reply_by: Mapped[date]
    silence: Mapped[str] = mapped_column(sa.String(10))
    #: confirmed: a person did; silence: the day passed; '' while it waits.
    signed_as: Mapped[str] = mapped_column(sa.String(10), default="")
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_name: Mapped[Name] = mapped_column(default="")
    signed_at: Mapped[Instant | None]
    #: SHA-256 of the document that was signed.
    document_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    #: Numbers of the disputes that were open.
    excepted: Mapped[Facts] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(sa.String(500), default="")

    statement: Mapped[RebateStatement] = relationship()
    distributor: Mapped[Distributor] = relationship()


class DisputeMessage(Model):
    """What was said in a dispute, by which side, in its order; papers hang on it as evidence."""

    __tablename__ = "dispute_message"
    __table_args__ = (
        sa.CheckConstraint("side IN ('distributor','maker')", name="side"),
        sa.CheckConstraint(
            "act IN ('open','say','accept','reject','withdraw','correct')", name="act"
        ),
    )

    id: Mapped[Id]
    dispute_id: Mapped[int] = mapped_column(sa.ForeignKey("dispute.id"), index=True)
    side: Mapped[str] = mapped_column(sa.String(12))
    act: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.String(2000), default="")
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    said_by: Mapped[Name] = mapped_column(default="")
    said_at: Mapped[Instant]

    dispute: Mapped[Dispute] = relationship()


class StatementExport(Model):
    """One export of statements: a fixed set, its control totals, and the hash of its bytes."""

    __tablename__ = "statement_export"
    __table_args__ = (
        sa.CheckConstraint("format IN ('zip','csv','xlsx','json','pdf')", name="format"),
        sa.Index("ix_statement_export_run_id", "run_id"),
        sa.Index("ix_statement_export_exported_at", "exported_at"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    #: The run, or None where days were chosen.
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rebate_run.id"))
    #: The days of the settlement periods that it holds, [start, end).
    period_start: Mapped[date]
    period_end: Mapped[date]
    lang: Mapped[str] = mapped_column(sa.String(2))
    format: Mapped[str] = mapped_column(sa.String(4))
    filename: Mapped[Name]
    #: The ids of its statements by number: made again, it holds these and no later ones.
    statement_ids: Mapped[Facts] = deferred(mapped_column(Json, nullable=False))
    statements: Mapped[int]
    #: {currency: {statements, base_fen, entitlement_fen, amount_fen, pool_fen}}
    totals: Mapped[Facts]
    #: Over the numbers and the document hashes of the set, whatever its format and language.
    set_sha256: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    #: The bytes, where making them again takes long.
    data: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    #: The export whose set it repeats.
    again_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statement_export.id"))
    exported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    exported_by: Mapped[Name]
    exported_at: Mapped[Instant]

    run: Mapped[RebateRun | None] = relationship()
