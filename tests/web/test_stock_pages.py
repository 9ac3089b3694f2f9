"""The pages of inventory reports, fetched as the people who use them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import SYSTEM
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport, InventoryRow
from channel.services import stock
from channel.services.work import work
from channel.tabular.reading import read_table
from channel.tabular.writing import Column, write_xlsx

pytestmark = pytest.mark.database

HEAD = "产品编码,批次,生产日期,期初,进货,出货,损耗,期末,差异说明"
GOOD = "A,,,100,200,180,5,115,"


def upload(client: Any, world: Any, *lines: str, period: str = "2026-10", status: int = 303) -> Any:
    data = "\n".join([HEAD, *lines, ""]).encode()
    return client.post(
        f"/stock/file?period={period}&distributor_id={world.distributor('D1')}",
        {"file": (io.BytesIO(data), "十月.csv")},
        status=status,
        content_type="multipart/form-data",
    )


def accept(world: Any, *lines: str, period: str = "2026-09", reason: str = "") -> int:
    data = "\n".join([HEAD, *lines, ""]).encode()
    got = stock.receive_report(world.actor("d1"), world.distributor("D1"), period, "x.csv", data)
    return stock.accept_report(world.actor("d1"), got.upload_id, None, reason)


def version_of(page: Any) -> dict[str, str]:
    return {"seen_version": re.findall(r'name="seen_version" value="(\d+)"', page.text)[0]}


@pytest.mark.row("F01", "F09")
def test_a_distributor_files_its_month_from_the_form(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    assert "报送进销存" in d1.get("/stock").text
    page = d1.get("/stock/file")
    assert "2026-10" in page.text and "2026-11-06" in page.text
    link = re.search(r'href="(/stock/template[^"]+)"', page.text)
    form = d1.get(link[1].replace("&amp;", "&"))
    table = read_table(form.data, "form.xlsx")
    assert [row.cells[0] for row in table.rows] == ["A", "B", "N"]
    review = d1.follow(upload(d1, world, GOOD))
    assert "115" in review.text
    record = d1.follow(d1.post(f"{review.request.path}/confirm", version_of(review)))
    for figure in ("100", "200", "180", "115"):
        assert f">{figure}<" in record.text
    exported = d1.get(f"{record.request.path}?format=csv")
    cells = exported.data.decode("utf-8-sig").split("\r\n")[1].split(",")
    assert cells[0] == "A" and {"100", "200", "180", "5", "115"} <= set(cells)


@pytest.mark.row("F01")
def test_a_form_of_twenty_goods_is_filled_in_and_filed(world: Any, sign_in: Any) -> None:
    with work(SYSTEM) as w:
        for n in range(17):
            w.session.add(
                Product(code=f"G{n:02}", name=f"调味品 {n}", group_id=world.group("A"), unit="瓶")
            )
    d1 = sign_in("d1")
    query = f"period=2026-10&distributor_id={world.distributor('D1')}"
    table = read_table(d1.get(f"/stock/template?{query}").data, "form.xlsx")
    assert len(table.rows) == 20
    # As a clerk does it: the given cells stay, the four figures of each line are typed in.
    typed = {"期初": 10, "进货": 30, "出货": 25, "期末": 15}
    rows = [
        [
            typed.get(label, cell or None)
            for label, cell in zip(table.header, row.cells, strict=True)
        ]
        for row in table.rows
    ]
    columns = [Column(label, "number" if label in typed else "text") for label in table.header]
    filled = write_xlsx(columns, rows, sheet="进销存报表")
    page = d1.follow(
        d1.post(
            f"/stock/file?{query}", {"file": (io.BytesIO(filled), "十月.xlsx")},
            content_type="multipart/form-data",
        )
    )  # fmt: skip
    record = d1.follow(d1.post(f"{page.request.path}/confirm", version_of(page)))
    exported = d1.get(f"{record.request.path}?format=xlsx")
    again = read_table(exported.data, "again.xlsx")
    assert [row.cells[:2] for row in again.rows] == [row.cells[:2] for row in table.rows]
    for label, figure in typed.items():
        assert set(again.column(label)) == {str(figure)}


@pytest.mark.row("F01")
def test_a_week_can_be_filed_too(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    assert "2026-11-09..2026-11-15" in d1.get("/stock/file").text
    page = d1.follow(upload(d1, world, GOOD, period="2026-11-09..2026-11-15"))
    record = d1.follow(d1.post(f"{page.request.path}/confirm", version_of(page)))
    assert "2026-11-09 – 2026-11-15" in record.text


@pytest.mark.row("F09")
def test_bad_cells_are_named_with_row_column_value_and_remedy(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    lines = [f"A,B{n},,10,0,4,0,6," for n in range(2, 11)]
    lines[5], lines[7] = "X9,,,10,0,4,0,6,", "A,B9,,10,0,-4,0,6,"
    page = d1.follow(upload(d1, world, *lines))
    for text in ("第 7 行", "X9", "第 9 行", "-4", "产品目录中没有产品"):
        assert text in page.text
    d1.post(f"{page.request.path}/confirm", version_of(page), status=422)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InventoryRow)) == 0
    mended = {"cell-7-product": "B", "cell-9-sell_out": "4", **version_of(page)}
    page = d1.follow(d1.post(f"{page.request.path}/cells", mended))
    assert 'id="mend"' not in page.text
    d1.follow(d1.post(f"{page.request.path}/confirm", version_of(page)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InventoryRow)) == 9


@pytest.mark.row("F02")
def test_a_difference_is_shown_and_needs_its_reason(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    page = d1.follow(upload(d1, world, "A,,,100,200,180,5,120,"))
    assert "差异 +5" in page.text
    data = {"cell-2-reason": "盘点多出五箱", **version_of(page)}
    page = d1.follow(d1.post(f"{page.request.path}/cells", data))
    record = d1.follow(d1.post(f"{page.request.path}/confirm", version_of(page)))
    assert "盘点多出五箱" in record.text and "差异 +5" in record.text and "+5" in record.text


def test_columns_that_are_not_recognised_are_asked_for(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    data = "货品,月初,来货,卖出,月末\nA,100,200,180,120\n".encode()
    sent = d1.post(
        "/stock/file?period=2026-10", {"file": (io.BytesIO(data), "own.csv")},
        content_type="multipart/form-data",
    )  # fmt: skip
    page = d1.follow(sent)
    assert "月初" in page.text and "还有列未识别" in page.text
    fields = ("product", "opening", "receipts", "sell_out", "closing")
    said = {f"column-{n}": field for n, field in enumerate(fields)}
    page = d1.follow(d1.post(f"{page.request.path}/columns", {**said, **version_of(page)}))
    assert "还有列未识别" not in page.text and "报送" in page.text


@pytest.mark.row("F02")
def test_a_missing_line_is_offered_and_only_what_is_typed_counts(world: Any, sign_in: Any) -> None:
    accept(world, GOOD, "B,B1,2026-06-01,80,0,50,,30,", period="2026-09")
    d1 = sign_in("d1")
    page = d1.follow(upload(d1, world, "A,,,115,0,15,0,90,"))
    assert "缺少的行" in page.text and 'name="cell-3-closing"' in page.text
    offered = {"cell-3-product": "B", "cell-3-batch": "B1", "cell-3-opening": "30"}
    mended = {"cell-2-closing": "100", **offered, **version_of(page)}
    page = d1.follow(d1.post(f"{page.request.path}/cells", mended))
    assert "缺少的行" in page.text
    figures = {"cell-3-receipts": "0", "cell-3-sell_out": "30", "cell-3-closing": "0"}
    page = d1.follow(
        d1.post(f"{page.request.path}/cells", {**offered, **figures, **version_of(page)})
    )
    assert "缺少的行" not in page.text
    record = d1.follow(d1.post(f"{page.request.path}/confirm", version_of(page)))
    assert "B1" in record.text
    assert "十月.csv" not in d1.get("/stock/files").text


def test_a_row_left_out_can_be_taken_in_again(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    page = d1.follow(upload(d1, world, GOOD, "X9,,,1,1,1,0,1,"))
    out = {"cell-3-left_out": "1", **version_of(page)}
    page = d1.follow(d1.post(f"{page.request.path}/cells", out))
    assert "不计入的行" in page.text and 'id="mend"' not in page.text
    page = d1.follow(d1.post(f"{page.request.path}/rows/3", version_of(page)))
    assert "不计入的行" not in page.text and "X9" in page.text


@pytest.mark.row("F09")
def test_what_is_no_table_is_refused_on_the_page(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    d1.post("/stock/file?period=2026-10", {}, status=422, content_type="multipart/form-data")
    page = d1.post(
        "/stock/file?period=2026-10", {"file": (io.BytesIO(b"%PDF"), "十月.pdf")}, status=422,
        content_type="multipart/form-data",
    )  # fmt: skip
    assert "十月.pdf" in page.text


@pytest.mark.row("F03", "F04", "F05")
def test_a_report_gives_back_levels_an_order_and_the_order_of_batches(
    world: Any, sign_in: Any
) -> None:
    report_id = accept(
        world, "A,,,160,200,300,0,60,", "B,B1,2026-06-01,30,0,0,0,30,",
        "B,B2,2026-08-01,50,0,40,0,10,",
    )  # fmt: skip
    page = sign_in("cm").get(f"/stock/{report_id}")
    assert "低于安全库存 70" in page.text
    assert "未按先进先出出货" in page.text
    assert "data-series=" in page.text
    short = sign_in("d1").get(f"/stock/{report_id}?cover_days=9")
    assert "低于最低发货额" in short.text
    assert sign_in("d1").get(f"/stock/{report_id}?cover_days=x&safety_days=-1")


@pytest.mark.row("F08")
def test_the_list_shows_lateness_and_staff_see_who_is_missing(world: Any, sign_in: Any) -> None:
    accept(world, GOOD, period="2026-10")
    page = sign_in("cm").get("/stock?late=1")
    assert "2026-10" in page.text and ">11<" in page.text
    missing = sign_in("cm").get("/stock/missing")
    assert "2026-11-06" in missing.text and "迟报 11 个工作日" in missing.text
    assert "D2" in missing.text and "D1" not in missing.text
    assert "2026-10" not in sign_in("d1").get("/stock?late=0&format=csv").text
    assert "2026-10" in sign_in("d1").get("/stock?late=1&format=csv").text


@pytest.mark.row("F08")
def test_a_restatement_is_a_version_with_its_reason(world: Any, sign_in: Any) -> None:
    first = accept(world, GOOD, period="2026-10")
    d1 = sign_in("d1")
    page = d1.follow(upload(d1, world, "A,,,100,200,179,5,116,"))
    d1.post(f"{page.request.path}/confirm", version_of(page), status=422)
    sent = d1.post(f"{page.request.path}/confirm", {"reason": "漏记退货", **version_of(page)})
    record = d1.follow(sent)
    assert "漏记退货" in record.text
    assert "此版本已被取代" in d1.get(f"/stock/{first}").text


@pytest.mark.row("P01")
def test_one_distributor_reaches_nothing_of_another(world: Any, sign_in: Any) -> None:
    report_id = accept(world, GOOD, period="2026-10")
    d1 = sign_in("d1")
    waiting = upload(d1, world, "A,,,100,200,179,5,116,").location
    d2 = sign_in("d2")
    done = db.session.scalar(sa.select(InventoryReport.upload_id))
    for path in (
        f"/stock/{report_id}", f"/stock/{report_id}?format=xlsx", waiting, f"{waiting}/file",
        f"/stock/uploads/{done}/file",
    ):  # fmt: skip
        d2.get(path, status=404)
    for act in ("confirm", "cells", "columns", "rows/2"):
        d2.post(f"{waiting}/{act}", {"seen_version": "1"}, status=404)
    # The address may name another distributor: the page stays with one's own.
    other = f"period=2026-10&distributor_id={world.distributor('D1')}"
    assert "内江蜀味" not in d2.get(f"/stock/file?{other}").text
    assert "2026-10" not in d2.get("/stock?format=csv").text
    auditor = sign_in("auditor")
    auditor.get(f"/stock/{report_id}")
    auditor.get("/stock/file", status=403)
    auditor.get(waiting, status=403)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    auditor.post(f"{waiting}/confirm", {}, status=403)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before


def test_staff_choose_the_distributor_they_file_for(world: Any, sign_in: Any) -> None:
    rep = sign_in("rep")
    page = rep.get("/stock/file")
    assert "内江蜀味" in page.text and "成都锦城" not in page.text
    page = rep.follow(upload(rep, world, GOOD))
    rep.follow(rep.post(f"{page.request.path}/confirm", version_of(page)))
    rep.get(f"/stock/file?distributor_id={world.distributor('D4')}", status=404)


def test_the_number_of_statements_does_not_grow_with_the_rows(
    world: Any, sign_in: Any, count_sql: list[str]
) -> None:
    cm = sign_in("cm")
    counts = []
    for batches in (2, 40):
        lines = [f"A,X{n},2026-06-01,5,0,1,0,4," for n in range(batches)]
        report_id = accept(world, *lines, reason=f"{batches} 行")
        cm.get(f"/stock/{report_id}")
        db.session.remove()  # nothing that the test itself read may save a statement
        count_sql.clear()
        cm.get(f"/stock/{report_id}")
        counts.append(len(count_sql))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("user", ["cm", "fin", "rep", "boss", "admin", "auditor", "d1"])
def test_every_desk_can_read_the_list(world: Any, sign_in: Any, user: str) -> None:
    client = sign_in(user)
    accept(world, GOOD)
    client.get("/stock")
    client.get("/stock?format=xlsx")
    if user in ("cm", "rep", "d1"):
        client.get("/stock/files")
        client.get("/stock/missing")
