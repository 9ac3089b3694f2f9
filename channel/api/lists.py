"""Lists: the rows of the screens, with the same filters, fifty to a page."""

from __future__ import annotations

from typing import Any

from channel.access import Permission
from channel.api import shapes
from channel.api.routing import Query, actor, asked, route
from channel.queries import exceptions, orders, receivables
from channel.queries.listing import Listing, fetch

PAGE = Query("page", "integer", "the page, from 1")
SEARCH = Query("q", "text", "words that a row must hold")
FROM = Query("from", "date", "first day")
TO = Query("to", "date", "last day, which counts")


def _states(*words: str) -> Query:
    return Query("state", "choice", "one state or several, set apart by commas", words)


def _rows(listing: Listing) -> Any:
    return shapes.rows(fetch(listing, actor(), asked()))


@route(
    "/orders",
    Permission.ORDERS_READ,
    "Orders, the newest first",
    queries=(
        PAGE,
        SEARCH,
        FROM,
        TO,
        _states("draft", "refused", "held", "confirmed", "closed", "cancelled"),
    ),
    gives="Rows",
)
def list_orders() -> Any:
    return _rows(orders.ORDERS)


@route(
    "/shipments",
    Permission.ORDERS_READ,
    "Shipments, the newest first",
    queries=(
        PAGE,
        SEARCH,
        FROM,
        TO,
        _states("refused", "held", "released", "shipped", "invoiced", "cancelled"),
    ),
    gives="Rows",
)
def list_shipments() -> Any:
    return _rows(orders.SHIPMENTS)


@route(
    "/invoices",
    Permission.INVOICES_READ,
    "Invoices, the newest first",
    queries=(
        PAGE,
        SEARCH,
        FROM,
        TO,
        Query(
            "kind",
            "choice",
            "what it is",
            ("invoice", "credit_note", "opening", "interest", "write_off"),
        ),
    ),
    gives="Rows",
)
def list_invoices() -> Any:
    return _rows(receivables.INVOICES)


@route(
    "/exceptions",
    Permission.EXCEPTIONS_READ,
    "Exceptions with their state",
    queries=(
        PAGE,
        SEARCH,
        _states("pending", "approved", "rejected", "sent_back", "withdrawn", "expired"),
    ),
    gives="Rows",
)
def list_exceptions() -> Any:
    return _rows(exceptions.REGISTER)


@route("/shipments/<int:id>", Permission.ORDERS_READ, "One shipment", gives="Shipment")
def get_shipment(id: int) -> Any:
    return shapes.shipment(orders.get_shipment(actor(), id), orders.invoice_of_shipment(id))


@route("/exceptions/<int:id>", Permission.EXCEPTIONS_READ, "One exception", gives="Exception")
def get_exception(id: int) -> Any:
    record = exceptions.get_request(actor(), id)
    return {
        "id": record.id,
        "number": record.number,
        "type": record.type,
        "distributor": record.distributor.code,
        "state": record.state,
        "size_fen": record.size_fen,
        "currency": record.currency,
        "document": record.subject_label,
        "reason": record.reason,
        "valid_from": shapes.plain(record.valid_from),
        "valid_to": shapes.plain(record.valid_to),
        "max_uses": record.max_uses,
        "max_value_fen": record.max_value_fen,
    }
