"""The balance of every good over a quarter, as one subquery: what came, what is told, what is left.

Reports give opening, movements and closing, shipments what we sent; each distributor's span runs
from the first to the last of its reports that begin in the quarter.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.orders import Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.market_areas import days_between
from channel.queries.stock_evidence import is_current
from channel.queries.stock_facts import TRANSIT_DAYS
from contracts.values.periods import Period

#: States of shipments that have left.
GONE = ("shipped", "invoiced")
PARTS = ("opening", "shipped", "moving", "other_in", "out", "losses", "returned", "closing")
_ZERO = sa.literal(0)


def of_quarter(quarter: Period, only: int | None, on: date | None) -> Any:
    """The reports of a quarter: those that begin in it, filed by the day."""
    report = InventoryReport
    return sa.and_(
        report.period_start >= quarter.start,
        report.period_start < quarter.end,
        sa.true() if only is None else report.distributor_id == only,
        sa.true() if on is None else report.filed_on <= on,
        is_current(),
    )


def flows(quarter: Period, only: int | None = None, on: date | None = None) -> Any:
    """One row per distributor and good, with every part of the balance, as a subquery."""
    mine = of_quarter(quarter, only, on)
    span = _span(mine)
    part = sa.union_all(_told(span, mine), _sent(span)).subquery("part")
    summed = (
        sa.select(
            part.c.distributor_id,
            part.c.product_id,
            *(sa.cast(sa.func.sum(part.c[n]), sa.BigInteger).label(n) for n in PARTS),
        )
        .group_by(part.c.distributor_id, part.c.product_id)
        .subquery("summed")
    )
    s = summed.c
    came = s.opening + s.shipped + s.other_in
    possible = came - s.out - s.losses - s.returned - s.closing
    certain = sa.case((possible > s.moving, possible - s.moving), else_=0)
    return (
        sa.select(
            *s,
            came.label("came"),
            possible.label("possible"),
            certain.label("certain"),
            _whole(certain * 2000 + came, 2 * came).label("share_e1"),
            (span.c.days < days_between(span.c.first, span.c.last)).label("has_gaps"),
            span.c.first,
            span.c.last,
        )
        .join(span, span.c.distributor_id == s.distributor_id)
        .subquery("flow")
    )


def _span(mine: Any) -> Any:
    """First and last day (exclusive) that each distributor's reports tell of, and how many."""
    report = InventoryReport
    return (
        sa.select(
            report.distributor_id,
            sa.func.min(report.period_start).label("first"),
            sa.func.max(report.period_end).label("last"),
            sa.func.sum(days_between(report.period_start, report.period_end)).label("days"),
        )
        .where(mine)
        .group_by(report.distributor_id)
        .subquery("span")
    )


def _told(span: Any, mine: Any) -> Any:
    """What the reports say, row by row: opening of the first, closing of the last."""
    report, row = InventoryReport, InventoryRow

    def q(*columns: Any) -> Any:
        return sum((sa.func.coalesce(c, 0) for c in columns), _ZERO)

    return (
        sa.select(
            report.distributor_id,
            row.product_id,
            sa.case((report.period_start == span.c.first, row.opening), else_=0).label("opening"),
            _ZERO.label("shipped"),
            _ZERO.label("moving"),
            q(row.returns_in, row.transfers_in, row.adj_plus).label("other_in"),
            q(row.sell_out, row.transfers_out).label("out"),
            q(row.losses).label("losses"),
            q(row.returns_out).label("returned"),
            sa.case((report.period_end == span.c.last, row.closing), else_=0).label("closing"),
        )
        .join(report, report.id == row.report_id)
        .join(span, span.c.distributor_id == report.distributor_id)
        .where(mine)
    )


def _sent(span: Any) -> Any:
    """What we shipped within the span, in the columns of `_told`."""
    is_late = days_between(Shipment.ship_date, span.c.last) <= TRANSIT_DAYS
    return (
        sa.select(
            Shipment.distributor_id,
            ShipmentLine.product_id,
            _ZERO,
            ShipmentLine.quantity,
            sa.case((is_late, ShipmentLine.quantity), else_=0),
            *([_ZERO] * 5),
        )
        .select_from(ShipmentLine)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(span, span.c.distributor_id == Shipment.distributor_id)
        .where(
            Shipment.state.in_(GONE),
            Shipment.ship_date >= span.c.first,
            Shipment.ship_date < span.c.last,
        )
    )


def _whole(above: Any, below: Any) -> Any:
    """Whole division in the database; what is below is taken for 1 where it is nothing."""
    below = sa.case((below > 0, below), else_=1)
    return sa.type_coerce(above, sa.BigInteger) // sa.type_coerce(below, sa.BigInteger)
