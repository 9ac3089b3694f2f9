"""What we know ourselves about a distributor's goods, for the checks of its inventory report.

Closings come from the current version of the report just before; our shipments are the other
witness, shifted by the days that goods may spend on the road.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.uploads import ColumnMemory
from channel.queries import stock_codes, stock_evidence
from channel.queries.stock_evidence import Evidence, is_current
from channel.rules.stock import Key
from channel.rules.stock_units import Dictionary
from contracts.values.periods import Period

#: Goods may be on the road for so many days: shipped later than that before the period's end,
#: they may have arrived or not, and both agree with the report.
TRANSIT_DAYS = 5
KIND = "stock_report"


@dataclass(frozen=True)
class StockContext:
    """What a report is checked against, quantities in base units.

    `previous_closings` None: there is no report to begin from. `gap`: there are earlier reports,
    but not the one just before. `shipped` None: we never shipped to this distributor.
    `products` is code → id of all goods.
    """

    products: Mapping[str, int]
    previous_closings: Mapping[Key, int] | None = None
    gap: str = ""
    shipped: Mapping[str, int] | None = None
    in_transit: Mapping[str, int] = field(default_factory=dict)
    #: What the distributor's own codes and units mean.
    words: Dictionary = field(default_factory=Dictionary)
    #: What suspicions and causes are drawn from.
    evidence: Evidence = field(default_factory=Evidence)


def context(distributor_id: int, period: Period) -> StockContext:
    """The facts for one report, in a handful of statements."""
    before = previous_report(distributor_id, period)
    clause = stock_evidence.clause_on(distributor_id, period.last_day)
    arrived, moving = shipped_in(distributor_id, period, clause.transit_days)
    words = stock_codes.dictionary(distributor_id)
    cases = {code: pack.case for code, pack in words.packs.items()}
    return StockContext(
        products=dict(db.session.execute(sa.select(Product.code, Product.id)).all()),
        previous_closings=closings(before.id) if before else None,
        gap=_missing_before(distributor_id, period) if before is None else "",
        shipped=arrived,
        in_transit=moving,
        words=words,
        evidence=stock_evidence.gather(distributor_id, period, clause, cases),
    )


def previous_report(distributor_id: int, period: Period) -> InventoryReport | None:
    """The current version of the report that ends where the period begins."""
    return db.session.scalar(
        sa.select(InventoryReport)
        .where(
            InventoryReport.distributor_id == distributor_id,
            InventoryReport.period_end == period.start,
            is_current(),
        )
        .order_by(InventoryReport.period_start)
        .limit(1)
    )


def closings(report_id: int) -> dict[Key, int]:
    """(product code, batch, location) → closing stock of a report."""
    rows = db.session.execute(
        sa.select(Product.code, InventoryRow.batch, InventoryRow.location, InventoryRow.closing)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(InventoryRow.report_id == report_id)
    )
    return {(code, batch, place): closing for code, batch, place, closing in rows}


def _missing_before(distributor_id: int, period: Period) -> str:
    """The label of the last earlier report, when the one just before is missing."""
    found = db.session.scalar(
        sa.select(InventoryReport.period)
        .where(
            InventoryReport.distributor_id == distributor_id,
            InventoryReport.period_end < period.start,
        )
        .order_by(InventoryReport.period_end.desc())
        .limit(1)
    )
    return found or ""


def overlapping(distributor_id: int, period: Period) -> str | None:
    """The label of a filed report of other bounds that shares days with the period."""
    return db.session.scalar(
        sa.select(InventoryReport.period)
        .where(
            InventoryReport.distributor_id == distributor_id,
            InventoryReport.period_start < period.end,
            InventoryReport.period_end > period.start,
            InventoryReport.period != period.label,
        )
        .order_by(InventoryReport.period_start)
        .limit(1)
    )


def versions_of(distributor_id: int, period: Period) -> list[InventoryReport]:
    """All versions filed for the period, the current one first."""
    return list(
        db.session.scalars(
            sa.select(InventoryReport)
            .where(
                InventoryReport.distributor_id == distributor_id,
                InventoryReport.period_start == period.start,
            )
            .order_by(InventoryReport.version_no.desc())
        )
    )


def shipped_in(
    distributor_id: int, period: Period, transit_days: int = TRANSIT_DAYS
) -> tuple[dict[str, int] | None, dict[str, int]]:
    """(must have arrived within the period, may have), by product code.

    Goods shipped in the last days before the period or in its last days may have arrived on
    either side of its bounds.
    """
    gone = Shipment.state.in_(("shipped", "invoiced"))
    own = Shipment.distributor_id == distributor_id
    if not db.session.scalar(sa.select(Shipment.id).where(own, gone).limit(1)):
        return None, {}
    road = timedelta(days=transit_days)
    sure = Shipment.ship_date.between(period.start, period.last_day - road)
    amount = ShipmentLine.quantity
    rows = db.session.execute(
        sa.select(
            Product.code,
            sa.func.sum(sa.case((sure, amount), else_=0)),
            sa.func.sum(sa.case((sure, 0), else_=amount)),
        )
        .select_from(ShipmentLine)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .where(own, gone, Shipment.ship_date >= period.start - road)
        .where(Shipment.ship_date < period.end)
        .group_by(Product.code)
    ).all()
    arrived = {code: int(quantity) for code, quantity, _moving in rows}
    return arrived, {code: int(quantity) for code, _arrived, quantity in rows}


def on_the_road(distributor_id: int, since: date, until: date) -> dict[int, int]:
    """product id → quantity that we shipped in [since, until)."""
    rows = db.session.execute(
        sa.select(ShipmentLine.product_id, sa.func.sum(ShipmentLine.quantity))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= since,
            Shipment.ship_date < until,
        )
        .group_by(ShipmentLine.product_id)
    )
    return {product_id: int(quantity) for product_id, quantity in rows}


def remembered_columns(distributor_id: int) -> dict[str, str]:
    """File label → field ('' = read by nobody), as this distributor's files meant it last."""
    rows = db.session.execute(
        sa.select(ColumnMemory.label, ColumnMemory.field).where(
            ColumnMemory.kind == KIND, ColumnMemory.owner_id == distributor_id
        )
    )
    return dict(rows.all())


