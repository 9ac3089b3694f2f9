"""Payment as a condition of rebates: days to collect, and days overdue at the end of the period.

Both look at the distributor's own currency, and at the day on which money came, not on which
somebody set it against an invoice. What a reversal took back never paid anything.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, Receipt
from channel.queries.conduct_facts import late_items
from channel.queries.market_areas import days_between
from channel.queries.rebates_evidence_asked import Asked
from contracts.rebates.figures import Evidence
from contracts.values.money import divide_half_up

#: So many invoices are named beside an average: those that took longest.
SHOWN = 3


def collection(asked: Asked) -> dict[int, Evidence]:
    """Average days from invoice to money of what was paid in the period, weighted by amount.

    Money that came before the invoice took 0 days, and counts on the day of the invoice. What is
    open and late at the end of the period counts with the days until then: not paying at all is
    no way to a short average. Half-up to one decimal, once. Only invoices of goods, no opening
    balances and no interest. No value where nothing was paid and nothing is late.
    """
    item = sa.union_all(_paid(asked), _late(asked)).subquery().c
    owner = item.owner
    place = sa.func.row_number().over(partition_by=owner, order_by=(item.days.desc(), item.number))
    ranked = sa.select(
        item.owner,
        item.number,
        item.days,
        sa.func.sum(item.fen * item.days).over(partition_by=owner).label("weighted"),
        sa.func.sum(item.fen).over(partition_by=owner).label("fen"),
        place.label("place"),
    ).subquery()
    rows = db.session.execute(
        sa.select(ranked).where(ranked.c.place <= SHOWN).order_by(ranked.c.owner, ranked.c.place)
    )
    refs: dict[int, dict[str, None]] = {}  # in their order, each once
    values: dict[int, Decimal] = {}
    for debtor, number, days, weighted, fen, _place in rows:
        tenths = divide_half_up(10 * int(weighted), int(fen))
        values[debtor] = Decimal(tenths).scaleb(-1)
        refs.setdefault(debtor, {})[f"{number}: {int(days)}"] = None
    return {debtor: Evidence(value, tuple(refs[debtor])) for debtor, value in values.items()}


def _paid(asked: Asked) -> Any:
    """(owner, number, days, fen) of what money settled in the period, undone payments left out."""
    came = sa.case(
        (Receipt.received_on > Invoice.invoice_date, Receipt.received_on),
        else_=Invoice.invoice_date,
    )
    came_on = sa.type_coerce(came, sa.Date)
    return (
        sa.select(
            Invoice.distributor_id.label("owner"),
            Invoice.number.label("number"),
            days_between(Invoice.invoice_date, came_on).label("days"),
            sa.func.sum(Allocation.amount_fen).label("fen"),
        )
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .join(
            Distributor,
            sa.and_(
                Distributor.id == Invoice.distributor_id, Distributor.currency == Invoice.currency
            ),
        )
        .where(
            asked.own(Invoice.distributor_id),
            Invoice.kind == "invoice",
            came >= asked.period.start,
            came <= asked.last,
            Allocation.allocated_on <= asked.on,
        )
        .group_by(
            Invoice.distributor_id,
            Invoice.id,
            Invoice.number,
            Invoice.invoice_date,
            Receipt.id,
            Receipt.received_on,
        )
        .having(sa.func.sum(Allocation.amount_fen) > 0)
    )


def _late(asked: Asked) -> Any:
    """The same of invoices that are open and late at the end of the period."""
    item = late_items(asked.last, asked.named, asked.on)
    return sa.select(
        item.owner,
        item.number,
        days_between(item.dated, sa.literal(asked.last, sa.Date)),
        item.fen,
    ).where(item.fen > 0, item.kind == "invoice")


def overdue(asked: Asked) -> dict[int, Evidence]:
    """Days by which the oldest open item is late at the end of the period, with its number.

    Calendar days after the day to pay by, which is rolled over days off. Who owes nothing late
    has 0.
    """
    item = late_items(asked.last, asked.named, asked.on)
    place = sa.func.row_number().over(partition_by=item.owner, order_by=(item.pay_by, item.number))
    ranked = (
        sa.select(item.owner, item.number, item.pay_by, place.label("place"))
        .where(item.fen > 0)
        .subquery()
    )
    rows = db.session.execute(sa.select(ranked).where(ranked.c.place == 1))
    return {
        owner: Evidence(Decimal((asked.last - pay_by).days), (f"{number} ({pay_by})",))
        for owner, number, pay_by, _place in rows
    }
