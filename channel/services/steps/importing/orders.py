"""Orders by file: written and judged one by one under the debtor's lock, as on every other path.

An order that the rules hold or refuse is saved in that state with its reasons; it is not a fault
of the file.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Order, OrderLine
from channel.models.partners import Distributor, ShipTo
from channel.services.steps import orders as order_steps
from channel.services.steps.importing.accounts import lock_accounts
from channel.services.steps.importing.plan import Plan, Task, by_key, chunks
from channel.services.steps.pricing import Wanted
from channel.services.work import Work
from contracts.values.findings import Finding

HEAD = ("distributor", "date", "currency", "ship_to_division", "customer_reference", "wanted_on")


def plan(task: Task) -> Plan:
    """Orders by their number in the file; an order that stands with other goods is refused."""
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
    standing = by_key(Order.external_key, list(documents), Order.id, Order.distributor_id)
    lines = _lines([row.id for row in standing.values()])
    fresh: dict[str, dict[str, Any]] = {}
    for number, rows in documents.items():
        first = rows[0]
        owner = owners[first.distributor]
        wanted = _wanted(rows, products)
        stored = standing.get(number)
        if stored is not None:
            goods = {(line.product_id, line.quantity) for line in wanted}
            if stored.distributor_id == owner.id and lines[stored.id] == goods:
                result.same += 1
            else:
                result.findings.append(
                    task.stop("import.order_differs", first.row, "document", document=number)
                )
            continue
        result.findings += _currency(task, first, owner)
        place, missing = place_of(task, first, places[owner.id])
        result.findings += missing
        fresh[number] = {"row": first, "owner": owner, "place": place, "wanted": wanted}
    result.new = len(fresh)
    result.write = lambda w, reason: _write(w, fresh, reason)
    return result


def _impossible(task: Task, documents: dict[str, list[Any]]) -> list[Finding]:
    found = []
    for number, rows in documents.items():
        first = rows[0]
        for row in rows:
            if row.quantity != int(row.quantity) or row.quantity <= 0:
                found.append(
                    task.stop("import.quantity_whole", row.row, "quantity", value=str(row.quantity))
                )
            for name in HEAD:
                if getattr(row, name) != getattr(first, name):
                    found.append(
                        task.stop("import.document_mixed", row.row, name, document=number,
                                  value=str(getattr(row, name)), other=str(getattr(first, name)),
                                  first=first.row)
                    )  # fmt: skip
    return found[:200]


def _wanted(rows: list[Any], products: dict[str, Any]) -> list[Wanted]:
    """The goods, one line each; a price in the file is only compared with the book's."""
    sums: dict[int, tuple[int, int | None]] = {}
    for row in rows:
        product_id = products[row.product].id
        typed = None
        if row.unit_price_e4 is not None and row.unit_price_e4 % 100 == 0:
            typed = row.unit_price_e4 // 100
        quantity, _old = sums.get(product_id, (0, None))
        sums[product_id] = (quantity + int(row.quantity), typed)
    return [Wanted(i, quantity, False, typed) for i, (quantity, typed) in sums.items()]


def places_of(owner_ids: list[int]) -> dict[int, list[ShipTo]]:
    found: dict[int, list[ShipTo]] = defaultdict(list)
    for part in chunks(sorted(set(owner_ids))):
        for place in db.session.scalars(
            sa.select(ShipTo)
            .where(ShipTo.distributor_id.in_(part), ShipTo.is_active.is_(True))
            .order_by(ShipTo.id)
        ):
            found[place.distributor_id].append(place)
    return found


def place_of(
    task: Task, row: Any, places: list[ShipTo]
) -> tuple[tuple[int, str] | None, list[Finding]]:
    """The place in the row's division, or the only one; otherwise the file must say which."""
    asked = row.ship_to_division
    fitting = [p for p in places if not asked or p.division_code == asked]
    if len(fitting) == 1 or (asked and fitting):
        return (fitting[0].id, fitting[0].division_code), []
    code = "import.ship_to_unknown" if asked or not places else "import.ship_to_needed"
    return None, [
        task.stop(code, row.row, "ship_to_division", value=asked, distributor=row.distributor)
    ]


def _currency(task: Task, row: Any, owner: Any) -> list[Finding]:
    if not row.currency or row.currency == owner.currency:
        return []
    return [
        task.stop("import.order_currency", row.row, "currency", value=row.currency,
                  currency=owner.currency, distributor=row.distributor)
    ]  # fmt: skip


def _lines(order_ids: list[int]) -> dict[int, set[tuple[int, int]]]:
    sums: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part in chunks(sorted(order_ids)):
        for order_id, product_id, quantity in db.session.execute(
            sa.select(OrderLine.order_id, OrderLine.product_id, OrderLine.quantity).where(
                OrderLine.order_id.in_(part), OrderLine.is_free.is_(False)
            )
        ):
            sums[order_id][product_id] += quantity
    return {i: set(sums[i].items()) for i in order_ids}


def _write(w: Work, fresh: dict[str, dict[str, Any]], reason: str) -> None:
    """Debtor by debtor in ascending order, so that two imports cannot block each other.

    All debtors are locked before the first number is drawn, as everywhere.
    """
    lock_accounts(w, {(new["owner"].id, new["owner"].currency) for new in fresh.values()})
    for number, new in sorted(fresh.items(), key=lambda item: (item[1]["owner"].id, item[0])):
        row, owner = new["row"], new["owner"]
        place_id, division = new["place"]
        order = Order(
            number=w.draw("SO", row.date),
            distributor_id=owner.id,
            order_date=row.date,
            deliver_on=row.wanted_on,
            ship_to_id=place_id,
            division_code=division,
            currency=owner.currency,
            state="draft",
            note=row.customer_reference,
            created_by_id=w.actor.user_id,
            created_at=w.now,
            external_key=number,
        )
        w.session.add(order)
        w.session.flush()  # lines, entries and the audit line refer to order.id
        w.audit("order:draft", order, reason=reason)
        order_steps.submit(w, order, new["wanted"])
