"""The lines of a stored report for its page and its file: balance, totals, cells in file order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.stock_advice import line_of
from channel.rules.stock import QUANTITIES, expected_closing
from contracts.values.findings import Finding, from_json

#: The order of the columns on the page and in files.
SHOWN = QUANTITIES


@dataclass(frozen=True)
class Line:
    """A stored row with its difference to the balance (0: it balances) and what was accepted."""

    row: InventoryRow
    difference: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Total:
    """The sums of one unit of sale; a quantity that no line reports is None."""

    unit: str
    sums: dict[str, int | None]
    difference: int


def lines(report: InventoryReport) -> list[Line]:
    """The rows in file order."""
    return [
        Line(row, _difference(row), tuple(from_json(row.findings or []))) for row in report.rows
    ]


def _difference(row: InventoryRow) -> int:
    """Closing less what the movements lead to."""
    expected = expected_closing(line_of(row))
    return 0 if expected is None else int(row.closing - expected)


def totals(found: Sequence[Line]) -> list[Total]:
    """One total per unit of sale: boxes and bottles are not added up."""
    result = []
    for unit in sorted({line.row.product.unit for line in found}):
        own = [line for line in found if line.row.product.unit == unit]
        sums = {name: _sum([getattr(line.row, name) for line in own]) for name in SHOWN}
        result.append(Total(unit, sums, sum(line.difference for line in own)))
    return result


def _sum(values: list[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None


def used_columns(found: Sequence[Line]) -> list[str]:
    """The quantity columns that any line reports; the required ones always."""
    return [
        name
        for name in SHOWN
        if name in ("opening", "receipts", "sell_out", "closing")
        or any(getattr(line.row, name) is not None for line in found)
    ]


def file_cells(line: Line, names: Sequence[str]) -> list[Any]:
    """The line under the field names of a report file, so that the export can be filed again."""
    row = line.row
    own = {"product": row.product.code, "product_name": row.product.name, "unit": row.product.unit}
    return [own[name] if name in own else getattr(row, name) for name in names]
