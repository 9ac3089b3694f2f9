"""xlsx, xls and ods through calamine: every cell becomes the text a careful clerk would type.

Numbers go through Decimal(repr(x)), never through float formatting; dates become ISO text and
empty cells ''.
"""

from __future__ import annotations

import datetime as dt
import io
from decimal import Context, Decimal
from functools import lru_cache

import python_calamine as calamine

from channel.tabular.containers import OLE_MARK, ZIP_MARK, check_ole, check_zip
from channel.tabular.tables import TableRefused

#: Excel keeps fifteen digits of a number; longer ones (bank accounts) have lost their tail.
NUMBER_SAFE_MAX = 10**15


#: A formula's 59.129999999999995 is the 59.13 that the sender sees.
_SPREADSHEET_DIGITS = Context(prec=15)


@lru_cache(maxsize=65536)
def number_text(value: float | int) -> str:
    """78.0 → 78, 1e-05 → 0.00001: the decimal of fifteen digits that the spreadsheet shows."""
    number = _SPREADSHEET_DIGITS.plus(Decimal(repr(value)))
    return format(number.normalize(), "f") if number else "0"


def cell_text(value: object) -> str:
    """The text of one calamine value; lost digits of huge numbers are marked by a leading ~."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        text = number_text(value)
        return f"~{text}" if abs(value) >= NUMBER_SAFE_MAX else text
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def read_workbook(
    data: bytes, suffix: str, sheet: str | None, max_rows: int
) -> tuple[list[list[str]], str, tuple[str, ...]]:
    """(records from row 1 on, sheet name, all sheet names) of the asked or first filled sheet."""
    if data.startswith(ZIP_MARK):
        if suffix not in ("xlsx", "ods"):
            raise TableRefused("file.kind", {"suffix": suffix})
        check_zip(data, suffix, max_rows)
    elif data.startswith(OLE_MARK):
        check_ole(data, suffix)
    else:
        raise TableRefused("file.kind", {"suffix": suffix})
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = _visible_sheets(book)
        if sheet is not None and sheet not in book.sheet_names:
            raise TableRefused("file.sheet_missing", {"sheet": sheet, "sheets": visible})
        for name in (sheet,) if sheet is not None else visible:
            values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if len(values) > max_rows:
                raise TableRefused("file.too_many_rows", {"limit": max_rows})
            records = [[cell_text(value) for value in row] for row in values]
            if sheet is not None or any(any(row) for row in records):
                return records, name, visible
    except calamine.PasswordError:
        raise TableRefused("file.encrypted", {}) from None
    except (calamine.CalamineError, ValueError) as error:
        raise TableRefused("file.unreadable", {"reason": type(error).__name__}) from None
    except BaseException as error:  # a panic of the reader is no Exception, and no crash of ours
        if type(error).__name__ != "PanicException":
            raise
        raise TableRefused("file.unreadable", {"reason": "PanicException"}) from None
    raise TableRefused("file.empty", {})


def _visible_sheets(book: calamine.CalamineWorkbook) -> tuple[str, ...]:
    return tuple(
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
        and meta.visible == calamine.SheetVisibleEnum.Visible
    )
