"""Of which deliveries the stock of every distributor is made up, worked out by the database.

The same rule as channel.rules.layers, over all current reports at once: a batch by its own
deliveries, the rest by those of no reported batch, newest first; a test holds them together.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.agreements import binds_on
from channel.queries.stock_facts import is_current

SHIPPED = ("shipped", "invoiced")


def newest_reports() -> Any:
    """(id, distributor_id, period, period_start, period_end) of each distributor's last report."""
    report = InventoryReport
    place = sa.func.row_number().over(
        partition_by=report.distributor_id,
        order_by=[report.period_end.desc(), report.version_no.desc(), report.id.desc()],
    )
    ranked = sa.select(
        report.id,
        report.distributor_id,
        report.period,
        report.period_start,
        report.period_end,
        place.label("place"),
    ).subquery("ranked_report")
    return (
        sa.select(*(c for c in ranked.c if c.name != "place"))
        .where(ranked.c.place == 1)
        .cte("newest_report")
    )


def holdings(newest: Any) -> Any:
    """One row per distributor, product and batch of the last reports, all locations together."""
    row = InventoryRow
    return (
        sa.select(
            sa.func.min(row.id).label("row_id"),
            newest.c.id.label("report_id"),
            newest.c.distributor_id,
            newest.c.period,
            newest.c.period_end,
            row.product_id,
            row.batch,
            sa.func.min(row.produced_on, type_=sa.Date).label("produced_on"),
            sa.func.min(row.expires_on, type_=sa.Date).label("expires_on"),
            sa.cast(sa.func.sum(row.closing), sa.Integer).label("quantity"),
        )
        .select_from(row)
        .join(newest, newest.c.id == row.report_id)
        .group_by(
            newest.c.id,
            newest.c.distributor_id,
            newest.c.period,
            newest.c.period_end,
            row.product_id,
            row.batch,
        )
        .cte("holding")
    )


def _deliveries() -> Any:
    """Our shipments by distributor, product, batch and day; `line_id` orders those of one day."""
    line = ShipmentLine
    return (
        sa.select(
            Shipment.distributor_id,
            Shipment.ship_date,
            line.product_id,
            line.batch,
            sa.func.max(line.id).label("line_id"),
            sa.func.min(line.produced_on, type_=sa.Date).label("produced_on"),
            sa.cast(sa.func.sum(line.quantity), sa.Integer).label("quantity"),
            sa.cast(sa.func.sum(line.gross_fen), sa.BigInteger).label("value_fen"),
        )
        .join(Shipment, Shipment.id == line.shipment_id)
        .where(Shipment.state.in_(SHIPPED))
        .group_by(Shipment.distributor_id, Shipment.ship_date, line.product_id, line.batch)
        .cte("delivery")
    )


def layers() -> Any:
    """The layers as a table: row_id, report_id, distributor_id, period, product_id, batch,
    produced_on, expires_on, line_id, delivered_on, quantity, value_fen.

    What no delivery explains has no line, day and value. Negative stock makes no layer.
    """
    held = holdings(newest_reports())
    placed = _placed(held)
    part = sa.case(
        (placed.c.before >= placed.c.held, 0),
        (placed.c.held - placed.c.before < placed.c.quantity, placed.c.held - placed.c.before),
        else_=placed.c.quantity,
    )
    common = [held.c[name] for name in ("row_id", "report_id", "distributor_id", "period")]
    goods = [held.c.product_id, held.c.batch]
    made = sa.func.coalesce(held.c.produced_on, placed.c.produced_on)
    explained = (
        sa.select(
            *common,
            *goods,
            made.label("produced_on"),
            held.c.expires_on,
            placed.c.line_id,
            placed.c.ship_date.label("delivered_on"),
            part.label("quantity"),
            _share(placed.c.value_fen, part, placed.c.quantity).label("value_fen"),
        )
        .join(placed, placed.c.row_id == held.c.row_id)
        .where(held.c.quantity > 0, part > 0)
    )
    known = (
        sa.select(placed.c.row_id, sa.func.sum(placed.c.quantity).label("quantity"))
        .group_by(placed.c.row_id)
        .subquery("known")
    )
    rest = held.c.quantity - sa.func.coalesce(known.c.quantity, 0)
    unexplained = (
        sa.select(
            *common,
            *goods,
            held.c.produced_on,
            held.c.expires_on,
            sa.cast(sa.null(), sa.BigInteger).label("line_id"),
            sa.cast(sa.null(), sa.Date).label("delivered_on"),
            sa.cast(rest, sa.Integer).label("quantity"),
            sa.cast(sa.null(), sa.BigInteger).label("value_fen"),
        )
        .outerjoin(known, known.c.row_id == held.c.row_id)
        .where(held.c.quantity > 0, rest > 0)
    )
    return sa.union_all(explained, unexplained).subquery("layer")


