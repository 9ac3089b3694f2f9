"""Orders: previewed, placed once by the caller's own key, read, cancelled."""

from __future__ import annotations

from typing import Any

from channel.access import Permission
from channel.api import reading, shapes
from channel.api.problems import problem
from channel.api.routing import actor, route
from channel.models.orders import Order
from channel.queries import orders as reads
from channel.services import orders as service
from channel.services.orders import Draft
from channel.services.steps.orders import wanted_of
from channel.services.steps.pricing import Wanted
from channel.services.work import Refused
from contracts.values.findings import block


@route(
    "/orders/preview",
    Permission.ORDERS_WRITE,
    "What an order would get now; saves nothing",
    method="POST",
    takes="NewOrder",
    gives="Preview",
)
def preview_order() -> Any:
    draft, _key = reading.read_order(actor(), reading.body())
    judged, lines = service.preview(actor(), draft)
    return {
        **(shapes.verdict(judged) or {}),
        "gross_fen": sum(line.gross_fen for line in lines),
        "lines": shapes.priced(lines),
    }


@route(
    "/orders",
    Permission.ORDERS_WRITE,
    "Place an order; the same external key places it once",
    method="POST",
    takes="NewOrder",
    gives="Order",
    statuses={201: "placed", 200: "was placed before with the same content"},
)
def place_order() -> Any:
    """The order is saved in the state that the rules give: confirmed, held or refused."""
    draft, key = reading.read_order(actor(), reading.body())
    if not key:
        raise Refused([block("api.body", "external_key", member="external_key")])
    full = f"api:{draft.distributor_id}:{key}"
    known = reads.order_by_key(actor(), full)
    if known is None:
        try:
            placed = service.place_order(actor(), draft, external_key=full)
            return shapes.order(reads.get_order(actor(), placed)), 201
        except Refused as refused:
            # Sent twice at the same moment: the other one came first.
            if all(finding.code != "order.key_known" for finding in refused.findings):
                raise
            known = reads.order_by_key(actor(), full)
            assert known is not None
    record = reads.get_order(actor(), known)
    if not _is_same(record, draft):
        return problem(409, [block("api.key_used", key, key=key, number=record.number)])
    return shapes.order(record), 200


def _is_same(record: Order, draft: Draft) -> bool:
    """Whether the order that stands is the one that is sent again."""

    def goods(lines: Any) -> dict[tuple[int, bool], int]:
        sums: dict[tuple[int, bool], int] = {}
        for line in lines:
            key = (line.product_id, line.is_free)
            sums[key] = sums.get(key, 0) + line.quantity
        return sums

    stored: list[Wanted] = wanted_of(record)
    return goods(stored) == goods(draft.lines) and record.ship_to_id == draft.ship_to_id


@route("/orders/<int:id>", Permission.ORDERS_READ, "One order with its verdict", gives="Order")
def get_order(id: int) -> Any:
    return shapes.order(reads.get_order(actor(), id))


@route(
    "/orders/<int:id>/cancel",
    Permission.ORDERS_WRITE,
    "Cancel an order of which nothing has left",
    method="POST",
    takes="Cancellation",
    gives="Order",
    statuses={200: "cancelled", 409: "changed meanwhile"},
)
def cancel_order(id: int) -> Any:
    reads.get_order(actor(), id)
    found: list[Any] = []
    members = reading.Members(reading.body(), {"reason", "version"}, found)
    reason = members.text("reason", most=500)
    version = members.whole("version", least=1)
    if found:
        raise Refused(found)
    service.end_order(actor(), id, "cancel", reason, version)
    return shapes.order(reads.get_order(actor(), id))