@dataclass(frozen=True)
class FormLine:
    """One line of the empty form; `opening` is the last closing, None where nothing is known."""

    code: str
    name: str
    unit: str
    batch: str = ""
    location: str = ""
    produced_on: date | None = None
    expires_on: date | None = None
    opening: int | None = None


def form_lines(distributor_id: int, period: Period) -> list[FormLine]:
    """The distributor's own goods: stock of the report before, then what we shipped to it.

    Without either, all goods that are sold, so that the first form is not empty.
    """
    before = previous_report(distributor_id, period)
    lines = _lines_of(before.id) if before else []
    known = {line.code for line in lines}
    bought = (
        sa.select(ShipmentLine.product_id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date < period.end,
        )
    )
    goods = sa.select(Product.code, Product.name, Product.unit).order_by(Product.code)
    opening = 0 if before else None
    for where in (Product.id.in_(bought), Product.is_active.is_(True)):
        for code, name, unit in db.session.execute(goods.where(where)):
            if code not in known:
                lines.append(FormLine(code, name, unit, opening=opening))
        if lines:
            break
    return lines


def _lines_of(report_id: int) -> list[FormLine]:
    """The lines of a report that still hold stock; goods sold out keep one line at zero."""
    rows = db.session.execute(
        sa.select(InventoryRow, Product.code, Product.name, Product.unit)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(InventoryRow.report_id == report_id)
        .order_by(Product.code, InventoryRow.location, InventoryRow.row_number)
    ).all()
    held = {code for row, code, _name, _unit in rows if row.closing}
    lines, emptied = [], set()
    for row, code, name, unit in rows:
        if row.closing:
            lines.append(
                FormLine(
                    code, name, unit, row.batch, row.location,
                    row.produced_on, row.expires_on, row.closing,
                )
            )  # fmt: skip
        elif code not in held and code not in emptied:
            emptied.add(code)
            lines.append(FormLine(code, name, unit, opening=0))
    return lines