def _placed(held: Any) -> Any:
    """Each delivery with the holding that it explains, and what newer ones explain of it."""
    delivery = _deliveries()
    named = sa.select(sa.literal(1)).where(
        sa.and_(
            (other := held.alias("named")).c.report_id == held.c.report_id,
            other.c.product_id == held.c.product_id,
            other.c.batch == delivery.c.batch,
        )
    )
    own = sa.or_(
        held.c.batch == delivery.c.batch,
        sa.and_(held.c.batch == "", ~named.exists()),
    )
    newer = sa.func.sum(delivery.c.quantity).over(
        partition_by=held.c.row_id,
        order_by=[delivery.c.ship_date.desc(), delivery.c.line_id.desc()],
        rows=(None, 0),
    )
    return (
        sa.select(
            held.c.row_id,
            held.c.quantity.label("held"),
            delivery.c.line_id,
            delivery.c.ship_date,
            delivery.c.produced_on,
            delivery.c.quantity,
            delivery.c.value_fen,
            sa.cast(newer - delivery.c.quantity, sa.Integer).label("before"),
        )
        .join(
            delivery,
            sa.and_(
                delivery.c.distributor_id == held.c.distributor_id,
                delivery.c.product_id == held.c.product_id,
                delivery.c.ship_date < held.c.period_end,
                own,
            ),
        )
        .cte("placed")
    )


def _share(value: Any, part: Any, all_of_it: Any) -> Any:
    """value × part / all, half-up in whole fen; nothing here is negative."""
    return sa.cast((2 * value * part + all_of_it) // (2 * all_of_it), sa.BigInteger)


def expiry_of(layer: Any) -> Any:
    """The reported expiry date, else production plus the shelf life of the product."""
    life = Product.shelf_life_days
    if db.engine.dialect.name == "postgresql":
        end = layer.c.produced_on + life
    else:
        days = sa.literal("+").concat(sa.cast(life, sa.String)).concat(" days")
        end = sa.func.date(layer.c.produced_on, days)
    return sa.func.coalesce(layer.c.expires_on, sa.type_coerce(end, sa.Date), type_=sa.Date)


def window_of(distributor_id: Any, on: Any) -> Any:
    """Days to exchange by the agreement that rules on the day; NULL without one."""
    days = AgreementVersion.terms["duties"]["exchange_window_days"].as_integer()
    return (
        sa.select(sa.func.coalesce(days, 90))
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(Agreement.distributor_id == distributor_id, binds_on(on))
        .order_by(Agreement.id.desc(), AgreementVersion.version_no.desc())
        .limit(1)
        .scalar_subquery()
    )


def movement(since: date) -> Any:
    """Sold by distributor, product and batch in the current reports that end after a day."""
    report, row = InventoryReport, InventoryRow
    sold = sa.func.coalesce(row.sell_out, 0) - sa.func.coalesce(row.returns_in, 0)
    return (
        sa.select(
            report.distributor_id,
            row.product_id,
            row.batch,
            sa.cast(sa.func.sum(sold), sa.Integer).label("sold"),
        )
        .join(row, row.report_id == report.id)
        .where(report.period_end > since, is_current())
        .group_by(report.distributor_id, row.product_id, row.batch)
        .subquery("movement")
    )
