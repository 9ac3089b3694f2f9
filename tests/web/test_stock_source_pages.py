"""The clerk's pages: cells pasted, the grid, codes and units decided, blanks filled, messages."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.stock import InventoryReport
from channel.models.stock_sources import StockCode
from channel.models.uploads import Upload
from tests.tabular.edi_files import x12

pytestmark = pytest.mark.database

CHOOSE = "/stock/file?period=2026-10"


def newest() -> int:
    return db.session.scalar(sa.select(sa.func.max(Upload.id))) or 0


def filed() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(InventoryReport)) or 0


def paste(client: Any, text: str) -> Any:
    client.post(CHOOSE, {"pasted": text})
    return client.get(f"/stock/uploads/{newest()}")


def at(place: str) -> str:
    return f"/stock/uploads/{newest()}/{place}"


@pytest.mark.row("F01", "F09")
def test_pasted_cells_are_a_file_and_unknown_codes_are_asked(sign_in: Any) -> None:
    client = sign_in("d1")
    page = paste(
        client, "货号\t品名\t期初\t进货\t出货\t期末\nK-1\t甲\t10\t0\t4\t6\nZZ\t纸\t1\t0\t0\t1\n"
    )
    assert "待确认的编码和单位" in page.text and "「K-1」甲（第 2 行）是" in page.text
    client.post(at("words"), {})
    client.post(at("words"), {"code-0": "A", "code-1": "-"})
    page = client.get(f"/stock/uploads/{newest()}")
    assert "待确认的编码和单位" not in page.text
    assert "已确认不是我方产品" in page.text
    assert filed() == 0
    client.post(at("confirm"), {})
    assert filed() == 1
    client.post(at("confirm"), {})
    assert filed() == 1
    codes = client.get("/stock/codes")
    assert "K-1" in codes.text and "ZZ" in codes.text


@pytest.mark.row("F01")
def test_units_are_decided_with_the_catalogues_case_or_a_factor(sign_in: Any) -> None:
    client = sign_in("d1")
    page = paste(client, "产品编码\t单位\t期初\t进货\t出货\t期末\nA\t提\t8\t0\t4\t4\n")
    assert "的单位「提」" in page.text
    wrong = {"unit-0": "ratio", "unit-0-times": "x", "unit-0-per": "4"}
    client.post(at("words"), wrong)
    assert "待确认的编码和单位" in client.get(f"/stock/uploads/{newest()}").text
    client.post(at("words"), {"unit-0": "ratio", "unit-0-times": "1", "unit-0-per": "4"})
    page = client.get(f"/stock/uploads/{newest()}")
    assert "待确认的编码和单位" not in page.text
    client.post(at("confirm"), {})
    assert filed() == 1
    assert "提" in client.get("/stock/units").text


@pytest.mark.row("F01")
def test_the_grid_of_the_page_holds_the_goods_and_makes_a_report(sign_in: Any) -> None:
    client = sign_in("d1")
    page = client.get("/stock/grid?period=2026-10")
    assert 'name="g-0-closing"' in page.text
    typed = {"g-0-opening": "10", "g-0-receipts": "０", "g-0-sell_out": "4", "g-0-closing": "6"}
    client.post("/stock/grid?period=2026-10", {}, 422)
    client.post("/stock/grid?period=2026-10", typed)
    # The other goods were left blank, and a blank is not zero.
    page = client.get(f"/stock/uploads/{newest()}")
    assert "为空" in page.text or "空白" in page.text
    refused = client.post("/stock/grid?period=2027-10", typed, 422)
    assert 'value="10"' in refused.text


@pytest.mark.row("F09")
def test_a_segment_that_cannot_be_placed_is_named_and_let_go(sign_in: Any) -> None:
    client = sign_in("d1")
    data = x12("852", "LIN*1*VP*A", "ZA*QB*10", "ZA*QR*0", "ZA*QS*4", "ZA*QE*6", "ZA*XX*1")
    client.post(CHOOSE, {"file": (io.BytesIO(data), "oct.txt")})
    page = client.get(f"/stock/uploads/{newest()}")
    assert "第 9 段「ZA*XX*1」无法归位" in page.text
    client.post(at("cells"), {"cell-9-left_out": "1"})
    client.post(at("confirm"), {})
    assert filed() == 1


@pytest.mark.row("F01", "F09")
def test_sales_alone_are_filled_in_when_the_clerk_says_so(sign_in: Any) -> None:
    client = sign_in("d1")
    paste(client, "产品编码\t期初\t进货\t出货\t期末\nA\t10\t5\t0\t15\n")
    client.post(at("confirm"), {})
    week = "/stock/file?period=2026-11-02..2026-11-08"
    text = "单号\t产品编码\t销售\nS1\tA\t3\nS2\tA\t4\nS2\tA\t4\nC3\tA\t-1\n"
    client.post(week, {"pasted": text})
    page = client.get(f"/stock/uploads/{newest()}")
    assert "可由我方填入的空白" in page.text and "各行是单笔销售" in page.text
    client.post(at("fill"), {"fill": ["opening", "receipts", "closing", "sum"]})
    page = client.get(f"/stock/uploads/{newest()}")
    assert "1 行完全重复" in page.text


def test_codes_are_changed_on_their_page_by_their_owner(sign_in: Any, world: Any) -> None:
    client = sign_in("d1")
    said = {"written": "K-7", "product": "A", "name": "甲", "times": "1", "per": "1"}
    owner = {"distributor_id": str(world.distributor("D1"))}
    client.post("/stock/codes/new", {**said, **owner, "times": "0"}, 422)
    client.post("/stock/codes/new", {**said, **owner})
    row = db.session.scalars(sa.select(StockCode)).one()
    path = f"/stock/codes/{row.id}"
    client.get(path)
    client.post(path, {**said, "product": "B", "seen_version": "1"})
    unit = {"written": "提", "product": "", "kind": "ratio", "times": "1", "per": "4", **owner}
    client.post("/stock/units/new", unit)
    client.post("/stock/habit", {"damaged_beside": "y"})
    assert "checked" in client.get("/stock/habit").text
    other = sign_in("d2")
    other.get(path, 404)
    foreign = {**said, "written": "K-8", **owner}
    other.post("/stock/codes/new", foreign)
    rows = db.session.scalars(
        sa.select(StockCode).where(StockCode.distributor_id == world.distributor("D1"))
    ).all()
    assert len(rows) == 1
    sign_in("d1").post(f"{path}/forget", {"seen_version": "2"})
