"""What is done with the rebates of the demo world: taken off, paid in goods, offset, asked for."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.world import World
from channel.models.orders import Order
from channel.queries import rebates_pool_facts as facts
from channel.queries.rebates_pool_offers import offer_of
from channel.services import (
    orders,
    rebates_payments,
    rebates_pool,
    rebates_pool_jobs,
    shipments,
)
from channel.services.rebates_payments import Wish
from channel.services.steps.pricing import Wanted
from contracts.rebates.payout import Form

#: So many days before today D1 takes a rebate off an order and has it invoiced.
INVOICED_BEFORE = timedelta(days=8)


def on_day(world: World, day: date, today: date) -> None:
    """An order of D1 whose invoice bears a rebate, and free goods that the pool pays."""
    if day != today - INVOICED_BEFORE or _free(world, "D1") < 100_000:
        return
    lines = (Wanted(world.product("A"), 150),)
    draft = orders.Draft(world.distributor("D1"), day, world.ship_to("D1"), lines)
    order_id = orders.place_order(world.actor("d1"), draft)
    if db.session.get_one(Order, order_id).state != "confirmed":
        return
    d1 = world.actor("d1")
    rebates_pool.add_goods(d1, order_id, world.product("N"), 2)
    most = offer_of(db.session.get_one(Order, order_id, populate_existing=True)).most_fen
    if most >= 10_000:
        rebates_pool.take_off(d1, order_id, min(50_000, most // 10_000 * 10_000))
    order = db.session.get_one(Order, order_id, populate_existing=True)
    loads = [shipments.Load(line.id, line.quantity) for line in order.lines]
    shipment = shipments.plan_shipment(
        world.actor("cm"), world.distributor("D1"), day, world.ship_to("D1"), loads
    )
    if shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped":
        shipments.invoice_shipment(world.actor("fin"), shipment, day)


def leave_open(world: World, today: date) -> None:
    """A rebate reserved on D1's draft, a transfer that waits, one to be paid, and an offset."""
    with clock.at(clock.instant_of(today, 9, 52)):
        draft = db.session.scalar(
            sa.select(Order.id)
            .where(Order.distributor_id == world.distributor("D1"), Order.state == "draft")
            .order_by(Order.id.desc())
        )
        if draft is not None:
            most = offer_of(db.session.get_one(Order, draft)).most_fen
            if most >= 20_000:
                rebates_pool.take_off(world.actor("d1"), draft, 20_000)
        _ask(world, "D4", "transfer", 300_000, "季度返利转账")
        if to_pay := _ask(world, "D4", "transfer", 200_000, "上季度返利转账"):
            rebates_payments.approve(world.actor("fin2"), to_pay)
        if offset := _ask(world, "D4", "offset", 100_000, "抵减货款"):
            rebates_payments.approve(world.actor("fin2"), offset)
        rebates_pool_jobs.count_pools()


def _free(world: World, code: str) -> int:
    return facts.pool_of(world.distributor(code), "CNY").free_fen


def _ask(world: World, code: str, form: Form, fen: int, reason: str) -> int | None:
    """A request of the distributor, where its pool has as much."""
    if _free(world, code) < fen:
        return None
    wish = Wish(world.distributor(code), form, fen, reason)
    return rebates_payments.request(world.actor(code.lower()), wish)
