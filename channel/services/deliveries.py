"""Where the goods go, changed after the order was confirmed or the shipment planned (clause 8).

The new place is judged like any other; what it costs is a freight line apart, never the price.
"""

from __future__ import annotations

from sqlalchemy.orm import selectinload

from channel import clock
from channel.access import Actor, Permission, may
from channel.models.orders import Order, PlaceChange, Shipment
from channel.models.partners import ShipTo
from channel.queries.scope import get_visible
from channel.rules.delivery import Notice
from channel.services.steps import credit, places, revising
from channel.services.steps import shipments as shipment_steps
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block, from_json


def change_place_of_order(
    actor: Actor,
    order_id: int,
    ship_to_id: int,
    reason: str,
    seen_version: int | None = None,
    freight_fen: int | None = None,
) -> int:
    """Send a confirmed order elsewhere; gives the freight in fen.

    Refused where the place is not allowed, and while a shipment of it is planned: then the
    shipment is what changes.
    """
    with work(actor, Permission.ORDERS_WRITE) as w:
        order: Order = get_visible(actor, Order, order_id, selectinload(Order.lines))
        account = credit.lock_account(w, order.distributor_id, order.currency)
        w.session.refresh(order)
        assert_seen(order, seen_version)
        if order.state != "confirmed":
            raise Refused([block("order.not_now", order.number, number=order.number)])
        revising.refuse_planned(order)
        place = _new_place(w, order, ship_to_id)
        old = order.ship_to.name if order.ship_to else ""
        change = places.charge(w, account, order, place, reason, _typed(actor, freight_fen))
        order.ship_to_id, order.division_code = place.id, place.division_code
        revising.rejudge(w, order, account, freight_fen=change.freight_fen)
        _audit(w, order, change, old, place, reason)
        return change.freight_fen


def change_place_of_shipment(
    actor: Actor,
    shipment_id: int,
    ship_to_id: int,
    reason: str,
    seen_version: int | None = None,
    freight_fen: int | None = None,
) -> int:
    """Send a planned shipment elsewhere; gives the freight in fen.

    A released shipment that the new place would stop keeps its old one.
    """
    with work(actor, Permission.ORDERS_WRITE) as w:
        shipment: Shipment = get_visible(actor, Shipment, shipment_id, selectinload(Shipment.lines))
        account = credit.lock_account(w, shipment.distributor_id, shipment.currency)
        w.session.refresh(shipment)
        assert_seen(shipment, seen_version)
        shipment_steps.step(shipment, "check")
        place = _new_place(w, shipment, ship_to_id)
        old, was = shipment.ship_to.name if shipment.ship_to else "", shipment.state
        change = places.charge(w, account, shipment, place, reason, _typed(actor, freight_fen))
        shipment.ship_to_id, shipment.division_code = place.id, place.division_code
        shipment_steps.check(w, shipment)
        if was == "released" and shipment.state != "released":
            assert shipment.verdict is not None
            found = from_json(shipment.verdict["findings"])
            raise Refused([finding for finding in found if finding.is_blocking])
        _audit(w, shipment, change, old, place, reason)
        return change.freight_fen


def told(document: Order | Shipment) -> tuple[Notice, int]:
    """The notice that a change asked for today would give, and the flat freight agreed."""
    return places.terms_of(document, clock.today())


def _typed(actor: Actor, freight_fen: int | None) -> int | None:
    """A freight that the house names; a distributor names none."""
    return freight_fen if may(actor, Permission.SHIPMENTS_WRITE) else None


def _new_place(w: Work, document: Order | Shipment, ship_to_id: int) -> ShipTo:
    place: ShipTo = get_visible(w.actor, ShipTo, ship_to_id)
    if place.distributor_id != document.distributor_id or not place.is_active:
        raise Refused([block("order.foreign_ship_to")])
    if place.id == document.ship_to_id:
        raise Refused([block("place.same", place=place.name)])
    return place


def _audit(
    w: Work,
    document: Order | Shipment,
    change: PlaceChange,
    old: str,
    place: ShipTo,
    reason: str,
) -> None:
    kind = "order" if isinstance(document, Order) else "shipment"
    w.audit(
        f"{kind}:place",
        document,
        reason=reason,
        changes={"ship_to_id": (old, place.name), "freight_fen": change.freight_fen},
    )
