"""Files out: what is exported is what was meant, byte for byte, and comes back when read."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.tabular.kinds import KINDS, Mapping, read_kind
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.stock_template import TemplateProduct, stock_template
from channel.tabular.writing import Column, guarded, write_csv, write_xlsx, write_zip

COLUMNS = (
    Column("编码"),
    Column("金额", "money"),
    Column("数量", "number"),
    Column("日期", "date"),
    Column("行数", "integer"),
)
ROWS = [
    ("=1+1", Decimal("2400.00"), Decimal("1.5"), dt.date(2026, 8, 2), 3),
    ("-5", Decimal("-0.50"), None, None, None),
    ("@sum", Decimal("2024.9940"), Decimal(0), dt.date(2026, 8, 3), 0),
    ("+86 138", Decimal(7), Decimal("0.125"), None, -1),
]
TOTALS = ("合计", Decimal("4430.4940"), Decimal("1.625"), None, 2)


@pytest.mark.row("P04")
def test_csv_opens_in_excel_and_starts_no_formula() -> None:
    data = write_csv(COLUMNS, ROWS, TOTALS)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "编码,金额,数量,日期,行数"
    assert lines[1] == "'=1+1,2400.00,1.5,2026-08-02,3"
    assert lines[2] == "'-5,-0.50,,,"
    assert lines[3] == "'@sum,2024.9940,0,2026-08-03,0"
    assert lines[5] == "合计,4430.4940,1.625,,2"
    for line in lines[1:]:
        assert not line.startswith(("=", "+", "-", "@"))


@pytest.mark.row("P04")
def test_the_guard_is_taken_off_again_on_the_way_in() -> None:
    table = read_table(write_csv(COLUMNS, ROWS, TOTALS), "out.csv")
    assert [row.cells[0] for row in table.rows] == ["=1+1", "-5", "@sum", "+86 138", "合计"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_no_text_starts_a_formula_and_none_is_lost(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded(text) in (text, "'" + text)


@pytest.mark.row("P04")
def test_a_workbook_holds_numbers_dates_and_no_formula() -> None:
    data = write_xlsx(COLUMNS, ROWS, TOTALS, sheet="返利", notes=["筛选:全部"])
    table = read_table(data, "out.xlsx")
    assert table.sheet == "返利"
    assert table.rows[0].cells == ("=1+1", "2400", "1.5", "2026-08-02", "3")
    assert table.rows[2].cells[1] == "2024.994"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>2400.00</v>" in sheet or "<v>2400</v>" in sheet


def test_numbers_beyond_the_digits_of_a_spreadsheet_are_kept_as_text() -> None:
    data = write_xlsx([Column("n", "number"), Column("m")], [(Decimal("12345678901234.5678"), "x")])
    assert read_table(data, "n.xlsx").rows[0].cells[0] == "12345678901234.5678"


def test_the_same_rows_give_the_same_bytes_at_any_time() -> None:
    first = write_xlsx(COLUMNS, ROWS), write_zip({"a.csv": b"1", "目录/b.pdf": b"2"})
    time.sleep(2.1)  # zip stamps count in steps of two seconds
    assert (write_xlsx(COLUMNS, ROWS), write_zip({"a.csv": b"1", "目录/b.pdf": b"2"})) == first


def test_an_archive_keeps_names_and_refuses_escapes() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip([("内江/对账单.pdf", b"x")]))) as archive:
        assert archive.namelist() == ["内江/对账单.pdf"]
        assert archive.read("内江/对账单.pdf") == b"x"
    for name in ("../x", "/x", "a\\b"):
        with pytest.raises(ValueError, match="not a name"):
            write_zip({name: b""})
    with pytest.raises(ValueError, match="not a name"):
        write_zip([("a", b""), ("a", b"")])


@pytest.mark.row("F09")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_stock_form_is_read_back_without_mapping_by_hand(lang: str) -> None:
    products = [
        TemplateProduct("A", "豆瓣酱", "箱"),
        TemplateProduct("B", "火锅底料", "箱", "一号库", "B1"),
    ]
    data = stock_template(products, {("B", "一号库", "B1"): Decimal(80)}, lang)
    table = read_table(data, "form.xlsx")
    mapping = propose(table.header, KINDS["stock_report"].fields, Mapping())
    assert len(mapping.columns) == len(KINDS["stock_report"].fields)
    result = read_kind("stock_report", table, mapping)
    assert result.findings == []
    assert [(r.product, r.batch, r.opening, r.closing) for r in result.rows] == [
        ("A", "", None, None),
        ("B", "B1", Decimal(80), None),
    ]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12),
            st.decimals(-(10**9), 10**9, places=2),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_csv_round_trip(rows: list[tuple[str, Decimal]]) -> None:
    columns = (Column("名称"), Column("金额", "money"))
    table = read_table(write_csv(columns, rows), "r.csv")
    assert [Decimal(row.cells[1]) for row in table.rows] == [amount for _, amount in rows]
