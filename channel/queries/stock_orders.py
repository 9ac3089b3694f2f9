"""What is ordered and not yet shipped to a distributor, and how long our deliveries take."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.stock import InventoryReport
from channel.queries.stock_facts import TRANSIT_DAYS

#: Orders that will be shipped, or would be once they are released.
COMING = ("confirmed", "held")
#: Lead times are measured over the shipments of a year.
LEAD_DAYS_BACK = 365


def coming(report: InventoryReport) -> dict[int, int]:
    """product id → ordered and not shipped; of a last report only, others are answered already.

    What was shipped after the period meets sales after it, which nobody has reported: neither
    is counted, so that the advice stands on one day.
    """
    later = aliased(InventoryReport)
    if db.session.scalar(
        sa.select(later.id)
        .where(
            later.distributor_id == report.distributor_id,
            later.period_start >= report.period_end,
        )
        .limit(1)
    ):
        return {}
    left = OrderLine.quantity - OrderLine.shipped_quantity
    rows = db.session.execute(
        sa.select(OrderLine.product_id, sa.func.sum(left))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.distributor_id == report.distributor_id, Order.state.in_(COMING), left > 0)
        .group_by(OrderLine.product_id)
    )
    return {product_id: int(quantity) for product_id, quantity in rows}


def lead_times(distributor_id: int, on: date) -> list[int]:
    """Days from order to arrival of the last year's shipments, the days on the road included.

    Orders wanted for a later day say nothing of how fast we are, and are left out.
    """
    rows = db.session.execute(
        sa.select(Order.order_date, Shipment.ship_date)
        .distinct()
        .select_from(ShipmentLine)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date > on - timedelta(days=LEAD_DAYS_BACK),
            Shipment.ship_date <= on,
            Order.deliver_on.is_(None),
        )
    )
    return [(shipped - ordered).days + TRANSIT_DAYS for ordered, shipped in rows]
