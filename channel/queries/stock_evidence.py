"""What the causes and suspicions about a report are drawn from: shipments, returns, the past.

A constant number of statements for one report, whatever the number of its goods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.receivables import Invoice, InvoiceLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.agreements import ruling_version
from channel.rules.stock_causes import Known, Shipped
from channel.rules.stock_row import Key
from contracts import reporting
from contracts.reporting import Reporting
from contracts.values.periods import Period

#: Periods of the past that a figure is held against.
PAST_PERIODS = 12


@dataclass(frozen=True)
class Evidence:
    """By product code: what was shipped, what was sold before, and closings since restated.

    `earlier` is line → ((version, closing), …) of the versions of the period before that no
    longer count, the newest first. `period` None: nothing is known.
    """

    period: Period | None = None
    clause: Reporting = field(default_factory=Reporting)
    known: Mapping[str, Known] = field(default_factory=dict)
    past: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    earlier: Mapping[Key, tuple[tuple[int, int], ...]] = field(default_factory=dict)


def is_current(report: type[InventoryReport] = InventoryReport) -> sa.ColumnElement[bool]:
    """The condition that it was not sent back, and that no later version that counts exists."""
    later = aliased(InventoryReport)
    return sa.and_(
        report.state != "returned",
        ~(
            sa.select(later.id)
            .where(
                later.distributor_id == report.distributor_id,
                later.period_start == report.period_start,
                later.version_no > report.version_no,
                later.state != "returned",
            )
            .exists()
        ),
    )


def clause_on(distributor_id: int, on: date) -> Reporting:
    """What the agreement in force says of reports; the house's words where there is none."""
    version, _last = ruling_version(distributor_id, on)
    return reporting.from_json(version.terms.get("reporting") if version else None)


def gather(
    distributor_id: int, period: Period, clause: Reporting, cases: Mapping[str, int]
) -> Evidence:
    """Everything for one report; `cases` are the base units of a good's case."""
    return Evidence(
        period=period,
        clause=clause,
        known=_known(distributor_id, period, clause.transit_days, cases),
        past=_past(distributor_id, period),
        earlier=_earlier(distributor_id, period),
    )


def shipments(distributor_id: int, since: date, until: date) -> dict[str, list[Shipped]]:
    """Our shipments of [since, until) by product code, the oldest first."""
    rows = db.session.execute(
        sa.select(
            Product.code, Shipment.ship_date, Shipment.number, sa.func.sum(ShipmentLine.quantity)
        )
        .select_from(ShipmentLine)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= since,
            Shipment.ship_date < until,
        )
        .group_by(Product.code, Shipment.id, Shipment.ship_date, Shipment.number)
        .order_by(Shipment.ship_date, Shipment.id)
    )
    found: dict[str, list[Shipped]] = defaultdict(list)
    for code, on, number, quantity in rows:
        found[code].append(Shipped(on, int(quantity), number))
    return found


def _known(
    distributor_id: int, period: Period, transit_days: int, cases: Mapping[str, int]
) -> dict[str, Known]:
    """Shipments due within the period, those of either end that may be on the road, returns.

    Shipped up to a month and the days on the road before the period: those may come late.
    """
    road = timedelta(days=transit_days)
    sent = shipments(distributor_id, period.start - road - timedelta(days=31), period.end)
    back = returned(distributor_id, period)
    found = {}
    for code in {*sent, *back, *cases}:
        own = sent.get(code, [])
        last = period.last_day - road
        found[code] = Known(
            case=cases.get(code, 1),
            arrived=tuple(s for s in own if period.start <= s.on <= last),
            moving=tuple(
                s for s in own if period.start - road <= s.on < period.start or s.on > last
            ),
            before=tuple(s for s in own if s.on < period.start - road),
            returned=back.get(code, 0),
        )
    return found


def returned(distributor_id: int, period: Period) -> dict[str, int]:
    """Product code → base units that came back to us, by our credit notes of the period."""
    rows = db.session.execute(
        sa.select(Product.code, sa.func.sum(sa.func.abs(InvoiceLine.quantity)))
        .select_from(InvoiceLine)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(Product, Product.id == InvoiceLine.product_id)
        .where(
            InvoiceLine.distributor_id == distributor_id,
            InvoiceLine.invoice_date >= period.start,
            InvoiceLine.invoice_date < period.end,
            Invoice.kind == "credit_note",
        )
        .group_by(Product.code)
    )
    return {code: int(quantity) for code, quantity in rows if quantity}


def _past(distributor_id: int, period: Period) -> dict[str, tuple[int, ...]]:
    """Product code → net sell-out of each earlier period of the same sort, the newest first."""
    report = InventoryReport
    out = sa.func.coalesce(InventoryRow.sell_out, 0) - sa.func.coalesce(InventoryRow.returns_in, 0)
    back = timedelta(days=31 * PAST_PERIODS if period.kind == "month" else 7 * PAST_PERIODS)
    rows = db.session.execute(
        sa.select(Product.code, report.period_start, report.period_end, sa.func.sum(out))
        .select_from(InventoryRow)
        .join(report, report.id == InventoryRow.report_id)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(
            report.distributor_id == distributor_id,
            report.period_end <= period.start,
            report.period_start >= period.start - back,
            is_current(),
        )
        .group_by(Product.code, report.period_start, report.period_end)
        .order_by(report.period_start.desc())
    )
    found: dict[str, list[int]] = defaultdict(list)
    for code, start, end, sold in rows:
        if Period(start, end).kind == period.kind and len(found[code]) < PAST_PERIODS:
            found[code].append(int(sold))
    return {code: tuple(values) for code, values in found.items()}


def _earlier(distributor_id: int, period: Period) -> dict[Key, tuple[tuple[int, int], ...]]:
    """Closings of the period before in versions that were replaced."""
    report = InventoryReport
    rows = db.session.execute(
        sa.select(
            Product.code, InventoryRow.batch, InventoryRow.location,
            report.version_no, InventoryRow.closing,
        )
        .select_from(InventoryRow)
        .join(report, report.id == InventoryRow.report_id)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(
            report.distributor_id == distributor_id,
            report.period_end == period.start,
            ~is_current(),
        )
        .order_by(report.version_no.desc(), InventoryRow.id)
    )  # fmt: skip
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for code, batch, location, version, closing in rows:
        found[code, batch, location].append((version, closing))
    return {key: tuple(values) for key, values in found.items()}
