"""Changes of the delivery place at work: the freight they cost, and with which document it goes.

Freight is reserved with the document, moves to the shipment that carries the goods and ends on
its invoice; a document that is cancelled before gives it up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.models.credit import CreditAccount
from channel.models.orders import Order, PlaceChange, Shipment
from channel.models.partners import ShipTo
from channel.queries import catalogue
from channel.rules.delivery import Notice, notice
from channel.services.steps import credit, judging, waivers
from channel.services.work import Work


@dataclass(frozen=True)
class Using:
    """A change as the user of an exception: its documents use others, and give them back anew."""

    id: int
    __tablename__ = "place"


def charge(
    w: Work,
    account: CreditAccount,
    document: Order | Shipment,
    place: ShipTo,
    reason: str,
    typed_fen: int | None = None,
) -> PlaceChange:
    """Write the change down, with its notice and its freight; the place itself is the caller's.

    The freight is the flat one of the agreement or, where none is agreed, what the house types;
    an approved exception takes it over.
    """
    told, flat = terms_of(document, w.today)
    freight = (flat or typed_fen or 0) if told.is_late else 0
    change = PlaceChange(
        distributor_id=document.distributor_id,
        order_id=document.id if isinstance(document, Order) else None,
        shipment_id=document.id if isinstance(document, Shipment) else None,
        from_ship_to_id=document.ship_to_id,
        to_ship_to_id=place.id,
        requested_on=w.today,
        planned_on=planned_on(document),
        notice_days=told.given_days,
        required_days=told.required_days,
        freight_fen=freight,
        reason=reason[:500],
        created_by_id=w.actor.user_id,
        created_at=w.now,
        is_void=False,
    )
    w.session.add(change)
    if freight and (waived := waivers.freight_waived(document.distributor_id, freight, w.today)):
        change.freight_fen = 0
        w.session.flush()  # the use of the exception names the change
        waivers.use(w, waived.waiver.id, Using(change.id), value_fen=freight, on=w.today)
    elif freight:
        document.freight_fen += freight
        credit.move(
            w, account, [("ordered", freight)], act="reserve", document=document, on=w.today
        )
    return change


def planned_on(document: Order | Shipment) -> date | None:
    """The day from which the notice is counted back: the shipment's, or the one that is wanted."""
    return document.deliver_on if isinstance(document, Order) else document.ship_date


def terms_of(document: Order | Shipment, on: date) -> tuple[Notice, int]:
    """The notice of a change asked for on this day, and the agreement's flat freight in fen."""
    planned = planned_on(document)
    terms = judging.ground_on(document.distributor_id, planned or on).terms
    required = terms.duties.delivery_notice_working_days if terms else 0
    flat = terms.duties.late_delivery_freight_fen if terms else 0
    return notice(on, planned, required, catalogue.work_calendar()), flat


def take_along(w: Work, shipment: Shipment, order_ids: Collection[int]) -> None:
    """Freight that orders still bear goes with the first shipment of their goods."""
    changes = _changes(w, PlaceChange.order_id.in_(order_ids), PlaceChange.shipment_id.is_(None))
    for change in changes:
        assert change.order_id is not None
        change.shipment_id = shipment.id
        shipment.freight_fen += change.freight_fen
        w.session.get_one(Order, change.order_id).freight_fen -= change.freight_fen


def give_up_shipment(w: Work, account: CreditAccount, shipment: Shipment) -> None:
    """The shipment is cancelled: an order's freight goes back to it, its own is not charged."""
    for change in _changes(w, PlaceChange.shipment_id == shipment.id):
        if change.order_id is not None:
            change.shipment_id = None
            w.session.get_one(Order, change.order_id).freight_fen += change.freight_fen
        else:
            _void(w, account, change, shipment)
    shipment.freight_fen = 0


def give_up_order(w: Work, account: CreditAccount, order: Order) -> None:
    """The order ends: freight that no shipment has taken along is not charged."""
    changes = _changes(w, PlaceChange.order_id == order.id, PlaceChange.shipment_id.is_(None))
    for change in changes:
        _void(w, account, change, order)
    order.freight_fen = 0


def _void(w: Work, account: CreditAccount, change: PlaceChange, document: Order | Shipment) -> None:
    change.is_void = True
    waivers.give_back(w, Using(change.id), w.today)
    freed = [("ordered", -change.freight_fen)]
    credit.move(w, account, freed, act="release", document=document, on=w.today)


def _changes(w: Work, *conditions: sa.ColumnElement[bool]) -> list[PlaceChange]:
    return list(
        w.session.scalars(
            sa.select(PlaceChange)
            .where(PlaceChange.is_void.is_(False), *conditions)
            .order_by(PlaceChange.id)
        )
    )
