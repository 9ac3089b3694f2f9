"""Findings that point into a file: its name, sheet, column, row and the value that stands there.

One bad cell is one finding; a bad column is one finding with a count and its first rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from channel.tabular.fields import Source
from contracts.values.findings import Fact, Finding, Severity

#: Row numbers that a column finding names.
ROWS_NAMED_MAX = 8


def finding(
    source: Source,
    code: str,
    severity: Severity,
    *,
    row: int | None = None,
    field_name: str = "",
    **facts: Fact,
) -> Finding:
    """A finding that names file, sheet, column and row as far as they are known."""
    full: dict[str, Fact] = {"file": source.file, "sheet": source.sheet}
    if row is not None:
        full["row"] = row
    if field_name:
        full["column"] = source.label(field_name)
        full["field"] = field_name
    full.update(facts)
    subject = str(row) if row is not None else str(full.get("column", source.file))
    return Finding(code=code, severity=severity, subject=subject, facts=full)


def column_finding(
    source: Source,
    code: str,
    severity: Severity,
    field_name: str,
    rows: Sequence[int],
    value: str,
    **facts: Fact,
) -> Finding:
    """One finding for a column: how many rows, the first of them, and an example value."""
    named = tuple(str(number) for number in rows[:ROWS_NAMED_MAX])
    full: dict[str, Fact] = {"count": len(rows), "rows": named, "value": value, **facts}
    return finding(source, code, severity, row=None, field_name=field_name, **full)
