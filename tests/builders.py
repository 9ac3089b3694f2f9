"""Small builders with defaults, on top of the fixture world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.demo.world import World
from channel.services import exceptions, orders, receivables, shipments
from channel.services.steps.applications import Application
from channel.services.steps.pricing import Wanted
from contracts.approval import ActKind
from credit.policy import FIRST, Control, CreditPolicy, Mode
from credit.policy import to_json as policy_to_json


def a_draft(
    world: World,
    code: str = "D1",
    on: date = date(2026, 11, 20),
    ship_to: int | None = None,
    **quantities: int,
) -> orders.Draft:
    """A draft: a_draft(world, A=100) is 100 boxes of A for D1."""
    lines = tuple(Wanted(world.product(p), q) for p, q in (quantities or {"A": 100}).items())
    return orders.Draft(world.distributor(code), on, ship_to or world.ship_to(code), lines)


def an_order(
    world: World,
    code: str = "D1",
    on: date = date(2026, 11, 20),
    *,
    by: str = "cm",
    ship_to: int | None = None,
    **quantities: int,
) -> int:
    return orders.place_order(world.actor(by), a_draft(world, code, on, ship_to, **quantities))


def a_shipment(
    world: World,
    *order_ids: int,
    code: str = "D1",
    on: date = date(2026, 11, 20),
    by: str = "cm",
    share: dict[int, int] | None = None,
    ship_to: int | None = None,
) -> int:
    """A shipment of all open lines of the orders, or of {order line: quantity}."""
    loads = []
    for order_id in order_ids:
        for line in the_order(order_id).lines:
            quantity = (share or {}).get(line.id, line.quantity - line.shipped_quantity)
            loads.append(shipments.Load(line.id, quantity))
    return shipments.plan_shipment(
        world.actor(by), world.distributor(code), on, ship_to or world.ship_to(code), loads
    )


def the_order(order_id: int) -> Any:
    from channel.db import db
    from channel.models.orders import Order

    return db.session.get_one(Order, order_id, populate_existing=True)


def the_shipment(shipment_id: int) -> Any:
    from channel.db import db
    from channel.models.orders import Shipment

    return db.session.get_one(Shipment, shipment_id, populate_existing=True)


def codes_of(record: Any) -> list[str]:
    """The codes of the stored findings."""
    return [f["code"] for f in record.verdict["findings"]]


def delivered(
    world: World, code: str = "D1", on: date = date(2026, 11, 20), **quantities: int
) -> int:
    """Ordered, shipped and invoiced on one day; gives the invoice."""
    order = an_order(world, code, on, **quantities)
    assert the_order(order).state == "confirmed", codes_of(the_order(order))
    shipment = a_shipment(world, order, code=code, on=on)
    assert shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped"
    return shipments.invoice_shipment(world.actor("fin"), shipment, on)


def paid(world: World, code: str, fen: int, on: date = date(2026, 11, 20), **more: Any) -> int:
    return receivables.book_receipt(
        world.actor("fin"),
        receivables.Money(world.distributor(code), on, fen, **more),
    )


def an_application(world: World, code: str = "D2", **changes: Any) -> Application:
    """A well-founded wish for a lower minimum shipment."""
    values: dict[str, Any] = {
        "type": "minimum",
        "distributor_id": world.distributor(code),
        "reason": "县级市场起步",
        "valid_from": date(2026, 7, 1),
        "valid_to": date(2027, 1, 1),
        "asked": {"floor_fen": 500_000},
        "ground_means": "门店一家，流动资金三十万元",
        "ground_market": "城区人口三十万",
    }
    values.update(changes)
    return Application(**values)


def an_approved_exception(
    world: World,
    wish: Application,
    *,
    by: str = "rep",
    signers: tuple[str, ...] = ("cm", "fin", "boss"),
) -> int:
    """Requested by one, signed by the others in turn until it is approved."""
    request = exceptions.request_exception(world.actor(by), wish)
    for signer in signers:
        state = exceptions.decide(world.actor(signer), request, ActKind.APPROVE)
        if state == "approved":
            return request
    raise AssertionError("not approved by all of them")


def a_credit_policy(
    order: str = "approve",
    shipment: str = "approve",
    policy: CreditPolicy | None = None,
    valid_from: date = date(2000, 1, 1),
) -> int:
    """A credit policy in force; gives its number. Without one, the first with other modes."""
    from channel import clock
    from channel.db import db
    from channel.models.credit_policies import CreditPolicyVersion

    if policy is None:
        modes = Control(mode=Mode(order)), Control(mode=Mode(shipment))
        policy = replace(FIRST, order=modes[0], shipment=modes[1])
    last = db.session.scalar(sa.select(sa.func.max(CreditPolicyVersion.number))) or 0
    version = CreditPolicyVersion(
        number=last + 1,
        valid_from=valid_from,
        state="approved",
        policy=policy_to_json(policy),
        proposed_at=clock.now(),
        approved_at=clock.now(),
    )
    db.session.add(version)
    db.session.execute(
        sa.text("UPDATE number_series SET value = :n WHERE name = 'credit_policy'"), {"n": last + 1}
    )
    db.session.commit()
    return last + 1
