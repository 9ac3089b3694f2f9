"""Rows worked out in Python as the source of a Listing, so that they filter, sort and export too.

The rows travel to the database as literal values and come back as a table of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa


def table_of(
    name: str, types: Mapping[str, Any], rows: Sequence[Sequence[Any]]
) -> sa.CTE | sa.Subquery:
    """A table expression with these columns; without rows an empty one."""
    columns = [sa.column(key, kind) for key, kind in types.items()]
    if not rows:
        empty = [sa.cast(sa.null(), c.type).label(c.name) for c in columns]
        return sa.select(*empty).where(sa.false()).subquery(name)
    # The first row is cast so that PostgreSQL knows a column's type even where all are empty.
    typed = [sa.cast(sa.literal(v, c.type, literal_execute=True), c.type)
             for v, c in zip(rows[0], columns, strict=True)]  # fmt: skip
    head = sa.select(*(t.label(c.name) for t, c in zip(typed, columns, strict=True)))
    if len(rows) == 1:
        return head.subquery(name)
    rest = sa.values(*columns, name=f"{name}_rest", literal_binds=True).data(
        [tuple(row) for row in rows[1:]]
    )
    body = rest.cte(f"{name}_rest")
    # A column that is empty in all of these rows would be text there: cast like the first one.
    whole = [sa.cast(body.c[c.name], c.type).label(c.name) for c in columns]
    return sa.union_all(head, sa.select(*whole)).subquery(name)
