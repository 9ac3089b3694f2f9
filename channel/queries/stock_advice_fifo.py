"""First in, first out on a stored report: what was out of order, in units and in money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from channel.db import db
from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.stock_advice import Advice, line_of
from channel.rules.fifo import Breach, check_fifo, judged
from channel.rules.fifo_worth import Worth, worth
from contracts.values.findings import Finding, Severity


@dataclass(frozen=True)
class Judged:
    """A breach of one product at one place, with its money."""

    product: str
    breach: Breach
    worth: Worth


@dataclass(frozen=True)
class Fifo:
    """Sold out of order for sure, possibly so, and what could not be judged."""

    certain: list[Finding] = field(default_factory=list)
    possible: list[Finding] = field(default_factory=list)
    unjudged: list[Finding] = field(default_factory=list)
    breaches: list[Judged] = field(default_factory=list)

    @property
    def certain_fen(self) -> int:
        return sum(one.worth.certain_fen for one in self.breaches)

    @property
    def possible_fen(self) -> int:
        return sum(one.worth.possible_fen for one in self.breaches)


def judge_fifo(
    rows: Sequence[InventoryRow],
    prices: Mapping[tuple[str, str], Decimal] | None = None,
    units: Mapping[str, int | None] | None = None,
) -> Fifo:
    """The batches of a report judged by first in, first out.

    Money is at our dealer price of the batch's delivery (`prices` by product and batch), else
    at the price of the book in force (`units` by product).
    """
    found = Fifo()
    names = {row.product.code: row.product.name for row in rows}
    lines = [line_of(row) for row in rows]
    for placed in check_fifo(lines):
        if placed.severity is Severity.WARN:
            found.certain.append(placed.finding)
        elif placed.finding.code == "stock.fifo_possible":
            found.possible.append(placed.finding)
        else:
            found.unjudged.append(placed.finding)
    for breach, _own in judged(lines):
        if breach.certain or breach.possible:
            money = worth(breach, _units(breach, prices or {}, units or {}))
            label = f"{breach.product} {names.get(breach.product, '')}"
            found.breaches.append(Judged(label, breach, money))
    return found


def judge(report: InventoryReport, advice: Advice) -> Fifo:
    """The judgement on a stored report with its money, by the prices that the advice found."""
    units = {one.product.code: one.unit_fen for one in advice.goods}
    return judge_fifo(report.rows, batch_prices(report), units)


def _units(
    breach: Breach,
    prices: Mapping[tuple[str, str], Decimal],
    units: Mapping[str, int | None],
) -> dict[str, Decimal | int]:
    fallback = units.get(breach.product)
    found: dict[str, Decimal | int] = {}
    for line in breach.lines:
        price = prices.get((breach.product, line.batch), fallback)
        if price is not None:
            found[line.batch] = price
    return found


def batch_prices(report: InventoryReport) -> dict[tuple[str, str], Decimal]:
    """(product code, batch) → fen a unit, incl. VAT, as delivered; free goods are left out."""
    codes = {row.product_id: row.product.code for row in report.rows}
    rows = db.session.execute(
        sa.select(
            ShipmentLine.product_id,
            ShipmentLine.batch,
            sa.func.sum(ShipmentLine.gross_fen),
            sa.func.sum(ShipmentLine.quantity),
        )
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Shipment.distributor_id == report.distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date < report.period_end,
            ShipmentLine.batch != "",
            ShipmentLine.is_free.is_(False),
            ShipmentLine.product_id.in_(codes),
        )
        .group_by(ShipmentLine.product_id, ShipmentLine.batch)
    )
    return {
        (codes[product_id], batch): Decimal(int(fen)) / Decimal(int(quantity))
        for product_id, batch, fen, quantity in rows
    }
