"""The sources of a base: invoice lines, goods on their way, money that came, exchanges, discounts.

Invoiced: lines by the day to which they count. Shipped: lines by the day their goods left, and
what left but is not invoiced yet. Paid: the share of each line that money has covered, on the day
the money came (not before the invoice), cumulated so that parts add up to the line.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.models.catalogue import Product
from channel.models.exchanges import ExchangePosting
from channel.models.orders import OrderLine, Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries.rebates_counted import Counting, Leg, Row, day_between, goods
from channel.queries.rebates_line_legs import line_leg, with_free
from channel.queries.rebates_money import PAID, discounts, money


def legs(counting: Counting) -> list[Leg]:
    """All sources of the base of a policy, the lines first."""
    base = counting.terms.base
    if base.kind in PAID:
        found = [money(counting)]
    else:
        found = [_lines(counting)]
        if base.kind == "shipped":
            found.append(_on_the_way(counting))
        if base.discounts:
            found.append(discounts(counting))
    if base.exchanges:
        found.append(_exchanges(counting))
    if counting.only is not None:
        for leg in found:
            leg.conditions.append(leg.row.owner == counting.only)
    return found


def _lines(counting: Counting) -> Leg:
    line = InvoiceLine
    day = line.shipped_on if counting.terms.base.kind == "shipped" else line.counts_on
    return line_leg(counting, line.__table__, line, None, day)


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
    if not with_free(counting):
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
