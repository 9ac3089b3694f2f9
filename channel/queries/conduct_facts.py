"""Facts of payment and conduct, for one distributor or for all in the same few statements.

Everything is as of a day: what was paid, filed or closed after it is not known yet. A year is
the twelve months that end with the day. Only the distributor's own currency is looked at.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditLimit
from channel.models.deposits import DepositEntry
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment, Receipt
from channel.models.stock import InventoryReport
from channel.queries import catalogue, promises, stock
from channel.queries.market_areas import days_between
from channel.queries.stock_facts import is_current
from channel.rules.stock_filing import due_on
from contracts.values.money import round_half_up
from contracts.values.periods import Period, containing

Part = InvoiceInstalment
#: What happened in the market, and rival goods, which nobody is forbidden to carry.
NO_BREACH = ("local", "rival")


def year_before(on: date) -> date:
    """The day after which a year that ends on this day begins."""
    return on - timedelta(days=365)


def of(column: Any, only: int | Collection[int] | None) -> Any:
    """The condition for one distributor or for some, or none."""
    if only is None:
        return sa.true()
    return column == only if isinstance(only, int) else column.in_(only)


def _own_currency(owner: Any, currency: Any) -> Any:
    """Join on the distributor in its own currency."""
    return sa.and_(Distributor.id == owner, Distributor.currency == currency)


@dataclass(frozen=True)
class Overdue:
    """What is overdue on a day: items, fen less credit notes, and days of the oldest item."""

    count: int = 0
    fen: int = 0
    days: int = 0


def late_items(on: date, only: int | Collection[int] | None, known: date | None = None) -> Any:
    """Columns owner, number, kind, dated, pay_by, fen of what was open and late on a day.

    Instalments stand by themselves; credit notes that nothing took up are there with less than 0.
    With `known`, money counts from the day on which it came, set against something by that day.
    """
    has_parts = sa.select(Part.id).where(Part.invoice_id == Invoice.id).exists()
    paid_part = (
        _set_against(on, known)
        .where(Allocation.invoice_id == Part.invoice_id, Allocation.instalment_id == Part.id)
        .correlate(Part)
        .scalar_subquery()
    )
    paid = (
        _set_against(on, known)
        .where(Allocation.invoice_id == Invoice.id)
        .correlate(Invoice)
        .scalar_subquery()
    )
    whole = (
        sa.select(
            Invoice.distributor_id.label("owner"),
            Invoice.number.label("number"),
            Invoice.kind.label("kind"),
            Invoice.invoice_date.label("dated"),
            Invoice.pay_by.label("pay_by"),
            (Invoice.gross_fen - paid).label("fen"),
        )
        .join(Distributor, _own_currency(Invoice.distributor_id, Invoice.currency))
        .where(
            of(Invoice.distributor_id, only),
            Invoice.pay_by < on,
            Invoice.invoice_date <= on,
            ~has_parts,
        )
    )
    cut = (
        sa.select(
            Part.distributor_id,
            Invoice.number,
            Invoice.kind,
            Invoice.invoice_date,
            Part.pay_by,
            (Part.amount_fen - paid_part).label("fen"),
        )
        .join(Invoice, Invoice.id == Part.invoice_id)
        .join(Distributor, _own_currency(Part.distributor_id, Part.currency))
        .where(of(Part.distributor_id, only), Part.pay_by < on, Invoice.invoice_date <= on)
    )
    item = sa.union_all(whole, cut).subquery().c
    return sa.select(*item).where(item.fen != 0).subquery().c


def _set_against(on: date, known: date | None) -> Any:
    """The sum of what was set against an item: by the day, or by the day of its money."""
    found = sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
    if known is None:
        return found.where(Allocation.allocated_on <= on)
    came = sa.func.coalesce(Receipt.received_on, Allocation.allocated_on)
    return found.outerjoin(Receipt, Receipt.id == Allocation.receipt_id).where(
        Allocation.allocated_on <= known, came <= on
    )


def overdue(on: date, only: int | Collection[int] | None) -> dict[int, Overdue]:
    """By distributor; who owes nothing late is missing."""
    item = late_items(on, only)
    owed = item.fen > 0
    rows = db.session.execute(
        sa.select(
            item.owner,
            sa.func.sum(sa.case((owed, 1), else_=0)),
            sa.func.sum(item.fen),
            sa.func.min(sa.case((owed, item.pay_by))),
        ).group_by(item.owner)
    )
    return {
        owner: Overdue(int(count), max(0, int(fen)), (on - oldest).days if oldest else 0)
        for owner, count, fen, oldest in rows
    }


def days_late(on: date, only: int | None) -> dict[int, Decimal]:
    """Average days between the day to pay and the day the money came, weighted by amount.

    Money in time counts as 0 days. Rounded half-up to one decimal, once. Who paid nothing in the
    year is missing; a payment that was undone never was.
    """
    due = sa.func.coalesce(Part.pay_by, Invoice.pay_by)
    target = (Allocation.receipt_id, Allocation.invoice_id, Allocation.instalment_id)
    payment = (
        sa.select(
            Invoice.distributor_id.label("owner"),
            due.label("due"),
            Receipt.received_on.label("came"),
            sa.func.sum(Allocation.amount_fen).label("fen"),
        )
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .join(Distributor, _own_currency(Invoice.distributor_id, Invoice.currency))
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .outerjoin(Part, Part.id == Allocation.instalment_id)
        .where(
            of(Invoice.distributor_id, only),
            Receipt.received_on > year_before(on),
            Receipt.received_on <= on,
            Allocation.allocated_on <= on,
        )
        .group_by(*target, Invoice.distributor_id, due, Receipt.received_on)
        .having(sa.func.sum(Allocation.amount_fen) > 0)
        .subquery()
        .c
    )
    late = sa.case((payment.came > payment.due, days_between(payment.due, payment.came)), else_=0)
    rows = db.session.execute(
        sa.select(
            payment.owner, sa.func.sum(late * payment.fen), sa.func.sum(payment.fen)
        ).group_by(payment.owner)
    )
    return {
        owner: round_half_up(Decimal(int(weighted)) / int(fen), 1) for owner, weighted, fen in rows
    }


def upheld() -> Any:
    """Incidents closed as what they were taken for; older ones when a notice had been sent."""
    noticed = Incident.noticed_at.is_not(None)
    return sa.and_(
        Incident.state == "closed",
        sa.or_(Incident.is_upheld.is_(True), sa.and_(Incident.is_upheld.is_(None), noticed)),
    )


def incidents(on: date, only: int | None) -> dict[int, dict[tuple[str, str], int]]:
    """Distributor → (kind, «open» or «upheld») → how many; upheld ones of the year."""
    i = Incident
    is_open = sa.and_(i.opened_on <= on, sa.or_(i.closed_on.is_(None), i.closed_on > on))
    counts = sa.and_(upheld(), i.closed_on > year_before(on), i.closed_on <= on)
    word = sa.case((is_open, "open"), else_="upheld").label("word")
    rows = db.session.execute(
        sa.select(i.distributor_id, i.kind, word, sa.func.count())
        .where(of(i.distributor_id, only), i.kind.not_in(NO_BREACH), sa.or_(is_open, counts))
        .group_by(i.distributor_id, i.kind, word)
    )
    found: dict[int, dict[tuple[str, str], int]] = {}
    for owner, kind, state, count in rows:
        found.setdefault(owner, {})[kind, state] = count
    return found


def late_reports(on: date, only: int | None) -> dict[int, int]:
    """Reports of the year that came late, and months due in it that were not filed at all.

    Before the first report that the house holds from anybody, nobody was asked.
    """
    report = InventoryReport
    since = year_before(on)
    came = sa.select(report.distributor_id.label("owner"), sa.func.count().label("late")).where(
        of(report.distributor_id, only),
        report.late_days > 0,
        report.due_on > since,
        report.due_on <= on,
        report.first_filed_on <= on,
        is_current(),
    )
    halves = [came.group_by(report.distributor_id)]
    asked_since = sa.select(sa.func.min(report.period_start)).scalar_subquery()
    calendar = catalogue.work_calendar()
    month = containing(on, "month")
    for _n in range(13):
        month = containing(month.start - timedelta(days=1), "month")
        if since < due_on(month, calendar) < on:
            halves.append(_missing(month, on, only, asked_since))
    part = sa.union_all(*halves).subquery().c
    rows = db.session.execute(sa.select(part.owner, sa.func.sum(part.late)).group_by(part.owner))
    return {owner: int(count) for owner, count in rows}


def _missing(month: Period, on: date, only: int | None, asked_since: Any) -> Any:
    """One each of those who had not filed the month by the day."""
    return sa.select(Distributor.id, sa.literal(1)).where(
        of(Distributor.id, only), stock.lacks_report(month, on), asked_since <= month.start
    )


def security(on: date, only: int | None) -> dict[int, int]:
    """What guarantees add to limits and what is left of deposits, in fen."""
    limit, entry = CreditLimit, DepositEntry
    guarantees = (
        sa.select(limit.distributor_id.label("owner"), limit.amount_fen.label("fen"))
        .join(Distributor, _own_currency(limit.distributor_id, limit.currency))
        .where(
            of(limit.distributor_id, only),
            limit.kind == "guarantee",
            limit.approved_at.is_not(None),
            limit.valid_from <= on,
            limit.valid_to > on,
        )
    )
    deposits = (
        sa.select(entry.distributor_id, entry.amount_fen)
        .join(Distributor, _own_currency(entry.distributor_id, entry.currency))
        .where(of(entry.distributor_id, only), entry.approved_at.is_not(None), entry.on_date <= on)
    )
    part = sa.union_all(guarantees, deposits).subquery().c
    rows = db.session.execute(sa.select(part.owner, sa.func.sum(part.fen)).group_by(part.owner))
    return {owner: int(fen) for owner, fen in rows}


def distributors(only: int | None) -> list[tuple[int, str]]:
    """(id, currency) of whom figures are asked: the active ones, or the one."""
    statement = sa.select(Distributor.id, Distributor.currency).where(of(Distributor.id, only))
    if only is None:
        statement = statement.where(Distributor.is_active.is_(True))
    return [(i, currency) for i, currency in db.session.execute(statement.order_by(Distributor.id))]


def broken_promises(on: date, only: int | None) -> dict[int, int]:
    """Promises due in the year that were broken by the day."""
    return promises.broken_counts(on, year_before(on) + timedelta(days=1), only)
