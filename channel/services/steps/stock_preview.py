"""What the page of a checked report shows: the rows to mend first, then all as understood.

Small files are looked at anew each time; of a large one this is kept as plain data beside the
file, so that no page waits for fifty thousand rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from channel.models.uploads import Upload
from channel.rules.stock import REQUIRED
from channel.services.steps.stock_sheet import FIELDS, LEFT_OUT, Sheet, can_fill
from channel.services.steps.stock_suspicions import CAUSE, by_place, place
from channel.services.steps.stock_words import Asked
from contracts.values.findings import Finding, Severity

#: Rows offered for mending at once; the next ones follow when these are done.
ROWS_OFFERED = 50
#: Rows of the whole sheet on one page, unless all are asked for.
ROWS_SHOWN = 200
#: Codes and units asked at once, and soft findings listed.
ASKED_MAX = 50
FLAGGED_MAX = 100
SAMPLES = 3
_ORDER = [entry.name for entry in FIELDS]
#: Columns that the report does not need mended: the catalogue says them.
_NOT_MENDED = frozenset({"product_name"})
#: Rows that wait for an answer about a code or unit only; the question stands above them.
_ASKED = frozenset({"stock.unknown_product", "stock.unknown_unit"})
ORDER = tuple(_ORDER)


@dataclass(frozen=True)
class Cell:
    """One cell to mend: `text` as it is now, `raw` as the file had it."""

    field: str
    text: str
    raw: str
    is_bad: bool


@dataclass(frozen=True)
class BadRow:
    """A row with its blocking findings; `is_new`: the file has no such row yet.

    `is_segment`: a rejected segment of a message, which can only be let go.
    """

    number: int
    title: str
    findings: tuple[Finding, ...]
    cells: tuple[Cell, ...]
    is_new: bool = False
    is_segment: bool = False


@dataclass(frozen=True)
class Understood:
    """One cell of the whole sheet: what it was taken for, and the text of the file."""

    value: str
    raw: str
    is_mended: bool = False


@dataclass(frozen=True)
class Label:
    """A column of the file: its title, the field it is read as, and its first values."""

    text: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """Everything that the review page shows."""

    bad_rows: list[BadRow]
    more_bad: int
    on_report: list[Finding]
    flagged: list[Finding]
    flagged_count: int
    notes: list[Finding]
    left_out: list[tuple[int, str]]
    fields: list[str]
    rows: list[tuple[int, bool, list[Understood]]]
    row_count: int
    line_count: int
    sheet: str
    labels: list[Label]
    #: field → label, with those that repairs added.
    columns: Mapping[str, str]
    is_mapped: bool
    is_blocked: bool
    #: (Chinese, English) names of the columns that are still without one in the file.
    missing: list[tuple[str, str]]
    codes: list[Asked] = field(default_factory=list)
    units: list[Asked] = field(default_factory=list)
    can_fill: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    products: frozenset[str] = frozenset()

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
    why = by_place(sheet.findings)
    by_row = {n: [t for f in own for t in (f, *why.get(place(f), ()))] for n, own in by_row.items()}
    order = sorted(by_row, key=lambda n: (all(f.code in _ASKED for f in by_row[n]), n))
    cells = {row.number: row.cells for row in sheet.table.rows}
    raws = {row.number: row.cells for row in sheet.raw.rows}
    bad = [
        _bad_row(sheet, n, by_row[n], names, cells.get(n), raws.get(n))
        for n in order[:ROWS_OFFERED]
    ]
    rowless = [f for f in sheet.findings if "row" not in f.facts]
    # Lines may only seem to be missing while nobody has said what their codes are.
    new = [] if sheet.codes or sheet.units else _new_rows(sheet, rowless, names, why)
    room = max(ROWS_OFFERED - len(bad), 0)
    repairs = upload.options.get("repairs", {})
    shown = sheet.table.rows if show_all else sheet.table.rows[:ROWS_SHOWN]
    fields = [name for name in _ORDER if name in sheet.columns or name in sheet.fill]
    flagged = [f for f in sheet.findings if f.severity is Severity.WARN]
    shown_flagged = [t for f in flagged[:FLAGGED_MAX] for t in (f, *why.get(place(f), ()))]
    missing = [f for f in sheet.findings if f.code == "column.not_mapped"]
    return Review(
        bad_rows=[*bad, *new[:room]],
        more_bad=len(order) - len(bad) + max(len(new) - room, 0),
        on_report=[f for f in rowless if f.is_blocking],
        flagged=shown_flagged,
        flagged_count=len(flagged),
        notes=_notes(sheet),
        left_out=[
            (row.number, " · ".join(filter(None, row.cells))[:80])
            for row in sheet.raw.rows
            if repairs.get(str(row.number), {}).get(LEFT_OUT)
        ][:ROWS_OFFERED],
        fields=fields,
        rows=_understood(sheet, fields, shown, by_row, raws),
        row_count=len(sheet.table.rows),
        line_count=len(sheet.lines),
        sheet=sheet.raw.sheet,
        labels=[_label(sheet, label) for label in sheet.raw.header if label],
        columns=sheet.columns,
        is_mapped=sheet.is_mapped,
        is_blocked=sheet.is_blocked,
        missing=[(str(f.facts.get("column")), str(f.facts.get("field"))) for f in missing],
        codes=list(sheet.codes[:ASKED_MAX]),
        units=list(sheet.units[:ASKED_MAX]),
        can_fill=can_fill(sheet),
        filled=tuple(sheet.fill),
        products=frozenset(names),
    )


def _notes(sheet: Sheet) -> list[Finding]:
    """What only tells; many of one sort are told by the first of them."""
    notes: list[Finding] = []
    told: dict[str, int] = {}
    for finding in sheet.findings:
        if finding.severity is Severity.INFO and not finding.code.startswith(CAUSE):
            told[finding.code] = told.get(finding.code, 0) + 1
            if told[finding.code] <= 8:
                notes.append(finding)
    return notes


def _label(sheet: Sheet, label: str) -> Label:
    place = sheet.raw.position(label)
    samples: dict[str, None] = {}
    for row in sheet.raw.rows:
        if row.cells[place]:
            samples[row.cells[place][:60]] = None
        if len(samples) == SAMPLES:
            break
    return Label(label, tuple(samples))


def _text(sheet: Sheet, cells: Sequence[str] | None, field_name: str) -> str:
    label = sheet.columns.get(field_name)
    if cells is None or not label or label not in sheet.table.header:
        return ""
    return cells[sheet.table.position(label)]


def _raw(sheet: Sheet, cells: Sequence[str] | None, field_name: str) -> str:
    label = sheet.columns.get(field_name)
    if cells is None or label is None or label not in sheet.raw.header:
        return ""
    return cells[sheet.raw.position(label)]


def _bad_row(
    sheet: Sheet,
    number: int,
    found: list[Finding],
    names: Mapping[str, str],
    cells: Sequence[str] | None,
    raw: Sequence[str] | None,
) -> BadRow:
    segment = next((f for f in found if f.code == "edi.segment"), None)
    if cells is None:
        title = str(segment.facts.get("text", "")) if segment else ""
        return BadRow(number, title, tuple(found), (), is_segment=True)
    flagged = {str(f.facts.get("field") or f.facts.get("column")) for f in found}
    fields = [
        name
        for name in _ORDER
        if name not in _NOT_MENDED
        and (name in sheet.columns or name in flagged or name == "reason")
    ]
    code = _text(sheet, cells, "product")
    name = names.get(code) or _text(sheet, cells, "product_name")
    title = " · ".join(filter(None, [code, name, _text(sheet, cells, "batch")]))
    return BadRow(
        number,
        title,
        tuple(found),
        tuple(
            Cell(name, _text(sheet, cells, name), _raw(sheet, raw, name), name in flagged)
            for name in fields
        ),
    )


def _new_rows(
    sheet: Sheet,
    found: Sequence[Finding],
    names: Mapping[str, str],
    why: Mapping[tuple[Any, Any, str], list[Finding]],
) -> list[BadRow]:
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
                (finding, *why.get(place(finding), ())),
                tuple(Cell(n, given.get(n, ""), "", False) for n in fields),
                is_new=True,
            )
        )
    return rows


def _understood(
    sheet: Sheet,
    fields: Sequence[str],
    rows: Sequence[Any],
    bad: Mapping[int, Any],
    raws: Mapping[int, Sequence[str]],
) -> list[tuple[int, bool, list[Understood]]]:
    lines = {line.row_number: line for line in sheet.lines}
    shown = []
    for row in rows:
        line, cells = lines.get(row.number), []
        for name in fields:
            text = _text(sheet, row.cells, name)
            raw = _raw(sheet, raws.get(row.number), name)
            value = _word(getattr(line, name, None) if hasattr(line, name) else text, text)
            cells.append(Understood(value, raw, text != raw or (not raw and bool(value))))
        shown.append((row.number, row.number in bad, cells))
    return shown


def _word(value: Any, text: str) -> str:
    """What the cell was taken for, in the spelling that the report will keep."""
    if isinstance(value, date):
        return value.isoformat()
    return text if value is None else str(value)
