"""A checked file as a form: the rows to mend with their cells, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channel.messages.stock import COLUMNS
from channel.models.uploads import Upload
from channel.rules.stock import REQUIRED
from channel.services.steps.stock_sheet import FIELDS, LEFT_OUT, Sheet
from contracts.values.findings import Finding, Severity

#: Rows offered for mending at once; the next ones follow when these are done.
ROWS_OFFERED = 50
#: Rows of the whole sheet on one page, unless all are asked for.
ROWS_SHOWN = 200
_ORDER = [entry.name for entry in FIELDS]
#: Columns that the report does not need mended: the catalogue says them.
_NOT_MENDED = frozenset({"product_name", "unit"})


@dataclass(frozen=True)
class Cell:
    """One cell to mend: `text` as it is now, `raw` as the file had it."""

    name: str
    field: str
    label: Any
    text: str
    raw: str
    is_bad: bool


@dataclass(frozen=True)
class BadRow:
    """A row with its blocking findings; `is_new`: the file has no such row yet."""

    number: int
    title: str
    findings: tuple[Finding, ...]
    cells: tuple[Cell, ...]
    is_new: bool = False


@dataclass(frozen=True)
class Understood:
    """One cell of the whole sheet: what it was taken for, and the text of the file."""

    value: str
    raw: str
    is_mended: bool = False


@dataclass(frozen=True)
class Review:
    """Everything that the review page shows."""

    bad_rows: list[BadRow]
    more_bad: int
    on_report: list[Finding]
    flagged: list[Finding]
    notes: list[Finding]
    left_out: list[tuple[int, str]]
    fields: list[str]
    rows: list[tuple[int, bool, list[Understood]]]
    row_count: int

    @property
    def shown_all(self) -> bool:
        return len(self.rows) == self.row_count


def build(upload: Upload, sheet: Sheet, names: Mapping[str, str], show_all: bool) -> Review:
    """The review of a sheet; `names` are the goods' names by code."""
    by_row: dict[int, list[Finding]] = {}
    for finding in sheet.findings:
        row = finding.facts.get("row")
        if isinstance(row, int) and finding.is_blocking:
            by_row.setdefault(row, []).append(finding)
    bad = [_bad_row(sheet, number, found, names) for number, found in sorted(by_row.items())]
    rowless = [f for f in sheet.findings if "row" not in f.facts]
    bad += _new_rows(sheet, rowless, names)
    repairs = upload.options.get("repairs", {})
    shown = sheet.table.rows if show_all else sheet.table.rows[:ROWS_SHOWN]
    fields = [name for name in _ORDER if name in sheet.columns]
    return Review(
        bad_rows=bad[:ROWS_OFFERED],
        more_bad=max(len(bad) - ROWS_OFFERED, 0),
        on_report=[f for f in rowless if f.is_blocking],
        flagged=[f for f in sheet.findings if f.severity is Severity.WARN],
        notes=[f for f in sheet.findings if f.severity is Severity.INFO],
        left_out=[
            (row.number, " · ".join(filter(None, row.cells))[:80])
            for row in sheet.raw.rows
            if repairs.get(str(row.number), {}).get(LEFT_OUT)
        ],
        fields=fields,
        rows=_understood(sheet, fields, shown, by_row),
        row_count=len(sheet.table.rows),
    )


def _text(sheet: Sheet, cells: Sequence[str], field: str) -> str:
    label = sheet.columns.get(field)
    return cells[sheet.table.position(label)] if label in sheet.table.header and label else ""


def _raw(sheet: Sheet, cells: Sequence[str] | None, field: str) -> str:
    label = sheet.columns.get(field)
    if cells is None or label is None or label not in sheet.raw.header:
        return ""
    return cells[sheet.raw.position(label)]


def _bad_row(sheet: Sheet, number: int, found: list[Finding], names: Mapping[str, str]) -> BadRow:
    cells = next(row.cells for row in sheet.table.rows if row.number == number)
    raw = next((row.cells for row in sheet.raw.rows if row.number == number), None)
    flagged = {str(f.facts.get("field") or f.facts.get("column")) for f in found}
    fields = [
        name
        for name in _ORDER
        if name not in _NOT_MENDED
        and (name in sheet.columns or name in flagged or name == "reason")
    ]
    code = _text(sheet, cells, "product")
    title = " · ".join(filter(None, [code, names.get(code), _text(sheet, cells, "batch")]))
    return BadRow(
        number,
        title,
        tuple(found),
        tuple(
            Cell(
                f"cell-{number}-{name}", name, COLUMNS[name], _text(sheet, cells, name),
                _raw(sheet, raw, name), name in flagged,
            )
            for name in fields
        ),
    )  # fmt: skip


def _new_rows(sheet: Sheet, found: Sequence[Finding], names: Mapping[str, str]) -> list[BadRow]:
    """An empty row for each good that the report must mention and does not."""
    number = max([row.number for row in (*sheet.raw.rows, *sheet.table.rows)], default=1)
    rows = []
    for finding in found:
        if finding.code not in ("stock.line_missing", "stock.shipped_not_reported"):
            continue
        number += 1
        facts = finding.facts
        given = {
            "product": str(facts.get("product", "")),
            "batch": str(facts.get("batch", "")),
            "location": str(facts.get("location", "")),
            "opening": str(facts.get("previous", 0)),
        }
        fields = [n for n in _ORDER if n in (*REQUIRED, *given, "in_transit", "reason")]
        rows.append(
            BadRow(
                number,
                " · ".join(filter(None, [given["product"], names.get(given["product"])])),
                (finding,),
                tuple(
                    Cell(f"cell-{number}-{n}", n, COLUMNS[n], given.get(n, ""), "", False)
                    for n in fields
                ),
                is_new=True,
            )
        )
    return rows


def _understood(
    sheet: Sheet, fields: Sequence[str], rows: Sequence[Any], bad: Mapping[int, Any]
) -> list[tuple[int, bool, list[Understood]]]:
    lines = {line.row_number: line for line in sheet.lines}
    raws = {row.number: row.cells for row in sheet.raw.rows}
    shown = []
    for row in rows:
        line, cells = lines.get(row.number), []
        for name in fields:
            text = _text(sheet, row.cells, name)
            raw = _raw(sheet, raws.get(row.number), name)
            value = getattr(line, name, None) if hasattr(line, name) else text
            cells.append(Understood(_word(value, text), raw, text != raw))
        shown.append((row.number, row.number in bad, cells))
    return shown


def _word(value: Any, text: str) -> str:
    """What the cell was taken for, in the spelling that the report will keep."""
    if isinstance(value, date):
        return value.isoformat()
    return text if value is None else str(value)


def typed_repairs(form: Mapping[str, str], sheet: Sheet) -> dict[int, dict[str, str]]:
    """{row: {field: text}} of the cells that differ from what stands there, from cell-ROW-FIELD.

    A new row counts when any quantity or the reason was typed into it.
    """
    now = {row.number: row.cells for row in sheet.table.rows}
    typed: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        kind, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if kind != "cell" or not number.isdecimal() or len(number) > 7:
            continue
        if field != LEFT_OUT and field not in _ORDER:
            continue
        typed.setdefault(int(number), {})[field] = value.strip()[:500]
    repairs = {}
    for row, cells in typed.items():
        if row in now:
            kept = {f: v for f, v in cells.items() if v != _text(sheet, now[row], f)}
        elif any(cells.get(f) for f in ("receipts", "sell_out", "closing", "reason")):
            kept = {f: v for f, v in cells.items() if v}
        else:
            continue
        if kept:
            repairs[row] = kept
    return repairs
