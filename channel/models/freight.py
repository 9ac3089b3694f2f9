"""What the maker pays for carrying a shipment; it never enters a price."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Currency, Fen, Id, Instant, Model
from channel.models.orders import Shipment


class FreightCost(Model):
    """The maker's freight for one shipment; corrected in place, with old and new in the trail."""

    __tablename__ = "freight_cost"
    __table_args__ = (sa.CheckConstraint("amount_fen >= 0", name="amount"),)

    id: Mapped[Id]
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    currency: Mapped[Currency]
    amount_fen: Mapped[Fen]
    carrier: Mapped[str] = mapped_column(sa.String(255), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[Instant]

    shipment: Mapped[Shipment] = relationship()
