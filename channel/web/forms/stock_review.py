"""What was typed into the cells of a report's review page, as repairs."""

from __future__ import annotations

from collections.abc import Mapping

from channel.services.steps.stock_preview import ORDER, Review
from channel.services.steps.stock_sheet import LEFT_OUT


def typed_repairs(form: Mapping[str, str], review: Review) -> dict[int, dict[str, str]]:
    """{row: {field: text}} of the cells that differ from what stands there, from cell-ROW-FIELD.

    A new row counts when any quantity or the reason was typed into it.
    """
    typed: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        kind, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if kind != "cell" or not number.isdecimal() or len(number) > 7:
            continue
        if field != LEFT_OUT and field not in ORDER:
            continue
        typed.setdefault(int(number), {})[field] = value.strip()[:500]
    shown = {row.number: row for row in review.bad_rows}
    repairs = {}
    for row_number, cells in typed.items():
        row = shown.get(row_number)
        if row is None:
            continue
        if row.is_new:
            wanted = any(cells.get(f) for f in ("receipts", "sell_out", "closing", "reason"))
            kept = {f: v for f, v in cells.items() if v} if wanted else {}
        else:
            now = {cell.field: cell.text for cell in row.cells}
            kept = {f: v for f, v in cells.items() if v != now.get(f, "")}
        if kept:
            repairs[row_number] = kept
    return repairs
