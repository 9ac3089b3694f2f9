"""Long work with a lease and progress, and mails waiting to go out."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Facts, Id, Instant, Model


class Job(Model):
    """A piece of long work. An expired lease lets another worker take it up again."""

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting','running','done','failed')", name="state"),
        sa.Index("ix_job_state_lease", "state", "lease_until"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    #: The same work twice is one job.
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    payload: Mapped[Facts]
    lease_until: Mapped[Instant | None]
    attempt: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: What came of it: a finding list when failed, facts for the page when done.
    result: Mapped[Facts | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]


class MailMessage(Model):
    """A mail written inside a use case; it leaves after the commit."""

    __tablename__ = "mail_message"

    id: Mapped[Id]
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(255))
    body: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.Text, default="")
    #: One mail per happening: a repeated job does not mail twice.
    key: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    #: The PDF of a statement that goes along.
    statement_file_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("statement_file.id"), index=True
    )
