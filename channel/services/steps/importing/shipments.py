"""Shipments by file: goods of confirmed orders, put together and sent off as on the page.

A line names its order, or takes the oldest open orders of its good first. A shipment that the
rules hold or refuse is saved in that state with its reasons; it is not a fault of the file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.queries.orders import PLANNED
from channel.services.steps import loading
from channel.services.steps.importing.accounts import lock_accounts
from channel.services.steps.importing.orders import place_of, places_of
from channel.services.steps.importing.plan import Plan, Task, by_key, chunks
from channel.services.steps.loading import Load
from channel.services.work import Work
from contracts.values.findings import Finding

HEAD = ("distributor", "date", "ship_to_division")


@dataclass
class Open:
    """What can still be shipped of an order line."""

    line_id: int
    names: frozenset[str]
    line_no: int
    product_id: int
    rest: int


def plan(task: Task) -> Plan:
    """Shipments by their number in the file; one that stands with other goods is refused."""
    documents: dict[str, list[Any]] = {}
    for row in task.rows:
        documents.setdefault(row.document, []).append(row)
    result = Plan()
    result.findings += _impossible(task, documents)
    if result.is_blocked:
        return result
    owners = by_key(
        Distributor.code, [r.distributor for r in task.rows], Distributor.id, Distributor.currency
    )
    products = by_key(Product.code, [r.product for r in task.rows], Product.id)
    places = places_of([row.id for row in owners.values()])
    standing = _standing(list(documents))
    opened = _open([row.id for row in owners.values()])
    fresh: dict[str, dict[str, Any]] = {}
    # The oldest shipment first: it takes the oldest orders.
    for number, rows in sorted(documents.items(), key=lambda item: (item[1][0].date, item[0])):
        first, owner = rows[0], owners[rows[0].distributor]
        if number in standing:
            goods: dict[int, int] = defaultdict(int)
            for row in rows:
                goods[products[row.product].id] += int(row.quantity)
            if standing[number] == (owner.id, dict(goods)):
                result.same += 1
            else:
                result.findings.append(
                    task.stop("import.shipment_differs", first.row, "document", document=number)
                )
            continue
        place, missing = place_of(task, first, places[owner.id])
        result.findings += missing
        loads: list[Load] = []
        for row in rows:
            found, short = _loads(row, products[row.product].id, opened[owner.id])
            loads += found
            if short:
                result.findings.append(
                    task.stop("import.shipment_open", row.row, "quantity", document=number,
                              product=row.product, asked=int(row.quantity),
                              open=int(row.quantity) - short)
                )  # fmt: skip
        fresh[number] = {"row": first, "owner": owner, "place": place, "loads": loads}
    result.new = len(fresh)
    result.write = lambda w, reason: _write(w, fresh, reason)
    return result


def _impossible(task: Task, documents: dict[str, list[Any]]) -> list[Finding]:
    found = []
    for number, rows in documents.items():
        for row in rows:
            if row.quantity != int(row.quantity) or row.quantity <= 0:
                found.append(
                    task.stop("import.quantity_whole", row.row, "quantity", value=str(row.quantity))
                )
            if row.date > task.today:
                found.append(
                    task.stop("import.shipment_future", row.row, "date", value=row.date.isoformat())
                )
            for name in HEAD:
                if getattr(row, name) != getattr(rows[0], name):
                    found.append(
                        task.stop("import.document_mixed", row.row, name, document=number,
                                  value=str(getattr(row, name)), other=str(getattr(rows[0], name)),
                                  first=rows[0].row)
                    )  # fmt: skip
    return found[:200]


def _standing(numbers: list[str]) -> dict[str, tuple[int, dict[int, int]]]:
    """Shipment number → (distributor, product → quantity) of those that stand."""
    found: dict[str, tuple[int, dict[int, int]]] = {}
    for part in chunks(sorted(numbers)):
        rows = db.session.execute(
            sa.select(
                Shipment.number, Shipment.distributor_id, ShipmentLine.product_id,
                sa.func.sum(ShipmentLine.quantity),
            )
            .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
            .where(Shipment.number.in_(part))
            .group_by(Shipment.number, Shipment.distributor_id, ShipmentLine.product_id)
        )  # fmt: skip
        for number, owner, product_id, quantity in rows:
            found.setdefault(number, (owner, {}))[1][product_id] = int(quantity)
    return found


def _open(owner_ids: list[int]) -> dict[int, list[Open]]:
    """Distributor → open lines of its confirmed orders, the oldest first, paid goods first."""
    planned = (
        sa.select(sa.func.coalesce(sa.func.sum(ShipmentLine.quantity), 0))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(ShipmentLine.order_line_id == OrderLine.id, Shipment.state.in_(PLANNED))
        .scalar_subquery()
    )
    rest = OrderLine.quantity - OrderLine.shipped_quantity - planned
    found: dict[int, list[Open]] = defaultdict(list)
    for part in chunks(sorted(set(owner_ids))):
        rows = db.session.execute(
            sa.select(
                Order.distributor_id, OrderLine.id, Order.number, Order.external_key,
                OrderLine.line_no, OrderLine.product_id, rest,
            )
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.distributor_id.in_(part), Order.state == "confirmed", rest > 0)
            .order_by(OrderLine.is_free, Order.order_date, Order.id, OrderLine.line_no)
        )  # fmt: skip
        for owner, line_id, number, key, line_no, product_id, left in rows:
            names = frozenset(filter(None, (number, key)))
            found[owner].append(Open(line_id, names, line_no, product_id, int(left)))
    return found


def _loads(row: Any, product_id: int, opened: list[Open]) -> tuple[list[Load], int]:
    """(loads that make up the row, what no open line covers); takes it off the open lines."""
    short, loads = int(row.quantity), []
    for line in opened:
        fits = line.product_id == product_id and (not row.order or row.order in line.names)
        if row.order_line and str(line.line_no) != row.order_line:
            fits = False
        taken = min(line.rest, short) if fits else 0
        if taken:
            loads.append(Load(line.line_id, taken, row.batch, row.produced_on))
            line.rest -= taken
            short -= taken
    return loads, short


def _write(w: Work, fresh: dict[str, dict[str, Any]], reason: str) -> None:
    """All debtors are locked first; then shipment by shipment, as the file's dates have it."""
    lock_accounts(w, {(new["owner"].id, new["owner"].currency) for new in fresh.values()})
    for number, new in fresh.items():
        distributor = w.session.get_one(Distributor, new["owner"].id)
        shipment = loading.plan(
            w, distributor, new["row"].date, new["place"], new["loads"], number=number,
            reason=reason,
        )  # fmt: skip
        if shipment.state == "released":
            loading.dispatch(w, shipment)
