"""The base of rebates summed for all distributors at once: by owner, by part, by day and group.

The rows are those of the legs (`rebates_legs`), so that what a run sums, a statement prints and a
recount adds up are the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.receivables import Invoice
from channel.queries.rebates_counted import Counting, Leg, Other, Row, names_for, parts_column
from channel.queries.rebates_enrolled import (
    Enrolled,
    Spans,
    changed_within,
    is_enrolled,
    within,
)
from channel.queries.rebates_legs import legs
from channel.queries.rebates_policies import bundles_on, ruling_by_code, terms_of
from channel.queries.rebates_seen import Seen
from contracts.rebates.beside import comes_first
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

#: distributor id, currency
Owner = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Base:
    """What counts of one part: exact value, number of rows, base units where they are asked for,
    and the value incl. VAT where targets are compared with it."""

    e4: int
    lines: int
    quantity: int = 0
    gross_e4: int = 0

    def __add__(self, more: Base) -> Base:
        return Base(
            self.e4 + more.e4,
            self.lines + more.lines,
            self.quantity + more.quantity,
            self.gross_e4 + more.gross_e4,
        )


#: owner → part (product or group id; None: all are one) → base
Sums = dict[Owner, dict[int | None, Base]]


@dataclass(frozen=True)
class GroupSum:
    """A part of a base: one month (or day) and product group."""

    on: date
    group_id: int
    lines: int
    invoiced_e4: int
    returned_e4: int
    quantity: int = 0
    part_id: int | None = None


def counting(
    terms: RebateTerms, period: Period, seen: Seen | None = None, on: date | None = None
) -> Counting:
    """The question what a policy counts in a period; reads the ids and policies it speaks of.

    `on`: the day on which the policies that come first must rule (the period's start).
    """
    day, known = on or period.start, seen.at if seen else None
    first = {p.code: p for p in bundles_on(day, known) if comes_first(terms_of(p), terms)}
    if terms.not_with:
        first |= {p.code: p for p in ruling_by_code(terms.not_with, day, known)}
    others = [Other(terms_of(p), p.enrols == "agreement") for _code, p in sorted(first.items())]
    return Counting(terms, period, names_for(terms, others), seen)


def value_of(terms: RebateTerms, leg: Leg) -> Any:
    """The column that the terms count: without VAT or with it."""
    return leg.net if terms.base.vat == "net" else leg.gross


def with_quantity(terms: RebateTerms) -> bool:
    return terms.base.measure == "quantity" or terms.pays == "per_unit"


def with_gross(terms: RebateTerms) -> bool:
    """Whether sales incl. VAT are needed beside those without: targets include VAT."""
    return terms.gauge == "attainment" and terms.base.vat == "net"


def base_sums(asked: Counting, code: str, enrolled: Enrolled) -> Sums:
    """The base of every distributor and currency by part.

    One statement a source; two where some are enrolled for a part of the period only: the others
    are summed without a look at each row's day.
    """
    if enrolled is None:
        return _summed(asked, lambda _row: [])
    found = {
        owner: parts
        for owner, parts in _summed(asked, lambda _row: []).items()
        if owner[0] in enrolled and enrolled[owner[0]] is None
    }
    if any(spans is not None for spans in enrolled.values()):
        changed = changed_within(code, asked.period)
        partly = _summed(
            asked,
            lambda row: [row.owner.in_(changed), is_enrolled(code, row.owner, row.day)],
        )
        found |= {owner: parts for owner, parts in partly.items() if owner not in found}
    return found


def sums_of(asked: Counting, distributor_id: int, spans: Spans) -> Sums:
    """The base of one distributor on its enrolled days."""
    return _summed(asked, lambda row: [row.owner == distributor_id, *within(spans, row.day)])


def sums_within(asked: Counting, enrolled: Enrolled) -> Sums:
    """The base on days that are given and are not those of enrolments, such as last year's.

    One read for all, and one for each span that only some have.
    """
    everybody = _summed(asked, lambda _row: [])
    if enrolled is None:
        return everybody
    found = {o: parts for o, parts in everybody.items() if enrolled.get(o[0], ()) is None}
    partly: dict[Spans, list[int]] = {}
    for owner, spans in enrolled.items():
        if spans is not None:
            partly.setdefault(spans, []).append(owner)
    for spans, owners in partly.items():
        found |= _summed(asked, _on_days(owners, spans))
    return found


def _on_days(owners: Sequence[int], spans: Spans) -> Callable[[Row], list[Any]]:
    return lambda row: [row.owner.in_(owners), *within(spans, row.day)]


def _summed(asked: Counting, more: Callable[[Row], list[Any]]) -> Sums:
    terms, found = asked.terms, Sums()
    for leg in legs(asked):
        part = parts_column(terms, leg.row)
        keys = [leg.row.owner, leg.currency, *([] if part is None else [part])]
        quantity = sa.func.sum(leg.quantity) if with_quantity(terms) else sa.literal(0, sa.Integer)
        gross = sa.func.sum(leg.gross) if with_gross(terms) else sa.literal(0, sa.Integer)
        rows = db.session.execute(
            sa.select(
                leg.row.owner,
                leg.currency,
                sa.null() if part is None else part,
                sa.func.sum(value_of(terms, leg)),
                sa.func.count(),
                quantity,
                gross,
            )
            .select_from(leg.source)
            .where(*leg.conditions, *more(leg.row))
            .group_by(*keys)
        )
        # PostgreSQL sums bigint as numeric: made whole again here.
        for owner, currency, name, e4, lines, units, incl in rows:
            parts = found.setdefault((owner, currency), {})
            base = Base(int(e4), lines, int(units), int(incl))
            parts[name] = parts[name] + base if name in parts else base
    return found


def daily_sums(
    asked: Counting, distributor_id: int, spans: Spans
) -> dict[str, list[tuple[date, int]]]:
    """currency → (day, sum of that day) of one distributor's base."""
    days: dict[str, dict[date, int]] = {}
    for leg in legs(asked):
        row = leg.row
        rows = db.session.execute(
            sa.select(leg.currency, row.day, sa.func.sum(value_of(asked.terms, leg)))
            .select_from(leg.source)
            .where(*leg.conditions, *within(spans, row.day), row.owner == distributor_id)
            .group_by(leg.currency, row.day)
        )
        for currency, day, e4 in rows:
            own = days.setdefault(currency, {})
            own[day] = own.get(day, 0) + int(e4)
    return {currency: sorted(own.items()) for currency, own in sorted(days.items())}


def group_sums(
    asked: Counting, distributors: Sequence[int], *, by_day: bool = False
) -> dict[Owner, list[GroupSum]]:
    """The base of some distributors by month (or day), product group and part."""
    found: dict[Owner, list[GroupSum]] = {}
    for leg in legs(asked):
        value, day = value_of(asked.terms, leg), leg.row.day
        slots: list[Any] = [sa.extract("year", day), sa.extract("month", day)]
        if by_day:
            slots = [day]
        part = parts_column(asked.terms, leg.row)
        rows = db.session.execute(
            sa.select(
                leg.row.owner,
                leg.currency,
                sa.func.min(day),
                leg.row.group,
                sa.func.count(),
                sa.func.sum(sa.case((value > 0, value), else_=0)),
                sa.func.sum(sa.case((value < 0, -value), else_=0)),
                sa.func.sum(leg.quantity)
                if with_quantity(asked.terms)
                else sa.literal(0, sa.Integer),
                sa.null() if part is None else part,
            )
            .select_from(leg.source)
            .where(*leg.conditions, leg.row.owner.in_(distributors))
            .group_by(
                leg.row.owner,
                leg.currency,
                leg.row.group,
                *slots,
                *([] if part is None else [part]),
            )
        )
        for owner, currency, on, group, lines, plus, minus, units, name in rows:
            one = GroupSum(on, group, lines, int(plus), int(minus), int(units), name)
            found.setdefault((owner, currency), []).append(one)
    return found


def part_names(terms: RebateTerms, ids: Iterable[int | None]) -> dict[int | None, str]:
    """id → code of the parts of a base; of a base that is one, "" ."""
    if terms.scope not in ("product", "product_group"):
        return {None: ""}
    table: Any = Product if terms.scope == "product" else ProductGroup
    wanted = sorted({i for i in ids if i is not None})
    if len(wanted) > 1000:
        rows = db.session.execute(sa.select(table.id, table.code))
    else:
        rows = db.session.execute(sa.select(table.id, table.code).where(table.id.in_(wanted)))
    return dict(rows.all())


def rows_of(asked: Counting, distributor_id: int, currency: str, spans: Spans) -> Any:
    """The rows behind a base as one subquery: document, line, day, goods, quantity, value.

    `line_id` and `invoice_id` are NULL where there is none; `value_e4` is what counts.
    """
    selects = []
    for leg in legs(asked):
        selects.append(
            _listed(asked, leg).where(
                leg.row.owner == distributor_id,
                leg.currency == currency,
                *within(spans, leg.row.day),
            )
        )
    if len(selects) == 1:
        return selects[0].subquery("counted")
    return sa.union_all(*selects).subquery("counted")


def _listed(asked: Counting, leg: Leg) -> Any:
    source, number, kind = leg.source, leg.number, leg.kind
    if number is None:
        document = aliased(Invoice)
        source = source.join(document, document.id == leg.invoice)
        number = document.number
        kind = document.kind if kind is None else kind
    nothing = sa.cast(sa.null(), sa.BigInteger)
    return (
        sa.select(
            (nothing if leg.line is None else leg.line).label("line_id"),
            (nothing if leg.invoice is None else leg.invoice).label("invoice_id"),
            number.label("number"),
            kind.label("kind"),
            leg.line_no.label("line_no"),
            sa.type_coerce(leg.row.day, sa.Date).label("day"),
            leg.row.owner.label("distributor_id"),
            leg.currency.label("currency"),
            leg.row.product.label("product_id"),
            leg.row.group.label("group_id"),
            leg.quantity.label("quantity"),
            leg.price.label("unit_price_e4"),
            value_of(asked.terms, leg).label("value_e4"),
        )
        .select_from(source)
        .where(*leg.conditions)
    )
