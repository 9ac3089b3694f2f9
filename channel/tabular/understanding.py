"""A table and a mapping → typed rows and findings, column by column and then row by row.

A column that cannot be believed refuses the whole reading with one finding; single bad cells
are findings with their row; a row with any bad cell is not among the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from channel.tabular.cells import CellError, DateOrder, DecimalMark
from channel.tabular.columns import decimal_mark, whole_and_grouped
from channel.tabular.dates import date_order, parse_date
from channel.tabular.fields import Context, Field, Kind, Source, Value
from channel.tabular.mapping import Mapping, mapping_findings
from channel.tabular.reporting import column_finding, finding
from channel.tabular.tables import Table
from channel.tabular.wording import label_key
from contracts.values.findings import Finding, Severity

#: More bad cells of one sort in one column are told as one finding for the column.
CELLS_TOLD_MAX = 20
_TOTAL_WORDS = frozenset({"合计", "总计", "小计", "total", "totals", "grandtotal", "sum"})


@dataclass(frozen=True)
class Parsed:
    """The typed rows that are sound, and everything found on the way, in file order."""

    kind: str
    rows: Sequence[Any]
    findings: list[Finding] = field(default_factory=list)
    row_count: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether anything blocks: then nothing of the file may be saved."""
        return any(finding.is_blocking for finding in self.findings)


@dataclass
class _Column:
    """One field's texts (already translated and without totals) and how to read them."""

    entry: Field
    texts: list[str]
    mark: DecimalMark = "point"
    order: DateOrder | None = None
    values: list[Value | CellError] = field(default_factory=list)


def understand(kind: Kind, table: Table, mapping: Mapping, context: Context) -> Parsed:
    """Everything that can be said about the table without a database."""
    found = mapping_findings(kind, table, mapping)
    if found:
        return Parsed(kind.name, (), found, len(table.rows))
    source = Source(table.filename, table.sheet, dict(mapping.columns))
    rows, skipped = [], []
    for row in table.rows:
        if _is_total(row.cells):
            skipped.append(row.number)
        else:
            rows.append(row)
    found = [finding(source, "row.total_skipped", Severity.INFO, row=number) for number in skipped]
    if not rows:
        found.append(finding(source, "file.no_rows", Severity.BLOCK))
        return Parsed(kind.name, (), found, 0)
    numbers = [row.number for row in rows]
    columns, refusals = [], []
    for entry in _with_requirements(kind, mapping):
        column = _column(entry, table, mapping, [row.cells for row in rows])
        if column is None:
            continue
        refusal = _judge_column(column, table, mapping, source, numbers)
        refusals += refusal
        if not any(f.is_blocking for f in refusal):
            _parse_column(column, entry.name in mapping.negated)
            columns.append(column)
    cells, bad = _cell_findings(columns, source, numbers, context)
    found += refusals + cells
    if any(f.is_blocking for f in refusals):
        return Parsed(kind.name, (), found, len(rows))
    typed = _build(kind, columns, numbers, bad)
    found += _duplicates(kind, typed, source)
    if kind.check is not None:
        found += kind.check(typed, source, context)
    return Parsed(kind.name, typed, found, len(rows))


def _with_requirements(kind: Kind, mapping: Mapping) -> list[Field]:
    """The fields, those of the first satisfied alternative of each group required as well."""
    given = set(mapping.columns) | set(mapping.constants)
    needed: set[str] = set()
    for group in kind.one_of:
        needed.update(next(fields for fields in group if set(fields) <= given))
    return [replace(f, required=True) if f.name in needed else f for f in kind.fields]


def _is_total(cells: tuple[str, ...]) -> bool:
    first = cells[0] or next(filter(None, cells), "")
    return len(first) <= 12 and not first.isdecimal() and label_key(first) in _TOTAL_WORDS


def _column(
    entry: Field, table: Table, mapping: Mapping, rows: Sequence[tuple[str, ...]]
) -> _Column | None:
    label = mapping.columns.get(entry.name)
    constant = mapping.constants.get(entry.name, "")
    if label is None:
        return _Column(entry, [constant] * len(rows)) if constant else None
    place = table.position(label)
    words = mapping.translations.get(entry.name, {})
    texts = [words.get(cells[place], cells[place]) or constant for cells in rows]
    return _Column(entry, texts)


def _judge_column(
    column: _Column, table: Table, mapping: Mapping, source: Source, numbers: Sequence[int]
) -> list[Finding]:
    """Sets how the column is read; a blocking finding means that it must not be read."""
    entry = column.entry
    if entry.is_number:
        verdict = decimal_mark(column.texts)
        column.mark = verdict.mark
        if verdict.conflict:
            rows = [numbers[i] for i in verdict.places]
            return [
                column_finding(
                    source, "column.decimal_lost", Severity.BLOCK, entry.name, rows,
                    verdict.other, other=verdict.example,
                )
            ]  # fmt: skip
        example = whole_and_grouped(column.texts) if entry.is_money else ""
        if example:
            rows = [n for n, text in zip(numbers, column.texts, strict=True) if text == example]
            return [
                column_finding(
                    source, "column.whole_numbers", Severity.WARN, entry.name, rows, example
                )
            ]
    if entry.type == "date":
        return _judge_dates(column, table, mapping, source, numbers)
    return []


