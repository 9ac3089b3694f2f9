"""Checks that find the truth: hidden outflow, versions that wait, reminders, the kept score."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM, Forbidden, NotVisible
from channel.db import db
from channel.models.closing import Closing
from channel.models.jobs import Job, MailMessage
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.stock_checks import StockQuality, StockReminder
from channel.queries import (
    listing,
    scores_facts,
    stock_facts,
    stock_filing,
    stock_outflow,
    stock_quality,
    stock_versions,
)
from channel.queries import stock as reports
from channel.services import stock, stock_checks
from channel.services import stock_filing as reminding
from channel.services.work import Refused, work
from contracts.reporting import WEIGHTS
from contracts.values.periods import Period
from tests.services.test_stock_reports import GOOD, a_file, count, file_report, receive, ship

pytestmark = pytest.mark.database

Q3, Q4 = Period.quarter(2026, 3), Period.quarter(2026, 4)


def page_of(world: Any, quarter: Period, **params: str) -> Any:
    found = stock_outflow.outflow_listing(quarter)
    return listing.fetch(found, world.actor("cm"), params)


@pytest.mark.row("F11")
def test_a_thousand_in_seven_hundred_out_a_hundred_left(world: Any) -> None:
    ship(world, "A", 1000, date(2026, 7, 6))
    ship(world, "B", 100, date(2026, 7, 6))
    file_report(world, "A,,,0,1000,700,0,100,盘点", "B,,,0,100,90,0,10,", period="2026-07")
    found = page_of(world, Q3)
    first = found.rows[0]
    assert (first.product.split()[0], first.certain, first.share, first.state) == (
        "A", 200, 200, "certain",
    )  # fmt: skip
    assert [row.certain for row in found.rows] == [200, 0]
    one = stock_outflow.opened(world.actor("cm"), first.id)
    assert (one.flow.certain, one.flow.percent_e1) == (200, 200)
    assert (len(one.reports), len(one.shipments)) == (1, 1)
    assert page_of(world, Q3, state="certain", share="1").count == 1
    # Seen from the first day of August on: before that nobody could know.
    risk = scores_facts.signals(date(2026, 11, 21), world.distributor("D1"))
    assert risk[world.distributor("D1")]["hidden_outflow"] == 1


@pytest.mark.row("F11")
def test_a_quarter_is_summed_over_its_reports_losses_and_returns(world: Any) -> None:
    head = "产品编码,期初,进货,客户退货,出货,退厂家,损耗,期末,差异说明"
    ship(world, "A", 500, date(2026, 7, 6))
    ship(world, "A", 300, date(2026, 8, 27))
    for period, line in (
        ("2026-07", "A,50,500,10,300,20,5,200,少了"),  # 50+500+10-300-20-5 = 235: 35 gone
        ("2026-08", "A,200,0,0,150,0,0,50,"),
    ):
        upload_id = receive(world, line, period=period, head=head)
        stock.mend_cells(world.actor("d1"), upload_id, {2: {"reason": "少了"}}, None)
        stock.accept_report(world.actor("d1"), upload_id, None)
    (row,) = page_of(world, Q3).rows
    # 50 + 800 + 10 - 450 - 5 - 20 - 50 = 335; 300 left on 27 August, five days before its end.
    assert (row.opening, row.shipped, row.out, row.losses, row.returned, row.closing) == (
        50, 800, 450, 5, 20, 50,
    )  # fmt: skip
    one = stock_outflow.opened(world.actor("cm"), row.id)
    assert (one.flow.possible, one.flow.moving, one.flow.certain) == (335, 300, 35)
    assert (row.certain, row.share) == (35, one.flow.percent_e1)


@pytest.mark.row("F11")
def test_missing_months_are_not_held_against_anybody_and_goods_never_named_are(world: Any) -> None:
    ship(world, "A", 100, date(2026, 8, 3))
    ship(world, "B", 40, date(2026, 8, 3))
    file_report(world, "A,,,0,0,0,0,0,", period="2026-07")
    upload_id = receive(world, "A,,,0,100,100,0,0,", "B,,,0,0,0,0,0,未到", period="2026-08")
    stock.accept_report(world.actor("d1"), upload_id, None)
    rows = {r.product.split()[0]: r for r in page_of(world, Q3).rows}
    assert (rows["B"].certain, rows["B"].state) == (40, "certain")
    file_report(world, "A,,,0,0,0,0,0,", period="2026-10")
    assert page_of(world, Q4).rows[0].state == "explained"


@pytest.mark.row("P01")
def test_a_distributor_sees_no_suspicions_and_no_scores_of_others(world: Any) -> None:
    ship(world, "A", 1000, date(2026, 7, 6))
    report_id = file_report(world, "A,,,0,1000,700,0,100,盘点", period="2026-07")
    key = page_of(world, Q3).rows[0].id
    assert listing.fetch(stock_outflow.outflow_listing(Q3), world.actor("d2"), {}).count == 0
    with pytest.raises(NotVisible):
        stock_outflow.opened(world.actor("d2"), key)
    with pytest.raises(NotVisible):
        stock_checks.look(world.actor("d2"), report_id)
    assert listing.fetch(stock_quality.scores_listing(), world.actor("d2"), {}).count == 0
    assert listing.fetch(stock_quality.scores_listing(), world.actor("d1"), {}).count == 1


@pytest.mark.row("F02")
def test_receipts_in_cases_are_told_with_their_cause(world: Any) -> None:
    ship(world, "A", 240, date(2026, 10, 6))
    ship(world, "A", 60, date(2026, 10, 20))
    upload_id = receive(world, "A,,,0,240,0,0,240,")
    _upload, review = stock.preview(world.actor("d1"), upload_id)
    (bad,) = review.bad_rows
    assert [f.code for f in bad.findings] == [
        "stock.shipped_not_reported", "stock.cause.in_transit",
    ]  # fmt: skip
    assert bad.findings[1].facts["quantity"] == 60
    assert bad.findings[1].facts["days"] == ("2026-10-20",)
    with pytest.raises(Refused):
        stock.accept_report(world.actor("d1"), upload_id, None)
    stock.mend_cells(world.actor("d1"), upload_id, {2: {"reason": "在途"}}, None)
    report_id = stock.accept_report(world.actor("d1"), upload_id, None)
    _report, checks = stock_checks.look(world.actor("d1"), report_id)
    assert [f.code for f in checks.findings] == [
        "stock.shipped_not_reported", "stock.cause.in_transit",
    ]  # fmt: skip


@pytest.mark.row("F02")
def test_within_the_tolerance_is_told_and_asks_for_nothing(world: Any) -> None:
    ship(world, "A", 1000, date(2026, 10, 6))
    report_id = file_report(world, "A,,,0,995,995,0,0,")  # half a per cent of 1,000 is 5
    _report, checks = stock_checks.look(world.actor("d1"), report_id)
    assert checks.findings == []
    assert [f.code for f in checks.notes] == ["stock.within_tolerance"]
    with pytest.raises(Refused):
        file_report(world, "A,,,0,994,994,0,0,", reason="少一箱")


@pytest.mark.row("F02")
def test_large_differences_wait_for_the_channel_manager(world: Any) -> None:
    ship(world, "A", 400, date(2026, 10, 6))
    first = file_report(world, "A,,,0,400,300,0,100,")
    waiting = file_report(world, "A,,,0,400,100,0,100,漏单", reason="重新盘点")
    report = db.session.get_one(InventoryReport, waiting)
    # 200 off an expected 300: more than 50 units and than a fifth of it.
    assert (report.version_no, report.state) == (2, "submitted")
    with pytest.raises(Forbidden):
        stock_checks.accept_version(world.actor("d1"), waiting)
    with pytest.raises(Refused) as refused:
        stock_checks.send_back(world.actor("cm"), waiting, " ")
    assert [f.code for f in refused.value.findings] == ["stock.decision_reason"]
    stock_checks.send_back(world.actor("cm"), waiting, "请附盘点表")
    october = Period.month(2026, 10)
    november = Period.month(2026, 11)
    assert stock_facts.previous_report(world.distributor("D1"), november).id == first
    to = list(
        db.session.scalars(
            sa.select(MailMessage.recipient).where(MailMessage.key.like("stock:back:%"))
        )
    )
    assert to == ["d1@weir.example"]
    again = file_report(world, "A,,,0,400,100,0,100,漏单二", reason="附盘点表")
    stock_checks.accept_version(world.actor("cm"), again, "已核对")
    assert stock_facts.previous_report(world.distributor("D1"), november).id == again
    with pytest.raises(Refused) as refused:
        stock_checks.accept_version(world.actor("cm"), again)
    assert [f.code for f in refused.value.findings] == ["stock.not_submitted"]
    assert [v.state for v in stock_facts.versions_of(world.distributor("D1"), october)] == [
        "accepted", "returned", "accepted",
    ]  # fmt: skip


@pytest.mark.row("F02")
def test_nobody_accepts_a_report_of_his_own(world: Any) -> None:
    got = stock.receive_report(
        world.actor("cm"), world.distributor("D1"), "2026-10", "x.csv",
        a_file("A,,,500,0,100,0,100,漏单"),
    )  # fmt: skip
    report_id = stock.accept_report(world.actor("cm"), got.upload_id, None)
    with pytest.raises(Refused) as refused:
        stock_checks.accept_version(world.actor("cm"), report_id)
    assert [f.code for f in refused.value.findings] == ["stock.own_report"]
    stock_checks.accept_version(world.actor("cm2"), report_id)


@pytest.mark.row("F02")
def test_a_breach_of_a_restatement_is_no_fault_of_the_next_report(world: Any) -> None:
    with clock.at(datetime(2026, 11, 1, 9, tzinfo=clock.ZONE)):
        first = file_report(world, GOOD, period="2026-09")
        october = file_report(world, "A,,,115,0,15,0,100,")
    with clock.at(datetime(2026, 11, 5, 9, tzinfo=clock.ZONE)):
        restated = file_report(world, "A,,,100,200,179,5,116,", period="2026-09", reason="漏记退货")
    _report, checks = stock_checks.look(world.actor("cm"), october)
    assert checks.findings == []
    assert [f.code for f in checks.by_restatement] == ["stock.continuity"]
    assert stock_quality.kept(october).points == stock_quality.measure(_report).points
    report = reports.get_report(world.actor("cm"), restated)
    before = stock_versions.before(report)
    assert before is not None and before.id == first
    (change,) = stock_versions.difference(before, report)
    assert change.values == {"sell_out": (180, 179), "closing": (115, 116)}
    touched = stock_versions.touched(world.actor("cm"), report)
    ((later, off),) = touched.reports
    assert (later.id, len(off)) == (october, 1)
    # Filed again with the closing that stood before, the next report is told why it is off.
    upload_id = receive(world, "A,,,115,0,14,0,101,")
    _upload, review = stock.preview(world.actor("d1"), upload_id)
    codes = [f.code for f in review.bad_rows[0].findings]
    assert codes == ["stock.continuity", "stock.cause.restated"]


@pytest.mark.row("F02")
def test_a_closed_month_is_not_filed_again_and_rows_never_change(world: Any) -> None:
    report_id = file_report(world, GOOD)
    with work(SYSTEM) as w:
        closing = w.session.scalar(sa.select(Closing).where(Closing.id == 1))
        if closing is None:
            w.session.add(Closing(id=1, open_from=date(2026, 11, 1)))
        else:
            closing.open_from = date(2026, 11, 1)
    with pytest.raises(Refused) as refused:
        file_report(world, "A,,,100,200,179,5,116,", reason="漏记")
    assert [f.code for f in refused.value.findings] == ["closing.locked"]
    assert count(InventoryRow) == 1
    assert reports.get_report(world.actor("d1"), report_id).version_no == 1


@pytest.mark.row("F02", "F08")
def test_the_score_is_kept_with_the_report_and_adds_up(world: Any) -> None:
    ship(world, "A", 200, date(2026, 10, 6))
    ship(world, "B", 50, date(2026, 10, 6))
    with clock.at(date(2026, 11, 7)):
        report_id = file_report(
            world, "A,B1,,100,200,180,5,120,盘点", "B,,,0,50,20,0,30,", "N,,,0,0,0,0,0,"
        )
    found = stock_quality.kept(report_id)
    assert found is not None
    lost = {p.name: p.lost for p in found.parts if p.lost}
    # Late: all 20. One of three lines does not balance: 15 × 2/3 = 10. One of the two lines
    # with goods has no batch: 10 × 1/2 = 5.
    assert lost == {"on_time": 20, "arithmetic": 5, "batch": 5}
    assert found.points == 70 == sum(p.points for p in found.parts)
    rows = {p.name: p.rows for p in found.parts}
    assert (rows["arithmetic"], rows["batch"]) == ((2,), (3,))
    assert found.full == sum(WEIGHTS.values()) == 100
    page = listing.fetch(stock_quality.scores_listing(), world.actor("cm"), {})
    assert [(row.score, row.lost) for row in page.rows] == [(70, 30)]


def test_reports_of_before_get_their_score_from_the_worker(world: Any) -> None:
    file_report(world, GOOD)
    with work(SYSTEM) as w:
        w.session.add(
            InventoryReport(
                distributor_id=world.distributor("D2"), period_start=date(2026, 9, 1),
                period_end=date(2026, 10, 1), period="2026-09", version_no=1,
                filed_on=date(2026, 10, 8), due_on=date(2026, 10, 13),
                first_filed_on=date(2026, 10, 8), created_at=w.now,
            )
        )  # fmt: skip
    assert count(StockQuality) == 1
    stock_checks.score_missing(SYSTEM)
    stock_checks.score_missing(SYSTEM)
    assert count(StockQuality) == 2


def remind(day: date) -> dict[str, Any]:
    with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=clock.ZONE)):
        return reminding.write_reminders(SYSTEM, 0, {"day": day.isoformat()})


@pytest.mark.row("F08", "P06")
def test_one_reminder_a_step_and_none_who_has_filed(world: Any) -> None:
    with clock.at(date(2026, 11, 3)):
        file_report(world, GOOD)
    assert remind(date(2026, 11, 3))["reminders"] == 0
    told = remind(date(2026, 11, 4))["reminders"]
    assert told >= 1
    assert remind(date(2026, 11, 4))["reminders"] == 0
    assert remind(date(2026, 11, 5))["reminders"] == 0
    assert remind(date(2026, 11, 6))["reminders"] == told
    assert remind(date(2026, 11, 9))["reminders"] == told
    assert remind(date(2026, 11, 10))["reminders"] == 0
    steps = db.session.execute(
        sa.select(StockReminder.step, StockReminder.told_on).where(
            StockReminder.distributor_id == world.distributor("D2")
        )
    ).all()
    assert sorted(steps) == [
        ("after", date(2026, 11, 9)), ("before", date(2026, 11, 4)), ("on", date(2026, 11, 6)),
    ]  # fmt: skip
    to = set(
        db.session.scalars(
            sa.select(MailMessage.recipient).where(MailMessage.key.like("stock:remind:%"))
        )
    )
    assert "d2@weir.example" in to and "d1@weir.example" not in to


@pytest.mark.row("P06")
@pytest.mark.parametrize(
    ("at", "ordered"),
    [
        (datetime(2026, 10, 5, 9, tzinfo=clock.ZONE), 0),
        (datetime(2026, 10, 10, 9, tzinfo=clock.ZONE), 1),
        (datetime(2026, 10, 10, 7, tzinfo=clock.ZONE), 0),
        (datetime(2026, 10, 11, 9, tzinfo=clock.ZONE), 0),
    ],
)
def test_the_chore_keeps_working_days_and_quiet_hours(
    world: Any, at: datetime, ordered: int
) -> None:
    with clock.at(at):
        reminding.order_reminders(SYSTEM)
        reminding.order_reminders(SYSTEM)
    found = db.session.scalar(
        sa.select(sa.func.count()).select_from(Job).where(Job.kind == reminding.JOB)
    )
    assert found == ordered


@pytest.mark.row("E14", "F08")
def test_reports_on_time_are_a_condition_that_rebates_can_read(world: Any) -> None:
    owner, today = world.distributor("D1"), date(2026, 11, 21)
    for period, day in (("2026-07", date(2026, 8, 3)), ("2026-08", date(2026, 9, 3))):
        with clock.at(day):
            file_report(world, "A,,,0,0,0,0,0,", period=period)
    with clock.at(date(2026, 10, 14)):
        late = file_report(world, "A,,,0,0,0,0,0,", period="2026-09")
    assert reports.get_report(world.actor("d1"), late).late_days == 1
    found = stock_filing.on_time(owner, Q3, today)
    assert (found.met, found.in_time, [m.filed for m in found.late]) == (
        False, 2, [date(2026, 10, 14)],
    )  # fmt: skip
    file_report(world, "A,,,0,5,0,0,5,", period="2026-09", reason="补报")


@pytest.mark.row("F08")
def test_the_house_sees_each_month_with_its_counts(world: Any) -> None:
    with clock.at(date(2026, 11, 7)):
        file_report(world, GOOD)
    first = stock_filing.house(world.actor("cm"), date(2026, 11, 21))[0]
    assert (first.period.label, first.due, first.in_time, first.late) == (
        "2026-10", date(2026, 11, 6), 0, 1,
    )  # fmt: skip
    assert first.missing == 3
