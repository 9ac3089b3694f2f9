"""The use case about the maker's freight: what a shipment cost to carry, beside its goods."""

from __future__ import annotations

from channel.access import Actor, Permission
from channel.models.freight import FreightCost
from channel.models.orders import Shipment
from channel.queries import freight as reads
from channel.queries.scope import get_visible
from channel.services.work import Refused, work
from contracts.values.findings import block


def record_freight(
    actor: Actor, shipment_id: int, amount_fen: int, carrier: str = "", note: str = ""
) -> int:
    """Record or correct what the maker paid; no price and no invoice knows of it."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        shipment: Shipment = get_visible(actor, Shipment, shipment_id)
        if shipment.state not in reads.SENT:
            raise Refused([block("freight.not_sent")])
        cost = reads.cost_of(shipment_id)
        old = cost.amount_fen if cost else None
        if cost is None:
            cost = FreightCost(
                shipment_id=shipment.id,
                distributor_id=shipment.distributor_id,
                currency=shipment.currency,
            )
            w.session.add(cost)
        cost.amount_fen, cost.carrier, cost.note = amount_fen, carrier.strip(), note.strip()
        cost.recorded_by_id, cost.recorded_at = actor.user_id, w.now
        w.session.flush()  # the audit entry needs its id
        changes = {"amount_fen": (old, amount_fen)}
        w.audit("freight:record", cost, label=shipment.number, changes=changes)
        return cost.id
