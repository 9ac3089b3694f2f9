"""Up to which rows a run has looked: posted rows never change, so these marks freeze its input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.exchanges import ExchangePosting
from channel.models.rebates import RebateRun
from channel.models.receivables import Allocation, DiscountTaken, Invoice, InvoiceLine

#: Mark → the table whose last id it is.
TABLES: Mapping[str, Any] = {
    "lines": InvoiceLine,
    "invoices": Invoice,
    "allocations": Allocation,
    "discounts": DiscountTaken,
    "exchanges": ExchangePosting,
}


@dataclass(frozen=True)
class Seen:
    """The last ids that were looked at, and when; shipments are known by that instant."""

    lines: int
    invoices: int
    allocations: int
    discounts: int
    exchanges: int
    at: datetime


def newest() -> Seen:
    """Everything there is now, in one statement."""
    row = db.session.execute(
        sa.select(
            *(
                sa.select(sa.func.coalesce(sa.func.max(table.id), 0)).scalar_subquery().label(name)
                for name, table in TABLES.items()
            )
        )
    ).one()
    return Seen(**row._mapping, at=clock.now())


def to_json(seen: Seen) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in TABLES} | {"at": seen.at.isoformat()}


def of_run(run: RebateRun) -> Seen | None:
    """What a run saw; of an older one only the invoice lines are known, and nothing else counted.

    None: it has not looked yet.
    """
    if run.seen is not None:
        marks = {name: int(run.seen[name]) for name in TABLES}
        return Seen(**marks, at=datetime.fromisoformat(run.seen["at"]))
    if run.through_line_id is None:
        return None
    return Seen(run.through_line_id, 0, 0, 0, 0, run.proposed_at.astimezone(UTC))
