"""The share of each line that money has covered, on the day it came; and discounts taken early.

Money counts on the day it came in, not on the day somebody set it against an invoice, and never
before the invoice. Shares cumulate, so that parts add up to the line.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.models.receivables import (
    Allocation,
    DiscountTaken,
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    Receipt,
)
from channel.queries.market_areas import days_between
from channel.queries.rebates_counted import Counting, Leg
from channel.queries.rebates_line_legs import line_leg
from channel.queries.rebates_sharing import share

PAID = ("paid", "paid_on_time")


def money(counting: Counting) -> Leg:
    """Each line with the money of each day that its invoice was paid."""
    line, document = InvoiceLine, aliased(Invoice)
    paid = _paid_by_day(counting)
    source = (
        line.__table__.join(document, document.id == line.invoice_id)
        .join(paid, paid.c.invoice_id == line.invoice_id)
    )  # fmt: skip
    leg = line_leg(counting, source, line, document, paid.c.day)

    def of(amount: Any) -> Any:
        whole = document.gross_fen
        return share(amount, paid.c.until, whole) - share(amount, paid.c.before, whole)

    return Leg(
        source=leg.source,
        row=leg.row,
        currency=leg.currency,
        net=of(leg.net),
        gross=of(leg.gross),
        quantity=of(leg.quantity),
        conditions=[*leg.conditions, document.gross_fen != 0],
        invoice=leg.invoice,
        line=leg.line,
        line_no=leg.line_no,
        price=leg.price,
    )


def _paid_by_day(counting: Counting) -> Any:
    """(invoice, day, paid before it, paid until its end): money, and credit notes set off.

    A write-off is no money. A discount for early payment counts as paid, but where the policy
    takes discounts off.
    """
    paid, note, document = Allocation, aliased(Invoice), aliased(Invoice)
    came = _came(document, paid.allocated_on)
    conditions = [
        sa.or_(paid.receipt_id.is_not(None), note.kind == "credit_note"),
        came < counting.period.end,
    ]
    if counting.seen is not None:
        conditions.append(paid.id <= counting.seen.allocations)
    if counting.terms.base.kind == "paid_on_time":
        by = sa.func.coalesce(InvoiceInstalment.pay_by, document.pay_by)
        conditions.append(days_between(by, came) <= counting.terms.grace_days)
    rows: Any = (
        sa.select(
            paid.invoice_id.label("invoice_id"),
            came.label("day"),
            paid.amount_fen.label("fen"),
        )
        .join_from(paid, document, document.id == paid.invoice_id)
        .outerjoin(Receipt, Receipt.id == paid.receipt_id)
        .outerjoin(note, note.id == paid.note_id)
        .outerjoin(InvoiceInstalment, InvoiceInstalment.id == paid.instalment_id)
        .where(*conditions)
    )
    if counting.terms.base.discounts:
        rows = sa.union_all(rows, _discounts_by_day(counting))
    moved = rows.subquery()
    by_day = (
        sa.select(
            moved.c.invoice_id,
            moved.c.day,
            sa.cast(sa.func.sum(moved.c.fen), sa.BigInteger).label("fen"),
        )
        .group_by(moved.c.invoice_id, moved.c.day)
        .subquery()
    )
    until = sa.cast(
        sa.func.sum(by_day.c.fen).over(partition_by=by_day.c.invoice_id, order_by=by_day.c.day),
        sa.BigInteger,
    )
    return sa.select(
        by_day.c.invoice_id,
        by_day.c.day,
        until.label("until"),
        (until - by_day.c.fen).label("before"),
    ).subquery()


def _came(document: Any, allocated_on: Any) -> Any:
    """The day money came, never before the invoice; of a note, the day it was set off."""
    received = sa.func.coalesce(Receipt.received_on, allocated_on)
    came = sa.case((received > document.invoice_date, received), else_=document.invoice_date)
    return sa.type_coerce(came, sa.Date)


def _discounts_by_day(counting: Counting) -> Any:
    taken, part, document = DiscountTaken, aliased(InvoiceInstalment), aliased(Invoice)
    day = _came(document, Receipt.received_on)
    conditions = [day < counting.period.end]
    if counting.seen is not None:
        conditions.append(taken.id <= counting.seen.discounts)
    if counting.terms.base.kind == "paid_on_time":
        conditions.append(days_between(part.pay_by, day) <= counting.terms.grace_days)
    return (
        sa.select(part.invoice_id, day, -taken.amount_fen)
        .join_from(taken, part, part.id == taken.instalment_id)
        .join(document, document.id == part.invoice_id)
        .join(Receipt, Receipt.id == taken.receipt_id)
        .where(*conditions)
    )


def discounts(counting: Counting) -> Leg:
    """Discounts taken on the invoice of a line, by its share, against the day of the sale."""
    taken, part = DiscountTaken, aliased(InvoiceInstalment)
    rows = sa.select(
        part.invoice_id.label("invoice_id"),
        sa.cast(sa.func.sum(taken.amount_fen), sa.BigInteger).label("fen"),
    ).join_from(taken, part, part.id == taken.instalment_id)
    if counting.seen is not None:
        rows = rows.where(taken.id <= counting.seen.discounts)
    off = rows.group_by(part.invoice_id).having(sa.func.sum(taken.amount_fen) != 0).subquery()
    line, document = InvoiceLine, aliased(Invoice)
    source = (
        line.__table__.join(document, document.id == line.invoice_id)
        .join(off, off.c.invoice_id == line.invoice_id)
    )  # fmt: skip
    day = line.shipped_on if counting.terms.base.kind == "shipped" else line.counts_on
    leg = line_leg(counting, source, line, document, day)
    return Leg(
        source=leg.source,
        row=leg.row,
        currency=leg.currency,
        net=-share(leg.net, off.c.fen, document.gross_fen),
        gross=-share(leg.gross, off.c.fen, document.gross_fen),
        quantity=sa.literal(0, sa.Integer),
        conditions=[*leg.conditions, document.gross_fen != 0],
        invoice=leg.invoice,
        line=leg.line,
        line_no=leg.line_no,
        price=sa.literal(0, sa.BigInteger),
        kind=sa.literal("discount"),
    )
