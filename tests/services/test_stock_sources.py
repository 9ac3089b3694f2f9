"""Any file in, one ledger out: own codes and units, counted stock, totals, messages, big files."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from channel.access import NotVisible
from channel.db import db
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.stock_sources import StockCode
from channel.models.uploads import Upload
from channel.queries import stock as reports
from channel.queries import stock_codes as reads
from channel.rules.stock_units import candidates
from channel.services import jobs, stock, stock_codes
from channel.services.steps import stock_upload
from channel.services.stock_codes import NOT_OURS, CodeSaid, UnitSaid
from channel.services.work import Refused, work
from tests.services.test_stock_reports import count, file_report, found, receive, ship
from tests.tabular.edi_files import edifact, x12

pytestmark = pytest.mark.database

HEAD = "货号,品名,单位,批次,期初,进货,出货,期末,实盘,差异说明"


def sheet(world: Any, *lines: str, period: str = "2026-10") -> int:
    return receive(world, *lines, period=period, head=HEAD)


def send(world: Any, name: str, data: bytes, period: str = "2026-10") -> int:
    got = stock.receive_report(world.actor("d1"), world.distributor("D1"), period, name, data)
    return got.upload_id


def decide(world: Any, upload_id: int, codes: Any = (), units: Any = ()) -> None:
    stock_codes.decide(world.actor("d1"), upload_id, list(codes), list(units), None)


def rows(world: Any, upload_id: int) -> list[tuple[Any, ...]]:
    """(product, batch, opening, receipts, sold, closing) as filed."""
    report_id = stock.accept_report(world.actor("d1"), upload_id, None)
    report = reports.get_report(world.actor("d1"), report_id)
    return [
        (r.product.code, r.batch, r.opening, r.receipts, r.sell_out, r.closing) for r in report.rows
    ]


def cased(world: Any, code: str, units: int) -> None:
    """Make the catalogue's case of a good so many base units."""
    with work(world.actor("admin")) as w:
        w.session.execute(
            sa.update(Product)
            .where(Product.id == world.product(code))
            .values(units_per_case=units, unit="瓶")
        )


@pytest.mark.row("F01", "F09")
def test_own_codes_are_asked_once_and_hold_for_every_format(world: Any) -> None:
    upload_id = sheet(world, "K-1,甲,,,100,0,20,80,,", "Z9,别家,,,5,0,0,5,,")
    _upload, read = stock.review(world.actor("d1"), upload_id)
    assert [(a.written, a.name, a.rows) for a in read.codes] == [
        ("K-1", "甲", (2,)), ("Z9", "别家", (3,)),
    ]  # fmt: skip
    assert read.is_blocked
    decide(world, upload_id, [CodeSaid("K-1", "A", "甲"), CodeSaid("Z9", NOT_OURS)])
    assert count(InventoryReport) == 0
    assert rows(world, upload_id) == [("A", "", 100, 0, 20, 80)]
    row = db.session.scalars(sa.select(InventoryRow)).one()
    assert row.own_code == "K-1"
    message = x12("852", "LIN*1*BP*k1", "ZA*QB*80", "ZA*QR*0", "ZA*QS*5", "ZA*QE*75")
    _upload, read = stock.review(
        world.actor("d1"), send(world, "a.edi", message, "2026-11-02..2026-11-08")
    )
    assert not read.codes
    assert [line.product for line in read.lines] == ["A"]
    pasted = "货号\t期初\t进货\t出货\t期末\nＫ－１\t80\t0\t5\t75\n".encode()
    _upload, read = stock.review(
        world.actor("d1"), send(world, "b.txt", pasted, "2026-11-09..2026-11-15")
    )
    assert [line.product for line in read.lines] == ["A"]


@pytest.mark.row("F01")
def test_cases_become_pieces_and_pieces_cases(world: Any) -> None:
    cased(world, "A", 12)
    upload_id = sheet(world, "A,,箱,,10,0,3,7,,", "A,,瓶,,5,0,5,0,,", "B,,盒,,24,0,6,18,,")
    _upload, read = stock.review(world.actor("d1"), upload_id)
    assert [(a.written, a.product) for a in read.units] == [("箱", "A"), ("盒", "B")]
    units = [UnitSaid("箱", "case", "A"), UnitSaid("盒", "ratio", "B", 1, 6)]
    decide(world, upload_id, units=units)
    # Both lines of A are one stock: 10 cases of 12 and 5 pieces.
    assert rows(world, upload_id) == [("A", "", 125, 0, 41, 84), ("B", "", 4, 0, 1, 3)]
    with pytest.raises(Refused) as refused:
        decide(world, sheet(world, "B,,打,,12,0,0,12,,"), units=[UnitSaid("打", "ratio", "", 0, 1)])
    assert [f.code for f in refused.value.findings] == ["stock.unit_ratio"]


