"""Inventory reports filed for real: received, refused by cell, mended, accepted, restated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Forbidden, NotVisible, Role
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.jobs import MailMessage
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.uploads import ColumnMemory, Upload
from channel.queries import stock as reports
from channel.queries import stock_advice, stock_advice_fifo, stock_facts, stock_trend
from channel.services import stock
from channel.services.work import Refused, Stale, work
from contracts.values.periods import Period

pytestmark = pytest.mark.database

HEAD = "产品编码,批次,生产日期,期初,进货,出货,损耗,期末,差异说明"
GOOD = "A,,,100,200,180,5,115,"


def a_file(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines, ""]).encode()


def receive(
    world: Any, *lines: str, period: str = "2026-10", user: str = "d1", head: str = HEAD
) -> int:
    data = a_file(*lines, head=head)
    got = stock.receive_report(world.actor(user), world.distributor("D1"), period, "十月.csv", data)
    return got.upload_id


def file_report(world: Any, *lines: str, period: str = "2026-10", reason: str = "") -> int:
    upload_id = receive(world, *lines, period=period)
    return stock.accept_report(world.actor("d1"), upload_id, None, reason)


def found(world: Any, upload_id: int) -> list[tuple[str, Any, Any]]:
    """(code, row, field) of what blocks."""
    _upload, sheet = stock.review(world.actor("d1"), upload_id)
    return [
        (f.code, f.facts.get("row"), f.facts.get("field")) for f in sheet.findings if f.is_blocking
    ]


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def ship(world: Any, product: str, quantity: int, on: date) -> None:
    """A shipment that left, written as rows: what the report is compared with."""
    with work(Actor(None, "system", Role.ADMIN)) as w:
        price = 10_000
        line = OrderLine(
            line_no=1, product_id=world.product(product), quantity=quantity,
            shipped_quantity=quantity, unit_gross_fen=price, vat_rate_bp=1300,
            gross_fen=price * quantity,
        )  # fmt: skip
        order = Order(
            number=f"T-{product}-{on}", distributor_id=world.distributor("D1"), order_date=on,
            currency="CNY", state="confirmed", created_at=w.now, lines=[line],
        )  # fmt: skip
        w.session.add(order)
        w.session.flush()
        w.session.add(
            Shipment(
                number=f"S-{product}-{on}", distributor_id=world.distributor("D1"), ship_date=on,
                currency="CNY", state="shipped", created_at=w.now,
                lines=[
                    ShipmentLine(
                        line_no=1, order_line_id=line.id, product_id=world.product(product),
                        quantity=quantity, gross_fen=price * quantity,
                    )
                ],
            )
        )  # fmt: skip


@pytest.mark.row("F01")
def test_a_report_is_kept_as_filed_and_reads_back_unchanged(world: Any) -> None:
    report_id = file_report(
        world, GOOD, "B,B1,2026-06-01,80,0,50,,30,", "B,B2,2026-08-01,0,60,0,0,60,"
    )
    report = reports.get_report(world.actor("d1"), report_id)
    assert (report.period, report.version_no) == ("2026-10", 1)
    assert (report.period_start, report.period_end) == (date(2026, 10, 1), date(2026, 11, 1))
    kept = [
        (r.row_number, r.product.code, r.batch, r.opening, r.receipts, r.sell_out, r.losses,
         r.closing, r.in_transit)
        for r in report.rows
    ]  # fmt: skip
    assert kept == [
        (2, "A", "", 100, 200, 180, 5, 115, None),
        (3, "B", "B1", 80, 0, 50, None, 30, None),
        (4, "B", "B2", 0, 60, 0, 0, 60, None),
    ]
    upload = reports.get_upload(world.actor("d1"), report.upload_id)
    assert upload.state == "confirmed"
    assert upload.data.startswith(HEAD.encode())


@pytest.mark.row("F02")
def test_a_line_that_does_not_balance_is_stopped_until_it_says_why(world: Any) -> None:
    wrong = receive(world, "A,,,100,200,180,5,120,")
    upload, sheet = stock.review(world.actor("d1"), wrong)
    (finding,) = [f for f in sheet.findings if f.is_blocking]
    assert finding.code == "stock.identity"
    assert (finding.facts["difference"], finding.facts["expected"]) == ("+5", 115)
    assert (finding.facts["row"], finding.facts["field"]) == (2, "closing")
    with pytest.raises(Refused):
        stock.accept_report(world.actor("d1"), wrong, upload.row_version)
    assert count(InventoryReport) == 0
    stock.mend_cells(world.actor("d1"), wrong, {2: {"reason": "盘点多出五箱"}}, None)
    report_id = stock.accept_report(world.actor("d1"), wrong, None)
    row = reports.get_report(world.actor("d1"), report_id).rows[0]
    assert (row.closing, row.reason) == (120, "盘点多出五箱")
    assert [f["code"] for f in row.findings] == ["stock.identity"]


@pytest.mark.row("F02")
def test_opening_is_the_closing_of_the_report_before(world: Any) -> None:
    file_report(world, GOOD, period="2026-09")
    october = receive(world, "A,,,116,0,16,0,100,")
    assert found(world, october) == [("stock.continuity", 2, "opening")]
    forgotten = receive(world, "B,,,0,10,10,0,0,")
    assert found(world, forgotten) == [("stock.line_missing", None, None)]
    right = receive(world, "A,,,115,0,15,0,100,")
    assert found(world, right) == []


@pytest.mark.row("F02")
def test_receipts_are_compared_with_our_shipments(world: Any) -> None:
    ship(world, "A", 200, date(2026, 10, 12))
    ship(world, "A", 50, date(2026, 10, 29))
    assert found(world, receive(world, GOOD)) == []
    # What left in the last days may have arrived or not: both agree.
    assert found(world, receive(world, "A,,,100,250,180,5,165,")) == []
    less = receive(world, "A,,,100,150,180,5,65,")
    assert found(world, less) == [("stock.shipped_not_reported", 2, "receipts")]
    more = receive(world, "A,,,100,260,180,5,175,")
    assert found(world, more) == [("stock.reported_not_shipped", 2, "receipts")]
    stock.mend_cells(world.actor("d1"), more, {2: {"reason": "隔壁调货十箱"}}, None)
    row = reports.get_report(
        world.actor("d1"), stock.accept_report(world.actor("d1"), more, None)
    ).rows[0]
    assert [f["code"] for f in row.findings] == ["stock.reported_not_shipped"]


@pytest.mark.row("F09")
def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_row_is_named(world: Any) -> None:
    lines = [f"A,B{n},,10,0,4,0,6," for n in range(2, 11)]
    lines[5] = "X9,,,10,0,4,0,6,"
    lines[7] = "A,B9,,10,0,-4,0,6,"
    upload_id = receive(world, *lines)
    assert found(world, upload_id) == [
        ("stock.unknown_product", 7, "product"),
        ("cell.negative", 9, "sell_out"),
    ]
    with pytest.raises(Refused):
        stock.accept_report(world.actor("d1"), upload_id, None)
    assert (count(InventoryReport), count(InventoryRow)) == (0, 0)
    lines[5], lines[7] = lines[5].replace("X9", "B"), lines[7].replace("-4", "4")
    report_id = stock.accept_report(world.actor("d1"), receive(world, *lines), None)
    assert len(reports.get_report(world.actor("d1"), report_id).rows) == 9


@pytest.mark.row("F09")
def test_the_same_file_and_a_second_click_change_nothing(world: Any) -> None:
    first = receive(world, GOOD)
    again = stock.receive_report(
        world.actor("d1"), world.distributor("D1"), "2026-10", "copy.csv", a_file(GOOD)
    )
    assert (again.upload_id, again.is_known) == (first, True)
    report_id = stock.accept_report(world.actor("d1"), first, 1)
    before = count(AuditEntry)
    assert stock.accept_report(world.actor("d1"), first, 1) == report_id
    assert receive(world, GOOD) == first
    stock.mend_cells(world.actor("d1"), first, {2: {"closing": "1"}}, None)
    assert (count(InventoryReport), count(AuditEntry)) == (1, before)


def test_a_page_drawn_before_a_change_cannot_confirm(world: Any) -> None:
    upload_id = receive(world, "A,,,100,200,180,5,114,")
    stock.mend_cells(world.actor("d1"), upload_id, {2: {"closing": "115"}}, 1)
    with pytest.raises(Stale):
        stock.accept_report(world.actor("d1"), upload_id, 1)
    assert stock.accept_report(world.actor("d1"), upload_id, 2)
    upload = reports.get_upload(world.actor("d1"), upload_id)
    assert upload.data == a_file("A,,,100,200,180,5,114,")


@pytest.mark.row("F08")
def test_lateness_counts_working_days_and_stays_with_the_first_filing(world: Any) -> None:
    with clock.at(date(2026, 11, 6)):
        in_time = file_report(world, GOOD)
    assert reports.get_report(world.actor("d1"), in_time).late_days == 0
    with clock.at(date(2026, 11, 20)):
        with pytest.raises(Refused) as refused:
            file_report(world, "A,,,100,200,179,5,116,")
        assert [f.code for f in refused.value.findings] == ["stock.restated"]
        restated = file_report(world, "A,,,100,200,179,5,116,", reason="漏记一箱退货")
    report = reports.get_report(world.actor("d1"), restated)
    assert (report.version_no, report.late_days) == (2, 0)
    assert (report.first_filed_on, report.filed_on) == (date(2026, 11, 6), date(2026, 11, 20))
    assert [v.version_no for v in reports.versions(report)] == [2, 1]


@pytest.mark.row("F08")
def test_a_report_filed_after_the_fifth_working_day_is_late(world: Any) -> None:
    with clock.at(date(2026, 11, 7)):
        report = reports.get_report(world.actor("d1"), file_report(world, GOOD))
    assert (report.due_on, report.late_days) == (date(2026, 11, 6), 1)


def test_a_period_must_be_over_and_cut_across_no_other(world: Any) -> None:
    def codes(period: str) -> list[str]:
        with pytest.raises(Refused) as refused:
            receive(world, GOOD, period=period)
        return [f.code for f in refused.value.findings]

    assert codes("2026-12") == ["stock.period_open"]
    assert codes("2026Q3") == ["stock.period_kind"]
    assert codes("next month") == ["stock.period_kind"]
    file_report(world, GOOD)
    assert codes("2026-10-05..2026-10-11") == ["stock.period_overlaps"]


def test_columns_said_by_hand_are_remembered(world: Any) -> None:
    head = "货品,月初,来货,卖出,月末"
    upload_id = receive(world, "A,100,200,180,120", head=head)
    _upload, sheet = stock.review(world.actor("d1"), upload_id)
    assert not sheet.is_mapped
    fields = ("product", "opening", "receipts", "sell_out", "closing")
    labels = dict(zip(head.split(","), fields, strict=True))
    with pytest.raises(Refused):
        stock.map_columns(world.actor("d1"), upload_id, {**labels, "月末": "opening"}, None)
    stock.map_columns(world.actor("d1"), upload_id, labels, None)
    assert found(world, upload_id) == []
    stock.accept_report(world.actor("d1"), upload_id, None)
    november = receive(world, "A,120,0,20,101", head=head, period="2026-09")
    assert found(world, november) == [("stock.identity", 2, "closing")]
    assert count(ColumnMemory) == 5
    # Said otherwise later on, the last word counts.
    other = {**labels, "来货": "returns_in", "月初": "receipts"}
    stock.map_columns(world.actor("d1"), november, other, None)
    remembered = stock_facts.remembered_columns(world.distributor("D1"))
    assert (remembered["来货"], remembered["月初"]) == ("returns_in", "receipts")


def test_rows_can_be_added_and_left_out_without_touching_the_file(world: Any) -> None:
    file_report(world, GOOD, "B,,,0,70,0,0,70,", period="2026-09")
    upload_id = receive(world, "A,,,115,0,15,0,100,", "X9,,,1,1,1,1,1,")
    assert [code for code, _row, _field in found(world, upload_id)] == [
        "stock.unknown_product", "stock.line_missing",
    ]  # fmt: skip
    added = {"product": "B", "opening": "70", "receipts": "0", "sell_out": "70", "closing": "0"}
    repairs = {3: {"left_out": "1"}, 4: added}
    stock.mend_cells(world.actor("d1"), upload_id, repairs, None)
    report_id = stock.accept_report(world.actor("d1"), upload_id, None)
    rows = reports.get_report(world.actor("d1"), report_id).rows
    assert [(r.row_number, r.product.code, r.closing) for r in rows] == [(2, "A", 100), (4, "B", 0)]


def test_parts_of_a_unit_are_refused(world: Any) -> None:
    assert found(world, receive(world, "A,,,100,200.5,180,5,115.5,")) == [
        ("stock.not_whole", 2, "receipts"),
        ("stock.not_whole", 2, "closing"),
    ]


@pytest.mark.row("F09")
def test_a_file_that_is_no_table_is_refused_by_name(world: Any) -> None:
    for name, data, code in (
        ("十月.xlsm", b"PK\x03\x04", "file.macros"),
        ("十月.pdf", b"%PDF", "file.kind"),
        ("十月.csv", b"", "file.empty"),
    ):
        with pytest.raises(Refused) as refused:
            stock.receive_report(world.actor("d1"), world.distributor("D1"), "2026-10", name, data)
        assert [f.code for f in refused.value.findings] == [code]
        assert refused.value.findings[0].facts["file"] == name
    assert count(Upload) == 0


@pytest.mark.row("P01")
def test_nobody_files_or_sees_for_another(world: Any) -> None:
    upload_id = receive(world, GOOD)
    with pytest.raises(NotVisible):
        stock.receive_report(
            world.actor("d2"), world.distributor("D1"), "2026-10", "x.csv", a_file(GOOD)
        )
    for act in (
        lambda: stock.review(world.actor("d2"), upload_id),
        lambda: stock.accept_report(world.actor("d2"), upload_id, None),
        lambda: stock.mend_cells(world.actor("d2"), upload_id, {2: {"closing": "1"}}, None),
    ):
        with pytest.raises(NotVisible):
            act()
    with pytest.raises(Forbidden):
        stock.accept_report(world.actor("auditor"), upload_id, None)
    assert stock.accept_report(world.actor("rep"), upload_id, None)


@pytest.mark.row("F03")
def test_stock_below_the_safety_level_alerts_both_sides(world: Any) -> None:
    file_report(world, "A,,,160,200,300,0,60,", period="2026-09")
    report_id = db.session.scalar(sa.select(InventoryReport.id))
    report = reports.get_report(world.actor("cm"), report_id)
    advice = stock_advice.advise(report, 7, 21, date(2026, 10, 1))
    (goods,) = advice.goods
    assert (goods.pace.sold, goods.pace.days, goods.level) == (300, 30, 70)
    assert [f.code for f in advice.below] == ["stock.below_safety"]
    to = set(db.session.scalars(sa.select(MailMessage.recipient)))
    assert to == {"d1@weir.example", "cm@weir.example", "cm2@weir.example"}


@pytest.mark.row("F03")
@pytest.mark.parametrize("line", ["A,,,170,200,300,0,70,", "A,,,0,0,0,0,0,"])
def test_stock_at_the_level_and_goods_that_do_not_sell_alert_nobody(world: Any, line: str) -> None:
    report_id = file_report(world, line, period="2026-09")
    report = reports.get_report(world.actor("cm"), report_id)
    advice = stock_advice.advise(report, 7, 21, date(2026, 10, 1))
    assert advice.below == []
    assert count(MailMessage) == 0


@pytest.mark.row("F04")
def test_the_suggested_order_covers_the_days_and_knows_the_minimum(world: Any) -> None:
    report_id = file_report(world, "A,,,160,200,300,0,60,", period="2026-09")
    report = reports.get_report(world.actor("d1"), report_id)
    advice = stock_advice.advise(report, 7, 21, date(2026, 11, 1))
    (goods,) = advice.goods
    assert (goods.suggestion.target, goods.suggestion.quantity) == (210, 150)
    assert (advice.value_fen, advice.is_short) == (1_500_000, False)
    small = stock_advice.advise(report, 7, 15, date(2026, 11, 1))
    assert (small.value_fen, small.is_short, small.enough_days) == (900_000, True, 16)


@pytest.mark.row("F03", "F04")
def test_levels_count_what_can_be_sold_what_came_back_and_what_is_on_the_road(world: Any) -> None:
    head = "产品编码,期初,进货,客户退货,出货,期末,在途,冻结,残损"
    receive(world, "A,0,400,20,320,100,30,25,15", period="2026-09", head=head)
    upload_id = db.session.scalar(sa.select(Upload.id))
    first = stock.accept_report(world.actor("d1"), upload_id, None)
    file_report(world, "A,,,100,0,100,0,0,")
    report = reports.get_report(world.actor("d1"), first)
    (goods,) = stock_advice.advise(report, 7, 21, date(2026, 11, 1)).goods
    # The pace is that of September alone: what came later is not known to its reader.
    assert (goods.pace.sold, goods.pace.days, goods.pace.periods) == (300, 30, ("2026-09",))
    assert (goods.closing, goods.stock, goods.in_transit) == (100, 60, 30)
    assert goods.suggestion.quantity == 210 - 60 - 30
    october = reports.get_report(world.actor("d1"), first + 1)
    (goods,) = stock_advice.advise(october, 7, 21, date(2026, 11, 1)).goods
    # October ended without stock: it is shown and left out of the pace.
    assert (goods.pace.sold, goods.pace.days) == (300, 30)
    assert goods.pace.emptied == ("2026-10",)


@pytest.mark.row("F05")
def test_batches_sold_out_of_order_are_told_with_their_quantity(world: Any) -> None:
    wrong = file_report(
        world, "B,B1,2026-06-01,30,0,0,0,30,", "B,B2,2026-08-01,50,0,40,0,10,", period="2026-09"
    )
    fifo = stock_advice_fifo.judge_fifo(reports.get_report(world.actor("cm"), wrong).rows)
    assert [f.facts["quantity"] for f in fifo.certain] == [30]
    assert fifo.possible == []
    right = file_report(
        world, "B,B1,2026-06-01,30,0,30,0,0,", "B,B2,2026-08-01,50,0,10,0,40,",
        period="2026-09", reason="批次填反",
    )  # fmt: skip
    fifo = stock_advice_fifo.judge_fifo(reports.get_report(world.actor("cm"), right).rows)
    assert (fifo.certain, fifo.possible, fifo.unjudged) == ([], [], [])


def test_the_form_holds_the_distributors_own_goods_and_last_closings(world: Any) -> None:
    october = Period.month(2026, 10)
    assert [line.code for line in stock_facts.form_lines(world.distributor("D1"), october)] == [
        "A", "B", "N",
    ]  # fmt: skip
    file_report(world, "A,B1,2026-06-01,100,200,180,5,115,", "B,,,5,0,5,0,0,", period="2026-09")
    ship(world, "N", 20, date(2026, 10, 3))
    lines = stock_facts.form_lines(world.distributor("D1"), october)
    assert [(x.code, x.batch, x.produced_on, x.opening) for x in lines] == [
        ("A", "B1", date(2026, 6, 1), 115),
        ("B", "", None, 0),
        ("N", "", None, 0),
    ]


def test_a_restatement_shows_where_the_next_report_no_longer_agrees(world: Any) -> None:
    first = file_report(world, GOOD, period="2026-09")
    second = file_report(world, "A,,,115,0,15,0,100,")
    report = reports.get_report(world.actor("cm"), first)
    assert stock_trend.later_openings(report) == []
    restated = file_report(world, "A,,,100,200,179,5,116,", period="2026-09", reason="漏记退货")
    report = reports.get_report(world.actor("cm"), restated)
    (finding,) = stock_trend.later_openings(report)
    assert (finding.facts["opening"], finding.facts["closing"]) == (115, 116)
    october = reports.get_report(world.actor("cm"), second)
    assert stock_trend.months(october) == [("2026-09", 116, 179), ("2026-10", 100, 15)]