def _judge_dates(
    column: _Column, table: Table, mapping: Mapping, source: Source, numbers: Sequence[int]
) -> list[Finding]:
    entry = column.entry
    chosen = mapping.date_orders.get(entry.name)
    if chosen in ("dmy", "mdy"):
        column.order = cast(DateOrder, chosen)
    else:
        column.order, day_first, month_first = date_order(column.texts)
        if day_first and month_first:
            rows = [n for n, t in zip(numbers, column.texts, strict=True) if t == month_first]
            return [
                column_finding(
                    source, "column.date_orders_mixed", Severity.BLOCK, entry.name, rows,
                    month_first, other=day_first,
                )
            ]  # fmt: skip
    return _rival_dates(column, table, source, numbers)


def _rival_dates(
    column: _Column, table: Table, source: Source, numbers: Sequence[int]
) -> list[Finding]:
    """A sister column of date keys (OrderDate, OrderDateKey) must tell the same days."""
    label = source.labels.get(column.entry.name, "")
    if not label:
        return []
    key = label_key(label)
    sisters = [
        place
        for place, other in enumerate(table.header)
        if other != label and label_key(other) in (key + "key", key.removesuffix("key"))
    ]
    by_number = {row.number: row.cells for row in table.rows}
    for place in sisters:
        rows, example, other = [], "", ""
        for number, text in zip(numbers, column.texts, strict=True):
            mine = parse_date(text, order=column.order)
            hers = parse_date(by_number[number][place], order=column.order)
            if isinstance(mine, CellError) or isinstance(hers, CellError) or mine == hers:
                continue
            rows.append(number)
            example, other = example or text, other or by_number[number][place]
        if rows:
            return [
                column_finding(
                    source, "column.dates_disagree", Severity.BLOCK, column.entry.name, rows,
                    example, other=other, other_column=table.header[place],
                )
            ]  # fmt: skip
    return []


def _parse_column(column: _Column, negate: bool) -> None:
    entry, parsed = column.entry, dict[str, Value | CellError]()
    for text in column.texts:
        if text not in parsed:
            shown = _negated(text) if negate and text else text
            parsed[text] = entry.parse(shown, column.mark, column.order)
    column.values = [parsed[text] for text in column.texts]


def _negated(text: str) -> str:
    """The text of the opposite number, so that limits are checked on what is meant."""
    if text[0] in "-−":
        return text[1:]
    return text[1:-1] if text[0] == "(" and text[-1] == ")" else "-" + text


def _cell_findings(
    columns: Sequence[_Column], source: Source, numbers: Sequence[int], context: Context
) -> tuple[list[Finding], set[int]]:
    """(findings in row order, places of rows that have a bad cell)."""
    groups: dict[tuple[str, str], list[tuple[int, CellError]]] = {}
    bad: set[int] = set()
    for column in columns:
        known = context.known.get(column.entry.refers_to) if column.entry.refers_to else None
        for place, value in enumerate(column.values):
            error = value if isinstance(value, CellError) else None
            if error is None and known is not None and value is not None and value not in known:
                noun = column.entry.refers_to
                error = CellError("cell.unknown_code", {"value": str(value), "noun": noun})
            if error is not None:
                bad.add(place)
                groups.setdefault((column.entry.name, error.code), []).append((place, error))
    found = []
    for (name, code), errors in groups.items():
        if len(errors) > CELLS_TOLD_MAX:
            rows = [numbers[place] for place, _ in errors]
            facts = {k: v for k, v in errors[0][1].facts.items() if k != "value"}
            value = str(errors[0][1].facts.get("value", ""))
            told = "column." + code.removeprefix("cell.")
            found.append(column_finding(source, told, Severity.BLOCK, name, rows, value, **facts))
            continue
        for place, error in errors:
            found.append(
                finding(
                    source, error.code, Severity.BLOCK, row=numbers[place], field_name=name,
                    **error.facts,
                )
            )  # fmt: skip
    found.sort(key=lambda f: cast(int, f.facts.get("row", 0)))
    return found, bad


def _build(
    kind: Kind, columns: Sequence[_Column], numbers: Sequence[int], bad: set[int]
) -> list[Any]:
    names = [column.entry.name for column in columns]
    by_row = zip(*(column.values for column in columns), strict=True)
    return [
        kind.row_type(row=numbers[place], **dict(zip(names, values, strict=True)))
        for place, values in enumerate(by_row)
        if place not in bad
    ]


def _duplicates(kind: Kind, rows: Sequence[Any], source: Source) -> list[Finding]:
    """The same external key twice in one file would be booked twice."""
    if not kind.key:
        return []
    first: dict[tuple[Any, ...], int] = {}
    twice: list[tuple[int, int, str]] = []
    for row in rows:
        key = tuple(getattr(row, name) for name in kind.key)
        if key in first:
            shown = " / ".join("" if part is None else str(part) for part in key)
            twice.append((row.row, first[key], shown))
        else:
            first[key] = row.row
    if len(twice) > CELLS_TOLD_MAX:
        lines = [number for number, _, _ in twice]
        return [
            column_finding(
                source, "column.duplicates", Severity.BLOCK, kind.key[0], lines, twice[0][2]
            )
        ]
    return [
        finding(
            source, "row.duplicate", Severity.BLOCK, row=number, field_name=kind.key[0],
            value=shown, first=earlier,
        )
        for number, earlier, shown in twice
    ]  # fmt: skip
