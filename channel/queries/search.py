"""One search over what has a number or a name; each hit is scoped like its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission, may
from channel.db import db
from channel.models.agreements import Agreement
from channel.models.catalogue import Product
from channel.models.exceptions import ExceptionRequest
from channel.models.market import Incident, Promotion
from channel.models.orders import Order, Shipment
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.models.receivables import Invoice, Receipt
from channel.queries.scope import visible

PER_KIND = 6


@dataclass(frozen=True)
class Hit:
    """A record that matches: its kind, what it is called and where it is."""

    kind: str
    label: str
    note: str
    endpoint: str
    record_id: int


def _numbered(model: Any, kind: str, endpoint: str, permission: Permission) -> tuple[Any, ...]:
    return kind, endpoint, permission, model, model.number, model.distributor_id


KINDS: tuple[tuple[Any, ...], ...] = (
    ("distributor", "partners.record", Permission.PARTNERS_READ, None, None, None),
    ("product", "catalogue.product", Permission.CATALOGUE_READ, None, None, None),
    _numbered(Agreement, "agreement", "agreements.newest", Permission.AGREEMENTS_READ),
    _numbered(Order, "order", "orders.record", Permission.ORDERS_READ),
    _numbered(Shipment, "shipment", "shipments.record", Permission.ORDERS_READ),
    _numbered(Invoice, "invoice", "receivables.invoice", Permission.INVOICES_READ),
    _numbered(Receipt, "receipt", "receivables.receipt", Permission.INVOICES_READ),
    _numbered(ExceptionRequest, "exception", "exceptions.record", Permission.EXCEPTIONS_READ),
    _numbered(Incident, "incident", "market.incident", Permission.MARKET_READ),
    _numbered(Promotion, "promotion", "market.promotion", Permission.MARKET_READ),
    _numbered(RebateStatement, "statement", "rebates.statement", Permission.REBATES_READ),
)


def search(actor: Actor, text: str) -> list[Hit]:
    """The first hits of each kind, newest first; at most one statement per kind."""
    text = text.strip()
    if not text:
        return []
    hits: list[Hit] = []
    for kind, endpoint, permission, model, number, owner in KINDS:
        if not may(actor, permission):
            continue
        if kind == "distributor":
            statement = (
                sa.select(Distributor.id, Distributor.name, Distributor.code)
                .where(
                    visible(actor, Distributor.id),
                    sa.or_(
                        Distributor.name.icontains(text, autoescape=True),
                        Distributor.code.icontains(text, autoescape=True),
                        Distributor.uscc == text.upper(),
                    ),
                )
                .order_by(Distributor.code)
            )
        elif kind == "product":
            statement = (
                sa.select(Product.id, Product.name, Product.code)
                .where(
                    sa.or_(
                        Product.name.icontains(text, autoescape=True),
                        Product.code.icontains(text, autoescape=True),
                    )
                )
                .order_by(Product.code)
            )
        else:
            statement = (
                sa.select(model.id, number, Distributor.name)
                .join(Distributor, Distributor.id == owner)
                .where(visible(actor, owner), number.icontains(text, autoescape=True))
                .order_by(model.id.desc())
            )
        rows = db.session.execute(statement.limit(PER_KIND))
        hits += [Hit(kind, label or "", note or "", endpoint, i) for i, label, note in rows]
    return hits
