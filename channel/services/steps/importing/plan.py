"""What a planner gets and gives: the rows of a file, and what they would change.

A planner counts new, changed and same records, collects findings, and leaves behind the function
that writes; with a blocking finding nothing is ever written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from channel.db import db
from channel.services.work import Work
from channel.tabular.fields import Source
from channel.tabular.reporting import finding
from contracts.values.findings import Fact, Finding, Severity

T = TypeVar("T")

#: Keys asked for in one statement; both databases take many more parameters.
KEYS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Task:
    """The sound rows of one file and where they stand; `given` names the fields it speaks of."""

    kind: str
    rows: Sequence[Any]
    source: Source
    given: frozenset[str]
    today: date

    def stop(self, code: str, row: int, field_name: str = "", **facts: Fact) -> Finding:
        """A blocking finding of a row."""
        placed = finding(self.source, code, Severity.BLOCK, row=row, field_name=field_name)
        return replace(placed, facts={**placed.facts, **facts})

    def note(self, code: str, severity: Severity = Severity.INFO, **facts: Fact) -> Finding:
        """A finding on the file as a whole."""
        placed = finding(self.source, code, severity)
        return replace(placed, facts={**placed.facts, **facts})


@dataclass
class Plan:
    """New, changed and same records (documents count once, not by line), findings, figures."""

    new: int = 0
    changed: int = 0
    same: int = 0
    findings: list[Finding] = field(default_factory=list)
    #: Sums for the preview and the result: (currency, documents or prices, fen).
    totals: list[tuple[str, int, int]] = field(default_factory=list)
    write: Callable[[Work, str], None] = lambda w, reason: None

    @property
    def is_blocked(self) -> bool:
        return any(f.is_blocking for f in self.findings)


def chunks(items: Sequence[T], size: int = KEYS_AT_ONCE) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def by_key(key: Any, keys: Sequence[Any], *columns: Any) -> dict[Any, Any]:
    """key → row of (key, *columns) for the keys that the database knows."""
    found = {}
    for part in chunks(sorted(set(keys))):
        for row in db.session.execute(sa.select(key, *columns).where(key.in_(part))):
            found[row[0]] = row
    return found


def insert_many(w: Work, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """All rows, each naming the same columns; the database's own way of taking many at once."""
    if not rows:
        return
    if w.session.get_bind().dialect.name == "postgresql":
        _copy(w, model.__table__, rows)
        return
    for part in chunks(rows, 20_000):
        # Into the table, not the class: nobody needs a thousand objects with an identity.
        w.session.execute(sa.insert(model.__table__), list(part))


def _copy(w: Work, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """COPY, which knows no defaults of ours: they are filled in here."""
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in rows[0] and column.default is not None and column.default.is_scalar
    }
    given = list(rows[0])
    names = [*given, *defaults]
    connection = w.session.connection()
    bind = [table.c[name].type.dialect_impl(connection.dialect) for name in names]
    change = [(i, p) for i, t in enumerate(bind) if (p := t.bind_processor(connection.dialect))]
    tail = tuple(defaults.values())
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = [*(row[name] for name in given), *tail]
            for place, process in change:
                values[place] = process(values[place])
            copy.write_row(values)


def yuan(fen: int) -> str:
    """An amount as the file would write it: 12345.60."""
    return f"{Decimal(fen).scaleb(-2):.2f}"
