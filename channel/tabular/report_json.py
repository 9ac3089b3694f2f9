"""A report as JSON rows (the programming interface, the grid of the portal) → one `Table`.

Members are the names of the fields; numbers stay exact, a null is a blank, and the row number is
the place in the list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channel.tabular.kinds.stock_report import KIND
from channel.tabular.tables import Row, Table, TableRefused

SUFFIX = "json"
_NAMES = tuple(f.name for f in KIND.fields)
_REQUIRED = ("product", "opening", "receipts", "sell_out", "closing")
#: A list nests once, an object in it once more; deeper is no report.
_DEPTH_MAX = 4


def write_rows(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as the bytes that are kept: the same rows always give the same bytes."""
    told = {"rows": rows}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode(
        "utf-8", "surrogatepass"
    )


def read_json(data: bytes, filename: str, max_rows: int) -> Table:
    """{"rows": [{"product": "A", "opening": 100, …}]}; raises TableRefused."""
    rows = _rows(data)
    if not rows:
        raise TableRefused("file.no_rows", {})
    if len(rows) > max_rows:
        raise TableRefused("file.too_many_rows", {"limit": max_rows})
    told: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise TableRefused("file.json_row", {"row": number})
        told.update(row)
    unknown = sorted(told - set(_NAMES))
    if unknown:
        first = tuple(name[:40] for name in unknown[:5])
        raise TableRefused("file.json_member", {"columns": first})
    names = [name for name in _NAMES if name in told or name in _REQUIRED]
    return Table(
        filename=filename,
        sheet="",
        header=tuple(KIND.field(name).zh for name in names),
        rows=[
            Row(number, tuple(_text(row.get(name), number) for name in names))
            for number, row in enumerate(rows, start=1)
        ],
    )


def _rows(data: bytes) -> list[Any]:
    head = data[:200_000]
    if head.count(b"[") > 10_000 + head.count(b"{") * _DEPTH_MAX:
        raise TableRefused("file.json", {})
    try:
        found = json.loads(data, parse_float=Decimal, parse_int=_whole, parse_constant=str)
    except (ValueError, RecursionError):
        raise TableRefused("file.json", {}) from None
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise TableRefused("file.json", {})
    return rows


def _whole(text: str) -> Decimal:
    """Digits stay text-exact, however many there are."""
    return Decimal(text[:60])


def _text(value: Any, row: int) -> str:
    """What a clerk would have typed; anything that is no single value refuses the file."""
    if value is None:
        return ""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise TableRefused("file.json_row", {"row": row})
        return value.strip()[:500]
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
        return format(value, "f")
    raise TableRefused("file.json_row", {"row": row})
