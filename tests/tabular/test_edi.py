"""X12 852 and 867, EDIFACT INVRPT and SLSRPT: separators, codes, loops, and what is rejected."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channel.messages import remedy, sentence
from channel.tabular.edi import is_edi, open_interchange
from channel.tabular.stock_reading import read_report
from channel.tabular.tables import Table, TableRefused
from contracts.values.findings import Severity
from tests.tabular.edi_files import ACTIVITY, INVENTORY, RESALE, SALES, edifact, x12

UNFILLED = re.compile(r"%\(\w+\)[sd]")


def rows(table: Table) -> list[dict[str, str]]:
    """The filled cells of every row by label."""
    return [
        {label: cell for label, cell in zip(table.header, row.cells, strict=True) if cell}
        for row in table.rows
    ]


def read(data: bytes, name: str = "october.edi") -> Table:
    return read_report(data, name, max_rows=1000)


def told(table: Table) -> list[tuple[str, int]]:
    return [(f.code, f.facts["segment"]) for f in table.findings]


@pytest.mark.row("F01")
def test_852_becomes_one_row_for_product_batch_and_location() -> None:
    table = read(ACTIVITY)
    assert (table.start, table.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert rows(table) == [
        {"产品编码": "A", "单位": "EA", "仓库": "W1", "批次": "B7", "期初": "100", "进货": "200",
         "客户退货": "7", "出货": "180", "调出": "2", "损耗": "5", "期末": "120", "在途": "40",
         "冻结": "3"},
        {"产品编码": "B", "单位": "EA", "仓库": "S1", "期初": "10"},
        {"产品编码": "B", "单位": "EA", "仓库": "W1", "进货": "0"},
        {"产品编码": "B", "单位": "EA", "仓库": "S2", "期初": "20"},
    ]  # fmt: skip
    assert told(table) == [("edi.outside", 17)]
    assert "QL" in sentence(table.findings[0])


def test_other_separators_are_taken_from_isa() -> None:
    body = ("XQ*H*20261001*20261031", "LIN*1*VP*A", "ZA*QE*5*EA")
    for signs in (("|", "\n", "^"), ("\x1d", "\x1c", "\x1f")):
        element, end, component = signs
        table = read(x12("852", *body, element=element, end=end, component=component), "a.txt")
        assert rows(table) == [{"产品编码": "A", "单位": "EA", "期末": "5"}]


@pytest.mark.row("F01")
def test_invrpt_keeps_book_and_count_apart_and_batches_as_rows() -> None:
    table = read(INVENTORY)
    assert (table.start, table.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert rows(table) == [
        {"产品编码": "A", "期初": "100", "进货": "200", "出货": "180", "退厂家": "6", "调出": "4",
         "期末": "300", "实盘": "295", "在途": "12", "残损": "2"},
        {"产品编码": "A", "仓库": "W1", "批次": "B1", "有效期至": "20270217", "期末": "150"},
    ]  # fmt: skip
    assert [f.facts["code"] for f in table.findings] == ["97"]


def test_inv_may_lead_its_group_as_in_the_later_directory() -> None:
    body = ("BGM+35+1+9", "LIN+1++A:SA", "INV+++" "+1", "QTY+145:30", "INV++++2", "QTY+145:29",
            "INV+1", "QTY+61:2")  # fmt: skip
    assert rows(read(edifact("INVRPT", *body))) == [
        {"产品编码": "A", "期末": "30", "实盘": "29", "退厂家": "2"}
    ]


def test_slsrpt_gives_sales_by_place_and_turns_a_minus_into_a_return() -> None:
    table = read(SALES)
    assert rows(table) == [
        {"产品编码": "A", "产品名称": "Mineral's water", "仓库": "SHOP+1", "客户退货": "11",
         "出货": "140"},
        {"产品编码": "B", "仓库": "SHOP2", "出货": "12.5"},
    ]  # fmt: skip


def test_867_counts_what_left_the_stock_and_rejects_what_nobody_knows() -> None:
    table = read(RESALE)
    assert rows(table) == [
        {"产品编码": "A", "单位": "CA", "客户退货": "2", "出货": "10", "退厂家": "3", "调出": "4"}
    ]
    assert [f.code for f in table.findings] == ["edi.outside", "edi.segment"]
    rejected = table.findings[1]
    assert rejected.severity is Severity.BLOCK
    text = sentence(rejected)
    assert "QTY*39*1*CA" in text and str(rejected.facts["segment"]) in text and remedy(rejected)


@pytest.mark.parametrize(
    ("segment", "why"),
    [
        ("ZA*QS*ten*EA", "quantity"),
        ("ZA*QS*10*CA", "units"),
        ("ZA*XX*10*EA", "code"),
        ("ZA*QE*-3*EA", "negative"),
        ("ZA*QS*１０*EA", "quantity"),
    ],
)
def test_a_rejected_segment_is_named_by_number_and_text(segment: str, why: str) -> None:
    table = read(x12("852", "LIN*1*VP*A", "ZA*QB*1*EA", segment))
    (found,) = table.findings
    assert (found.code, found.facts["segment"], found.facts["text"]) == ("edi.segment", 6, segment)
    assert found.facts["why"] == why
    assert found.is_blocking


def test_a_quantity_without_goods_is_never_lost() -> None:
    assert told(read(x12("852", "ZA*QS*10*EA", "LIN*1*VP*A", "ZA*QE*1"))) == [("edi.segment", 4)]
    assert told(read(edifact("INVRPT", "QTY+145:3", "LIN+1++A:SA", "QTY+145:1"))) == [
        ("edi.segment", 3)
    ]
    assert told(read(x12("867", "PTD*SS", "QTY*39*1"))) == [("edi.segment", 5)]


def test_the_better_code_of_two_for_one_figure_counts() -> None:
    for codes in (("QE", "QA"), ("QA", "QE")):
        body = ["LIN*1*VP*A", *(f"ZA*{code}*{10 if code == 'QE' else 8}*EA" for code in codes)]
        table = read(x12("852", *body))
        assert rows(table) == [{"产品编码": "A", "单位": "EA", "期末": "10"}]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ACTIVITY[:-40], "file.edi_envelope"),
        (ACTIVITY.replace(b"SE*21*", b"SE*24*"), "file.edi_count"),
        (ACTIVITY.replace(b"SE*21*0001", b"SE*21*0002"), "file.edi_reference"),
        (x12("850", "BEG*00*SA*1"), "file.edi_kind"),
        (edifact("ORDERS", "BGM+220+1+9"), "file.edi_kind"),
        (x12("867", "BPT*01*R1"), "file.edi_cancelled"),
        (edifact("INVRPT", "BGM+35+1+1"), "file.edi_cancelled"),
        (edifact("INVRPT", "BGM+35+1+4"), "file.edi_function"),
        (b"ISA*00*", "file.edi_envelope"),
        (b"UNB+UNOA:3'", "file.edi_envelope"),
        (x12("852", "XQ*H*20261001*20261031", "XQ*H*20260901*20260930"), "file.edi_periods"),
        (b"hello", "file.edi_envelope"),
        (x12("852", "XQ*H*20261001*20261031"), "file.no_rows"),
    ],
)
def test_a_message_that_is_no_whole_report_is_refused_with_a_sentence(
    data: bytes, code: str
) -> None:
    with pytest.raises(TableRefused) as caught:
        read(data)
    assert caught.value.code == code
    said = sentence(caught.value.finding()) + remedy(caught.value.finding())
    assert "%(" not in said
    assert "october.edi" in said


def test_copies_and_replacements_are_read_and_told() -> None:
    for message, code in (("7", "edi.duplicate"), ("31", "edi.duplicate"), ("5", "edi.replaces")):
        table = read(edifact("INVRPT", f"BGM+35+1+{message}", "LIN+1++A:SA", "QTY+145:1"))
        assert [f.code for f in table.findings] == [code]
        assert "%(" not in sentence(table.findings[0])


def test_what_is_no_interchange_is_not_taken_for_one() -> None:
    assert not is_edi("产品编码,期初\nA,1\n".encode())
    assert not is_edi(b"ISA,UNB,x\n1,2,3\n")
    assert not is_edi(b"UNA quantity,b\n")
    assert is_edi(b"\xef\xbb\xbf\n" + INVENTORY)


_SEGMENTS = st.lists(
    st.text("ABEINLQSTUZ0123456789*+:'?~.- ", max_size=24) | st.sampled_from(
        ["LIN*1*VP*A", "ZA*QS*1*EA", "ZA*QE*2", "SDQ*EA*92*S1*1", "PTD*SS", "QTY*39*1", "N1*WH*a",
         "LIN+1++A:SA", "QTY+145:3", "INV+1", "LOC+162+X", "DTM+273:20261001-20261031:718",
         "PIA+1+B1:NB", "GIN+BX+B", "XQ*H*20261001*20261031", "DTM*090*x"]
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["852", "867"]), _SEGMENTS, st.sampled_from("*|"))
def test_no_x12_message_breaks_the_reader(kind: str, body: list[str], element: str) -> None:
    _reads_or_refuses(x12(kind, *body, element=element))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["INVRPT", "SLSRPT"]), _SEGMENTS)
def test_no_edifact_message_breaks_the_reader(kind: str, body: list[str]) -> None:
    _reads_or_refuses(edifact(kind, *body))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([ACTIVITY, INVENTORY, SALES, RESALE]), st.data())
def test_no_damaged_interchange_breaks_the_reader(data: bytes, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data)))
    cut = draw.draw(st.integers(0, 20))
    put = draw.draw(st.binary(max_size=6))
    _reads_or_refuses(data[:place] + put + data[place + cut :])


def _reads_or_refuses(data: bytes) -> None:
    try:
        table = read(data)
    except TableRefused as refused:
        said = sentence(refused.finding())
        if UNFILLED.search(said):
            raise
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    numbers = [row.number for row in table.rows]
    assert len(set(numbers)) == len(numbers)
    for found in table.findings:
        assert not UNFILLED.search(sentence(found))


def test_the_counts_of_an_interchange_are_those_of_its_segments() -> None:
    (message,) = open_interchange(ACTIVITY)
    assert (message.kind, len(message.segments)) == ("852", 19)