def test_parts_of_a_base_unit_are_named_in_the_distributors_own_unit(world: Any) -> None:
    upload_id = sheet(world, "B,,盒,,13,0,1,12,,")
    decide(world, upload_id, units=[UnitSaid("盒", "ratio", "", 1, 6)])
    assert {(code, field) for code, _row, field in found(world, upload_id)} == {
        ("stock.unit_not_whole", "opening"), ("stock.unit_not_whole", "sell_out"),
    }  # fmt: skip


def test_a_decision_can_be_changed_and_taken_back_by_its_owner_only(world: Any) -> None:
    upload_id = sheet(world, "K-1,,,,100,0,20,80,,")
    decide(world, upload_id, [CodeSaid("K-1", "B")])
    row = db.session.scalars(sa.select(StockCode)).one()
    with pytest.raises(NotVisible):
        reads.get_code(world.actor("d2"), row.id)
    stock_codes.change_code(world.actor("d1"), row.id, CodeSaid("K-1", "A", "", 2), 1)
    _upload, read = stock.review(world.actor("d1"), upload_id)
    assert [(line.product, line.opening) for line in read.lines] == [("A", 200)]
    stock_codes.forget_code(world.actor("d1"), row.id, None)
    assert found(world, upload_id) == [("stock.unknown_product", 2, "product")]
    with pytest.raises(Refused):
        decide(world, upload_id, [CodeSaid("K-1", "NOPE")])


@pytest.mark.row("F02")
def test_books_and_count_stay_apart_and_a_difference_needs_its_reason(world: Any) -> None:
    upload_id = sheet(world, "A,,,,100,0,20,80,78,")
    assert found(world, upload_id) == [("stock.counted_differs", 2, "counted")]
    stock.mend_cells(world.actor("d1"), upload_id, {2: {"reason": "破损两箱待报"}}, None)
    assert rows(world, upload_id) == [("A", "", 100, 0, 20, 80)]
    assert db.session.scalar(sa.select(InventoryRow.counted)) == 78
    only = send(
        world,
        "c.csv",
        "产品编码,期初,进货,出货,实盘\nA,80,0,20,60\n".encode(),
        "2026-11-02..2026-11-08",
    )
    _upload, read = stock.review(world.actor("d1"), only)
    assert (read.lines[0].closing, read.lines[0].counted) == (60, 60)


@pytest.mark.row("F01", "F02")
def test_a_total_beside_its_batches_is_not_counted_twice(world: Any) -> None:
    right = ("A,,,,300,0,0,300,,", "A,,,B1,200,0,0,200,,", "A,,,B2,100,0,0,100,,")
    assert rows(world, sheet(world, *right)) == [
        ("A", "B1", 200, 0, 0, 200), ("A", "B2", 100, 0, 0, 100),
    ]  # fmt: skip
    wrong = sheet(world, "B,,,,310,0,0,310,,", "B,,,B1,200,0,0,200,,", "B,,,B2,100,0,0,100,,",
                  period="2026-09")  # fmt: skip
    assert found(world, wrong) == [("stock.batches_differ", 2, "closing")]


def test_how_the_distributor_counts_is_turned_into_ours(world: Any) -> None:
    habits = {"damaged_beside": True, "transit_received": True}
    stock_codes.save_habit(world.actor("d1"), world.distributor("D1"), habits, None)
    data = "产品编码,期初,进货,出货,期末,残损,在途\nA,100,50,20,95,5,30\n".encode()
    _upload, read = stock.review(world.actor("d1"), send(world, "a.csv", data))
    line = read.lines[0]
    assert (line.receipts, line.closing, line.damaged, line.in_transit) == (20, 100, 5, 30)
    assert not read.is_blocked


