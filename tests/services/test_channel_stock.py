"""The snapshot: after any reports and restatements it is what the reports in force say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channel import clock
from channel.access import SYSTEM
from channel.db import db
from channel.models.channel_stock import StockPosition, StockStanding
from channel.models.jobs import Job
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import channel_stock as reads
from channel.queries import listing
from channel.queries.channel_stock_lists import areas_list, goods_list, positions_list
from channel.queries.stock_facts import is_current
from channel.services import channel_stock, jobs
from channel.services.steps import channel_stock as steps
from channel.services.work import work
from contracts.values.periods import Period
from tests.services.test_stock_reports import ship

pytestmark = pytest.mark.database

OCTOBER = Period.parse("2026-10")
GOODS = ("A", "B", "N")


def report(
    world: Any,
    code: str = "D1",
    period: Period = OCTOBER,
    filed: date = date(2026, 11, 6),
    **rows: Any,
) -> int:
    """A report in force, with the snapshot as acceptance leaves it: A=(closing, sold)."""
    with work(SYSTEM) as w:
        version = w.session.scalar(
            sa.select(sa.func.coalesce(sa.func.max(InventoryReport.version_no), 0)).where(
                InventoryReport.distributor_id == world.distributor(code),
                InventoryReport.period_start == period.start,
            )
        )
        one = InventoryReport(
            distributor_id=world.distributor(code), period_start=period.start,
            period_end=period.end, period=period.label, version_no=version + 1, filed_on=filed,
            first_filed_on=filed, due_on=filed, created_at=w.now,
        )  # fmt: skip
        w.session.add(one)
        w.session.flush()
        for number, (good, figures) in enumerate(rows.items(), start=2):
            closing, sold, *rest = figures
            w.session.add(
                InventoryRow(
                    report_id=one.id, row_number=number, product_id=world.product(good[:1]),
                    batch=good[1:], opening=0, closing=closing, sell_out=sold,
                    held=rest[0] if rest else None, in_transit=rest[1] if rest[1:] else None,
                )
            )  # fmt: skip
        w.session.flush()
        steps.keep_report(w, one)
        return one.id


def recomputed() -> set[tuple[Any, ...]]:
    """Positions counted from the rows of the reports in force."""
    r, row = InventoryReport, InventoryRow
    found: dict[tuple[Any, ...], list[int]] = {}
    for one, line in db.session.execute(
        sa.select(r, row).join(row, row.report_id == r.id).where(is_current())
    ):
        sums = found.setdefault((one.distributor_id, one.period_start, line.product_id, one.id),
                                [0, 0, 0])  # fmt: skip
        sums[0] += line.closing
        sums[1] += line.closing - (line.held or 0) - (line.damaged or 0)
        sums[2] += (line.sell_out or 0) - (line.returns_in or 0)
    return {(*key, *sums) for key, sums in found.items()}


def kept() -> set[tuple[Any, ...]]:
    p = StockPosition
    return {
        tuple(row)
        for row in db.session.execute(
            sa.select(p.distributor_id, p.period_start, p.product_id, p.report_id, p.closing,
                      p.saleable, p.sold)
        )
    }  # fmt: skip


def standing_rows() -> list[tuple[Any, ...]]:
    s = StockStanding
    columns = [c for c in s.__table__.c if c.name != "id"]
    return sorted(
        (tuple(row) for row in db.session.execute(sa.select(*columns))),
        key=lambda row: (row[0], row[1]),
    )


quantity = st.integers(0, 200)
filings = st.lists(
    st.tuples(
        st.sampled_from(["D1", "D4"]),
        st.sampled_from(["2026-07", "2026-08", "2026-09", "2026-10"]),
        st.dictionaries(st.sampled_from(["A", "AB1", "B", "N"]), st.tuples(quantity, quantity),
                        min_size=1),
    ),
    min_size=1, max_size=7,
)  # fmt: skip


@pytest.mark.row("F12")
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(filings)
def test_the_snapshot_is_that_of_the_reports_in_force(world, filed):
    """Any sequence of filings and restatements, late ones too; and a rebuild changes nothing.

    Reports stay from one example to the next, so that the sequences grow long.
    """
    for code, period, rows in filed:
        report(world, code, Period.parse(period), **rows)
    assert kept() == recomputed()
    for owner in map(world.distributor, ("D1", "D4")):
        last = [row for row in kept() if row[0] == owner]
        newest = max((row[1] for row in last), default=None)
        standing = [row for row in standing_rows() if row[0] == owner]
        assert {(row[1], row[2], row[6]) for row in standing} == {
            (product, one, closing)
            for _owner, start, product, one, closing, _saleable, _sold in last
            if start == newest
        }
    before = standing_rows()
    with work(SYSTEM) as w:
        for owner in map(world.distributor, ("D1", "D4")):
            steps.rebuild(w, owner)
    assert standing_rows() == before
    assert kept() == recomputed()
