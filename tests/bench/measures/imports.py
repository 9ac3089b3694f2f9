"""Files of ten thousand rows, read, mapped, checked and saved, as `bin/weir import` does it."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from typing import Any

import python_calamine
import xlsxwriter

from channel import clock
from channel.access import SYSTEM
from channel.db import db
from channel.services import uploads_commands as commands
from tests.bench.results import Result
from tests.bench.scales import FIRST_DAY, SCALES, TODAY
from tests.bench.stores import open_app

ROWS = 10_000
FLOOR = 10_000


def run(url: str, scale: str, backend: str) -> list[Result]:
    found = []
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        # A small file first: modules and statements are made ready.
        _import("products", _products(0, 50))
        for kind, words, make in (
            ("invoices", "invoice lines", lambda n: _invoices(n, ROWS, scale)),
            ("products", "products", lambda n: _products(n * ROWS, ROWS)),
        ):
            files = [make(n) for n in (1, 2, 3)]
            spent = min(_import(kind, data) for data in files)
            rate, read = ROWS / spent, ROWS / _read(files[0])
            found.append(
                Result(f"import of {ROWS:,} {words} (xlsx)", backend, rate, "rows/s", read,
                       f"≥ {FLOOR:,} rows/s", rate >= FLOOR, note="bare: calamine reads the file")
            )  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return found


def _import(kind: str, data: bytes) -> float:
    """Seconds for one file; all of its rows must be new."""
    started = time.perf_counter()
    outcome = commands.import_file(SYSTEM, commands.Order(kind, f"{kind}.xlsx", data))
    spent = time.perf_counter() - started
    assert not outcome.is_refused, outcome.findings[:3]
    assert outcome.plan.new, "nothing was imported"
    return spent


def _read(data: bytes) -> float:
    """Seconds for the reader alone."""
    started = time.perf_counter()
    python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(
        0
    ).to_python()
    return time.perf_counter() - started


def _invoices(run_no: int, rows: int, scale: str) -> bytes:
    """Documents of five lines of many distributors through one year."""
    size = SCALES[scale]
    lines: list[list[Any]] = []
    for n in range(rows):
        document, k = divmod(n, 5)
        amount = 100 + n * 104729 % 3000
        lines.append([
            f"X{run_no}-{document:06d}", k + 1,
            (FIRST_DAY + timedelta(days=document % 360)).isoformat(),
            f"D{100001 + document * 31 % size.distributors}",
            f"P{100001 + n * 7919 % size.products}", 10, amount, 10 * amount,
            round(1.3 * amount, 2), "CNY",
        ])  # fmt: skip
    head = [
        "发票号",
        "行号",
        "开票日期",
        "经销商",
        "产品",
        "数量",
        "单价",
        "不含税金额",
        "税额",
        "币种",
    ]
    return _book(head, lines)


def _products(start: int, rows: int) -> bytes:
    lines = [
        [f"N{1_000_000 + start + n}", f"新品{start + n}", f"G{101 + n % 20}", "箱", 12, "standard"]
        for n in range(rows)
    ]
    return _book(["产品编码", "产品名称", "产品组", "单位", "每箱数量", "增值税类别"], lines)


def _book(head: list[str], lines: list[list[Any]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head)
        for number, line in enumerate(lines, 1):
            sheet.write_row(number, 0, line)
    return data.getvalue()
