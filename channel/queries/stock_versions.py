"""What a restatement changed, row by row, and what was built on the version before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from channel.access import Actor
from channel.db import db
from channel.models.exchanges import ExchangeClaim
from channel.models.rebates import RebateRun, RebateStatement
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.scope import visible
from channel.queries.stock_evidence import is_current
from channel.queries.stock_facts import closings
from channel.rules.stock import QUANTITIES
from channel.rules.stock_row import Key
from contracts.values.findings import Finding, warn

_COMPARED = (*QUANTITIES, "produced_on", "expires_on")


@dataclass(frozen=True)
class Change:
    """A line that differs: `values` is column → (before, now); None where there was no line."""

    kind: str
    product: Any
    batch: str
    location: str
    row_number: int
    values: dict[str, tuple[Any, Any]]


def before(report: InventoryReport) -> InventoryReport | None:
    """The version that this one replaced."""
    if report.version_no == 1:
        return None
    return db.session.scalar(
        sa.select(InventoryReport)
        .where(
            InventoryReport.distributor_id == report.distributor_id,
            InventoryReport.period_start == report.period_start,
            InventoryReport.version_no < report.version_no,
        )
        .options(selectinload(InventoryReport.rows).joinedload(InventoryRow.product))
        .order_by(InventoryReport.version_no.desc())
        .limit(1)
    )


def difference(old: InventoryReport, new: InventoryReport) -> list[Change]:
    """Lines that were added, changed or taken away, by product, batch and location."""
    was, now = _lines(old), _lines(new)
    found = []
    for key in sorted({*was, *now}):
        a, b = was.get(key), now.get(key)
        values = {
            name: (getattr(a, name, None), getattr(b, name, None))
            for name in _COMPARED
            if getattr(a, name, None) != getattr(b, name, None)
        }
        if values:
            line = b or a
            assert line is not None
            kind = "changed" if a and b else ("added" if b else "removed")
            found.append(
                Change(kind, line.product, line.batch, line.location, line.row_number, values)
            )
    return found


def _lines(report: InventoryReport) -> dict[Key, InventoryRow]:
    return {(r.product.code, r.batch, r.location): r for r in report.rows}


@dataclass(frozen=True)
class Touched:
    """What rests on the period: later reports that no longer agree, rebates, claims."""

    reports: list[tuple[InventoryReport, list[Finding]]] = field(default_factory=list)
    statements: list[RebateStatement] = field(default_factory=list)
    claims: list[ExchangeClaim] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.reports) + len(self.statements) + len(self.claims)


def touched(actor: Actor, report: InventoryReport) -> Touched:
    """Everything of the distributor that was worked out from the period, in a few statements."""
    later = list(
        db.session.scalars(
            sa.select(InventoryReport)
            .where(
                InventoryReport.distributor_id == report.distributor_id,
                InventoryReport.period_start >= report.period_end,
                visible(actor, InventoryReport.distributor_id),
                is_current(),
            )
            .order_by(InventoryReport.period_start)
            .limit(24)
        )
    )
    statements = db.session.scalars(
        sa.select(RebateStatement)
        .join(RebateRun, RebateRun.id == RebateStatement.run_id)
        .where(
            RebateStatement.distributor_id == report.distributor_id,
            visible(actor, RebateStatement.distributor_id),
            RebateRun.period_start < report.period_end,
            RebateRun.period_end > report.period_start,
            RebateRun.state == "posted",
        )
        .options(joinedload(RebateStatement.run))
        .order_by(RebateStatement.id)
        .limit(24)
    )
    claims = db.session.scalars(
        sa.select(ExchangeClaim)
        .where(
            ExchangeClaim.distributor_id == report.distributor_id,
            visible(actor, ExchangeClaim.distributor_id),
            ExchangeClaim.filed_on >= report.period_start,
            ExchangeClaim.state.not_in(("withdrawn", "refused")),
        )
        .order_by(ExchangeClaim.id)
        .limit(24)
    )
    return Touched(_agreeing(report, later), list(statements), list(claims))


def _agreeing(
    report: InventoryReport, later: list[InventoryReport]
) -> list[tuple[InventoryReport, list[Finding]]]:
    """Later reports; of the next one, the openings that differ from the closing now."""
    found: list[tuple[InventoryReport, list[Finding]]] = []
    for one in later:
        off = broken_openings(report, one) if one.period_start == report.period_end else []
        found.append((one, off))
    return found


def broken_openings(report: InventoryReport, following: InventoryReport) -> list[Finding]:
    """Lines of the next report that no longer open with this one's closing."""
    closed, opened = closings(report.id), openings(following.id)
    return [
        warn(
            "stock.later_opening", key[0],
            period=following.period, product=" ".join(filter(None, key)),
            opening=opened.get(key, 0), closing=closed.get(key, 0),
        )
        for key in sorted({*closed, *opened})
        if closed.get(key, 0) != opened.get(key, 0)
    ]  # fmt: skip


def openings(report_id: int) -> dict[Key, int]:
    """(product code, batch, location) → opening stock of a report."""
    rows = db.session.scalars(
        sa.select(InventoryRow)
        .where(InventoryRow.report_id == report_id)
        .options(joinedload(InventoryRow.product))
    )
    return {(r.product.code, r.batch, r.location): r.opening for r in rows}


def is_newest() -> sa.ColumnElement[bool]:
    """The condition that no later version of the period was filed, whether it counts or not."""
    later = aliased(InventoryReport)
    return ~(
        sa.select(later.id)
        .where(
            later.distributor_id == InventoryReport.distributor_id,
            later.period_start == InventoryReport.period_start,
            later.version_no > InventoryReport.version_no,
        )
        .exists()
    )


def waiting(actor: Actor) -> Any:
    """The condition of reports that wait for a channel manager who did not file them."""
    r = InventoryReport
    return sa.and_(
        visible(actor, r.distributor_id),
        r.state == "submitted",
        sa.func.coalesce(r.filed_by_id, 0) != (actor.user_id or 0),
        is_current(),
    )
