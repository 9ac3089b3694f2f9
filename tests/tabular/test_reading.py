"""Files as people send them: every encoding and delimiter is read, every trick is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from channel.tabular.reading import read_table
from channel.tabular.tables import TableRefused, column_letter
from channel.tabular.wording import clean, label_key
from channel.tabular.workbooks import cell_text, number_text

CHINESE = "产品编码,产品名称,数量\r\nA,豆瓣酱,100\r\nB,火锅底料,200\r\n"


def a_book(rows: Sequence[Sequence[object]], sheet: str = "表") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def refusal(data: bytes, name: str = "file.csv", **limits: Any) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read_table(data, name, **limits)
    return caught.value


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode("utf-8"), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (b"code,name\nA,x\n".decode().encode("utf-16-le"), "utf-16-le"),
        (b"code,name\nA,x\n".decode().encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_every_usual_encoding_is_read(data: bytes, encoding: str) -> None:
    table = read_table(data, "a.csv")
    assert table.encoding == encoding
    assert table.rows[0].cells[0] == "A"
    assert len(table.header) == len(table.rows[0].cells)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    text = "code;name;price\nA;x, y;1\nB;z;2\n".replace(";", "\x00").replace(",", ".")
    table = read_table(text.replace("\x00", mark).encode(), "a.txt")
    assert table.header == ("code", "name", "price")
    assert table.delimiter == mark


def test_decimal_commas_do_not_hide_the_semicolon() -> None:
    table = read_table(b"code;price\nA;1,50\nB;2,75\nC;1.024,00\n", "a.csv")
    assert table.rows[2].cells == ("C", "1.024,00")


def test_the_separator_line_of_excel_is_obeyed_and_counted() -> None:
    table = read_table(b"sep=|\r\ncode|name\r\nA|x, y\r\n", "a.csv")
    assert table.header == ("code", "name")
    assert table.rows[0].number == 3


def test_blank_rows_go_and_numbers_stay() -> None:
    table = read_table(b"code,n\n\nA,1\n,\n,\nB,2\n\n\n", "a.csv")
    assert [(row.number, row.cells[0]) for row in table.rows] == [(3, "A"), (6, "B")]


def test_a_title_above_the_header_is_passed_over() -> None:
    table = read_table("进销存报表,,\n\n产品编码,期初,期末\nA,1,2\n".encode(), "a.csv")
    assert table.header == ("产品编码", "期初", "期末")
    assert (table.header_row, table.rows[0].number) == (3, 4)


def test_texts_stay_texts() -> None:
    table = read_table(b'code,note\n007,NA\nnull,"two\nlines"\n', "a.csv")
    assert [row.cells for row in table.rows] == [("007", "NA"), ("null", "two\nlines")]


def test_full_width_letters_are_narrowed_and_chinese_punctuation_is_kept() -> None:
    assert clean("\uff33\uff2b\uff35\uff0d\uff10\uff10\uff10\uff12") == "SKU-0002"
    assert clean("\u3000四川\uff08川香\uff09食品\uff12厂\u200b") == "四川\uff08川香\uff09食品2厂"
    assert label_key("Unit Price *") == label_key("unit_price") == label_key("UnitPrice")
    assert label_key("金额\uff08元\uff09") == "金额元"


def test_a_workbook_gives_the_text_that_the_eye_sees() -> None:
    import datetime as dt

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("八月")
    day = book.add_format({"num_format": "yyyy/m/d"})
    page.write_row(0, 0, ["编码", "数量", "单价", "日期", "在售", "备注"])
    page.write_row(2, 0, ["SKU-1", 78, 59.129999999999995])
    page.write_datetime(2, 3, dt.datetime(2026, 5, 13), day)
    page.write_boolean(2, 4, True)
    book.close()
    table = read_table(out.getvalue(), "八月.xlsx")
    assert table.sheet == "八月"
    assert table.rows[0].number == 3
    assert table.rows[0].cells == ("SKU-1", "78", "59.13", "2026-05-13", "TRUE", "")


def test_numbers_go_through_their_own_digits() -> None:
    assert number_text(0.1) == "0.1"
    assert number_text(0.1 + 0.2) == "0.3"
    assert number_text(1e-05) == "0.00001"
    assert number_text(2024.994) == "2024.994"
    assert number_text(-0.0) == "0"
    assert cell_text(6222021234567890123.0).startswith("~")
    assert Decimal(number_text(8704.0)) == 8704


def test_the_named_sheet_is_read_and_the_others_are_offered() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("封面")
    page = book.add_worksheet("明细")
    page.write_row(0, 0, ["a", "b"])
    page.write_row(1, 0, ["1", "2"])
    book.close()
    assert read_table(out.getvalue(), "x.xlsx").sheet == "明细"
    assert read_table(out.getvalue(), "x.xlsx", sheet="明细").sheets == ("封面", "明细")
    with pytest.raises(TableRefused) as caught:
        read_table(out.getvalue(), "x.xlsx", sheet="不存在")
    assert caught.value.code == "file.sheet_missing"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "file.empty"),
        (b",,,\n , ,\n", "a.csv", "file.empty"),
        (b"a,b\n", "a.pdf", "file.kind"),
        (b"a,b\n", "noname", "file.kind"),
        (b"a,b\n1,2\n", "a.xlsx", "file.kind"),
        (b"PK\x03\x04rest", "a.csv", "file.kind"),
        (b"PK\x03\x04rest", "a.xlsx", "file.unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "file.unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "file.kind"),
        (b"x", "a.xlsm", "file.macros"),
        (b"1,2\n3,4\n", "a.csv", "file.header_numbers"),
        (b"a,,c\n1,2,3\n", "a.csv", "file.header_blank"),
        (b"a,b,A\n1,2,3\n", "a.csv", "file.duplicate_header"),
        (b"a,b\n1,2,3\n", "a.csv", "file.header_blank"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,2,3,4\n", "a.csv", "file.ragged"),
        (b'a,b\n"1,2\n3,4\n', "a.csv", "file.open_quote"),
        ("naïve,b\nMüller,ü\n".encode("latin-1"), "a.csv", "file.encoding"),
        (b"a,b\n\xff\xff\xff,1\n", "a.csv", "file.encoding"),
        (b"a\0b,c\n1,2\n" + b"x" * 50, "a.csv", "file.unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, name: str, code: str) -> None:
    caught = refusal(data, name)
    assert caught.code == code
    assert caught.facts["file"] == name
    assert caught.finding().is_blocking


def test_limits_are_told_in_numbers() -> None:
    assert refusal(b"a,b\n1,2\n", max_bytes=4).facts["limit"] == 4
    assert refusal(b"a,b\n" + b"1,2\n" * 50, max_rows=20).code == "file.too_many_rows"
    assert refusal(a_book([["a"], *[["x"]] * 50]), "a.xlsx", max_rows=20).facts["limit"] == 20
    wide = ",".join(f"c{i}" for i in range(500)).encode() + b"\n"
    assert refusal(wide + b"1" + b"," * 499).code == "file.too_wide"


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, old.read(name)))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = repacked(a_book([["a", "b"]]), {"xl/media/a.bin": b"\0" * (40 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert refusal(bomb, "a.xlsx").code == "file.zip_bomb"


def test_a_false_size_in_the_directory_is_noticed() -> None:
    data = bytearray(a_book([["a", "b"], ["1", "2"]]))
    name = b"xl/worksheets/sheet1.xml"
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    size = struct.unpack_from("<I", data, at + 24)[0]
    struct.pack_into("<I", data, at + 24, size - 40)
    assert refusal(bytes(data), "a.xlsx").code == "file.unreadable"


def test_one_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    book = a_book([["a", "b"], ["1", "2"]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    far = xml.replace(b"</row></sheetData>", b'<c r="XFD400000"><v>1</v></c></row></sheetData>')
    assert far != xml
    caught = refusal(repacked(book, {"xl/worksheets/sheet1.xml": far}), "a.xlsx")
    assert caught.code == "file.too_wide"


def test_macros_and_passwords_are_refused_by_content_not_by_name() -> None:
    macros = repacked(a_book([["a", "b"]]), {"xl/vbaProject.bin": b"x"})
    assert refusal(macros, "a.xlsx").code == "file.macros"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    locked = ole + "EncryptedPackage".encode("utf-16-le")
    assert refusal(locked, "a.xlsx").code == "file.encrypted"
    assert refusal(ole + "_VBA_PROJECT".encode("utf-16-le"), "a.xls").code == "file.macros"


def an_ods(body: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            '><manifest:file-entry manifest:full-path="/" manifest:media-type='
            '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        for t in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def test_open_document_sheets_are_read_and_their_repetitions_counted() -> None:
    table = read_table(an_ods(ods_row("a", "b") + ods_row("1", "2", repeated=2)), "a.ods")
    assert [row.cells for row in table.rows] == [("1", "2"), ("1", "2")]
    bomb = an_ods(ods_row("a", "b") + ods_row("1", "2", repeated=1_000_000))
    assert refusal(bomb, "a.ods").code == "file.too_many_rows"


def test_columns_are_named_as_the_spreadsheet_names_them() -> None:
    assert [column_letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert refusal(b"a,,c\n1,2,3\n").facts["column"] == "B"
