"""Counts of our own people: held against the report, followed up, a case when they repeat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.channel_stock import StockCountLine, StockFollowUp
from channel.models.jobs import MailMessage
from channel.models.partners import Maker
from channel.queries import listing, stock_counts, stock_counts_lists
from channel.services.stock_counts import Counted, close_follow_up, record_count
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.services.test_channel_stock_snapshot import report
from tests.services.test_stock_reports import ship

pytestmark = pytest.mark.database

#: The last day of the report: nothing has to be moved.
LAST = date(2026, 10, 31)


def count(world: Any, on: date = LAST, user: str = "rep", code: str = "D1", **goods: int) -> int:
    lines = [Counted(world.product(good), quantity) for good, quantity in goods.items()]
    return record_count(world.actor(user), world.distributor(code), on, lines)


def line_of(count_id: int) -> StockCountLine:
    return db.session.scalars(
        sa.select(StockCountLine).where(StockCountLine.count_id == count_id)
    ).one()


def follow_ups() -> list[StockFollowUp]:
    return list(db.session.scalars(sa.select(StockFollowUp).order_by(StockFollowUp.id)))


def mails(part: str) -> list[str]:
    rows = db.session.execute(sa.select(MailMessage.recipient, MailMessage.key))
    return sorted(to for to, key in rows if key and key.startswith(part))


@pytest.mark.row("F10")
def test_a_gap_above_the_bound_opens_a_follow_up(world):
    """52 counted, 60 reported: −8, 13.3 %, above 10 %."""
    report(world, A=(60, 300))
    line = line_of(count(world, A=52))
    assert (line.reported, line.gap, line.gap_bp, line.moved) == (60, -8, 1333, None)
    assert (line.judged_gap, line.is_above, line.is_repeated) == (-8, True, False)
    [opened] = follow_ups()
    assert (opened.line_id, opened.is_case, opened.state) == (line.id, False, "open")
    assert len(mails("stock_count:")) == 2  # the two channel managers


@pytest.mark.row("F10")
def test_a_gap_of_exactly_the_bound_opens_nothing_and_the_house_sets_it(world):
    report(world, A=(60, 300))
    assert not line_of(count(world, A=54)).is_above
    db.session.execute(sa.update(Maker).values(count_gap_bp=1500))
    db.session.commit()
    assert not line_of(count(world, A=52)).is_above
    assert line_of(count(world, A=50)).is_above
    assert len(follow_ups()) == 1


@pytest.mark.row("F10")
def test_a_repeated_gap_is_a_case_for_the_owner_too(world):
    report(world, A=(60, 300))
    count(world, A=52)
    second = line_of(count(world, A=70))
    assert second.is_repeated
    assert [one.is_case for one in follow_ups()] == [False, True]
    assert "boss@weir.example" in mails(f"stock_count:{second.count_id}:")
    # A count within the bound in between breaks the row.
    count(world, A=60)
    assert not line_of(count(world, A=52)).is_repeated


@pytest.mark.row("F10")
def test_the_report_is_moved_to_the_day_of_the_count(world):
    """31 a month sold: on 10 November 60 + 20 arrived − 10 = 70 are expected; both gaps stay."""
    for month, days in (("2026-07", 31), ("2026-08", 31), ("2026-09", 30)):
        report(world, period=Period.parse(month), A=(50, days))
    report(world, A=(60, 31))
    ship(world, "A", 20, date(2026, 11, 5))
    ship(world, "A", 99, date(2026, 11, 6))
    line = line_of(count(world, date(2026, 11, 10), A=66))
    assert (line.reported, line.gap, line.gap_bp) == (60, 6, 1000)
    assert (line.came, line.sold, line.moved) == (20, 10, 70)
    assert (line.judged_gap, line.judged_bp, line.is_above) == (-4, 571, False)


def test_without_a_forecast_the_reported_figure_judges(world):
    report(world, A=(60, 300))
    line = line_of(count(world, date(2026, 11, 10), A=52))
    assert (line.moved, line.judged_gap, line.is_above) == (None, -8, True)


def test_what_the_report_does_not_name_has_no_gap(world):
    report(world, A=(60, 300))
    line = line_of(count(world, B=7))
    assert (line.reported, line.judged_bp, line.is_above) == (None, None, False)
    never = line_of(count(world, code="D2", B=7))
    assert never.reported is None
    assert follow_ups() == []


def test_the_report_of_the_day_is_the_one_before_it(world):
    report(world, period=Period.parse("2026-09"), A=(80, 10))
    report(world, A=(60, 10))
    assert line_of(count(world, date(2026, 9, 30), A=80)).reported == 80


def test_a_count_is_refused_with_its_reasons(world, today):
    report(world, A=(60, 300))
    with pytest.raises(Refused, match=r"count\.nothing"):
        count(world)
    with pytest.raises(Refused, match=r"count\.in_future"):
        count(world, today + timedelta(days=1), A=1)
    with pytest.raises(Refused, match=r"count\.twice"):
        lines = [Counted(world.product("A"), 1), Counted(world.product("A"), 2)]
        record_count(world.actor("rep"), world.distributor("D1"), LAST, lines)
    with pytest.raises(Refused, match=r"market\.not_a_photo"):
        from channel.services.steps.market import File

        record_count(world.actor("rep"), world.distributor("D1"), LAST,
                     [Counted(world.product("A"), 1)], files=[File("x.exe", b"MZ")])  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count(StockCountLine.id))) == 0


@pytest.mark.row("F10", "P01")
def test_a_rep_counts_its_own_accounts_and_a_distributor_none(world):
    with pytest.raises(NotVisible):
        count(world, code="D4", A=1)
    for user in ("d1", "fin", "auditor"):
        with pytest.raises(Forbidden):
            count(world, user=user, A=1)


@pytest.mark.row("F10")
def test_a_follow_up_is_closed_with_a_result_by_who_may(world):
    report(world, A=(60, 300))
    count(world, A=52)
    number = follow_ups()[0].id
    with pytest.raises(Refused, match="result_needed"):
        close_follow_up(world.actor("cm"), number, " ", 1)
    with pytest.raises(Forbidden):
        close_follow_up(world.actor("rep"), number, "盘亏已补记", 1)
    close_follow_up(world.actor("cm"), number, "盘亏已补记", None)
    assert follow_ups()[0].result == "盘亏已补记"
    with pytest.raises(Refused, match="closed"):
        close_follow_up(world.actor("cm"), number, "again", None)


@pytest.mark.row("F10")
def test_the_list_begins_with_the_worst(world):
    report(world, A=(60, 300), B=(100, 10))
    count(world, A=52, B=50, N=3)
    page = listing.fetch(stock_counts_lists.counts_list(), world.actor("rep"), {})
    assert [(row.product[:1], row.state) for row in page.rows] == [
        ("B", "gap_above"), ("A", "gap_above"), ("N", "gap_unknown"),
    ]  # fmt: skip
    assert [str(row.size) for row in page.rows] == ["50.0", "13.3", "None"]
    assert listing.fetch(stock_counts_lists.counts_list(), world.actor("d1"), {}).count == 3
    assert listing.fetch(stock_counts_lists.follow_ups_list(), world.actor("cm2"), {}).count == 2


def test_two_places_are_counted_apart(world):
    """The form offers each place of the report; the count of one is held against its own figure."""
    report_id = report(world, A=(60, 300))
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO inventory_row (report_id, row_number, product_id, batch, location,"
                " opening, closing, reason) VALUES (:r, 99, :p, '', '二号库', 0, 15, '')"
            ),
            {"r": report_id, "p": world.product("A")},
        )
    goods = stock_counts.to_count(stock_counts.basis_on(world.distributor("D1"), LAST))
    assert [(line.location, line.reported) for line in goods] == [("", 60), ("二号库", 15)]
    lines = [Counted(world.product("A"), 14, "二号库")]
    line = line_of(record_count(world.actor("rep"), world.distributor("D1"), LAST, lines))
    assert (line.reported, line.gap, line.is_above) == (15, -1, False)
