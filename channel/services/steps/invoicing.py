"""An invoice from a shipment: lines split into net and VAT, freight apart, dates by the term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.models.orders import OrderLine, Shipment, ShipmentLine
from channel.models.receivables import Invoice, InvoiceCharge, InvoiceInstalment, InvoiceLine
from channel.queries import catalogue
from channel.services.steps import judging, rebates_pool_orders, waivers
from channel.services.work import Work
from contracts.payment_terms import Instalment, PaymentTerm, schedule
from contracts.values.money import vat_split

#: The term of who has none: paid at once.
AT_ONCE = PaymentTerm("net_days", 0, None, "shipment", "none")


def invoice_for(w: Work, shipment: Shipment, invoice_date: date) -> Invoice:
    """The posted invoice. Lines carry what a rebate run needs, so that it joins nothing."""
    order_lines = {
        line.id: line
        for line in w.session.scalars(
            sa.select(OrderLine)
            .options(joinedload(OrderLine.product))
            .where(OrderLine.id.in_({line.order_line_id for line in shipment.lines}))
        )
    }
    lines = [
        _line(shipment, line, order_lines[line.order_line_id], invoice_date)
        for line in shipment.lines
    ]
    charge = _freight(shipment, lines)
    taken = rebates_pool_orders.of_shipment(w, shipment, order_lines)
    off = [row for one in taken for row in one.discounts()]
    net_fen = sum(line.net_e4 for line in lines) // 100 + (charge.net_fen if charge else 0)
    net_fen += sum(row.net_fen for row in off)
    gross_fen = sum(line.gross_e4 for line in lines) // 100 + shipment.freight_fen
    gross_fen += sum(row.gross_fen for row in off)
    parts = instalments(shipment, invoice_date, gross_fen, net_fen)
    invoice = Invoice(
        number=w.draw("INV", invoice_date),
        kind="invoice",
        distributor_id=shipment.distributor_id,
        shipment_id=shipment.id,
        invoice_date=invoice_date,
        due_date=max(part.due for part in parts),
        pay_by=max(part.pay_by for part in parts),
        currency=shipment.currency,
        net_fen=net_fen,
        tax_fen=gross_fen - net_fen,
        gross_fen=gross_fen,
        created_at=w.now,
        lines=lines,
    )
    w.session.add(invoice)
    w.session.flush()  # charge, instalments, credit entry and audit line need invoice.id
    if charge is not None:
        charge.invoice_id = invoice.id
        w.session.add(charge)
    rebates_pool_orders.book(w, invoice, taken, invoice_date)
    w.session.add_all(
        InvoiceInstalment(
            invoice_id=invoice.id,
            distributor_id=invoice.distributor_id,
            currency=invoice.currency,
            **row,
        )
        for row in rows_of(parts)
    )
    return invoice


def _line(
    shipment: Shipment, line: ShipmentLine, source: OrderLine, invoice_date: date
) -> InvoiceLine:
    """One line, split into net and VAT at the rate of its order line."""
    net, tax = vat_split(line.gross_fen, source.vat_rate_bp)
    return InvoiceLine(
        line_no=line.line_no,
        distributor_id=shipment.distributor_id,
        invoice_date=invoice_date,
        currency=shipment.currency,
        product_id=line.product_id,
        group_id=source.product.group_id,
        quantity=line.quantity,
        unit_price_e4=source.unit_gross_fen * 100,
        net_e4=net * 100,
        tax_e4=tax * 100,
        gross_e4=line.gross_fen * 100,
        vat_rate_bp=source.vat_rate_bp,
        is_free=line.is_free,
        shipped_on=shipment.ship_date,
    )


def _freight(shipment: Shipment, lines: list[InvoiceLine]) -> InvoiceCharge | None:
    """Freight for a late change of the place: charged beside the goods, taxed like them."""
    if not shipment.freight_fen:
        return None
    rate = max((line.vat_rate_bp for line in lines), default=0)
    net, tax = vat_split(shipment.freight_fen, rate)
    return InvoiceCharge(
        line_no=1,
        kind="freight",
        net_fen=net,
        tax_fen=tax,
        gross_fen=shipment.freight_fen,
        vat_rate_bp=rate,
    )


def instalments(
    shipment: Shipment, invoice_date: date, gross_fen: int, net_fen: int
) -> tuple[Instalment, ...]:
    """What is due when, under the term of the version in force on the ship date.

    An exception that the shipment uses may let all of it be paid later.
    """
    terms = judging.ground_on(shipment.distributor_id, shipment.ship_date).terms
    term = (terms.payment if terms else None) or AT_ONCE
    basis = shipment.ship_date if term.basis == "shipment" else invoice_date
    calendar = catalogue.work_calendar()
    parts = schedule(term, gross_fen, basis, calendar, net_fen)
    later = timedelta(days=waivers.extra_days(shipment))
    if not later:
        return parts
    return tuple(
        replace(part, due=part.due + later, pay_by=calendar.roll(part.due + later, term.roll))
        for part in parts
    )


def rows_of(parts: Sequence[Instalment]) -> list[dict[str, Any]]:
    """The instalments worth a row of their own: a single sum has its date on the invoice."""
    if len(parts) == 1 and not parts[0].discount_fen:
        return []
    return [
        {
            "number": number,
            "due_date": part.due,
            "pay_by": part.pay_by,
            "amount_fen": part.amount_fen,
            "discount_until": part.discount_until,
            "discount_fen": part.discount_fen,
        }
        for number, part in enumerate(parts, 1)
    ]
