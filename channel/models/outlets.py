"""Visits to outlets: when somebody was there, and whether the outlet ordered."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Id, Instant, Model


class OutletVisit(Model):
    """A visit or an order of an outlet, as it was logged; it never changes afterwards."""

    __tablename__ = "outlet_visit"
    __table_args__ = (
        sa.CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity"),
        sa.CheckConstraint("is_visit OR has_order", name="happened"),
        sa.Index("ix_outlet_visit_outlet_id_visited_on", "outlet_id", "visited_on"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlet.id"))
    visited_on: Mapped[date]
    #: Somebody was there; False: it ordered without a visit.
    is_visit: Mapped[bool] = mapped_column(default=True)
    has_order: Mapped[bool] = mapped_column(default=False)
    #: Boxes ordered, where it was said.
    quantity: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    logged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    logged_at: Mapped[Instant]
