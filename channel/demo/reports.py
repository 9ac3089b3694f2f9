"""Inventory reports of the demo: a file such as a clerk would send, through the same door."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from datetime import date, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.demo.world import World
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.services import stock
from channel.tabular.kinds import KINDS
from contracts.values.periods import Period

Key = tuple[str, str, date | None]


def file_month(
    world: World, code: str, month: Period, dice: random.Random, lying: set[str]
) -> None:
    """Write the month's sheet for a distributor, hand it in and confirm it.

    Of the goods in `lying` half of what came is sold, the newest batch first.
    """
    rows = _rows(world.distributor(code), month, dice, lying)
    if not rows:
        return
    actor = world.actor(code.lower())
    received = stock.receive_report(
        actor, world.distributor(code), month, f"进销存{month.label}.csv", _csv(rows)
    )
    _explain(world, code, received.upload_id)
    stock.accept_report(actor, received.upload_id, None)


def _explain(world: World, code: str, upload_id: int) -> None:
    """A month that sold unusually much or little says why."""
    actor = world.actor(code.lower())
    _upload, sheet = stock.review(actor, upload_id)
    odd = {
        int(str(f.facts["row"])): {"reason": "旺季备货与淡季清库"}
        for f in sheet.findings
        if f.code == "stock.outlier" and f.is_blocking
    }
    if odd:
        stock.mend_cells(actor, upload_id, odd, None)


def _rows(
    distributor_id: int, month: Period, dice: random.Random, lying: set[str]
) -> list[dict[str, object]]:
    """One row a batch: what was there, what came, what was sold, oldest batch first."""
    opening = _closings(distributor_id, month.start)
    received = _received(distributor_id, month)
    by_product: dict[str, list[Key]] = defaultdict(list)
    for key in sorted({*opening, *received}, key=lambda k: (k[0], k[2] or date.min)):
        by_product[key[0]].append(key)
    rows = []
    for product, keys in by_product.items():
        available = sum(opening.get(k, 0) + received.get(k, 0) for k in keys)
        to_sell = int(available * dice.uniform(0.72, 0.88))
        # Now and then a newer batch goes first: what the FIFO check is for.
        newest_first = dice.random() < 0.12 or product in lying
        if product in lying:
            to_sell = sum(received.get(k, 0) for k in keys) // 2
        order = list(reversed(keys)) if newest_first else keys
        sold = {}
        for key in order:
            share = min(opening.get(key, 0) + received.get(key, 0), to_sell)
            sold[key] = share
            to_sell -= share
        for key in keys:
            start, came = opening.get(key, 0), received.get(key, 0)
            rows.append(
                {
                    "product": product,
                    "batch": key[1],
                    "produced_on": key[2],
                    "opening": start,
                    "receipts": came,
                    "sell_out": sold[key],
                    "closing": start + came - sold[key],
                }
            )
    return rows


def _closings(distributor_id: int, start: date) -> dict[Key, int]:
    """What the report before left, by product and batch."""
    last = db.session.scalar(
        sa.select(InventoryReport.id)
        .where(
            InventoryReport.distributor_id == distributor_id, InventoryReport.period_end == start
        )
        .order_by(InventoryReport.version_no.desc())
        .limit(1)
    )
    rows = db.session.execute(
        sa.select(Product.code, InventoryRow.batch, InventoryRow.produced_on, InventoryRow.closing)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(InventoryRow.report_id == last, InventoryRow.closing > 0)
    )
    return {(code, batch, made): int(left) for code, batch, made, left in rows}


def _received(distributor_id: int, month: Period) -> dict[Key, int]:
    """What we shipped in the month; it arrives within it."""
    rows = db.session.execute(
        sa.select(
            Product.code,
            ShipmentLine.batch,
            ShipmentLine.produced_on,
            sa.func.sum(ShipmentLine.quantity),
        )
        .join(ShipmentLine, ShipmentLine.product_id == Product.id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= month.start,
            Shipment.ship_date < month.end,
        )
        .group_by(Product.code, ShipmentLine.batch, ShipmentLine.produced_on)
    )
    return {(code, batch, made): int(quantity) for code, batch, made, quantity in rows}


def _csv(rows: list[dict[str, object]]) -> bytes:
    """The sheet under the Chinese labels of the template."""
    labels = {f.name: f.zh for f in KINDS["stock_report"].fields}
    names = [n for n in labels if n in rows[0]] + ["expires_on"]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([labels[n] for n in names])
    for row in rows:
        made = row["produced_on"]
        shown = {**row, "expires_on": made + timedelta(days=365) if isinstance(made, date) else ""}
        writer.writerow(["" if shown[n] is None else shown[n] for n in names])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
