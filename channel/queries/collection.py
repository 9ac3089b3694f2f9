"""Reads of collection figures: balances and sales by month as of any day, in a few statements.

Every sum is made in the database, invoices and payments apart; the figures come from
credit.collection_figures. Balances are open invoices, credit notes taken off and money that is
not applied left aside, as in the list of ages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.queries.scope import visible
from contracts.values.periods import Period
from credit import collection_figures as figures
from credit.collection_figures import Figure

#: The debtor (None: all that the actor sees together) and the currency.
Key = tuple[int | None, str]
Part = InvoiceInstalment


@dataclass
class Ledger:
    """What the figures of one key are made of."""

    #: At the end of each day asked for: (open, of it not due).
    balances: list[list[int]] = field(default_factory=list)
    #: First day of a month → credit sales in fen.
    sales: dict[date, int] = field(default_factory=dict)
    #: First day of a month of invoice → sum of open fen × days of age on the last day asked for.
    aged: dict[date, int] = field(default_factory=dict)
    since: date | None = None
    #: First day of a month of payment → [fen × days late, fen].
    paid: dict[date, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """The figures of one key at the end of one month."""

    key: Key
    month: Period
    sales_fen: int
    balance_fen: int
    overdue_fen: int
    dso: Figure
    count_back: Figure
    true_dso: Figure | None
    best: Figure
    cei: Figure
    days_late: Figure


def _month(column: Any) -> Any:
    """«2026-11» of a date, in either database."""
    if db.engine.dialect.name == "postgresql":
        return sa.func.to_char(column, "YYYY-MM")
    return sa.func.strftime("%Y-%m", column)


def _days(until: Any, since: Any) -> Any:
    """Whole days between two dates, in either database."""
    if db.engine.dialect.name == "postgresql":
        return sa.type_coerce(sa.cast(until, sa.Date) - since, sa.Integer)
    return sa.cast(sa.func.julianday(until) - sa.func.julianday(since), sa.Integer)


def _first(label: str) -> date:
    return date.fromisoformat(f"{label}-01")


@dataclass(frozen=True)
class _Asked:
    """Whose figures are asked for; one line each, or one for all together."""

    actor: Actor
    distributor_id: int | None
    by_owner: bool

    def owner(self, model: Any) -> list[Any]:
        first = model.distributor_id if self.by_owner else sa.null()
        return [first.label("owner"), model.currency]

    def group(self, model: Any) -> list[Any]:
        return [model.distributor_id, model.currency] if self.by_owner else [model.currency]

    def rows(self, model: Any) -> Any:
        own = visible(self.actor, model.distributor_id)
        if self.distributor_id is None:
            return own
        return sa.and_(own, model.distributor_id == self.distributor_id)


def _balance_sums(amount: Any, paid_on: Any, days: Sequence[date], pay_by: Any) -> list[Any]:
    """Per day what was open and what of it was not due; `paid_on` None for the invoices."""
    sums = []
    for day in days:
        known = Invoice.invoice_date <= day
        if paid_on is not None:
            known = sa.and_(known, paid_on <= day)
        for held in (known, sa.and_(known, pay_by >= day)):
            sums.append(sa.func.sum(sa.case((held, amount), else_=0)))
    return sums


def _add_balances(asked: _Asked, days: Sequence[date], found: dict[Key, Ledger]) -> None:
    """Four statements: invoices, payments, and what instalments move between due and not due."""
    paid = sa.join(Allocation, Invoice, Invoice.id == Allocation.invoice_id)
    parts = sa.join(Part, Invoice, Invoice.id == Part.invoice_id)
    part_paid = parts.join(
        Allocation,
        sa.and_(Allocation.invoice_id == Part.invoice_id, Allocation.instalment_id == Part.id),
    )
    jobs: list[tuple[Any, Any, Any, bool]] = [
        (Invoice, Invoice.gross_fen, None, False),
        (paid, -Allocation.amount_fen, Allocation.allocated_on, False),
        (parts, Part.amount_fen, None, True),
        (part_paid, -Allocation.amount_fen, Allocation.allocated_on, True),
    ]
    for source, amount, paid_on, moves in jobs:
        sums = _balance_sums(amount, paid_on, days, Part.pay_by if moves else Invoice.pay_by)
        if moves:
            whole = _balance_sums(amount, paid_on, days, Invoice.pay_by)
            sums = [own - all_ for own, all_ in zip(sums, whole, strict=True)]
        statement = (
            sa.select(*asked.owner(Invoice), *sums)
            .select_from(source)
            .where(asked.rows(Invoice), Invoice.invoice_date <= days[-1])
            .group_by(*asked.group(Invoice))
        )
        for owner, currency, *values in db.session.execute(statement):
            ledger = found[owner, currency]
            if not ledger.balances:
                ledger.balances = [[0, 0] for _day in days]
            for place, value in enumerate(values):
                ledger.balances[place // 2][place % 2] += int(value or 0)


def _add_sales(asked: _Asked, last: date, found: dict[Key, Ledger]) -> None:
    """Sales by month, since when it is a customer, and the age of what is open."""
    month = _month(Invoice.invoice_date)
    age = _days(last, Invoice.invoice_date)
    # Opening balances, interest and write-offs are no sales.
    sold = sa.case((Invoice.kind.in_(("invoice", "credit_note")), Invoice.gross_fen), else_=0)
    invoices = (
        sa.select(*asked.owner(Invoice), month, sa.func.sum(sold),
                  sa.func.sum(Invoice.gross_fen * age), sa.func.min(Invoice.invoice_date))
        .where(asked.rows(Invoice), Invoice.invoice_date <= last)
        .group_by(*asked.group(Invoice), month)
    )  # fmt: skip
    for owner, currency, label, sales, aged, first in db.session.execute(invoices):
        ledger = found[owner, currency]
        ledger.sales[_first(label)] = int(sales)
        ledger.aged[_first(label)] = int(aged)
        ledger.since = first if ledger.since is None else min(first, ledger.since)
    paid = (
        sa.select(*asked.owner(Invoice), month, sa.func.sum(Allocation.amount_fen * age))
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .where(asked.rows(Invoice), Invoice.invoice_date <= last, Allocation.allocated_on <= last)
        .group_by(*asked.group(Invoice), month)
    )
    for owner, currency, label, aged in db.session.execute(paid):
        found[owner, currency].aged[_first(label)] -= int(aged)


def _add_paid(asked: _Asked, first: date, last: date, found: dict[Key, Ledger]) -> None:
    """Payments of the days by month, with the days between the day to pay by and the payment.

    What a reversal took back is no payment: it is summed away with what it undoes.
    """
    net = (
        sa.select(
            Allocation.invoice_id,
            Allocation.instalment_id,
            sa.func.sum(Allocation.amount_fen).label("fen"),
            sa.func.min(Allocation.allocated_on).label("paid_on"),
        )
        .where(
            Allocation.allocated_on.between(first, last),
            # What was written off was not paid.
            Allocation.receipt_id.is_not(None),
        )
        .group_by(Allocation.receipt_id, Allocation.invoice_id, Allocation.instalment_id)
        .having(sa.func.sum(Allocation.amount_fen) > 0)
        .subquery()
    )
    paid_on = sa.type_coerce(net.c.paid_on, sa.Date)
    late = _days(paid_on, sa.func.coalesce(Part.pay_by, Invoice.pay_by))
    month = _month(paid_on)
    fen_days = net.c.fen * late
    statement = (
        sa.select(*asked.owner(Invoice), month, sa.func.sum(fen_days), sa.func.sum(net.c.fen))
        .select_from(
            sa.join(net, Invoice, Invoice.id == net.c.invoice_id).outerjoin(
                Part, Part.id == net.c.instalment_id
            )
        )
        .where(asked.rows(Invoice))
        .group_by(*asked.group(Invoice), month)
    )
    for owner, currency, label, weighted, fen in db.session.execute(statement):
        found[owner, currency].paid[_first(label)] = [int(weighted), int(fen)]


def months_until(last: Period, count: int) -> list[Period]:
    """So many months, the last one included, oldest first."""
    found = [last]
    while len(found) < count:
        day = found[-1].start - timedelta(days=1)
        found.append(Period.month(day.year, day.month))
    return found[::-1]


def rows_of(
    actor: Actor,
    months: Sequence[Period],
    window: int,
    distributor_id: int | None = None,
    *,
    by_owner: bool = False,
    today: date | None = None,
) -> list[Row]:
    """The figures at the end of each of consecutive months, over windows of so many months.

    The month of `today` ends today. The true DSO is computed for the last month alone.
    """
    asked = _Asked(actor, distributor_id, by_owner)
    ends = [min(month.last_day, today) if today else month.last_day for month in months]
    days = [months[0].start - timedelta(days=1), *ends]
    found: dict[Key, Ledger] = defaultdict(Ledger)
    _add_balances(asked, days, found)
    _add_sales(asked, ends[-1], found)
    _add_paid(asked, months_until(months[0], window)[0].start, ends[-1], found)
    return [
        _row(key, ledger, months, place, ends, window)
        for key, ledger in found.items()
        for place in range(len(months))
    ]


def _row(
    key: Key, ledger: Ledger, months: Sequence[Period], place: int, ends: Sequence[date],
    window: int,
) -> Row:  # fmt: skip
    """The figures of one key at the end of one month; balances[0] is the day before the first."""
    month, end = months[place], ends[place]
    balances = ledger.balances or [[0, 0] for _ in range(len(ends) + 1)]
    begin, (balance, current) = balances[place][0], balances[place + 1]
    span = months_until(month, window)
    sales = sum(ledger.sales.get(one.start, 0) for one in span)
    width = figures.window_days(span[0].start, end, ledger.since)
    known = [
        (fen, figures.window_days(start, min(_last_day(start), end), ledger.since))
        for start, fen in sorted(_filled(ledger.sales, month.start).items(), reverse=True)
    ]
    of_month = ledger.sales.get(month.start, 0)
    late = [ledger.paid.get(one.start, [0, 0]) for one in span]
    is_last = place == len(months) - 1
    return Row(
        key=key,
        month=month,
        sales_fen=of_month,
        balance_fen=balance,
        overdue_fen=balance - current,
        dso=figures.simple_dso(balance, sales, width),
        count_back=figures.count_back_dso(balance, known),
        true_dso=figures.true_dso(
            (aged, ledger.sales.get(start, 0)) for start, aged in ledger.aged.items()
        ) if is_last else None,
        best=figures.best_possible_dso(current, sales, width),
        cei=figures.effectiveness(begin, of_month, balance, current),
        days_late=figures.average_days_late(
            sum(weighted for weighted, _fen in late), sum(fen for _weighted, fen in late)
        ),
    )  # fmt: skip


def _last_day(start: date) -> date:
    return Period.month(start.year, start.month).last_day


def _filled(sales: dict[date, int], until: date) -> dict[date, int]:
    """Sales by month up to a month, those without any filled in with 0."""
    known = [start for start in sales if start <= until]
    if not known:
        return {}
    filled, start = {}, min(known)
    while start <= until:
        filled[start] = sales.get(start, 0)
        start = Period.month(start.year, start.month).end
    return filled
