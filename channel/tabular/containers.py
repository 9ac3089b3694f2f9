"""Looks at a workbook before anything opens it: size unpacked, macros, passwords, cell area.

A small file can unpack into gigabytes or name one cell in row 1,048,576; both are refused from
the packed bytes alone, so that the reader behind never sees them.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from channel.tabular.tables import TableRefused

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Unpacked bytes of all parts together; a sheet of 500,000 rows stays below it.
UNPACKED_MAX = 400 * 1024 * 1024
#: Packed to unpacked; spreadsheet XML reaches about 1:30, bombs 1:1000.
RATIO_MAX = 120
#: Small parts may be very regular: the ratio counts above this size only.
RATIO_FROM = 4 * 1024 * 1024
ENTRIES_MAX = 3_000
#: Cells a sheet may span; calamine keeps the whole rectangle in memory.
AREA_MAX = 8_000_000

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ODS_ROW = re.compile(rb"<table:table-row\b(.*?)</table:table-row>", re.DOTALL)
_ODS_ROWS_REPEATED = re.compile(rb'table:number-rows-repeated="(\d+)"')
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b[^>]*>")
_ODS_CELLS_REPEATED = re.compile(rb'table:number-columns-repeated="(\d+)"')
#: What zipfile and zlib raise on bytes that only look like an archive.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError,
    ValueError, OverflowError, KeyError,
)  # fmt: skip
_VBA_OLE = "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")


def check_zip(data: bytes, suffix: str, max_rows: int) -> None:
    """Raises TableRefused unless `data` is a harmless .xlsx or .ods of at most `max_rows`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive)
            names = set(archive.namelist())
            if any("vbaproject" in name.lower() for name in names):
                raise TableRefused("file.macros", {})
            wanted = "content.xml" if suffix == "ods" else "xl/workbook.xml"
            if wanted not in names:
                raise TableRefused("file.kind", {"suffix": suffix})
            if suffix == "ods":
                _check_ods(archive, max_rows)
            for name in sorted(names):
                if name != "content.xml":
                    _check_part(archive, name, max_rows)
    except _BROKEN as error:
        raise TableRefused("file.unreadable", {"reason": type(error).__name__}) from None
    except RuntimeError:  # zipfile says so when a part wants a password
        raise TableRefused("file.encrypted", {}) from None


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX:
        raise TableRefused("file.zip_bomb", {"unpacked": unpacked})
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise TableRefused("file.encrypted", {})
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO_MAX * entry.compress_size:
            raise TableRefused("file.zip_bomb", {"unpacked": entry.file_size})


def _check_part(archive: zipfile.ZipFile, name: str, max_rows: int) -> None:
    """Unpacks once, bounded by the size the entry states; the checksum exposes a false size."""
    content = archive.read(name)
    if "worksheets/" not in name or not name.endswith(".xml"):
        return
    found = _CELL.findall(content)
    # Sets first: a sheet names few columns very often.
    width = max(map(_column_number, {letters for letters, _ in found}), default=0)
    height = max(map(int, {number for _, number in found}), default=0)
    _check_area(width, height, max_rows)


def _check_ods(archive: zipfile.ZipFile, max_rows: int) -> None:
    """Repeated rows and cells of OpenDocument count as often as they are repeated."""
    width = height = 0
    for match in _ODS_ROW.finditer(archive.read("content.xml")):
        body = match.group(1)
        if b"office:value-type" not in body and b"<text:p" not in body:
            continue
        head = body[: body.find(b">")]
        repeated = _ODS_ROWS_REPEATED.search(head)
        height += int(repeated.group(1)) if repeated else 1
        filled = [m.group(0) for m in _ODS_CELL.finditer(body)]
        while filled and b"office:value-type" not in filled[-1]:
            filled.pop()
        across = 0
        for cell in filled:
            times = _ODS_CELLS_REPEATED.search(cell)
            across += int(times.group(1)) if times else 1
        width = max(width, across)
    _check_area(width, height, max_rows)


def _check_area(width: int, height: int, max_rows: int) -> None:
    if height > max_rows:
        raise TableRefused("file.too_many_rows", {"limit": max_rows})
    if width * height > AREA_MAX:
        raise TableRefused("file.too_wide", {"columns": width})


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def check_ole(data: bytes, suffix: str) -> None:
    """Raises TableRefused unless `data` is a plain .xls: no macros, no password container."""
    if _ENCRYPTED_OLE in data:
        raise TableRefused("file.encrypted", {})
    if suffix != "xls":
        raise TableRefused("file.kind", {"suffix": suffix})
    if _VBA_OLE in data:
        raise TableRefused("file.macros", {})
