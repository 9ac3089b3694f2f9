"""Reads of the closing of months: the lock, and what should be looked at before a month ends."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.closing import Closing
from channel.models.orders import Shipment
from channel.models.rebates import RebateRun
from channel.models.receivables import ParkedReceipt, Receipt
from contracts.values.findings import Finding, block, warn
from contracts.values.periods import Period


def the_closing() -> Closing:
    """The house's one row."""
    return db.session.get_one(Closing, 1)


def checklist(month: Period, differing: int) -> list[Finding]:
    """What is unfinished in the month or before: warnings; balances that differ block."""
    counts = {
        "closing.not_invoiced": _count(
            Shipment, Shipment.state == "shipped", Shipment.ship_date < month.end
        ),
        "closing.not_shipped": _count(
            Shipment,
            Shipment.state.in_(("released", "held", "draft")),
            Shipment.ship_date < month.end,
        ),
        "closing.parked": _parked(month),
        "closing.open_runs": _count(
            RebateRun,
            RebateRun.state.in_(("proposed", "reviewed")),
            RebateRun.period_end <= month.end,
        ),
    }
    found = [warn(code, month.label, count=n) for code, n in counts.items() if n]
    if differing:
        found.append(block("closing.drift", month.label, count=differing))
    return found


def _count(model: Any, *conditions: Any) -> int:
    statement = sa.select(sa.func.count()).select_from(model).where(*conditions)
    return db.session.scalar(statement) or 0


def _parked(month: Period) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(ParkedReceipt)
        .join(Receipt, Receipt.id == ParkedReceipt.receipt_id)
        .where(ParkedReceipt.state == "parked", Receipt.received_on < month.end)
    )
    return db.session.scalar(statement) or 0
