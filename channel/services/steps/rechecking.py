"""What waits for money or for an exception is judged again when either comes.

Holds cure themselves: nobody has to press a button after the distributor has paid.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from channel.db import lock
from channel.models.credit import CreditAccount
from channel.models.orders import Order, Shipment
from channel.models.supports import SupportBudget, SupportClaim
from channel.services.steps import orders, shipments, supports
from channel.services.work import Work


def recheck_held(w: Work, account: CreditAccount) -> None:
    """Held shipments first (their goods are reserved already), then held orders, oldest first."""
    w.session.flush()  # the judgement reads what was just posted
    for shipment in w.session.scalars(
        sa.select(Shipment)
        .options(selectinload(Shipment.lines))
        .where(
            Shipment.distributor_id == account.distributor_id,
            Shipment.currency == account.currency,
            Shipment.state == "held",
        )
        .order_by(Shipment.id)
    ).all():
        shipment.row_version += 1
        shipments.check(w, shipment)
    for order in w.session.scalars(
        sa.select(Order)
        .options(selectinload(Order.lines))
        .where(
            Order.distributor_id == account.distributor_id,
            Order.currency == account.currency,
            Order.state == "held",
        )
        .order_by(Order.id)
    ).all():
        order.row_version += 1
        orders.submit(w, order, orders.wanted_of(order))


def recheck_document(w: Work, kind: str, document_id: int) -> None:
    """The order, shipment or support that an exception was asked for."""
    w.session.flush()  # the waiver must be seen
    if kind == "shipment":
        shipment = w.session.get(Shipment, document_id)
        if shipment is not None and shipment.state in ("refused", "held", "draft"):
            shipment.row_version += 1
            shipments.check(w, shipment)
    elif kind == "support":
        claim = w.session.get(SupportClaim, document_id)
        if claim is not None:
            lock(SupportBudget, [claim.budget_id])
            supports.regrant(w, claim)
    elif kind == "order":
        order = w.session.get(Order, document_id)
        if order is not None and order.state in ("refused", "held"):
            order.row_version += 1
            orders.submit(w, order, orders.wanted_of(order))
