"""What is on its way to a distributor beside goods on the road: open orders, later shipments."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.stock import InventoryReport
from channel.queries.stock_facts import TRANSIT_DAYS, on_the_road

#: Orders that will be shipped, or would be once they are released.
COMING = ("confirmed", "held")
#: Lead times are measured over the shipments of a year.
LEAD_DAYS_BACK = 365
_FAR = date(9999, 12, 31)


def coming(report: InventoryReport) -> dict[int, int]:
    """product id → ordered and not shipped, or shipped after the period; of a last report only.

    What was ordered after an older report answers later ones, and is not counted for it.
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
    found = Counter({product_id: int(quantity) for product_id, quantity in rows})
    found.update(on_the_road(report.distributor_id, report.period_end, _FAR))
    return dict(found)


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
