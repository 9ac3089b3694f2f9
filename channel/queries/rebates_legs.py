"""The sources of a base: invoice lines, goods on their way, money that came, exchanges, discounts.

Invoiced: lines by the day to which they count. Shipped: lines by the day their goods left, and
what left but is not invoiced yet. Paid: the share of each line that money has covered, on the day
the money came (not before the invoice), cumulated so that parts add up to the line.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.models.catalogue import Product
from channel.models.exchanges import ExchangePosting
from channel.models.orders import OrderLine, Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.receivables import (
    Allocation,
    DiscountTaken,
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    Receipt,
)
from channel.queries.market_areas import days_between
from channel.queries.rebates_counted import (
    Counting,
    Leg,
    Row,
    day_between,
    goods,
    joined,
    row_of,
)
from channel.queries.rebates_sharing import share

PAID = ("paid", "paid_on_time")


def legs(counting: Counting) -> list[Leg]:
    """All sources of the base of a policy, the lines first."""
    base = counting.terms.base
    if base.kind in PAID:
        found = [_money(counting)]
    else:
        found = [_lines(counting)]
        if base.kind == "shipped":
            found.append(_on_the_way(counting))
        if base.discounts:
            found.append(_discounts(counting))
    if base.exchanges:
        found.append(_exchanges(counting))
    if counting.only is not None:
        for leg in found:
            leg.conditions.append(leg.row.owner == counting.only)
    return found


def _with_free(counting: Counting) -> bool:
    return counting.terms.base.free_goods and counting.terms.base.measure == "quantity"


def _line_leg(counting: Counting, source: Any, line: Any, document: Any, day: Any) -> Leg:
    """A leg over invoice lines; `document`: the joined invoice where the source has it already."""
    invoice = line.invoice_id
    beside = joined(counting, source, invoice, line.distributor_id, line.product_id)
    row = row_of(beside, line.distributor_id, day, line.product_id, line.group_id)
    conditions = day_between(day, counting.period)
    if not _with_free(counting):
        conditions.append(line.is_free.is_(False))
    if counting.seen is not None:
        conditions.append(line.id <= counting.seen.lines)
    known = beside.document if beside.document is not None else document
    if not counting.terms.base.returns:
        conditions.append(known.kind != "credit_note")
    return Leg(
        source=beside.source,
        row=row,
        currency=line.currency,
        net=_unless_free(counting, line, line.net_e4),
        gross=_unless_free(counting, line, line.gross_e4),
        quantity=line.quantity,
        conditions=[*conditions, *goods(counting, row)],
        invoice=invoice,
        line=line.id,
        line_no=line.line_no,
        price=line.unit_price_e4,
    )


def _unless_free(counting: Counting, line: Any, value: Any) -> Any:
    """Free goods never count towards a value, also where they count towards a quantity."""
    return sa.case((line.is_free, 0), else_=value) if _with_free(counting) else value


def _lines(counting: Counting) -> Leg:
    line = InvoiceLine
    day = line.shipped_on if counting.terms.base.kind == "shipped" else line.counts_on
    return _line_leg(counting, line.__table__, line, None, day)


def _money(counting: Counting) -> Leg:
    """Each line with the money of each day that its invoice was paid."""
    line, document = InvoiceLine, aliased(Invoice)
    paid = _paid_by_day(counting)
    source = (
        line.__table__.join(document, document.id == line.invoice_id)
        .join(paid, paid.c.invoice_id == line.invoice_id)
    )  # fmt: skip
    leg = _line_leg(counting, source, line, document, paid.c.day)

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
    money, note, document = Allocation, aliased(Invoice), aliased(Invoice)
    came = _came(document, money.allocated_on)
    conditions = [
        sa.or_(money.receipt_id.is_not(None), note.kind == "credit_note"),
        came < counting.period.end,
    ]
    if counting.seen is not None:
        conditions.append(money.id <= counting.seen.allocations)
    if counting.terms.base.kind == "paid_on_time":
        by = sa.func.coalesce(InvoiceInstalment.pay_by, document.pay_by)
        conditions.append(days_between(by, came) <= counting.terms.grace_days)
    rows = (
        sa.select(
            money.invoice_id.label("invoice_id"),
            came.label("day"),
            money.amount_fen.label("fen"),
        )
        .join_from(money, document, document.id == money.invoice_id)
        .outerjoin(Receipt, Receipt.id == money.receipt_id)
        .outerjoin(note, note.id == money.note_id)
        .outerjoin(InvoiceInstalment, InvoiceInstalment.id == money.instalment_id)
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


def _discounts(counting: Counting) -> Leg:
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
    leg = _line_leg(counting, source, line, document, day)
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


def _on_the_way(counting: Counting) -> Leg:
    """Goods that left and are not invoiced yet, as far as the run knows."""
    line, shipment, order, good, seat = ShipmentLine, Shipment, OrderLine, Product, Distributor
    seen, invoiced = counting.seen, aliased(Invoice)
    on_invoice = [invoiced.shipment_id == shipment.id]
    conditions = [
        *day_between(shipment.ship_date, counting.period),
        shipment.state.in_(("shipped", "invoiced")),
        shipment.goods_gross_fen != 0,
    ]
    if seen is not None:
        on_invoice.append(invoiced.id <= seen.invoices)
        conditions.append(shipment.shipped_at <= seen.at)
    conditions.append(~sa.exists().where(*on_invoice))
    if not _with_free(counting):
        conditions.append(line.is_free.is_(False))
    source = (
        line.__table__.join(shipment, shipment.id == line.shipment_id)
        .join(order, order.id == line.order_line_id)
        .join(good, good.id == line.product_id)
        .join(seat, seat.id == shipment.distributor_id)
    )
    # Without an invoice it is no bundle's part yet.
    place = sa.func.coalesce(shipment.division_code, seat.division_code, "")
    row = Row(
        shipment.distributor_id, shipment.ship_date, line.product_id, good.group_id,
        good.launched_on, place,
    )  # fmt: skip
    gross = sa.case((line.is_free, 0), else_=line.gross_fen)
    net = (gross * 20_000 + 10_000 + order.vat_rate_bp) // (2 * (10_000 + order.vat_rate_bp))
    return Leg(
        source=source,
        row=row,
        currency=shipment.currency,
        net=net * 100,
        gross=gross * 100,
        quantity=line.quantity,
        conditions=[*conditions, *goods(counting, row)],
        number=shipment.number,
        kind=sa.literal("shipment"),
        line_no=line.line_no,
        price=order.unit_gross_fen * 100,
    )


def _exchanges(counting: Counting) -> Leg:
    """What came back and went out in exchange, on the day it was posted."""
    posting, document, good = ExchangePosting, aliased(Invoice), Product
    shipment, seat = aliased(Shipment), aliased(Distributor)
    conditions = [
        *day_between(posting.posted_on, counting.period),
        posting.kind.in_(("returned", "goods")),
    ]
    if counting.seen is not None:
        conditions.append(posting.id <= counting.seen.exchanges)
    source = (
        posting.__table__.join(document, document.id == posting.invoice_id)
        .join(good, good.id == posting.product_id)
        .join(seat, seat.id == posting.distributor_id)
        .outerjoin(shipment, shipment.id == posting.shipment_id)
    )
    place = sa.func.coalesce(shipment.division_code, seat.division_code, "")
    row = Row(
        posting.distributor_id, posting.posted_on, posting.product_id, good.group_id,
        good.launched_on, place, document.id,
    )  # fmt: skip
    return Leg(
        source=source,
        row=row,
        currency=document.currency,
        net=posting.net_fen * 100,
        gross=posting.gross_fen * 100,
        quantity=posting.quantity,
        conditions=[*conditions, *goods(counting, row)],
        invoice=document.id,
        number=document.number,
        kind=sa.literal("exchange"),
        line_no=posting.line_no,
        price=posting.unit_gross_fen * 100,
    )
