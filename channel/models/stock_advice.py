"""What was decided about the safety stock of a distributor's goods, by hand and with a reason."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Id, Instant, Model
from channel.models.accounts import User
from channel.models.catalogue import Product
from channel.models.partners import Distributor


class StockPolicy(Model):
    """How the safety stock of one product of one distributor is found from a day on.

    Nothing is changed or taken away: the latest `valid_from` holds, of equal ones the newest
    row, and a row with method '' gives the choice back to the rule.
    """

    __tablename__ = "stock_policy"
    __table_args__ = (
        sa.CheckConstraint(
            "method IN ('','days_of_cover','cycle_service','fill_rate','poisson','croston',"
            "'sba','tsb')",
            name="method",
        ),
        sa.CheckConstraint("service_bp BETWEEN 5000 AND 9999", name="service"),
        sa.CheckConstraint(
            "review_days >= 0 AND safety_days >= 0 AND cover_days > 0"
            " AND (lead_days IS NULL OR lead_days >= 0)",
            name="days",
        ),
        sa.Index("ix_stock_policy_goods", "distributor_id", "product_id", "valid_from"),
    )

    id: Mapped[Id]
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    valid_from: Mapped[date]
    #: channel.rules.replenishment_methods.Method; '' = the rule chooses by the demand's class.
    method: Mapped[str] = mapped_column(sa.String(16), default="")
    #: Service level in basis points: of cycles, or of units for the fill rate.
    service_bp: Mapped[int]
    review_days: Mapped[int]
    #: NULL: taken from our deliveries to the distributor.
    lead_days: Mapped[int | None]
    safety_days: Mapped[int]
    cover_days: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(500))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    made_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    product: Mapped[Product] = relationship()
    made_by: Mapped[User | None] = relationship()
