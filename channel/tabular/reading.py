"""Bytes of a CSV, xlsx, xls or ods file → one `Table` of text, or a refusal that says why.

The header is the first filled row (a lone title above it is passed over), blank rows are
dropped, and every remaining row keeps the number that the sender sees in the spreadsheet.
"""

from __future__ import annotations

from channel.tabular.delimited import read_delimited
from channel.tabular.tables import Row, Table, TableRefused, column_letter
from channel.tabular.wording import clean, folded
from channel.tabular.workbooks import read_workbook
from contracts.values.findings import Fact

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 500_000
MAX_COLUMNS = 400

TEXT_SUFFIXES = frozenset({"csv", "txt", "tsv"})
BOOK_SUFFIXES = frozenset({"xlsx", "xls", "ods"})
MACRO_SUFFIXES = frozenset({"xlsm", "xltm", "xlam", "xlsb", "xla"})

#: What our own CSV export puts before a text that would start a formula (see writing.py).
_GUARDED = tuple("'" + mark for mark in ("=", "+", "-", "@", "\t", "\r"))


def read_table(
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """The first filled sheet, or the one named; raises TableRefused with a `file.*` code."""
    try:
        return _read(data, filename, sheet, max_rows, max_bytes)
    except TableRefused as refusal:
        raise TableRefused(refusal.code, {"file": filename, **refusal.facts}) from None


def _read(data: bytes, filename: str, sheet: str | None, max_rows: int, max_bytes: int) -> Table:
    suffix = filename.rpartition(".")[2].lower() if "." in filename else ""
    if suffix in MACRO_SUFFIXES:
        raise TableRefused("file.macros", {})
    if suffix not in TEXT_SUFFIXES | BOOK_SUFFIXES:
        raise TableRefused("file.kind", {"suffix": suffix})
    if len(data) > max_bytes:
        raise TableRefused("file.too_large", {"bytes": len(data), "limit": max_bytes})
    if not data:
        raise TableRefused("file.empty", {})
    encoding = delimiter = name = ""
    sheets: tuple[str, ...] = ()
    if suffix in BOOK_SUFFIXES:
        records, name, sheets = read_workbook(data, suffix, sheet, max_rows)
    else:
        if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise TableRefused("file.kind", {"suffix": suffix})
        records, encoding, delimiter = read_delimited(data, max_rows)
    head = _header_index(records)
    header = _header(records[head], head + 1, records)
    return Table(
        filename=filename,
        sheet=name,
        header=header,
        rows=_rows(records, head, len(header)),
        header_row=head + 1,
        encoding=encoding,
        delimiter=delimiter,
        sheets=sheets,
    )


def _filled(record: list[str]) -> int:
    return sum(1 for cell in record if cell and not cell.isspace())


def _header_index(records: list[list[str]]) -> int:
    """The first filled row; rows with a single filled cell above a wider one are titles."""
    filled = [i for i, record in enumerate(records[:200]) if _filled(record)]
    if not filled:
        raise TableRefused("file.no_header", {})
    for place, index in enumerate(filled[:6]):
        following = filled[place + 1] if place + 1 < len(filled) else None
        if _filled(records[index]) > 1 or following is None or _filled(records[following]) < 2:
            return index
    return filled[0]


def _header(record: list[str], number: int, records: list[list[str]]) -> tuple[str, ...]:
    labels = [" ".join(clean(cell).split()) for cell in record]
    while labels and not labels[-1] and not _column_filled(records, len(labels) - 1, number):
        labels.pop()
    if len(labels) > MAX_COLUMNS:
        raise TableRefused("file.too_wide", {"columns": len(labels)})
    for index, label in enumerate(labels):
        if not label and _column_filled(records, index, number):
            raise TableRefused("file.header_blank", {"column": column_letter(index)})
    if all(_looks_numeric(label) for label in labels if label):
        raise TableRefused("file.header_numbers", {"row": number})
    _refuse_duplicates(labels)
    return tuple(labels)


def _column_filled(records: list[list[str]], index: int, below: int) -> bool:
    return any(index < len(r) and r[index] and not r[index].isspace() for r in records[below:])


def _looks_numeric(label: str) -> bool:
    return label.replace(".", "").replace(",", "").replace("-", "").isdigit()


def _refuse_duplicates(labels: list[str]) -> None:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for label in filter(None, labels):
        key = folded(label).casefold()
        if key in seen:
            twice[label] = None
        seen.add(key)
    if twice:
        columns: Fact = tuple(twice)
        raise TableRefused("file.duplicate_header", {"columns": columns})


class _Cells(dict[str, str]):
    """Text as read → text as understood; most cells of a file are like one before."""

    def __missing__(self, text: str) -> str:
        cell = self[text] = _cell(text)
        return cell


def _rows(records: list[list[str]], head: int, width: int) -> list[Row]:
    rows = []
    known = _Cells()
    for index in range(head + 1, len(records)):
        cells = tuple([known[text] for text in records[index]])
        if not any(cells):
            continue
        if len(cells) != width:
            if any(cells[width:]):
                raise TableRefused(
                    "file.ragged", {"row": index + 1, "cells": len(cells), "columns": width}
                )
            cells = cells[:width] + ("",) * (width - len(cells))
        rows.append(Row(index + 1, cells))
    return rows


def _cell(text: str) -> str:
    if not text:
        return ""
    if text.startswith(_GUARDED):
        text = text[1:]
    return clean(text)
