"""A house's trade at random, written straight into the tables: what the rebate facts are read from.

Invoices of shipments and of none, lines with free goods, returns of known and unknown sales,
money in parts, early-payment discounts, exchanges, goods on their way.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.exchanges import ExchangeClaim, ExchangePosting
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.receivables import (
    Allocation,
    DiscountTaken,
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    Receipt,
)
from channel.services.work import work

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = date(2025, 6, 1)
DIVISIONS = ("511002", "511024", "510104", "429004", "110101")
OWNERS = ("D1", "D2", "D3", "D4")
PRODUCTS = ("A", "B", "N")


class Trade:
    """Adds documents to the world at hand; `random` decides everything that is not told."""

    def __init__(self, world: Any, random: Random) -> None:
        self.world, self.random, self.count = world, random, 0
        self.sold: list[Invoice] = []

    def fill(self, documents: int) -> None:
        with work(self.world.actor("fin")) as w:
            self.session = w.session
            for product in w.session.scalars(sa.select(Product)):
                if self.random.random() < 0.7:
                    product.launched_on = self.day()
            for _ in range(documents):
                self.invoice()
            for sale in self.random.sample(self.sold, len(self.sold) // 3):
                self.give_back(sale)
            for sale in list(self.sold):
                self.pay(sale)
            for _ in range(documents // 6):
                self.loose_return()
                self.on_the_way()
                self.exchange()

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange(520))

    def number(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}-{self.count:06d}"

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def owner(self) -> tuple[int, str]:
        currency = "USD" if self.random.random() < 0.1 else "CNY"
        return self.world.distributor(self.random.choice(OWNERS)), currency

    def line(self, number: int, owner: int, currency: str, on: date, **more: Any) -> InvoiceLine:
        product = more.pop("product", None) or self.random.choice(PRODUCTS)
        net = more.pop("net", None)
        if net is None:
            net = self.random.randrange(1, 90_000_000)
        tax = net * 13 // 100
        return InvoiceLine(
            line_no=number,
            distributor_id=owner,
            invoice_date=on,
            currency=currency,
            product_id=self.world.product(product),
            group_id=self.world.group(product),
            quantity=more.pop("quantity", None) or self.random.randrange(1, 60),
            unit_price_e4=1,
            net_e4=net,
            tax_e4=tax,
            gross_e4=net + tax,
            vat_rate_bp=1300,
            **more,
        )

    def document(self, owner: int, currency: str, on: date, lines: list[Any], **more: Any) -> Any:
        gross = sum(line.gross_e4 for line in lines) // 100
        net = sum(line.net_e4 for line in lines) // 100
        return self.add(
            Invoice(
                number=self.number("IX"),
                kind=more.pop("kind", "invoice"),
                distributor_id=owner,
                invoice_date=on,
                due_date=on + timedelta(days=30),
                pay_by=on + timedelta(days=31),
                currency=currency,
                net_fen=net,
                tax_fen=gross - net,
                gross_fen=gross,
                created_at=NOW,
                lines=lines,
                **more,
            )
        )

    def invoice(self) -> None:
        (owner, currency), on = self.owner(), self.day()
        shipment, left = None, on
        if self.random.random() < 0.6:
            left = on - timedelta(days=self.random.randrange(25))
            shipment = self.shipment(owner, currency, left, "invoiced").id
        lines = []
        for number in range(1, self.random.randrange(2, 5)):
            is_free = self.random.random() < 0.15
            net = self.random.randrange(0, 5) if is_free else None
            lines.append(
                self.line(number, owner, currency, on, net=net, is_free=is_free, shipped_on=left)
            )
        self.sold.append(self.document(owner, currency, on, lines, shipment_id=shipment))

    def give_back(self, sale: Invoice) -> None:
        """Some of the goods come back later: the lines count where the sold ones do."""
        on = sale.invoice_date + timedelta(days=self.random.randrange(120))
        lines = []
        for number, sold in enumerate(sale.lines, 1):
            if self.random.random() < 0.6:
                quantity = self.random.randrange(1, sold.quantity + 1)
                lines.append(
                    InvoiceLine(
                        line_no=number,
                        distributor_id=sold.distributor_id,
                        invoice_date=on,
                        currency=sold.currency,
                        product_id=sold.product_id,
                        group_id=sold.group_id,
                        quantity=-quantity,
                        unit_price_e4=1,
                        net_e4=-(sold.net_e4 * quantity // sold.quantity),
                        tax_e4=-(sold.tax_e4 * quantity // sold.quantity),
                        gross_e4=-(sold.net_e4 * quantity // sold.quantity)
                        - (sold.tax_e4 * quantity // sold.quantity),
                        vat_rate_bp=1300,
                        is_free=sold.is_free,
                        counts_on=sold.counts_on,
                        shipped_on=sold.shipped_on,
                        undoes_id=sold.id,
                    )
                )
        if lines:
            note = self.document(
                sale.distributor_id, sale.currency, on, lines,
                kind="credit_note", undoes_id=sale.id,
            )  # fmt: skip
            if self.random.random() < 0.5:
                self.set_off(note, sale)

    def loose_return(self) -> None:
        (owner, currency), on = self.owner(), self.day()
        net = -self.random.randrange(1, 9_000_000)
        line = self.line(1, owner, currency, on, net=net, quantity=-self.random.randrange(1, 9))
        self.document(owner, currency, on, [line], kind="credit_note")

    def set_off(self, note: Invoice, sale: Invoice) -> None:
        fen = min(-note.gross_fen, sale.gross_fen)
        for invoice, amount in ((sale, fen), (note, -fen)):
            self.allocation(invoice, amount, note.invoice_date, note_id=note.id)

    def allocation(self, invoice: Invoice, fen: int, on: date, **more: Any) -> None:
        self.add(
            Allocation(
                invoice_id=invoice.id,
                amount_fen=fen,
                allocated_on=max(on, invoice.invoice_date),
                distributor_id=invoice.distributor_id,
                currency=invoice.currency,
                pay_by=invoice.pay_by,
                created_at=NOW,
                **more,
            )
        )

    def receipt(self, invoice: Invoice, on: date, fen: int) -> Receipt:
        found: Receipt = self.add(
            Receipt(
                number=self.number("RC"), distributor_id=invoice.distributor_id, received_on=on,
                currency=invoice.currency, amount_fen=fen, created_at=NOW,
            )
        )  # fmt: skip
        return found

    def pay(self, sale: Invoice) -> None:
        """In parts or at once, early with a discount, late, or undone again."""
        left = sale.gross_fen
        if self.random.random() < 0.2 and left > 100:
            part = self.add(
                InvoiceInstalment(
                    invoice_id=sale.id, distributor_id=sale.distributor_id,
                    currency=sale.currency, number=1, due_date=sale.due_date,
                    pay_by=sale.pay_by, amount_fen=left, discount_until=sale.due_date,
                    discount_fen=left // 50,
                )
            )  # fmt: skip
            receipt = self.receipt(sale, sale.invoice_date, left)
            note = self.document(
                sale.distributor_id, sale.currency, sale.invoice_date, [], kind="credit_note"
            )
            self.add(
                DiscountTaken(
                    instalment_id=part.id, receipt_id=receipt.id, credit_note_id=note.id,
                    amount_fen=left // 50,
                )
            )  # fmt: skip
            self.allocation(
                sale, left, receipt.received_on, receipt_id=receipt.id, instalment_id=part.id
            )
            return
        while left > 0 and self.random.random() < 0.75:
            fen = left if self.random.random() < 0.5 else self.random.randrange(1, left + 1)
            on = sale.invoice_date + timedelta(days=self.random.randrange(-5, 90))
            receipt = self.receipt(sale, on, fen)
            self.allocation(sale, fen, on + timedelta(days=3), receipt_id=receipt.id)
            if self.random.random() < 0.1:
                undone = sale.invoice_date + timedelta(days=95)
                self.allocation(sale, -fen, undone, receipt_id=receipt.id)
            left -= fen

    def shipment(self, owner: int, currency: str, on: date, state: str) -> Shipment:
        place = self.random.choice((*DIVISIONS, None))
        found: Shipment = self.add(
            Shipment(
                number=self.number("SX"), distributor_id=owner, ship_date=on, state=state,
                division_code=place, currency=currency, goods_gross_fen=1, created_at=NOW,
                shipped_at=NOW,
            )
        )  # fmt: skip
        return found

    def on_the_way(self) -> None:
        (owner, currency), on = self.owner(), self.day()
        shipment = self.shipment(owner, currency, on, "shipped")
        product = self.world.product(self.random.choice(PRODUCTS))
        quantity, fen = self.random.randrange(1, 30), self.random.randrange(1, 999_999)
        is_free = self.random.random() < 0.2
        order = self.add(
            Order(
                number=self.number("OX"), distributor_id=owner, order_date=on, currency=currency,
                state="closed", created_at=NOW,
            )
        )  # fmt: skip
        ordered = self.add(
            OrderLine(
                order_id=order.id, line_no=1, product_id=product, quantity=quantity,
                shipped_quantity=quantity, unit_gross_fen=1, vat_rate_bp=1300, gross_fen=fen,
                is_free=is_free,
            )
        )  # fmt: skip
        self.add(
            ShipmentLine(
                shipment_id=shipment.id, line_no=1, order_line_id=ordered.id, product_id=product,
                quantity=quantity, gross_fen=0 if is_free else fen, is_free=is_free,
            )
        )  # fmt: skip

    def exchange(self) -> None:
        (owner, currency), on = self.owner(), self.day()
        claim = self.add(
            ExchangeClaim(
                number=self.number("EX"), distributor_id=owner, currency=currency, created_at=NOW
            )
        )
        document = self.document(owner, currency, on, [])
        for number, sign in ((1, -1), (2, 1)):
            net = sign * self.random.randrange(1, 900_000)
            self.add(
                ExchangePosting(
                    claim_id=claim.id, distributor_id=owner, invoice_id=document.id,
                    line_no=number, kind="returned" if sign < 0 else "goods", posted_on=on,
                    product_id=self.world.product(self.random.choice(PRODUCTS)),
                    quantity=sign * self.random.randrange(1, 20), vat_rate_bp=1300,
                    net_fen=net, tax_fen=net // 10, gross_fen=net + net // 10,
                )
            )  # fmt: skip


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).order_by(model.id)))
