"""Lists out: CSV that Excel opens in Chinese, workbooks with real numbers, zips with one hash.

Text that a person typed never becomes a formula, and the same rows always give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

#: Instants inside archives and workbooks; files are dated by their content, not by the clock.
EPOCH = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - zip and xlsx know no zones
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

ColumnType = Literal["text", "number", "money", "date", "integer", "percent"]
Cell = str | int | Decimal | dt.date | bool | None

_FORMATS = {
    "money": "#,##0.00",
    "number": "#,##0.####",
    "integer": "#,##0",
    "percent": "0.00%",
    "date": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Column:
    """One column of an export; `label` is the title, `width` in characters of the workbook.

    "money" and "number" cells are Decimal or int in the unit of the title; "text" is written
    as it is.
    """

    label: str
    type: ColumnType = "text"
    width: int = 16


def guarded(text: str) -> str:
    """Text that no spreadsheet will take for a formula; reading.py takes the mark off again."""
    return "'" + text if text.startswith(FORMULA_MARKS) else text


def csv_cell(value: Cell, column: ColumnType) -> str:
    """One cell: exact decimals without thousands marks, ISO dates, guarded text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return f"{value:.2f}" if column == "money" and _is_whole_fen(value) else f"{value:f}"
    if isinstance(value, int | dt.date):
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    return guarded(value)


def _is_whole_fen(value: Decimal) -> bool:
    return value == value.quantize(Decimal("0.01"))


def write_csv(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    totals: Sequence[Cell] | None = None,
) -> bytes:
    """UTF-8 with a byte order mark, CRLF, one header row, and the totals as the last row.

    Begin `totals` with «合计» or «Total»: the importer passes such a row over.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(column.label) for column in columns])
    for row in rows:
        writer.writerow(_csv_row(columns, row))
    if totals is not None:
        writer.writerow(_csv_row(columns, totals))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _csv_row(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    return [csv_cell(value, column.type) for value, column in zip(row, columns, strict=True)]


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    totals: Sequence[Cell] | None = None,
    *,
    sheet: str = "Sheet1",
    notes: Sequence[str] = (),
) -> bytes:
    """One sheet with a frozen header and a filter; numbers are numbers, text is never a formula.

    `notes` (filters, control totals) go to a second sheet, one line each. Excel keeps fifteen
    digits, so numbers beyond them are written as text.
    """
    out = io.BytesIO()
    book = open_book(out)
    page = book.add_worksheet(sheet[:31])
    formats = book_formats(book)
    page.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.label, formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        _xlsx_row(page, last, columns, row, formats, "")
    page.autofilter(0, 0, max(last, 1), max(len(columns) - 1, 0))
    if totals is not None:
        _xlsx_row(page, last + 1, columns, totals, formats, "total_")
    if notes:
        second = book.add_worksheet("说明")
        second.set_column(0, 0, 80)
        for index, line in enumerate(notes):
            second.write_string(index, 0, line, formats["text"])
    book.close()
    return out.getvalue()


def open_book(out: io.BytesIO) -> Any:
    """A workbook that writes row by row in constant memory and takes no text for a formula."""
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": EPOCH, "author": "", "company": ""})
    return book


def book_formats(book: Any) -> dict[str, Any]:
    """Cell formats by column type, with a bold «total_» variant of each, and "head"."""
    formats = {"text": book.add_format({})}
    formats["total_text"] = book.add_format({"bold": True, "top": 1})
    for name, pattern in _FORMATS.items():
        formats[name] = book.add_format({"num_format": pattern})
        formats[f"total_{name}"] = book.add_format({"num_format": pattern, "bold": True, "top": 1})
    formats["head"] = book.add_format(
        {"bold": True, "bg_color": "#E9EEF6", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    return formats


def _xlsx_row(
    page: Any,
    number: int,
    columns: Sequence[Column],
    row: Sequence[Cell],
    formats: Mapping[str, Any],
    prefix: str,
) -> None:
    for index, (value, column) in enumerate(zip(row, columns, strict=True)):
        write_cell(page, number, index, value, formats[prefix + column.type], formats)


def write_cell(
    page: Any, row: int, index: int, value: Cell, style: Any, formats: Mapping[str, Any]
) -> None:
    """One cell by the type of its value; None stays blank but keeps the style."""
    if value is None:
        page.write_blank(row, index, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, index, value, style)
    elif isinstance(value, Decimal | int):
        if len(Decimal(value).normalize().as_tuple().digits) > 15:
            page.write_string(row, index, f"{value:f}", formats["text"])
        else:
            page.write_number(row, index, value, style)
    elif isinstance(value, dt.date):
        page.write_datetime(row, index, dt.datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
    else:
        page.write_string(row, index, value, style)


def write_zip(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of the files in the given order; the same files give the same bytes.

    Raises ValueError for a name that leaves the folder or comes twice.
    """
    pairs = files.items() if isinstance(files, Mapping) else files
    out = io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in pairs:
            if name in seen or name.startswith("/") or ".." in name.split("/") or "\\" in name:
                raise ValueError(f"not a name for an archive: {name!r}")
            seen.add(name)
            entry = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
