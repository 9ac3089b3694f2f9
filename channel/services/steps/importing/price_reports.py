"""Resale prices by file: each as if reported by hand, with its band and its incident."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.models.catalogue import Product
from channel.models.market import PriceReport
from channel.models.partners import Distributor
from channel.services.steps.importing.plan import Plan, Task, by_key, yuan
from channel.services.steps.market import Where
from channel.services.steps.market_prices import Seen, put_report
from channel.services.work import Work

COMPARED = ("distributor_id", "product_id", "seen_on", "price_fen")


def plan(task: Task) -> Plan:
    """Reports by their number; one that stands with other figures is refused."""
    owners = by_key(
        Distributor.code, [r.distributor for r in task.rows], Distributor.id,
        Distributor.division_code,
    )  # fmt: skip
    products = by_key(Product.code, [r.product for r in task.rows], Product.id)
    columns = [getattr(PriceReport, name) for name in COMPARED]
    standing = by_key(PriceReport.number, [r.document for r in task.rows], *columns)
    result, fresh = Plan(), []
    for row in task.rows:
        owner = owners[row.distributor]
        if row.date > task.today:
            result.findings.append(
                task.stop("import.seen_in_future", row.row, "date", value=row.date.isoformat())
            )
            continue
        if not (row.division or owner.division_code):
            result.findings.append(task.stop("import.no_division", row.row, "division"))
            continue
        stored = standing.get(row.document)
        values = (owner.id, products[row.product].id, row.date, row.price_fen)
        if stored is None:
            fresh.append((row, owner))
        elif tuple(stored)[1:] == values:
            result.same += 1
        else:
            result.findings.append(
                task.stop("import.report_stands", row.row, "document", document=row.document,
                          old=yuan(stored.price_fen), new=yuan(row.price_fen))
            )  # fmt: skip
    result.new = len(fresh)
    result.findings = result.findings[:200]
    result.write = lambda w, reason: _write(w, fresh, products)
    return result


def _write(w: Work, fresh: list[tuple[Any, Any]], products: dict[str, Any]) -> None:
    ids = {owner.id for _row, owner in fresh}
    owners = {
        d.id: d for d in w.session.scalars(sa.select(Distributor).where(Distributor.id.in_(ids)))
    }
    goods = {
        p.id: p
        for p in w.session.scalars(
            sa.select(Product).where(Product.id.in_([row.id for row in products.values()]))
        )
    }
    for row, owner in fresh:
        at = Where(owners[owner.id], None, row.place, row.division or owner.division_code)
        product = goods[products[row.product].id]
        seen = Seen(
            owner.id, product.id, row.price_fen, row.date, place=row.place, evidence=row.evidence
        )
        put_report(w, product, at, seen, row.document)
