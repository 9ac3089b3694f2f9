"""An invoice from a shipment: lines split into net and VAT, due date by the payment term."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.models.orders import OrderLine, Shipment
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import catalogue
from channel.services.steps import judging
from channel.services.work import Work
from contracts.payment_terms import PaymentTerm, due_date
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
    lines = []
    for line in shipment.lines:
        source = order_lines[line.order_line_id]
        net, tax = vat_split(line.gross_fen, source.vat_rate_bp)
        lines.append(
            InvoiceLine(
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
            )
        )
    net_fen = sum(line.net_e4 for line in lines) // 100
    gross_fen = sum(line.gross_e4 for line in lines) // 100
    due, pay_by = due_dates(shipment.distributor_id, shipment.ship_date, invoice_date)
    invoice = Invoice(
        number=w.draw("INV", invoice_date),
        kind="invoice",
        distributor_id=shipment.distributor_id,
        shipment_id=shipment.id,
        invoice_date=invoice_date,
        due_date=due,
        pay_by=pay_by,
        currency=shipment.currency,
        net_fen=net_fen,
        tax_fen=gross_fen - net_fen,
        gross_fen=gross_fen,
        created_at=w.now,
        lines=lines,
    )
    w.session.add(invoice)
    w.session.flush()  # the credit entry and the audit line need invoice.id
    return invoice


def due_dates(distributor_id: int, ship_date: date, invoice_date: date) -> tuple[date, date]:
    """(due, pay by) under the term of the version in force on the ship date."""
    terms = judging.ground_on(distributor_id, ship_date).terms
    term = (terms.payment if terms else None) or AT_ONCE
    basis = ship_date if term.basis == "shipment" else invoice_date
    due = due_date(term, basis, catalogue.work_calendar())
    return due.due_date, due.pay_by
