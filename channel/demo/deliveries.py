"""Money and goods on their way: an invoice in instalments, parked receipts, a late new place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.demo.world import World
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.orders import Order
from channel.models.receivables import ParkedReceipt
from channel.queries import catalogue
from channel.services import agreements, deliveries, orders, partners, receivables, shipments
from channel.services.steps.pricing import Wanted
from contracts import agreement as rules
from contracts.instalments import EarlyDiscount, Share
from contracts.payment_terms import PaymentTerm
from contracts.values.rates import Rate

#: Second places inside the territories, to which goods can be sent instead.
PLACES = {"D1": ("511011", "东兴区门店"), "D4": ("510107", "武侯区门店")}
FREIGHT_FEN = 30_000


def leave_open(world: World, today: date) -> None:
    """What a visitor finds: each page of payment and delivery has something on it."""
    places = {code: _place(world, code, *place) for code, place in PLACES.items()}
    _in_instalments(world, today)
    _late_place(world, places["D1"], today)
    _parked(world, today)


def _place(world: World, code: str, division: str, name: str) -> int:
    facts = partners.ShipToFacts(name=name, division_code=division)
    return partners.add_ship_to(world.actor("cm"), world.distributor(code), facts)


def _amend(world: World, code: str, on: date, reason: str, **changes: object) -> None:
    """Other terms from the day on, by two persons."""
    version = db.session.scalars(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(
            Agreement.distributor_id == world.distributor(code),
            AgreementVersion.state == "approved",
            AgreementVersion.valid_from <= on,
            AgreementVersion.valid_to > on,
        )
        .order_by(AgreementVersion.version_no.desc())
    ).first()
    assert version is not None
    new = agreements.amend_agreement(world.actor("cm"), version.id, on, reason)
    row = db.session.get_one(AgreementVersion, new)
    terms = replace(rules.from_json(row.terms), **changes)  # type: ignore[arg-type]
    draft = agreements.Draft(row.valid_from, row.valid_to, terms, reason)
    agreements.save_draft(world.actor("cm"), new, draft)
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("boss"), new)


def _ordered(world: World, code: str, today: date, **quantities: int) -> Order:
    lines = tuple(Wanted(world.product(p), q) for p, q in quantities.items())
    draft = orders.Draft(world.distributor(code), today, world.ship_to(code), lines)
    return db.session.get_one(Order, orders.place_order(world.actor("cm"), draft))


def _planned(world: World, code: str, order: Order, on: date) -> int:
    loads = [shipments.Load(line.id, line.quantity) for line in order.lines]
    return shipments.plan_shipment(
        world.actor("cm"), world.distributor(code), on, world.ship_to(code), loads
    )


def _in_instalments(world: World, today: date) -> None:
    """D4 pays 40 % on shipment and the rest after thirty days, 1 % off within ten."""
    term = PaymentTerm(
        "net_days",
        30,
        roll="next",
        shares=(Share("of_total", 0, rate=Rate.percent(40)), Share("rest", 30)),
        discount=EarlyDiscount(10, Rate.percent(1)),
    )
    _amend(world, "D4", today, "改为分期付款", payment=term)
    order = _ordered(world, "D4", today, A=200, B=100)
    if order.state != "confirmed":
        return
    shipment = _planned(world, "D4", order, today)
    if shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped":
        shipments.invoice_shipment(world.actor("fin"), shipment, today)


def _late_place(world: World, place: int, today: date) -> None:
    """D1 sends a planned shipment elsewhere, one working day before it leaves."""
    version = db.session.scalars(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor("D1"))
        .order_by(AgreementVersion.id)
    ).first()
    assert version is not None
    duties = replace(rules.from_json(version.terms).duties, late_delivery_freight_fen=FREIGHT_FEN)
    _amend(world, "D1", today, "约定临时变更收货地点的运费", duties=duties)
    order = _ordered(world, "D1", today, A=150)
    if order.state == "confirmed":
        leaves = catalogue.work_calendar().add(today, 1)
        shipment = _planned(world, "D1", order, leaves)
        deliveries.change_place_of_shipment(
            world.actor("d1"), shipment, place, "门店促销，直接送店"
        )


def _parked(world: World, today: date) -> None:
    """Cash that waits for a second person, and a payer that one has looked at."""
    fin = world.actor("fin")
    owner = world.distributor("D3")
    paid = receivables.Money(owner, today, 800_000, payer_name="曾建国", reference="代付货款")
    receivables.book_receipt(fin, paid)
    parked = db.session.scalars(sa.select(ParkedReceipt)).one()
    note = "经销商法定代表人个人账户代付，已核对委托书"
    receivables.decide_parked(world.actor("fin2"), parked.id, "approve", note)
    cash = receivables.Money(world.distributor("D1"), today, 500_000, method="cash")
    receivables.book_receipt(fin, cash)
