"""Administrative divisions (GB/T 2260), effective-dated, with predecessor links."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Id, Instant, Model, Name


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


class TerritoryCap(Model):
    """At most so many live contracts may name a division of this level in this area (G01)."""

    __tablename__ = "territory_cap"
    __table_args__ = (
        sa.CheckConstraint("level IN ('province','prefecture','county')", name="level"),
        sa.CheckConstraint("most >= 0", name="most"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="span"),
        sa.Index("ix_territory_cap_division_code", "division_code", "level"),
    )

    id: Mapped[Id]
    division_code: Mapped[str] = mapped_column(sa.String(6))
    level: Mapped[str] = mapped_column(sa.String(10))
    most: Mapped[int]
    valid_from: Mapped[date]
    #: Exclusive; None: until a later cap of the same area and level takes over.
    valid_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class CarveOut(Model):
    """An opened division is taken out of an incumbent's agreement, by the exception's waiver.

    The agreement's approved words stay as they are; whoever reads them puts these rows over them.
    """

    __tablename__ = "carve_out"
    __table_args__ = (sa.CheckConstraint("valid_to > valid_from", name="span"),)

    id: Mapped[Id]
    waiver_id: Mapped[int] = mapped_column(sa.ForeignKey("waiver.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    division_code: Mapped[str] = mapped_column(sa.String(6))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    created_at: Mapped[Instant]
