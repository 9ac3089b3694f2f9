"""A list as data: columns, filters, search, order, totals and row scope in two SQL statements.

The page and the CSV/XLSX export come from the same Listing, so their rows and totals agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from channel.access import Actor
from channel.db import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, code, fen, e4, quantity, date, instant, state, percent, bool."""

    key: str
    label: Any
    expression: Any
    kind: str = "text"
    #: Summed at the foot, per currency.
    total: bool = False
    #: Left out at phone width.
    wide: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class Filter:
    """One filter of the URL. `kind`: choice, text, from, to (inclusive dates)."""

    key: str
    label: Any
    expression: Any
    kind: str = "choice"
    #: (value, label) pairs, or a callable that gives them.
    choices: Any = ()

    def options(self) -> list[tuple[str, Any]]:
        return list(self.choices() if callable(self.choices) else self.choices)

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        """The SQL condition, or None when the value cannot be read."""
        if self.kind == "text":
            return self.expression.icontains(value, autoescape=True)
        if self.kind in ("from", "to"):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                return None
            if self.kind == "from":
                return self.expression >= day
            return self.expression < day + timedelta(days=1)
        if value.startswith("!"):
            return self.expression != value[1:]
        values = value.split(",")
        if isinstance(self.expression.type, sa.Boolean):
            return self.expression.is_(value == "1")
        if isinstance(self.expression.type, sa.Integer):
            numbers = [int(v) for v in values if v.isdigit()]
            return self.expression.in_(numbers)
        return self.expression.in_(values)


@dataclass(frozen=True)
class Listing:
    """A named list over a FROM clause. `identity` is the id that rows link to."""

    name: str
    title: Any
    identity: Any
    source: Any
    columns: Sequence[Column]
    default_sort: str
    scope: Callable[[Actor], sa.ColumnElement[bool]] = lambda actor: sa.true()
    filters: Sequence[Filter] = ()
    search: Sequence[Any] = ()
    #: The model whose rows are listed, where the joins of `source` neither add nor lose any:
    #: it is counted and summed alone as long as nothing else is filtered by.
    counted: Any = None
    #: The currency column, when totals must be kept apart by currency.
    currency: Any = None
    endpoint: str = ""
    #: Parameters of the address that choose the list itself, such as an as-of date.
    fixed: Mapping[str, str] = field(default_factory=dict)
    #: Sentence and (endpoint, label) of the next step when there is nothing.
    empty: Any = ""

    def column(self, key: str) -> Column | None:
        return next((c for c in self.columns if c.key == key), None)


@dataclass
class Page:
    """The rows of one page, with the count and the totals of all."""

    listing: Listing
    rows: list[Any]
    count: int
    #: {currency: {column key: sum}}
    totals: dict[str, dict[str, int]]
    number: int
    sort: str
    active: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))


def _conditions(listing: Listing, actor: Actor, active: Mapping[str, str]) -> list[Any]:
    conditions: list[Any] = [listing.scope(actor)]
    for item in listing.filters:
        if (value := active.get(item.key)) and (condition := item.condition(value)) is not None:
            conditions.append(condition)
    if (words := active.get("q")) and listing.search:
        for word in words.split():
            conditions.append(sa.or_(*(c.icontains(word, autoescape=True) for c in listing.search)))
    return conditions


def _order(listing: Listing, sort: str) -> list[Any]:
    column = listing.column(sort.lstrip("-"))
    if column is None or not column.sortable:
        column = listing.column(listing.default_sort.lstrip("-"))
        sort = listing.default_sort
    assert column is not None
    down = sort.startswith("-")
    # The id makes the order total, so that no row is shown twice or never.
    return [
        column.expression.desc() if down else column.expression.asc(),
        listing.identity.desc() if down else listing.identity.asc(),
    ]


def _active(listing: Listing, params: Mapping[str, str]) -> dict[str, str]:
    keys = {f.key for f in listing.filters} | {"q"}
    return {k: v.strip() for k, v in params.items() if k in keys and v.strip()}


def _rows(listing: Listing, actor: Actor, params: Mapping[str, str]) -> Any:
    active = _active(listing, params)
    columns = [listing.identity.label("id")]
    columns += [c.expression.label(c.key) for c in listing.columns]
    if listing.currency is not None and listing.column("currency") is None:
        columns.append(listing.currency.label("currency"))
    return (
        sa.select(*columns)
        .select_from(listing.source)
        .where(*_conditions(listing, actor, active))
        .order_by(*_order(listing, params.get("sort", listing.default_sort)))
    )


def totals(
    listing: Listing, actor: Actor, params: Mapping[str, str]
) -> tuple[int, dict[str, dict[str, int]]]:
    """The count and the sums of the filtered list, in one statement."""
    summed = [c for c in listing.columns if c.total]
    group = listing.currency if listing.currency is not None else sa.literal("")
    # NUMERIC sums come back from PostgreSQL for bigint: made whole again here.
    parts = [sa.func.coalesce(sa.func.sum(c.expression), 0) for c in summed]
    conditions = _conditions(listing, actor, _active(listing, params))
    source = listing.source
    if listing.counted is not None and _tables([group, *parts, *conditions]) <= {
        listing.counted.__table__
    }:
        source = listing.counted
    statement = sa.select(group, sa.func.count(), *parts).select_from(source).where(*conditions)
    if listing.currency is not None:
        statement = statement.group_by(listing.currency).order_by(listing.currency)
    count, sums = 0, {}
    for currency, number, *values in db.session.execute(statement):
        count += number
        if number and summed:
            sums[currency] = {c.key: int(v) for c, v in zip(summed, values, strict=True)}
    return count, sums


def _tables(expressions: Sequence[Any]) -> set[Any]:
    """The tables whose columns the expressions name, those of subqueries too."""
    # A tuple of its own, because a mapped attribute by itself does not open its column.
    whole = sa.tuple_(*expressions)
    return {part.table for part in visitors.iterate(whole) if isinstance(part, sa.Column)}


def fetch(listing: Listing, actor: Actor, params: Mapping[str, str]) -> Page:
    """One page of the list: two statements whatever the size of the table."""
    text = params.get("page", "1")
    number = max(1, int(text)) if text.isdigit() and len(text) < 7 else 1
    statement = _rows(listing, actor, params)
    rows = db.session.execute(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    count, sums = totals(listing, actor, params)
    return Page(
        listing=listing,
        rows=list(rows),
        count=count,
        totals=sums,
        number=number,
        sort=params.get("sort", listing.default_sort),
        active=_active(listing, params),
    )


def stream(listing: Listing, actor: Actor, params: Mapping[str, str]) -> Iterator[Any]:
    """All rows of the filtered list, in its order, a thousand at a time."""
    yield from db.session.execute(_rows(listing, actor, params).execution_options(yield_per=1000))
