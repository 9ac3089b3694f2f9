"""The snapshot of stock in the channel, written with the report that it follows from.

Whatever is accepted or restated, in whatever order: the snapshot is that of all reports in force.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from channel.models.channel_stock import StockPosition, StockStanding
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.channel_stock import HISTORY_PERIODS, pace_of, profile_of
from channel.queries.stock_facts import is_current
from channel.rules.sell_out_forecast import forecast
from channel.services.work import Work
from contracts.values.findings import to_json

_POSITION = ("distributor_id", "period_start", "product_id", "period_end", "report_id",
             "closing", "saleable", "in_transit", "sold")  # fmt: skip


def keep_report(w: Work, report: InventoryReport) -> None:
    """Positions of the report's period, then where the distributor stands; its rows are written.

    A handful of statements, however many goods the report names.
    """
    w.session.execute(
        sa.delete(StockPosition).where(
            StockPosition.distributor_id == report.distributor_id,
            StockPosition.period_start == report.period_start,
        )
    )
    _put_positions(w, InventoryReport.id == report.id)
    stand(w, report.distributor_id)


def rebuild(w: Work, distributor_id: int) -> None:
    """All positions of a distributor anew, from its reports in force."""
    w.session.execute(
        sa.delete(StockPosition).where(StockPosition.distributor_id == distributor_id)
    )
    _put_positions(w, sa.and_(InventoryReport.distributor_id == distributor_id, is_current()))
    stand(w, distributor_id)


def _put_positions(w: Work, of: sa.ColumnElement[bool]) -> None:
    report, row = InventoryReport, InventoryRow
    apart = sa.func.coalesce(row.held, 0) + sa.func.coalesce(row.damaged, 0)
    sold = sa.func.coalesce(row.sell_out, 0) - sa.func.coalesce(row.returns_in, 0)
    keys = (report.distributor_id, report.period_start, row.product_id, report.period_end,
            report.id)  # fmt: skip
    sums = (
        sa.func.sum(row.closing),
        sa.func.sum(row.closing - apart),
        sa.func.sum(row.in_transit),
        sa.func.sum(sold),
    )
    rows = sa.select(*keys, *sums).join(row, row.report_id == report.id).where(of).group_by(*keys)
    w.session.execute(sa.insert(StockPosition).from_select(_POSITION, rows))


def stand(w: Work, distributor_id: int) -> None:
    """Where each product of the last report stands, with its pace and its forecast."""
    w.session.execute(
        sa.delete(StockStanding).where(StockStanding.distributor_id == distributor_id)
    )
    last = w.session.scalar(
        sa.select(InventoryReport)
        .where(InventoryReport.distributor_id == distributor_id)
        .order_by(InventoryReport.period_end.desc(), InventoryReport.version_no.desc())
        .limit(1)
    )
    if last is None:
        return
    rows = [_standing(last, own) for own in _histories(w, last).values()]
    if rows:
        w.session.execute(sa.insert(StockStanding), rows)


def _histories(w: Work, last: InventoryReport) -> dict[int, list[StockPosition]]:
    """product id → its positions of the last periods, of goods that the last report names."""
    spans = (
        sa.select(InventoryReport.period_start)
        .where(InventoryReport.distributor_id == last.distributor_id)
        .distinct()
        .order_by(InventoryReport.period_start.desc())
        .limit(HISTORY_PERIODS)
        .subquery()
    )
    position = StockPosition
    found: dict[int, list[StockPosition]] = defaultdict(list)
    for one in w.session.scalars(
        sa.select(position)
        .where(
            position.distributor_id == last.distributor_id,
            position.period_start.in_(sa.select(spans.c.period_start)),
            position.period_end <= last.period_end,
        )
        .order_by(position.product_id, position.period_start)
        .execution_options(populate_existing=True)
    ):
        found[one.product_id].append(one)
    return {p: own for p, own in found.items() if own[-1].period_end == last.period_end}


def _standing(last: InventoryReport, own: list[StockPosition]) -> dict[str, Any]:
    newest = own[-1]
    made = forecast(profile_of(own))
    sold, days = pace_of(own)
    return {
        "distributor_id": last.distributor_id,
        "product_id": newest.product_id,
        "report_id": last.id,
        "period": last.period,
        "last_day": last.period_end - timedelta(days=1),
        "filed_on": last.filed_on,
        "closing": newest.closing,
        "saleable": newest.saleable,
        "in_transit": newest.in_transit,
        "pace_sold": sold,
        "pace_days": days,
        "method": made.method.value,
        "kind": made.kind.value,
        "daily_e4": made.daily_e4,
        "used": made.used,
        "left_out": made.left_out,
        "note": to_json([made.note]),
    }
