"""The data-quality score of reports: what it is measured from, and the lists of what was kept.

A report is measured by what was known when it was filed: that the report before was changed
later is no fault of this one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.stock_checks import StockQuality
from channel.models.uploads import Upload
from channel.queries import stock_evidence, stock_facts
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from channel.queries.stock import report_periods
from channel.queries.stock_evidence import is_current
from channel.rules.stock_quality import Measure, Score, from_json, score
from channel.rules.stock_row import Key
from contracts.reporting import Reporting
from contracts.values.periods import Period

#: Goods that we shipped within so many days before the end of the period are to be reported.
ACTIVE_DAYS = 183
#: Periods in the table of one distributor.
SHOWN = 13


def before_as_filed(report: InventoryReport) -> dict[Key, int] | None:
    """Closings of the report before in the version that counted when this one was filed."""
    before = db.session.scalar(
        sa.select(InventoryReport)
        .where(
            InventoryReport.distributor_id == report.distributor_id,
            InventoryReport.period_end == report.period_start,
            InventoryReport.state != "returned",
            InventoryReport.created_at <= report.created_at,
        )
        .order_by(InventoryReport.version_no.desc())
        .limit(1)
    )
    return stock_facts.closings(before.id) if before else None


def measure(report: InventoryReport) -> Score:
    """The score by the rows as they are stored, under the clause of the agreement."""
    period = Period(report.period_start, report.period_end)
    clause = stock_evidence.clause_on(report.distributor_id, period.last_day)
    rows = db.session.execute(
        sa.select(InventoryRow, Product.code)
        .join(Product, Product.id == InventoryRow.product_id)
        .where(InventoryRow.report_id == report.id)
        .order_by(InventoryRow.row_number)
    ).all()
    before = before_as_filed(report)
    late = (report.first_filed_on.isoformat(),) if report.late_days else ()
    again = (f"v{report.version_no}",) if report.version_no > 1 else ()
    measures = {
        "on_time": Measure(1, late),
        "complete": _complete(report, period, rows, before or {}),
        "arithmetic": Measure(len(rows), tuple(r.row_number for r, _c in rows if _gap(r))),
        "continuity": _continuity(rows, before),
        "reconciliation": _reconciliation(report, period, rows, clause),
        "mapped": _mapped(report, len(rows)),
        "batch": _batches(rows),
        "unrestated": Measure(1, again),
    }
    return score(measures, clause.weights)


def _gap(row: InventoryRow) -> int:
    """Closing less what the movements lead to."""
    came = (row.receipts, row.returns_in, row.transfers_in, row.adj_plus)
    went = (row.sell_out, row.returns_out, row.transfers_out, row.losses)
    led_to = row.opening + sum(q or 0 for q in came) - sum(q or 0 for q in went)
    return row.closing - led_to


def _complete(
    report: InventoryReport, period: Period, rows: Any, before: dict[Key, int]
) -> Measure:
    since = period.end - timedelta(days=ACTIVE_DAYS)
    active = set(stock_evidence.shipments(report.distributor_id, since, period.end))
    active |= {code for (code, _batch, _place), quantity in before.items() if quantity}
    missing = sorted(active - {code for _row, code in rows})
    return Measure(len(active), tuple(missing), "" if active else "none")


def _continuity(rows: Any, before: dict[Key, int] | None) -> Measure:
    if before is None:
        return Measure(0, note="first")
    broken = tuple(
        row.row_number
        for row, code in rows
        if row.opening != before.get((code, row.batch, row.location), 0)
    )
    return Measure(len(rows), broken)


def _reconciliation(
    report: InventoryReport, period: Period, rows: Any, clause: Reporting
) -> Measure:
    """Goods in receipts or shipments; a good is in order within the tolerance and the road."""
    arrived, moving = stock_facts.shipped_in(report.distributor_id, period, clause.transit_days)
    if arrived is None:
        return Measure(0, note="none_shipped")
    received: dict[str, int] = {}
    for row, code in rows:
        received[code] = received.get(code, 0) + (row.receipts or 0)
    goods = sorted(c for c in {*received, *arrived} if received.get(c) or arrived.get(c))
    wrong = []
    for code in goods:
        due, got = arrived.get(code, 0), received.get(code, 0)
        most = due + moving.get(code, 0)
        if not due - clause.soft.of(due) <= got <= most + clause.soft.of(most):
            wrong.append(code)
    return Measure(len(goods), tuple(wrong), "" if goods else "none")


def _mapped(report: InventoryReport, rows: int) -> Measure:
    """Rows left out by hand count as rows that nobody could place."""
    options = db.session.scalar(sa.select(Upload.options).where(Upload.id == report.upload_id))
    repairs = (options or {}).get("repairs", {})
    out = sorted(int(n) for n, cells in repairs.items() if cells.get("left_out"))
    return Measure(rows + len(out), tuple(out))


def _batches(rows: Any) -> Measure:
    with_goods = [r for r, _c in rows if r.closing or r.sell_out or r.receipts]
    lacking = tuple(r.row_number for r in with_goods if not r.batch)
    return Measure(len(with_goods), lacking, "" if with_goods else "none")


def kept(report_id: int) -> Score | None:
    """The score as it was kept with the report."""
    parts = db.session.scalar(
        sa.select(StockQuality.parts).where(StockQuality.report_id == report_id)
    )
    return from_json(parts) if parts is not None else None


def over_periods(actor: Actor, distributor_id: int) -> list[Any]:
    """(report, score, full score) of the current reports of a distributor, the newest first."""
    return list(
        db.session.execute(
            sa.select(InventoryReport, StockQuality.score, StockQuality.full_score)
            .outerjoin(StockQuality, StockQuality.report_id == InventoryReport.id)
            .where(
                InventoryReport.distributor_id == distributor_id,
                visible(actor, InventoryReport.distributor_id),
                is_current(),
            )
            .order_by(InventoryReport.period_start.desc())
            .limit(SHOWN)
        )
    )


def unscored(limit: int) -> list[int]:
    """Reports filed before scores were kept."""
    scored = sa.select(StockQuality.id).where(StockQuality.report_id == InventoryReport.id)
    return list(
        db.session.scalars(
            sa.select(InventoryReport.id)
            .where(~scored.exists())
            .order_by(InventoryReport.id)
            .limit(limit)
        )
    )


def scores_listing() -> Listing:
    """The scores of all current reports, the worst first."""
    lost = StockQuality.full_score - StockQuality.score
    grade = sa.case((lost == 0, "full"), (lost <= 20, "good"), else_="poor")
    return Listing(
        name="stock-quality",
        title=_l("Data quality of reports"),
        identity=InventoryReport.id,
        source=sa.join(
            InventoryReport, Distributor, Distributor.id == InventoryReport.distributor_id
        ).join(StockQuality, StockQuality.report_id == InventoryReport.id),
        columns=[
            Column("period", _l("period"), InventoryReport.period, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("version_no", _l("version"), InventoryReport.version_no, "quantity", wide=True),
            Column("score", _l("score"), StockQuality.score, "quantity"),
            Column("full_score", _l("of"), StockQuality.full_score, "quantity", wide=True),
            Column("lost", _l("points lost"), lost, "quantity"),
        ],
        default_sort="-lost",
        scope=lambda actor: sa.and_(visible(actor, InventoryReport.distributor_id), is_current()),
        filters=[
            Filter("period", _l("period"), InventoryReport.period, choices=report_periods),
            Filter(
                "grade", _l("points lost"), grade,
                choices=[("full", _l("none")), ("good", _l("1 to 20")), ("poor", _l("over 20"))],
            ),
        ],
        search=[Distributor.code, Distributor.name, InventoryReport.period],
        endpoint="stock_checks.record",
        empty=_l("No report has been scored yet."),
    )  # fmt: skip
