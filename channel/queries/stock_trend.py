"""A distributor's reports over time: stock and sell-out by period, and broken continuity."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.stock_facts import is_current
from contracts.values.findings import Finding, warn

#: Reports shown in the chart.
MONTHS_SHOWN = 13


def by_report() -> Any:
    """One row per report and product: net sell-out and closing stock."""
    out = sa.func.coalesce(InventoryRow.sell_out, 0)
    back = sa.func.coalesce(InventoryRow.returns_in, 0)
    return (
        sa.select(
            InventoryRow.product_id,
            InventoryReport.period,
            InventoryReport.period_start,
            InventoryReport.period_end,
            sa.func.sum(out - back).label("sold"),
            sa.func.sum(InventoryRow.closing).label("closing"),
        )
        .join(InventoryReport, InventoryReport.id == InventoryRow.report_id)
        .group_by(
            InventoryRow.product_id,
            InventoryReport.id,
            InventoryReport.period,
            InventoryReport.period_start,
            InventoryReport.period_end,
        )
    )


def months(report: InventoryReport, product_id: int | None = None) -> list[tuple[str, int, int]]:
    """(period, closing stock, net sell-out) of the current reports up to this one."""
    parts = by_report().where(
        InventoryReport.distributor_id == report.distributor_id,
        InventoryReport.period_end <= report.period_end,
        is_current(),
    )
    if product_id is not None:
        parts = parts.where(InventoryRow.product_id == product_id)
    part = parts.subquery()
    rows = db.session.execute(
        sa.select(part.c.period, sa.func.sum(part.c.closing), sa.func.sum(part.c.sold))
        .group_by(part.c.period, part.c.period_start)
        .order_by(part.c.period_start.desc())
        .limit(MONTHS_SHOWN)
    ).all()
    return [(period, int(closing), int(sold)) for period, closing, sold in reversed(rows)]


def later_openings(report: InventoryReport) -> list[Finding]:
    """Openings of the next report that this version no longer agrees with."""
    following = db.session.scalar(
        sa.select(InventoryReport)
        .where(
            InventoryReport.distributor_id == report.distributor_id,
            InventoryReport.period_start == report.period_end,
            is_current(),
        )
        .limit(1)
    )
    if following is None:
        return []
    opened: dict[str, int] = defaultdict(int)
    rows = db.session.execute(
        sa.select(Product.code, InventoryRow.opening)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(InventoryRow.report_id == following.id)
    )
    for code, opening in rows:
        opened[code] += opening
    closed: dict[str, int] = defaultdict(int)
    for row in report.rows:
        closed[row.product.code] += row.closing
    return [
        warn(
            "stock.later_opening",
            code,
            period=following.period,
            product=code,
            opening=opened.get(code, 0),
            closing=closed.get(code, 0),
        )
        for code in sorted({*opened, *closed})
        if opened.get(code, 0) != closed.get(code, 0)
    ]
