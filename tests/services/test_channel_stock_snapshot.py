"""The snapshot: after any reports and restatements it is what the reports in force say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


def test_the_job_makes_the_snapshot_anew_with_progress(world):
    report(world, A=(60, 300), B=(5, 10))
    before, positions = standing_rows(), kept()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE stock_standing SET closing = 1, method = ''"))
        connection.execute(sa.text("UPDATE stock_position SET closing = 1"))
    channel_stock.order_rebuild(world.actor("admin"))
    assert jobs.run_next()
    assert (standing_rows(), kept()) == (before, positions)
    job = db.session.scalars(sa.select(Job).where(Job.kind == channel_stock.JOB)).one()
    assert (job.state, job.result) == ("done", {"distributors": 4})


def test_reports_of_an_old_database_are_taken_over(world):
    """Down and up again: positions at once, pace and forecasts by the job that is ordered."""
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        report(world, period=Period.parse(month), A=(60, 310), AX=(5, 0))
    report(world, A=(61, 310), AX=(5, 0))
    before, positions = standing_rows(), kept()
    db.session.remove()
    downgrade(revision="0018")
    upgrade()
    assert kept() == positions
    [row] = [one for one in standing_rows() if one[0] == world.distributor("D1")]
    assert row[6] == 66
    assert jobs.run_next()
    assert standing_rows() == before


def rows_of(listing_: Any, world: Any, user: str = "cm", **params: str) -> list[Any]:
    return listing.fetch(listing_, world.actor(user), params).rows


@pytest.mark.row("F12")
def test_old_figures_are_grey_and_who_never_filed_is_unknown(world, today):
    """D1 filed 15 days ago, D2 40 days ago, D3 and D4 never."""
    report(world, "D1", A=(60, 300))
    report(world, "D2", Period.parse("2026-09"), filed=today - timedelta(days=40), A=(33, 30))
    shown = {row.distributor[:2]: row for row in rows_of(positions_list(today), world)}
    assert {code: row.data for code, row in shown.items()} == {
        "D1": "figures_fresh", "D2": "figures_old", "D3": "figures_unknown",
        "D4": "figures_unknown",
    }  # fmt: skip
    assert (shown["D1"].stock, shown["D1"].old_stock) == (60, None)
    assert (shown["D2"].stock, shown["D2"].old_stock) == (None, 33)
    assert shown["D2"].filed_on == today - timedelta(days=40)
    assert (shown["D3"].stock, shown["D3"].old_stock) == (None, None)
    assert (shown["D1"].cover, shown["D2"].cover) == ("short", None)
    [province] = rows_of(areas_list(world.actor("cm"), today), world)
    assert (province.fresh, province.old, province.unknown) == (1, 1, 2)
    assert (province.stock, province.old_stock, province.short) == (60, 33, 1)
    assert province.oldest == today - timedelta(days=40)


@pytest.mark.row("F12")
def test_figures_filed_the_other_day_are_current_with_the_bound_of_the_house(world, today):
    report(world, "D1", filed=today - timedelta(days=35), A=(60, 300))
    assert rows_of(positions_list(today), world, product=str(world.product("A")))[0].stock == 60
    later = today + timedelta(days=1)
    assert rows_of(positions_list(later), world, product=str(world.product("A")))[0].stock is None


@pytest.mark.row("F12")
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["D1", "D2", "D3", "D4"]),
        st.tuples(
            st.dictionaries(st.sampled_from(GOODS), st.tuples(quantity, quantity), min_size=1),
            st.booleans(),
        ),
        min_size=1,
    )
)
def test_the_areas_add_up_to_the_whole_on_every_level(world, today, filed):
    """Provinces = their prefectures = their counties = all positions = all products."""
    for code, (rows, is_late) in filed.items():
        day = today - timedelta(days=40 if is_late else 10)
        report(world, code, filed=day, **rows)
    actor = world.actor("cm")
    _count, whole = listing.totals(positions_list(today), actor, {})
    top = rows_of(areas_list(actor, today), world)
    below = [row for one in top for row in rows_of(areas_list(actor, today, one.id), world)]
    lowest = [row for one in below for row in rows_of(areas_list(actor, today, one.id), world)]
    goods = rows_of(goods_list(actor, today), world)
    for level in (top, below, lowest, goods):
        for key in ("stock", "old_stock"):
            assert sum(getattr(row, key) for row in level) == whole[""][key]
    for key in ("short", "over", "still"):
        sums = {sum(getattr(row, key) for row in level) for level in (top, below, lowest, goods)}
        assert len(sums) == 1
        count, _sums = listing.totals(positions_list(today), actor, {"cover": key})
        assert {count} == sums
    assert {sum(r.fresh + r.old + r.unknown for r in level) for level in (top, below)} == {4}


@pytest.mark.row("F12")
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(GOODS), st.tuples(quantity, quantity), min_size=1),
    st.none() | st.integers(0, 30),
    st.integers(-8, 21),
    st.integers(1, 80),
)
def test_the_database_estimates_as_the_rule_does(world, today, rows, told, day, shipped):
    for month in ("2026-07", "2026-08", "2026-09"):
        report(world, period=Period.parse(month), A=(50, 90), B=(50, 31))
    report(world, **{good: (*figures, None, told) for good, figures in rows.items()})
    on = date(2026, 10, 31) + timedelta(days=day)
    try:
        ship(world, "A", shipped, on)
    except sa.exc.IntegrityError:
        db.session.rollback()  # shipped on that day by an example before
    found = {one.row.product.code: one for one in reads.standings(world.actor("cm"),
             world.distributor("D1"), today)}  # fmt: skip
    listed = {row.product[:1]: row for row in rows_of(positions_list(today), world)
              if row.data == "figures_fresh"}  # fmt: skip
    assert set(found) == set(listed)
    for code, one in found.items():
        assert listed[code].estimate == one.estimate.stock, code
        assert listed[code].cover == one.cover.value
        assert listed[code].cover_days == (
            None if one.cover_days is None else int(one.cover_days * 10)
        )
        assert listed[code].stock == one.row.closing


@pytest.mark.row("F12")
def test_everybody_sees_own_rows_only(world, today):
    for code in ("D1", "D2", "D3", "D4"):
        report(world, code, A=(60, 300))
    for user, codes in (
        ("d1", ["D1"]),
        ("rep", ["D1", "D2", "D3"]),
        ("cm", ["D1", "D2", "D3", "D4"]),
    ):
        assert [r.distributor[:2] for r in rows_of(positions_list(today), world, user)] == codes
        [province] = rows_of(areas_list(world.actor(user), today), world, user)
        assert province.fresh == len(codes)
        assert rows_of(goods_list(world.actor(user), today), world, user)[0].fresh == len(codes)
        seen = reads.standings(world.actor(user), world.distributor("D4"), today)
        assert bool(seen) is ("D4" in codes)