@pytest.mark.row("F01", "F02")
def test_sales_alone_are_filled_in_from_what_we_know_when_asked(world: Any) -> None:
    file_report(world, "A,,,100,200,180,5,115,", period="2026-09")
    ship(world, "A", 40, date(2026, 10, 12))
    message = edifact("SLSRPT", "BGM+73E+1+9", "DTM+90:20261001:102", "DTM+91:20261031:102",
                      "LOC+162+", "LIN+1++A:SA", "QTY+153:60")  # fmt: skip
    upload_id = send(world, "sales.edi", message)
    assert {code for code, _row, _field in found(world, upload_id)} == {"stock.blank"}
    stock.fill_blanks(world.actor("d1"), upload_id, ["opening", "receipts", "closing"], None)
    assert rows(world, upload_id) == [("A", "", 115, 40, 60, 95)]


@pytest.mark.row("F09")
def test_a_rejected_segment_blocks_until_it_is_let_go(world: Any) -> None:
    message = x12("852", "LIN*1*VP*A", "ZA*QB*10", "ZA*QR*0", "ZA*QS*4", "ZA*QE*6", "ZA*XX*1")
    upload_id = send(world, "a.edi", message)
    assert found(world, upload_id) == [("edi.segment", 9, None)]
    stock.mend_cells(world.actor("d1"), upload_id, {9: {"left_out": "1"}}, None)
    assert rows(world, upload_id) == [("A", "", 10, 0, 4, 6)]


def test_a_message_of_other_days_is_refused(world: Any) -> None:
    message = x12("852", "XQ*H*20260901*20260930", "LIN*1*VP*A", "ZA*QE*6")
    with pytest.raises(Refused) as refused:
        send(world, "a.edi", message)
    assert [f.code for f in refused.value.findings] == ["stock.other_days"]
    assert count(Upload) == 0


@pytest.mark.row("F09")
def test_a_large_file_is_checked_and_filed_by_jobs(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock_upload, "AT_ONCE_BYTES", 100)
    monkeypatch.setattr(stock, "AT_ONCE_BYTES", 100)
    upload_id = sheet(world, *(f"A,,,B{n},10,0,4,{6 if n else 7},,盘" for n in range(300)))
    upload, shown = stock.preview(world.actor("d1"), upload_id)
    assert (upload.state, shown) == ("received", None)
    assert jobs.run_next()
    upload, shown = stock.preview(world.actor("d1"), upload_id)
    assert upload.state == "checked" and shown is not None
    assert (shown.row_count, shown.line_count, len(shown.rows)) == (300, 300, 200)
    assert shown.flagged_count == 1 and not shown.is_blocked
    stock.mend_cells(world.actor("d1"), upload_id, {2: {"closing": "6"}}, upload.row_version)
    assert jobs.run_next()
    version = reports.get_upload(world.actor("d1"), upload_id).row_version
    first = stock.order_filing(world.actor("d1"), upload_id, version, "")
    assert stock.order_filing(world.actor("d1"), upload_id, version, "") == first
    assert jobs.run_next()
    assert (count(InventoryReport), count(InventoryRow)) == (1, 300)
    assert not jobs.run_next()


def test_a_large_file_that_is_none_saves_nothing(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(stock_upload, "AT_ONCE_BYTES", 10)
    send(world, "a.xlsx", b"PK\x03\x04 no workbook")
    assert jobs.run_next()
    assert count(InventoryReport) == 0


def test_formulas_and_links_of_a_workbook_are_only_their_last_values(world: Any) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_row(0, 0, ["产品编码", "期初", "进货", "出货", "期末", "备注"])
    page.write_row(1, 0, ["A", 10, 0, 4])
    page.write_formula(1, 4, "=B2+C2-D2", None, 6)
    page.write_formula(1, 5, '=HYPERLINK("http://x.example","click")', None, "click")
    book.close()
    upload_id = send(world, "a.xlsx", out.getvalue())
    assert rows(world, upload_id) == [("A", "", 10, 0, 4, 6)]


def test_candidates_are_found_by_code_and_by_name(world: Any) -> None:
    goods = reads.goods()
    assert candidates("a", "", goods)[0].code == "A"
    first = goods[0]
    assert candidates("77-1", first.name, goods)[0] == first
    assert candidates("", "", goods) == []
