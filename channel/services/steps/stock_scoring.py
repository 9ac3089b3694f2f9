"""The data-quality score is kept with the version that it judges, once."""

from __future__ import annotations

import sqlalchemy as sa

from channel.models.stock import InventoryReport
from channel.models.stock_checks import StockQuality
from channel.queries import stock_quality
from channel.rules.stock_quality import to_json
from channel.services.work import Work


def keep_score(w: Work, report: InventoryReport) -> None:
    """Measure the version, whose rows are written, and keep what was found."""
    taken = sa.select(StockQuality.id).where(StockQuality.report_id == report.id)
    if w.session.scalar(taken) is not None:
        return
    found = stock_quality.measure(report)
    w.session.add(
        StockQuality(
            report_id=report.id,
            score=found.points,
            full_score=found.full,
            parts=to_json(found),
            scored_at=w.now,
        )
    )
