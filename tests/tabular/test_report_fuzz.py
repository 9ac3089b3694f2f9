"""Whatever bytes come under whatever name: read, or refused with a sentence; never half."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from channel.messages import remedy, sentence
from channel.services.steps.stock_sheet import propose_columns
from channel.tabular.kinds import read_kind
from channel.tabular.mapping import Mapping
from channel.tabular.report_json import write_rows
from channel.tabular.stock_reading import SUFFIXES, read_report
from channel.tabular.tables import TableRefused
from tests.tabular.edi_files import ACTIVITY, INVENTORY


def _book(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


UNFILLED = re.compile(r"%\(\w+\)[sd]")
HEAD = ("产品编码", "期初", "进货", "出货", "期末")
BOOK = _book(HEAD, ("A", 1, 2, 3, 0), ("B", 4, 0, 0, 4))
TEXT = "产品编码,期初,进货,出货,期末\nA,１００,0,20,80\n"
SEEDS = [BOOK, TEXT.encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16"), ACTIVITY, INVENTORY,
         write_rows([{"product": "A", "closing": 5}])]  # fmt: skip


def understood_or_refused(data: bytes, name: str) -> bool:
    """Read to the end, as the review does; True when the file was taken."""
    try:
        table = read_report(data, name, max_rows=2000)
    except TableRefused as refused:
        said = sentence(refused.finding()) + remedy(refused.finding())
        assert not UNFILLED.search(said)
        assert not said.startswith("Rule ")
        return False
    labels = propose_columns(table.header, {})
    parsed = read_kind(
        "stock_report", table, Mapping(columns={f: label for label, f in labels.items() if f})
    )
    for finding in (*parsed.findings, *table.findings):
        assert not UNFILLED.search(sentence(finding))
    return True


@pytest.mark.row("F09")
@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_noise_is_read_or_refused(data: bytes, suffix: str) -> None:
    understood_or_refused(data, f"a.{suffix}")


@pytest.mark.row("F09")
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SEEDS), st.sampled_from(SUFFIXES), st.data())
def test_damaged_files_are_read_or_refused(data: bytes, suffix: str, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data)))
    cut = draw.draw(st.integers(0, 40))
    put = draw.draw(st.binary(max_size=12))
    understood_or_refused(data[:place] + put + data[place + cut :], f"a.{suffix}")


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["product", "closing", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(st.lists(_JSON, max_size=5), st.booleans())
def test_any_json_is_read_or_refused(rows: list[object], is_wrapped: bool) -> None:
    data = json.dumps({"rows": rows} if is_wrapped else rows).encode()
    understood_or_refused(data, "a.json")


_CELL = st.text(max_size=12).filter(lambda text: "%" not in text) | st.sampled_from(
    ["-5", "(5)", "5-", "１，２３４", "1.234,5", "1e9", "2026年8月1日", "05/06/2026", "=1+1", "'+5",
     "合计", "5 箱", "９９", "−7", "", " "]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL), max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from("\t;|,"),
)
def test_any_cells_pasted_or_saved_are_read_or_refused(
    rows: list[tuple[str, ...]], encoding: str, mark: str
) -> None:
    lines = [mark.join(HEAD)]
    lines += [mark.join(f'"{c}"'.replace("\0", "") for c in row) for row in rows]
    data = "\n".join(lines).encode(encoding, "replace")
    understood_or_refused(data, "a.txt")


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


DEEP = b"<a>" * 200_000 + b"</a>" * 200_000
SHEETS = b'<workbook><sheets><sheet name="S" sheetId="1"/></sheets></workbook>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><workbook>&c;</workbook>'
)


@pytest.mark.row("F09")
@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (zipped(**{"xl__workbook.xml": b"\0" * 30_000_000}), "bomb.xlsx", "file.zip_bomb"),
        (zipped(**{"xl__workbook.xml": SHEETS, "xl__vbaProject.bin": b"x"}), "m.xlsx",
         "file.macros"),
        (b"x", "m.xlsm", "file.macros"),
        (b"x" * (64 * 1024 * 1024 + 1), "big.csv", "file.too_large"),
        (b"x" * (64 * 1024 * 1024 + 1), "big.xlsx", "file.too_large"),
        (zipped(**{"xl__workbook.xml": DEEP}), "deep.xlsx", None),
        (zipped(**{"content.xml": DEEP}), "deep.ods", None),
        (zipped(**{"xl__workbook.xml": LAUGHS}), "laughs.xlsx", None),
        (zipped(other=b"x"), "no.xlsx", "file.kind"),
        (BOOK[: len(BOOK) // 2], "cut.xlsx", "file.unreadable"),
        (b"PK\x03\x04", "cut.ods", "file.unreadable"),
        (b"[" * 300_000, "deep.json", "file.json"),
        (b'{"rows": [{"product": 1e999999}]}', "huge.json", "file.json_row"),
        (b"", "empty.csv", "file.empty"),
    ],
)  # fmt: skip
def test_dangerous_files_are_refused_with_a_sentence(
    data: bytes, name: str, code: str | None
) -> None:
    with pytest.raises(TableRefused) as caught:
        read_report(data, name, max_rows=2000)
    assert code in (None, caught.value.code)
    for_people = sentence(caught.value.finding())
    assert name in for_people and "%(" not in for_people + remedy(caught.value.finding())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_common_dress_of_a_text_is_the_same_table(encoding: str, mark: str) -> None:
    quoted = TEXT.replace("１００", '"1,234"') if mark == "," else TEXT.replace("１００", "1,234")
    text = quoted if mark == "," else quoted.replace("1,234", "\0").replace(",", mark)
    table = read_report(text.replace("\0", "1,234").encode(encoding), "a.csv", max_rows=9)
    labels = propose_columns(table.header, {})
    columns = {field: label for label, field in labels.items() if field}
    (row,) = read_kind("stock_report", table, Mapping(columns=columns)).rows
    assert (row.product, row.opening, row.closing) == ("A", 1234, 80)
