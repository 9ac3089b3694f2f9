"""Goods put together and sent off: shared by the page and by files, so that both are judged.

Nothing here commits; the debtor's account is locked before anything of an order is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.queries.orders import PLANNED
from channel.services.steps import credit, places, rebates_pool_orders
from channel.services.steps import shipments as shipment_steps
from channel.services.steps.closing import assert_open
from channel.services.work import Refused, Work
from contracts.values.findings import Finding, Severity


@dataclass(frozen=True)
class Load:
    """What of an order line goes along, and of which batch."""

    order_line_id: int
    quantity: int
    batch: str = ""
    produced_on: date | None = None


def plan(
    w: Work,
    distributor: Distributor,
    ship_date: date,
    place: tuple[int | None, str | None],
    loads: Sequence[Load],
    *,
    number: str = "",
    reason: str = "",
) -> Shipment:
    """Put open order lines of one distributor together, and judge them at once.

    `place` is (ship-to, division); without a number of its own the shipment draws one.
    """
    assert_open(w, ship_date)
    credit.lock_account(w, distributor.id, distributor.currency)
    lines = _load_lines(w, distributor.id, loads)
    shipment = Shipment(
        number=number or w.draw("SH", ship_date),
        distributor_id=distributor.id,
        ship_date=ship_date,
        ship_to_id=place[0],
        division_code=place[1],
        currency=distributor.currency,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        lines=lines,
        row_version=1,
        state="draft",
        goods_gross_fen=sum(line.gross_fen for line in lines),
        freight_fen=0,
    )
    w.session.add(shipment)
    w.session.flush()  # the audit line needs shipment.id
    places.take_along(w, shipment, _order_ids(w, shipment))
    changes = {"goods_gross_fen": shipment.goods_gross_fen}
    w.audit("shipment:plan", shipment, reason=reason, changes=changes)
    shipment_steps.check(w, shipment)
    return shipment


def dispatch(w: Work, shipment: Shipment) -> None:
    """The goods leave: judged once more, then ordered becomes shipped; or they stay, with why."""
    new_state = shipment_steps.step(shipment, "dispatch")
    shipment_steps.check(w, shipment)
    if shipment.state != "released":
        return
    account = credit.lock_account(w, shipment.distributor_id, shipment.currency)
    for line in _order_lines(w, shipment):
        line.shipped_quantity += sum(
            s.quantity for s in shipment.lines if s.order_line_id == line.id
        )
    value = shipment.goods_gross_fen + shipment.freight_fen
    credit.move(
        w,
        account,
        [("ordered", -value), ("shipped", value)],
        act="ship",
        document=shipment,
        on=shipment.ship_date,
    )
    shipment.state, shipment.shipped_at = new_state, w.now
    w.session.flush()  # finished orders are found by what was shipped
    _close_finished_orders(w, shipment)
    w.audit("shipment:dispatch", shipment, changes={"state": ("released", new_state)})


def _load_lines(w: Work, distributor_id: int, loads: Sequence[Load]) -> list[ShipmentLine]:
    """Shipment lines within what is still open of the order lines."""
    wanted = [load for load in loads if load.quantity]
    if not wanted:
        raise Refused([Finding("shipment.empty", Severity.BLOCK)])
    order_lines = {
        line.id: line
        for line in w.session.scalars(
            sa.select(OrderLine)
            .join(OrderLine.order)
            .options(joinedload(OrderLine.product), joinedload(OrderLine.order))
            .where(
                OrderLine.id.in_([load.order_line_id for load in wanted]),
                Order.distributor_id == distributor_id,
                Order.state == "confirmed",
            )
        )
    }
    planned = planned_quantities(w, list(order_lines))
    rows = []
    for number, load in enumerate(wanted, 1):
        line = order_lines.get(load.order_line_id)
        if line is None:
            raise Refused([Finding("shipment.line_gone", Severity.BLOCK)])
        open_quantity = line.quantity - line.shipped_quantity - planned.get(line.id, 0)
        if not 0 < load.quantity <= open_quantity:
            raise Refused(
                [
                    Finding(
                        "shipment.too_many",
                        Severity.BLOCK,
                        line.product.code,
                        {
                            "product": line.product.name,
                            "asked": load.quantity,
                            "open": max(0, open_quantity),
                        },
                    )
                ]
            )
        planned[line.id] = planned.get(line.id, 0) + load.quantity
        rebates_pool_orders.assert_paid(w, {line: load.quantity})
        gross = 0 if line.is_free else line.unit_gross_fen * load.quantity
        rows.append(
            ShipmentLine(
                line_no=number,
                order_line_id=line.id,
                product_id=line.product_id,
                quantity=load.quantity,
                gross_fen=gross,
                is_free=line.is_free,
                batch=load.batch,
                produced_on=load.produced_on,
            )
        )
    return rows


def planned_quantities(w: Work, order_line_ids: Sequence[int]) -> dict[int, int]:
    """What other shipments, planned but not dispatched, already take of the order lines."""
    rows = w.session.execute(
        sa.select(ShipmentLine.order_line_id, sa.func.sum(ShipmentLine.quantity))
        .join(ShipmentLine.shipment)
        .where(
            ShipmentLine.order_line_id.in_(order_line_ids),
            Shipment.state.in_(PLANNED),
        )
        .group_by(ShipmentLine.order_line_id)
    )
    return {line_id: int(quantity) for line_id, quantity in rows}


def _order_lines(w: Work, shipment: Shipment) -> list[OrderLine]:
    ids = {line.order_line_id for line in shipment.lines}
    return list(w.session.scalars(sa.select(OrderLine).where(OrderLine.id.in_(ids))))


def _order_ids(w: Work, shipment: Shipment) -> set[int]:
    ids = {line.order_line_id for line in shipment.lines}
    return set(w.session.scalars(sa.select(OrderLine.order_id).where(OrderLine.id.in_(ids))))


def _close_finished_orders(w: Work, shipment: Shipment) -> None:
    """An order whose every line was shipped is closed; nothing of it is reserved any more."""
    ids = {line.order_line_id for line in shipment.lines}
    orders = w.session.scalars(
        sa.select(Order)
        .options(selectinload(Order.lines))
        .where(Order.id.in_(sa.select(OrderLine.order_id).where(OrderLine.id.in_(ids))))
    )
    for order in orders:
        if all(line.shipped_quantity == line.quantity for line in order.lines):
            order.state = "closed"
            order.row_version += 1
            w.audit("order:close", order, changes={"state": ("confirmed", "closed")})
