"""Administrative divisions (GB/T 2260), effective-dated, with predecessor links."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Id, Model, Name


class Division(Model):
    """One division under one code and name for a span of dates; `valid_to` is exclusive."""

    __tablename__ = "division"
    __table_args__ = (
        sa.UniqueConstraint("code", "valid_from"),
        sa.CheckConstraint("level IN ('province','prefecture','county')", name="level"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(6), index=True)
    name: Mapped[Name]
    level: Mapped[str] = mapped_column(sa.String(10))
    parent_code: Mapped[str | None] = mapped_column(sa.String(6), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    predecessor_code: Mapped[str | None] = mapped_column(sa.String(6))
    #: False for divisions that the maker does not sell in by default.
    is_selectable: Mapped[bool] = mapped_column(default=True)
