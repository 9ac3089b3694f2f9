"""The facts of rebates the slow way: every row looked at in Python, nothing summed in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import PolicyEnrolment
from channel.models.catalogue import Product, ProductGroup
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
from contracts.rebates.model import RebateTerms
from contracts.values.money import divide_half_up, vat_split
from contracts.values.periods import Period


@dataclass(frozen=True)
class Item:
    """One row that may count."""

    owner: int
    currency: str
    day: date
    product: Any
    group: str
    place: str
    net: int
    gross: int
    quantity: int
    is_free: bool = False
    is_return: bool = False
    #: The invoice of the sale; None: not invoiced yet. `is_loose`: takes back an unknown sale.
    sale: int | None = None
    is_loose: bool = False


def part_of(amount: int, part: int, whole: int) -> int:
    return divide_half_up(amount * part * (1 if whole > 0 else -1), abs(whole))


class Naive:
    """All tables in memory, once."""

    def __init__(self) -> None:
        def rows(model: Any) -> list[Any]:
            return list(db.session.scalars(sa.select(model).order_by(model.id)))

        self.products = {p.id: p for p in rows(Product)}
        self.groups = {g.id: g.code for g in rows(ProductGroup)}
        self.invoices = {i.id: i for i in rows(Invoice)}
        self.lines = rows(InvoiceLine)
        self.seats = {d.id: d.division_code or "" for d in rows(Distributor)}
        self.shipments = {s.id: s for s in rows(Shipment)}
        self.shipment_lines = rows(ShipmentLine)
        self.order_lines = {o.id: o for o in rows(OrderLine)}
        self.receipts = {r.id: r for r in rows(Receipt)}
        self.allocations = rows(Allocation)
        self.parts = {p.id: p for p in rows(InvoiceInstalment)}
        self.taken = rows(DiscountTaken)
        self.postings = rows(ExchangePosting)
        self.enrolments = rows(PolicyEnrolment)

    def sums(
        self,
        terms: RebateTerms,
        period: Period,
        others: tuple[RebateTerms, ...] = (),
        by_agreement: bool = False,
    ) -> dict[tuple[int, str], dict[str, tuple[int, int, int]]]:
        """owner → part → (value, quantity, rows)."""
        found: dict[Any, Any] = defaultdict(lambda: defaultdict(lambda: (0, 0, 0)))
        for item in self._items(terms):
            if not period.contains(item.day) or not self._counts(terms, item):
                continue
            if any(self._counts(other, item) for other in others):
                continue
            if by_agreement and not self._enrolled(terms.code, item):
                continue
            part = {"product": item.product.code, "product_group": item.group}.get(terms.scope, "")
            value = item.net if terms.base.vat == "net" else item.gross
            if item.is_free:
                value = 0
            e4, quantity, lines = found[item.owner, item.currency][part]
            found[item.owner, item.currency][part] = (
                e4 + value, quantity + item.quantity, lines + 1,
            )  # fmt: skip
        return {owner: dict(parts) for owner, parts in found.items()}

    def _enrolled(self, code: str, item: Item) -> bool:
        return any(
            e.policy_code == code
            and e.distributor_id == item.owner
            and e.valid_from <= item.day < e.valid_to
            for e in self.enrolments
        )

    def _counts(self, terms: RebateTerms, item: Item) -> bool:
        code = item.product.code
        if terms.goods and item.group not in terms.goods:
            return False
        if item.group in terms.goods_out or code in terms.products_out:
            return False
        if terms.products and code not in terms.products:
            return False
        if terms.territories and not any(_lies(item.place, t) for t in terms.territories):
            return False
        if any(_lies(item.place, t) for t in terms.territories_out):
            return False
        if terms.new_days is not None:
            launched = item.product.launched_on
            if launched is None or not 0 <= (item.day - launched).days < terms.new_days:
                return False
        return not terms.bundle or self._in_bundle(terms, item)

    def _in_bundle(self, terms: RebateTerms, item: Item) -> bool:
        if item.product.code not in {part.product for part in terms.bundle}:
            return False
        if item.is_loose:
            return True
        if item.sale is None:
            return False
        held: dict[str, int] = defaultdict(int)
        for line in self.lines:
            invoice = self.invoices[line.invoice_id]
            if (invoice.undoes_id or invoice.id) != item.sale:
                continue
            if line.is_free and not terms.base.free_goods:
                continue
            if invoice.kind == "credit_note" and not terms.base.returns:
                continue
            held[self.products[line.product_id].code] += line.quantity
        return all(held[part.product] >= part.quantity for part in terms.bundle)

    def _items(self, terms: RebateTerms) -> Iterator[Item]:
        base = terms.base
        for line in self.lines:
            invoice = self.invoices[line.invoice_id]
            if line.is_free and not (base.free_goods and base.measure == "quantity"):
                continue
            if invoice.kind == "credit_note" and not base.returns:
                continue
            item = self._of_line(line, invoice, base.kind)
            if base.kind in ("paid", "paid_on_time"):
                yield from self._paid(terms, item, invoice)
                continue
            yield item
            if base.discounts and (off := self._discount_of(invoice.id)) and invoice.gross_fen:
                yield replace(
                    item,
                    net=-part_of(item.net, off, invoice.gross_fen),
                    gross=-part_of(item.gross, off, invoice.gross_fen),
                    quantity=0,
                )
        if base.kind == "shipped":
            yield from self._on_the_way(base.free_goods and base.measure == "quantity")
        if base.exchanges:
            yield from self._exchanges()

    def _of_line(self, line: Any, invoice: Any, kind: str) -> Item:
        sale = self.invoices[invoice.undoes_id or invoice.id]
        shipment = self.shipments.get(sale.shipment_id)
        place = (shipment.division_code if shipment else None) or self.seats[line.distributor_id]
        product = self.products[line.product_id]
        return Item(
            line.distributor_id, line.currency,
            line.shipped_on if kind == "shipped" else line.counts_on,
            product, self.groups[line.group_id], place, line.net_e4, line.gross_e4,
            line.quantity, line.is_free, invoice.kind == "credit_note", sale.id,
            invoice.kind == "credit_note" and invoice.undoes_id is None,
        )  # fmt: skip

    def _discount_of(self, invoice_id: int) -> int:
        return sum(
            t.amount_fen for t in self.taken if self.parts[t.instalment_id].invoice_id == invoice_id
        )

    def _paid(self, terms: RebateTerms, item: Item, invoice: Any) -> Iterator[Item]:
        """What each day's money covers of the line, so that the days add up to what is paid."""
        if not invoice.gross_fen:
            return
        days: dict[date, int] = defaultdict(int)
        for one in self.allocations:
            if one.invoice_id != invoice.id:
                continue
            if one.receipt_id is None and self.invoices[one.note_id].kind != "credit_note":
                continue
            receipt = self.receipts.get(one.receipt_id)
            came = max(receipt.received_on if receipt else one.allocated_on, invoice.invoice_date)
            part = self.parts.get(one.instalment_id)
            due = part.pay_by if part else invoice.pay_by
            if self._in_time(terms, came, due):
                days[came] += one.amount_fen
        if terms.base.discounts:
            for taken in self.taken:
                part = self.parts[taken.instalment_id]
                if part.invoice_id == invoice.id:
                    came = max(self.receipts[taken.receipt_id].received_on, invoice.invoice_date)
                    if self._in_time(terms, came, part.pay_by):
                        days[came] -= taken.amount_fen
        so_far = 0
        for day, fen in sorted(days.items()):
            before, so_far = so_far, so_far + fen

            def moved(amount: int, before: int = before, until: int = so_far) -> int:
                whole = invoice.gross_fen
                return _covered(amount, until, whole) - _covered(amount, before, whole)

            yield replace(
                item, day=day, net=moved(item.net), gross=moved(item.gross),
                quantity=moved(item.quantity),
            )  # fmt: skip

    def _in_time(self, terms: RebateTerms, came: date, due: date) -> bool:
        return terms.base.kind == "paid" or came <= due + timedelta(days=terms.grace_days)

    def _on_the_way(self, with_free: bool) -> Iterator[Item]:
        invoiced = {i.shipment_id for i in self.invoices.values()}
        for line in self.shipment_lines:
            shipment = self.shipments[line.shipment_id]
            if shipment.id in invoiced or shipment.state not in ("shipped", "invoiced"):
                continue
            if line.is_free and not with_free:
                continue
            gross = 0 if line.is_free else line.gross_fen
            net = vat_split(gross, self.order_lines[line.order_line_id].vat_rate_bp)[0]
            product = self.products[line.product_id]
            yield Item(
                shipment.distributor_id, shipment.currency, shipment.ship_date, product,
                self.groups[product.group_id],
                shipment.division_code or self.seats[shipment.distributor_id],
                net * 100, gross * 100, line.quantity,
            )  # fmt: skip

    def _exchanges(self) -> Iterator[Item]:
        for posting in self.postings:
            if posting.kind in ("returned", "goods"):
                product = self.products[posting.product_id]
                shipment = self.shipments.get(posting.shipment_id)
                place = shipment.division_code if shipment else None
                yield Item(
                    posting.distributor_id, self.invoices[posting.invoice_id].currency,
                    posting.posted_on, product, self.groups[product.group_id],
                    place or self.seats[posting.distributor_id],
                    posting.net_fen * 100, posting.gross_fen * 100, posting.quantity,
                    sale=posting.invoice_id,
                )  # fmt: skip


def _covered(amount: int, paid: int, whole: int) -> int:
    """The share of an amount that is paid, never more than all, never less than nothing."""
    if paid * whole <= 0:
        return 0
    return part_of(amount, paid if abs(paid) < abs(whole) else whole, whole)


def _lies(place: str, division: str) -> bool:
    head = division.rstrip("0")
    width = 2 if len(head) <= 2 else 4 if len(head) <= 4 else 6
    return place.startswith(head.ljust(width, "0"))
