"""A filed report as bytes, column map and cell repairs → typed lines with every finding placed.

The bytes are never changed: what people mended in the page is laid over the table before it is
read, so that the same file with the same repairs always gives the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from channel.queries.stock_facts import KIND, StockContext
from channel.rules.stock import QUANTITIES, REQUIRED, RowFinding, StockRow, check_report
from channel.services.steps.stock_suspicions import causes, suspicions
from channel.services.steps.stock_words import FILLED, SUM, Asked, InOurWords, in_our_words
from channel.tabular.kinds import kind_named, read_kind
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import mapping_findings, propose
from channel.tabular.sales_lines import summed
from channel.tabular.stock_reading import read_report
from channel.tabular.tables import Row, Table
from contracts.values.findings import Finding, Severity, block, info

#: row number → {field: text as mended}; a row of a higher number than the file has is added.
Repairs = Mapping[int, Mapping[str, str]]

#: In the repairs of a row: the row is left out of the report.
LEFT_OUT = "left_out"
#: A stock report is one distributor's goods; more rows than this are some other file.
ROWS_MAX = 100_000
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
    #: Codes and units of the distributor's own that nobody has decided yet.
    codes: Sequence[Asked] = ()
    units: Sequence[Asked] = ()
    #: row number → (code, unit) as the file wrote them, where they differ from ours.
    own: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    #: What is filled in from what we know ourselves, as the sender asked.
    fill: Sequence[str] = ()

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
    memory = Columns(columns={name: label for label, name in remembered.items() if name})
    found = propose(header, FIELDS, memory)
    by_label = {label: name for name, label in found.columns.items()}
    ignored = {label for label, name in remembered.items() if not name}
    return {label: "" if label in ignored else by_label.get(label, "") for label in header if label}


def open_table(data: bytes, filename: str) -> Table:
    """The file as text; raises TableRefused with a `file.*` code."""
    return read_report(data, filename, max_rows=ROWS_MAX)


def check_sheet(
    raw: Table,
    labels: Mapping[str, str],
    repairs: Repairs,
    known: StockContext,
    fill: Sequence[str] = (),
) -> Sheet:
    """Everything that can be said of the file: reading, balance, continuity, shipments."""
    columns = {name: label for label, name in labels.items() if name}
    table, columns = _mended(raw, columns, repairs)
    notes: list[Finding] = []
    if SUM in fill and columns.get("sell_out") in table.header:
        sums = summed(table, columns)
        table, columns = sums.table, dict(sums.columns)
        facts = {"rows": sums.rows, "n": len(table.rows), "twice": sums.twice}
        notes = [info("stock.summed", **facts, returned=sums.returned, lost=sums.lost)]
    mapping = Columns(columns=columns)
    missing = _missing_columns(table, mapping, fill)
    if missing:
        return Sheet(raw, table, columns, (), [*missing, *notes], known.products, fill=fill)
    parsed = read_kind(KIND, table, mapping)
    told = [*notes, *(f for f in parsed.findings if f.code not in _SAID_BY_RULES)]
    told += [f for f in raw.findings if not _is_left_out(f, repairs)]
    words = in_our_words(parsed.rows, known, fill)
    has_gaps = any(f.is_blocking for f in told)
    aside = _not_counted(parsed.rows, known)
    told += _checked(words, table, columns, known, aside, has_gaps=has_gaps)
    if known.gap:
        told.append(info("stock.gap", last=known.gap))
    return Sheet(
        raw, table, columns, words.lines, sorted(told, key=_place), known.products,
        words.codes, words.units, words.own, fill,
    )  # fmt: skip


def _checked(
    words: InOurWords,
    table: Table,
    columns: Mapping[str, str],
    known: StockContext,
    aside: Mapping[str, int],
    *,
    has_gaps: bool,
) -> list[Finding]:
    """What the rules find in the lines, each finding with its place in the file."""
    evidence = known.evidence
    found = check_report(
        words.lines, known.previous_closings, known.shipped, known.in_transit, known.products,
        evidence.clause.soft,
    )  # fmt: skip
    found += suspicions(words.lines, evidence)
    if has_gaps or any(f.severity is Severity.BLOCK for f in words.found):
        # A line that could not be read would be told as missing a second time.
        found = [f for f in found if f.row_number is not None and f.finding.code not in _MISMATCH]
    found += causes(words.lines, found, evidence, aside)
    explained = {line.product for line in words.lines if line.has_reason}
    cells = {row.number: row.cells for row in table.rows}
    placed = [_placed(f, table, columns, cells) for f in (*words.found, *_strict(found, explained))]
    return [*_not_whole(words, table), *placed]


def _not_counted(rows: Sequence[Any], known: StockContext) -> dict[str, int]:
    """Receipts of rows that are none of our goods as decided, or not decided yet, by code."""
    aside: dict[str, int] = {}
    for row in rows:
        meaning = known.words.meaning(row.product)
        if (meaning is None or meaning.product is None) and row.receipts:
            aside[row.product] = aside.get(row.product, 0) + int(row.receipts)
    return aside


def _is_left_out(finding: Finding, repairs: Repairs) -> bool:
    """A rejected segment of a message that the sender lets go."""
    row = finding.facts.get("row")
    return isinstance(row, int) and bool(repairs.get(row, {}).get(LEFT_OUT))


def _missing_columns(table: Table, mapping: Columns, fill: Sequence[str]) -> list[Finding]:
    """Columns without which no line says anything, and columns that the file has lost.

    A count stands for the closing; what we are asked to fill in needs no column.
    """
    found = mapping_findings(kind_named(KIND), table, mapping)
    told = {f.facts.get("column") for f in found}
    spared = {*fill, *(("closing",) if "counted" in mapping.columns else ())}
    for entry in FIELDS:
        needed = entry.name in REQUIRED and entry.name not in spared
        if needed and entry.name not in mapping.columns and entry.zh not in told:
            found.append(
                block(
                    "column.not_mapped", entry.zh,
                    file=table.filename, sheet=table.sheet, column=entry.zh, field=entry.en,
                )
            )  # fmt: skip
    return found


def can_fill(sheet: Sheet) -> tuple[str, ...]:
    """The columns that the file leaves blank or lacks, and that we could fill in when asked."""
    if not sheet.is_mapped:
        lost = {f.facts.get("column") for f in sheet.findings if f.code == "column.not_mapped"}
        labels = {entry.zh: entry.name for entry in FIELDS}
        names = {labels.get(str(label), "") for label in lost}
        if not names <= set(FILLED):
            return ()
        return tuple(name for name in (*FILLED, SUM) if name in {*names, SUM} - set(sheet.fill))
    blank = {f.facts.get("column") for f in sheet.findings if f.code == "stock.blank"}
    if any(f.code == "stock.repeated_line" for f in sheet.findings):
        blank.add(SUM)
    return tuple(name for name in (*FILLED, SUM) if name in blank and name not in sheet.fill)


def _mended(
    raw: Table, columns: Mapping[str, str], repairs: Repairs
) -> tuple[Table, dict[str, str]]:
    """The table and column map with the repairs laid over; columns that it lacks are added."""
    columns = dict(columns)
    header = list(raw.header)
    for name in sorted({name for cells in repairs.values() for name in cells} - {LEFT_OUT}):
        if name not in columns:
            label = kind_named(KIND).field(name).zh
            while label in header:
                label += "*"
            header.append(label)
            columns[name] = label
    place = {name: header.index(label) for name, label in columns.items() if label in header}
    wider = len(header) - len(raw.header)
    filed = {row.number: row.cells + ("",) * wider for row in raw.rows}
    for number, cells in repairs.items():
        text = list(filed.get(number, ("",) * len(header)))
        for name, value in cells.items():
            if name in place:
                text[place[name]] = value
        if cells.get(LEFT_OUT) or not any(text):
            filed.pop(number, None)
        else:
            filed[number] = tuple(text)
    rows = [Row(number, cells) for number, cells in sorted(filed.items())]
    return replace(raw, header=tuple(header), rows=rows), columns


def _strict(found: Iterable[RowFinding], explained: set[str]) -> list[RowFinding]:
    """Receipts that disagree with our shipments block too, until a line of the good says why."""
    return [
        replace(f, finding=replace(f.finding, severity=Severity.BLOCK))
        if f.finding.code in _MISMATCH and f.finding.subject not in explained
        else f
        for f in found
    ]


def _not_whole(words: InOurWords, table: Table) -> list[Finding]:
    """Stock is kept in whole base units, the unit of orders and prices."""
    told = {(f.row_number, f.column) for f in words.found if f.finding.code.endswith("not_whole")}
    return [
        block(
            "stock.not_whole", line.product,
            file=table.filename, sheet=table.sheet, row=line.row_number, field=name,
            column=name, value=getattr(line, name),
        )
        for line in words.lines
        for name in QUANTITIES
        if isinstance(getattr(line, name), Decimal) and (line.row_number, name) not in told
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
        if label is not None and found.row_number in cells:
            facts["value"] = cells[found.row_number][table.position(label)]
    return replace(found.finding, facts={**facts, **found.finding.facts})


def _place(finding: Finding) -> tuple[bool, int]:
    """Lines in file order; what concerns the whole report comes last."""
    row = finding.facts.get("row")
    return (not isinstance(row, int), row if isinstance(row, int) else 0)
