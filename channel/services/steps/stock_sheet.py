"""A filed report as bytes, column map and cell repairs → typed lines with every finding placed.

The bytes are never changed: what people mended in the page is laid over the table before it is
read, so that the same file with the same repairs always gives the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from channel.queries.stock_facts import KIND, StockContext
from channel.rules.stock import QUANTITIES, REQUIRED, RowFinding, StockRow, check_report, plain
from channel.tabular.kinds import kind_named, read_kind
from channel.tabular.kinds.stock_report import StockReportRow
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import mapping_findings, propose
from channel.tabular.reading import read_table
from channel.tabular.tables import Row, Table
from contracts.values.findings import Finding, Severity, block, info

#: row number → {field: text as mended}; a row of a higher number than the file has is added.
Repairs = Mapping[int, Mapping[str, str]]

#: In the repairs of a row: the row is left out of the report.
LEFT_OUT = "left_out"
#: A stock report is one distributor's goods; more rows than this are some other file.
ROWS_MAX = 20_000
FIELDS = kind_named(KIND).fields
#: The rules say these of the whole report, in better words.
_SAID_BY_RULES = frozenset({"row.duplicate", "column.duplicates", "row.expiry_before_production"})
_MISMATCH = frozenset({"stock.shipped_not_reported", "stock.reported_not_shipped"})


@dataclass(frozen=True)
class Sheet:
    """A report read and checked.

    `raw` is the table as filed, `table` with the repairs; `columns` is field → label. `lines`
    are the sound rows. Findings carry `row` and `field` in their facts where they have a place.
    """

    raw: Table
    table: Table
    columns: Mapping[str, str]
    lines: Sequence[StockRow]
    findings: Sequence[Finding]
    #: Code → id of all goods.
    product_ids: Mapping[str, int]

    @property
    def is_mapped(self) -> bool:
        """Whether every column that a report needs was found in the file."""
        return not any(f.code == "column.not_mapped" for f in self.findings)

    @property
    def is_blocked(self) -> bool:
        return any(f.is_blocking for f in self.findings)

    def accepted_on(self, row_number: int) -> list[Finding]:
        """The soft findings on one line, kept with it when the report is accepted."""
        return [
            f
            for f in self.findings
            if f.facts.get("row") == row_number and f.severity is Severity.WARN
        ]


def propose_columns(header: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """File label → field for a new file: as remembered, else by our own labels and synonyms.

    '' = nobody reads the column.
    """
    memory = Columns(columns={field: label for label, field in remembered.items() if field})
    found = propose(header, FIELDS, memory)
    by_label = {label: field for field, label in found.columns.items()}
    ignored = {label for label, field in remembered.items() if not field}
    return {label: "" if label in ignored else by_label.get(label, "") for label in header if label}


def open_table(data: bytes, filename: str) -> Table:
    """The file as text; raises TableRefused with a `file.*` code."""
    return read_table(data, filename, max_rows=ROWS_MAX)


def check_sheet(
    raw: Table, labels: Mapping[str, str], repairs: Repairs, known: StockContext
) -> Sheet:
    """Everything that can be said of the file: reading, balance, continuity, shipments."""
    columns = {field: label for label, field in labels.items() if field}
    table, columns = _mended(raw, columns, repairs)
    mapping = Columns(columns=columns)
    missing = _missing_columns(table, mapping)
    if missing:
        return Sheet(raw, table, columns, (), missing, known.products)
    parsed = read_kind(KIND, table, mapping)
    told = [f for f in parsed.findings if f.code not in _SAID_BY_RULES]
    lines = [_line(row) for row in parsed.rows]
    found = check_report(
        lines, known.previous_closings, known.shipped, known.in_transit, known.products
    )
    if any(f.is_blocking for f in told):
        # A line that could not be read would be told as missing a second time.
        found = [f for f in found if f.row_number is not None and f.finding.code not in _MISMATCH]
    explained = {line.product for line in lines if line.has_reason}
    cells = {row.number: row.cells for row in table.rows}
    placed = [_placed(f, table, columns, cells) for f in _strict(found, explained)]
    told += [*_not_whole(lines, table), *placed]
    if known.gap:
        told.append(info("stock.gap", last=known.gap))
    return Sheet(raw, table, columns, lines, sorted(told, key=_place), known.products)


def _missing_columns(table: Table, mapping: Columns) -> list[Finding]:
    """Columns without which no line says anything, and columns that the file has lost."""
    found = mapping_findings(kind_named(KIND), table, mapping)
    told = {f.facts.get("column") for f in found}
    for entry in FIELDS:
        if entry.name in REQUIRED and entry.name not in mapping.columns and entry.zh not in told:
            found.append(
                block(
                    "column.not_mapped", entry.zh,
                    file=table.filename, sheet=table.sheet, column=entry.zh, field=entry.en,
                )
            )  # fmt: skip
    return found


def _mended(
    raw: Table, columns: Mapping[str, str], repairs: Repairs
) -> tuple[Table, dict[str, str]]:
    """The table and column map with the repairs laid over; columns that it lacks are added."""
    columns = dict(columns)
    header = list(raw.header)
    for field in sorted({field for cells in repairs.values() for field in cells} - {LEFT_OUT}):
        if field not in columns:
            label = kind_named(KIND).field(field).zh
            while label in header:
                label += "*"
            header.append(label)
            columns[field] = label
    place = {field: header.index(label) for field, label in columns.items() if label in header}
    wider = len(header) - len(raw.header)
    filed = {row.number: row.cells + ("",) * wider for row in raw.rows}
    for number, cells in repairs.items():
        text = list(filed.get(number, ("",) * len(header)))
        for field, value in cells.items():
            if field in place:
                text[place[field]] = value
        if cells.get(LEFT_OUT) or not any(text):
            filed.pop(number, None)
        else:
            filed[number] = tuple(text)
    rows = [Row(number, cells) for number, cells in sorted(filed.items())]
    return replace(raw, header=tuple(header), rows=rows), columns


_COPIED = tuple(f.name for f in fields(StockRow) if f.name != "row_number")


def _line(row: StockReportRow) -> StockRow:
    """The typed row as the rules want it: whole numbers as such, quantities in base units."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    for name, value in values.items():
        if isinstance(value, Decimal):
            values[name] = plain(value)
    return StockRow(row_number=row.row, **values)


