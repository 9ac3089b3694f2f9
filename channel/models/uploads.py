"""Files that people hand in, kept byte for byte, and the column maps learned from them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from channel.db import Facts, Id, Instant, Json, Model, Name


class Upload(Model):
    """One file: received → checked (findings) → confirmed, or refused. Bytes are never changed."""

    __tablename__ = "upload"
    __table_args__ = (
        sa.CheckConstraint("state IN ('received','checked','refused','confirmed')", name="state"),
        sa.Index("ix_upload_kind_sha256", "kind", "sha256"),
    )

    id: Mapped[Id]
    #: «stock_report» or the kind of an import.
    kind: Mapped[str] = mapped_column(sa.String(40))
    distributor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    filename: Mapped[Name]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    state: Mapped[str] = mapped_column(sa.String(10), default="received")
    #: {file label: our field}
    mapping: Mapped[Facts | None]
    #: Settings of this import: period, currency, date order.
    options: Mapped[Facts] = mapped_column(default=dict)
    findings: Mapped[Facts | None]
    #: Counts: rows, new, changed, same.
    summary: Mapped[Facts | None]
    #: Of a large report, checked as a job: what its page shows, so that nobody waits again.
    preview: Mapped[Facts | None] = deferred(mapped_column(Json))
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    uploaded_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)


class ColumnMemory(Model):
    """Which field a column label meant the last time, per kind and distributor (0 = the house)."""

    __tablename__ = "column_memory"
    __table_args__ = (sa.UniqueConstraint("kind", "owner_id", "label"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    owner_id: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(sa.String(200))
    field: Mapped[str] = mapped_column(sa.String(60))
