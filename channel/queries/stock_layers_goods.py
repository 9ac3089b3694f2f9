"""The layers of one distributor's goods by the pure rule: now, and at the end of each period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.stock_facts import is_current
from channel.queries.stock_layers import SHIPPED
from channel.rules.layers import (
    Ages,
    Closing,
    Delivery,
    Holding,
    Stack,
    ages,
    before,
    replay,
    stack,
)


@dataclass(frozen=True)
class Aged:
    """The stock of one product by layers, with their ages on a day."""

    stack: Stack
    ages: Ages


def stacks(report: InventoryReport, as_of: date) -> dict[int, Aged]:
    """product id → its layers at the end of the report, and their ages on a day."""
    delivered = deliveries(report.distributor_id)
    held: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in report.rows:
        held[row.product_id][row.batch] += row.closing
    found = {}
    for product_id, batches in held.items():
        known = before(delivered.get(product_id, []), report.period_end)
        made = stack(_holdings(batches), known, batches)
        found[product_id] = Aged(made, ages(made.layers, as_of))
    return found


def _holdings(batches: dict[str, int]) -> tuple[Holding, ...]:
    return tuple(Holding(batch, quantity) for batch, quantity in sorted(batches.items()))


def deliveries(distributor_id: int, product_id: int | None = None) -> dict[int, list[Delivery]]:
    """product id → what we shipped of it to the distributor."""
    line = ShipmentLine
    statement = (
        sa.select(
            line.product_id,
            Shipment.ship_date,
            sa.func.sum(line.quantity),
            sa.func.sum(line.gross_fen),
            line.batch,
            sa.func.max(line.id),
        )
        .join(Shipment, Shipment.id == line.shipment_id)
        .where(Shipment.distributor_id == distributor_id, Shipment.state.in_(SHIPPED))
        .group_by(line.product_id, Shipment.ship_date, line.batch)
    )
    if product_id is not None:
        statement = statement.where(line.product_id == product_id)
    found: dict[int, list[Delivery]] = defaultdict(list)
    for product, on, quantity, fen, batch, line_id in db.session.execute(statement):
        found[product].append(Delivery(on, int(quantity), int(fen), batch, line_id))
    return found


@dataclass(frozen=True)
class Past:
    """The stock at the end of one period, aged on its last day."""

    period_end: date
    period: str
    stack: Stack
    ages: Ages


def history(distributor_id: int, product_id: int, since: date, until: date) -> list[Past]:
    """The layers of a product at the end of every current report that ends in [since, until]."""
    closings, labels = _closings(distributor_id, product_id, until)
    delivered = deliveries(distributor_id, product_id).get(product_id, [])
    return [
        Past(end, labels[end], made, ages(made.layers, date.fromordinal(end.toordinal() - 1)))
        for end, made in replay(closings, delivered, since)
    ]


def _closings(
    distributor_id: int, product_id: int, until: date
) -> tuple[list[Closing], dict[date, str]]:
    rows: Any = db.session.execute(
        sa.select(
            InventoryReport.period_end,
            InventoryReport.period,
            InventoryRow.batch,
            sa.func.sum(InventoryRow.closing),
        )
        .join(InventoryRow, InventoryRow.report_id == InventoryReport.id)
        .where(
            InventoryReport.distributor_id == distributor_id,
            InventoryReport.period_end <= until,
            InventoryRow.product_id == product_id,
            is_current(),
        )
        .group_by(InventoryReport.period_end, InventoryReport.period, InventoryRow.batch)
    )
    held: dict[date, dict[str, int]] = defaultdict(dict)
    labels = {}
    for end, label, batch, quantity in rows:
        held[end][batch] = int(quantity)
        labels[end] = label
    return [Closing(end, _holdings(batches)) for end, batches in held.items()], labels
