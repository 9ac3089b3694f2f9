"""Reads of orders and shipments: lists, records, and what is open to ship."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Order, OrderLine, PlaceChange, Shipment, ShipmentLine
from channel.models.partners import Distributor, ShipTo
from channel.models.receivables import Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

#: Shipments that hold goods without having left.
PLANNED = ("draft", "refused", "held", "released")


def get_order(actor: Actor, order_id: int) -> Order:
    order: Order = get_visible(
        actor,
        Order,
        order_id,
        selectinload(Order.lines).joinedload(OrderLine.product),
        joinedload(Order.distributor),
        joinedload(Order.ship_to),
    )
    return order


def order_by_key(actor: Actor, key: str | None) -> int | None:
    """The order that came with this key, if it came before."""
    if key is None:
        return None
    return db.session.scalar(
        sa.select(Order.id).where(Order.external_key == key, visible(actor, Order.distributor_id))
    )


def get_shipment(actor: Actor, shipment_id: int) -> Shipment:
    shipment: Shipment = get_visible(
        actor,
        Shipment,
        shipment_id,
        selectinload(Shipment.lines).options(
            joinedload(ShipmentLine.product),
            joinedload(ShipmentLine.order_line).joinedload(OrderLine.order),
        ),
        joinedload(Shipment.distributor),
        joinedload(Shipment.ship_to),
    )
    return shipment


def shipments_of_order(order_id: int) -> list[Shipment]:
    """Every shipment that carries a line of the order, newest first."""
    ids = (
        sa.select(ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order_id)
    )
    return list(
        db.session.scalars(
            sa.select(Shipment).where(Shipment.id.in_(ids)).order_by(Shipment.id.desc())
        )
    )


def place_changes(
    *, order_id: int | None = None, shipment_id: int | None = None
) -> list[PlaceChange]:
    """Changes of the delivery place asked for on an order, or borne by a shipment."""
    wanted = (
        PlaceChange.order_id == order_id
        if order_id is not None
        else PlaceChange.shipment_id == shipment_id
    )
    return list(
        db.session.scalars(
            sa.select(PlaceChange)
            .options(joinedload(PlaceChange.from_ship_to), joinedload(PlaceChange.to_ship_to))
            .where(wanted)
            .order_by(PlaceChange.id)
        )
    )


def invoice_of_shipment(shipment_id: int) -> Invoice | None:
    return db.session.scalar(sa.select(Invoice).where(Invoice.shipment_id == shipment_id))


def open_lines(actor: Actor, distributor_id: int) -> list[Any]:
    """(line, order, product, open quantity) of confirmed orders that can still be shipped."""
    planned = (
        sa.select(sa.func.coalesce(sa.func.sum(ShipmentLine.quantity), 0))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(ShipmentLine.order_line_id == OrderLine.id, Shipment.state.in_(PLANNED))
        .scalar_subquery()
    )
    rest = OrderLine.quantity - OrderLine.shipped_quantity - planned
    return list(
        db.session.execute(
            sa.select(OrderLine, Order, Product, rest.label("rest"))
            .join(Order, Order.id == OrderLine.order_id)
            .join(Product, Product.id == OrderLine.product_id)
            .where(
                Order.distributor_id == distributor_id,
                visible(actor, Order.distributor_id),
                Order.state == "confirmed",
                rest > 0,
            )
            .order_by(Order.order_date, Order.id, OrderLine.line_no)
        ).all()
    )


def ship_to_choices(actor: Actor, distributor_id: int) -> list[tuple[str, str]]:
    """(id, «name (division)») of the distributor's open places."""
    rows = db.session.execute(
        sa.select(ShipTo.id, ShipTo.name, ShipTo.division_code)
        .where(
            ShipTo.distributor_id == distributor_id,
            ShipTo.is_active.is_(True),
            visible(actor, ShipTo.distributor_id),
        )
        .order_by(ShipTo.id)
    )
    return [(str(i), f"{name} ({code})") for i, name, code in rows]


def usual_place(distributor_id: int, places: list[tuple[str, str]]) -> int | None:
    """The place of the last order that named one of these, else the only one there is."""
    open_ids = [int(value) for value, _label in places]
    last = db.session.scalar(
        sa.select(Order.ship_to_id)
        .where(Order.distributor_id == distributor_id, Order.ship_to_id.in_(open_ids))
        .order_by(Order.id.desc())
        .limit(1)
    )
    return last or (open_ids[0] if len(open_ids) == 1 else None)


ORDERS = Listing(
    name="orders",
    title=_l("Orders"),
    identity=Order.id,
    source=sa.join(Order, Distributor, Order.distributor_id == Distributor.id),
    counted=Order,
    columns=[
        Column("number", _l("number"), Order.number, "code"),
        Column("order_date", _l("date"), Order.order_date, "date"),
        Column("code", _l("code"), Distributor.code, "code", wide=True),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("currency", _l("currency"), Order.currency, wide=True),
        Column("gross_fen", _l("amount incl. VAT"), Order.gross_fen, "fen", total=True),
        Column("state", _l("state"), Order.state, "state"),
    ],
    default_sort="-order_date",
    scope=lambda actor: visible(actor, Order.distributor_id),
    filters=[
        Filter(
            "state",
            _l("state"),
            Order.state,
            choices=[
                ("draft", _l("draft")),
                ("refused,held", _l("stopped")),
                ("refused", _l("refused")),
                ("held", _l("on hold")),
                ("confirmed", _l("confirmed")),
                ("closed", _l("closed")),
                ("cancelled", _l("cancelled")),
            ],
        ),
        Filter("from", _l("from"), Order.order_date, kind="from"),
        Filter("to", _l("to"), Order.order_date, kind="to"),
    ],
    search=[Order.number, Distributor.code, Distributor.name],
    currency=Order.currency,
    endpoint="orders.record",
    empty=_l("No order yet: write the first one."),
)

SHIPMENTS = Listing(
    name="shipments",
    title=_l("Shipments"),
    identity=Shipment.id,
    source=sa.join(Shipment, Distributor, Shipment.distributor_id == Distributor.id),
    counted=Shipment,
    columns=[
        Column("number", _l("number"), Shipment.number, "code"),
        Column("ship_date", _l("date"), Shipment.ship_date, "date"),
        Column("code", _l("code"), Distributor.code, "code", wide=True),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("currency", _l("currency"), Shipment.currency, wide=True),
        Column(
            "goods_gross_fen", _l("goods incl. VAT"), Shipment.goods_gross_fen, "fen", total=True
        ),
        Column("state", _l("state"), Shipment.state, "state"),
    ],
    default_sort="-ship_date",
    scope=lambda actor: visible(actor, Shipment.distributor_id),
    filters=[
        Filter(
            "state",
            _l("state"),
            Shipment.state,
            choices=[
                ("refused,held", _l("stopped")),
                ("released", _l("released")),
                ("shipped", _l("shipped, not invoiced")),
                ("invoiced", _l("invoiced")),
                ("cancelled", _l("cancelled")),
            ],
        ),
        Filter("from", _l("from"), Shipment.ship_date, kind="from"),
        Filter("to", _l("to"), Shipment.ship_date, kind="to"),
    ],
    search=[Shipment.number, Distributor.code, Distributor.name],
    currency=Shipment.currency,
    endpoint="shipments.record",
    empty=_l("No shipment yet: plan one from confirmed orders."),
)
