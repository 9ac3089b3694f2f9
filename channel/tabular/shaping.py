"""Two tables made one, and rows left out by a stated rule, before they are mapped.

Source systems keep heads and lines in separate files; a join that loses or doubles a line is
refused instead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from channel.tabular.tables import Row, Table, TableRefused
from channel.tabular.wording import folded


def join(
    lines: Table,
    heads: Table,
    on: str,
    heads_on: str | None = None,
    take: Collection[str] | None = None,
) -> Table:
    """`lines` with the columns of `heads` behind, matched by key; row numbers are the lines'.

    `take` names the head columns wanted (None: all); one whose label the lines already have is
    left out, and so are heads without a key. Amounts of a head are not amounts of its lines, so
    name what you take. Raises TableRefused "file.join_missing" when a line has no head and
    "file.join_doubled" when a key has two.
    """
    key = heads_on or on
    try:
        left, right = lines.position(on), heads.position(key)
    except KeyError as error:
        raise TableRefused(
            "file.join_column", {"file": lines.filename, "other": heads.filename,
                                 "column": str(error.args[0])}
        ) from None  # fmt: skip
    taken = [
        place
        for place, label in enumerate(heads.header)
        if label and label not in lines.header and (take is None or label in take)
    ]
    by_key: dict[str, tuple[str, ...]] = {}
    for row in heads.rows:
        mark = folded(row.cells[right])
        if not mark:
            continue  # a ledger holds other documents, too
        if mark in by_key:
            raise TableRefused(
                "file.join_doubled",
                {"file": heads.filename, "column": key, "value": mark, "row": row.number},
            )
        by_key[mark] = tuple(row.cells[i] for i in taken)
    joined = []
    for row in lines.rows:
        mark = folded(row.cells[left])
        if mark not in by_key:
            raise TableRefused(
                "file.join_missing",
                {"file": lines.filename, "other": heads.filename, "column": on, "value": mark,
                 "row": row.number},
            )  # fmt: skip
        joined.append(Row(row.number, row.cells + by_key[mark]))
    header = lines.header + tuple(heads.header[i] for i in taken)
    return replace(lines, header=header, rows=joined)


def only(table: Table, column: str, values: Collection[str]) -> Table:
    """The rows whose cell is one of `values`; KeyError for an unknown column."""
    place = table.position(column)
    return replace(table, rows=[row for row in table.rows if row.cells[place] in values])


def filled(table: Table, column: str) -> Table:
    """The rows that have anything in this column; KeyError for an unknown column."""
    place = table.position(column)
    return replace(table, rows=[row for row in table.rows if row.cells[place]])
