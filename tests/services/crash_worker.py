"""A worker that posts a list of keyed documents and can be killed anywhere: run as a program.

Arguments: the database's URL, a folder, how many. It prints a line after each document and takes
up what is half done: order, shipment, invoice and receipt of one key each exist once.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from channel import clock
from channel.app import create_app
from channel.db import db
from channel.demo.world import World
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.receivables import Receipt
from channel.services import orders, receivables, shipments
from config import Config
from tests.builders import a_draft, a_shipment

TODAY = date(2026, 11, 20)


def post(world: World, n: int) -> None:
    """Bring document n to its end from wherever it stands."""
    key = f"crash-{n}"
    order_id = db.session.scalar(sa.select(Order.id).where(Order.external_key == key))
    if order_id is None:
        draft = a_draft(world, "D1", A=100 + n)
        order_id = orders.place_order(world.actor("cm"), draft, external_key=key)
    shipment = db.session.scalars(
        sa.select(Shipment)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order_id)
    ).first()
    shipment_id = shipment.id if shipment else a_shipment(world, order_id)
    state = db.session.get_one(Shipment, shipment_id).state
    if state == "released":
        state = shipments.dispatch_shipment(world.actor("cm"), shipment_id)
    if state == "shipped":
        shipments.invoice_shipment(world.actor("fin"), shipment_id, TODAY)
    if db.session.scalar(sa.select(Receipt.id).where(Receipt.external_key == key)) is None:
        money = receivables.Money(world.distributor("D1"), TODAY, 900_000)
        receivables.book_receipt(world.actor("fin"), money, external_key=key)


def main(url: str, folder: str, wanted: int) -> None:
    app = create_app(Config(var=Path(folder), database_url=url, secret_key="t" * 40, testing=True))
    with clock.at(TODAY), app.app_context():
        world = World.load()
        for n in range(wanted):
            post(world, n)
            print(n, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