def _strict(found: Iterable[RowFinding], explained: set[str]) -> list[RowFinding]:
    """Receipts that disagree with our shipments block too, until a line of the good says why."""
    return [
        replace(f, finding=replace(f.finding, severity=Severity.BLOCK))
        if f.finding.code in _MISMATCH and f.finding.subject not in explained
        else f
        for f in found
    ]


def _not_whole(lines: Sequence[StockRow], table: Table) -> list[Finding]:
    """Stock is kept in whole base units, the unit of orders and prices."""
    return [
        block(
            "stock.not_whole", line.product,
            file=table.filename, sheet=table.sheet, row=line.row_number, field=name,
            column=name, value=getattr(line, name),
        )
        for line in lines
        for name in QUANTITIES
        if isinstance(getattr(line, name), Decimal)
    ]  # fmt: skip


def _placed(
    found: RowFinding, table: Table, columns: Mapping[str, str], cells: Mapping[int, Any]
) -> Finding:
    """The finding of a rule with file, sheet, row, field and the text that stands there."""
    facts: dict[str, Any] = {"file": table.filename, "sheet": table.sheet}
    if found.row_number is not None:
        facts["row"] = found.row_number
        facts["field"] = found.column or ""
        label = columns.get(found.column or "")
        if label is not None:
            facts["value"] = cells[found.row_number][table.position(label)]
    return replace(found.finding, facts={**facts, **found.finding.facts})


def _place(finding: Finding) -> tuple[bool, int]:
    """Lines in file order; what concerns the whole report comes last."""
    row = finding.facts.get("row")
    return (not isinstance(row, int), row if isinstance(row, int) else 0)
