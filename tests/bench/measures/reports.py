"""A report of fifty thousand rows: read, checked and previewed beside the bare reader."""

from __future__ import annotations

import io
import time
from types import SimpleNamespace
from typing import Any

import python_calamine
import xlsxwriter

from channel.queries.stock_facts import StockContext
from channel.rules.stock_units import Dictionary, Pack
from channel.services.steps import stock_preview, stock_preview_data
from channel.services.steps.stock_sheet import check_sheet, open_table, propose_columns
from tests.bench.results import Result

ROWS = 50_000
GOODS = 500
#: Reading, understanding, balancing and showing may take so many times the bare reading.
RATIO_MAX = 15
HEAD = ("产品编码", "产品名称", "单位", "批次", "仓库", "生产日期", "期初", "进货", "出货", "期末")


def run(url: str, scale: str, backend: str) -> list[Result]:
    data = _workbook()
    codes = [f"P{n}" for n in range(GOODS)]
    known = StockContext(
        products={code: n for n, code in enumerate(codes, start=1)},
        words=Dictionary(packs={code: Pack("箱", 12) for code in codes}),
    )
    spent = min(_preview(data, known) for _n in range(3))
    bare = min(_read(data) for _n in range(3))
    words = f"report of {ROWS:,} rows read, checked, previewed (xlsx)"
    return [
        Result(words, backend, ROWS / spent, "rows/s", ROWS / bare,
               f"≤ {RATIO_MAX} × the bare reader", spent <= RATIO_MAX * bare,
               note=f"bare: calamine reads the file; {spent / bare:.1f} times that")
    ]  # fmt: skip


def _workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    for n in range(ROWS):
        page.write_row(
            n + 1, 0,
            [f"P{n % GOODS}", "甲", "箱", f"B{n // GOODS}", "W1", "2026-08-01",
             100 + n % 7, 20, 30, 90 + n % 7],
        )  # fmt: skip
    book.close()
    return out.getvalue()


def _preview(data: bytes, known: StockContext) -> float:
    """Seconds from the bytes to what the page shows."""
    started = time.perf_counter()
    table = open_table(data, "report.xlsx")
    sheet = check_sheet(table, propose_columns(table.header, {}), {}, known)
    upload: Any = SimpleNamespace(options={})
    stock_preview_data.to_data(stock_preview.build(upload, sheet, {}, False))
    spent = time.perf_counter() - started
    assert len(sheet.lines) == ROWS and not sheet.is_blocked, sheet.findings[:3]
    return spent


def _read(data: bytes) -> float:
    """Seconds for the reader alone."""
    started = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    book.get_sheet_by_index(0).to_python()
    return time.perf_counter() - started
