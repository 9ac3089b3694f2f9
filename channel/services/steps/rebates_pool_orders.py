"""The rebate pool on orders and their invoices: what is reserved, given back, and taken off.

The order's goods count in full for the minimum shipment, for targets and for credit: what the
pool pays lowers what is owed only once an invoice bears it, because only then it is sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.rebate_pool import InvoiceDiscount, PoolUse
from channel.models.receivables import Invoice
from channel.queries import rebates_pool_facts as reads
from channel.services.steps import rebates_pool as pool
from channel.services.work import Refused, Work
from contracts.rebates import payout
from contracts.values.findings import block
from contracts.values.money import Money, allocate, vat_split

#: Nothing is reserved on these any more.
ENDED = ("used", "released", "refused")


def open_uses(order_id: int) -> list[PoolUse]:
    """What is still reserved on an order, oldest first."""
    return [use for use in reads.uses_of_order(order_id) if use.state not in ENDED]


def fit(w: Work, order: Order) -> None:
    """After its goods changed, an order keeps no more of the pool than its cap: the rest returns.

    Free goods are whole or not there: where they alone pass the cap, the change is refused.
    """
    uses = reads.uses_of_order(order.id)
    if not uses:
        return
    clause = reads.clause_on(order.distributor_id, order.order_date)
    cap = payout.cap_of(clause, order.gross_fen)
    over = reads.on_order(order.gross_fen, uses).pool_fen - cap
    for use in reversed(uses):
        if over > 0 and use.form == "invoice" and use.state not in ENDED:
            share = min(over, use.open_fen)
            pool.give_back(w, use, share)
            over -= share
    if over > 0:
        facts = {"cap": Money.from_fen(cap), "over": Money.from_fen(over)}
        raise Refused([block("payout.goods_over", order.number, **facts)])


def end(w: Work, order: Order, reason: str) -> None:
    """The order is cancelled or closed: what no goods on their way need returns to the pool."""
    goods, shipped = _goods_of(order)
    for use in open_uses(order.id):
        if use.form == "invoice":
            kept = payout.taken_so_far(use.amount_fen - use.released_fen, shipped, goods)
            kept = kept if shipped else 0
        else:
            kept = sum(
                line.shipped_quantity * line.unit_gross_fen
                for line in order.lines
                if line.pool_use_id == use.id
            )
        pool.give_back(w, use, use.open_fen - max(0, kept - use.used_fen), reason)
    for line in [line for line in order.lines if line.pool_use_id is not None]:
        drop_line(w, order, line)


def drop_line(w: Work, order: Order, line: OrderLine) -> None:
    """Free goods that nobody pays any more leave the order; what was shipped of them stays.

    A line that stood on a cancelled shipment stays, too: `assert_paid` keeps it in the house.
    """
    if line.shipped_quantity:
        line.quantity = line.shipped_quantity
    elif not w.session.scalar(
        sa.select(ShipmentLine.id).where(ShipmentLine.order_line_id == line.id).limit(1)
    ):
        order.lines.remove(line)


def assert_paid(w: Work, wanted: Mapping[OrderLine, int]) -> None:
    """Free goods of the pool leave only while their worth is reserved; line → units."""
    for line, units in wanted.items():
        if line.pool_use_id is None:
            continue
        use = w.session.get_one(PoolUse, line.pool_use_id)
        if use.open_fen < units * line.unit_gross_fen:
            raise Refused([block("payout.not_reserved", use.number, number=use.number)])


def _goods_of(order: Order) -> tuple[int, int]:
    """(goods of the order, those of them that were shipped), in fen without free goods."""
    paid = [line for line in order.lines if not line.is_free]
    shipped = sum(line.unit_gross_fen * line.shipped_quantity for line in paid)
    return order.gross_fen, shipped


@dataclass(frozen=True)
class Taken:
    """What an invoice uses of one reservation; by VAT rate where it is taken off the invoice."""

    use: PoolUse
    fen: int
    by_rate: tuple[tuple[int, int], ...] = ()

    def discounts(self) -> list[InvoiceDiscount]:
        rows = []
        for rate, fen in self.by_rate:
            net, tax = vat_split(fen, rate)
            rows.append(
                InvoiceDiscount(
                    use_id=self.use.id,
                    vat_rate_bp=rate,
                    net_fen=-net,
                    tax_fen=-tax,
                    gross_fen=-fen,
                )
            )
        return rows


def of_shipment(w: Work, shipment: Shipment, order_lines: Mapping[int, OrderLine]) -> list[Taken]:
    """What the invoice of a shipment uses of the pool, for each order whose goods it holds."""
    by_order: dict[int, list[ShipmentLine]] = defaultdict(list)
    for line in shipment.lines:
        by_order[order_lines[line.order_line_id].order_id].append(line)
    reserved = w.session.scalars(
        sa.select(PoolUse)
        .where(PoolUse.order_id.in_(sorted(by_order)), PoolUse.state == "reserved")
        .order_by(PoolUse.id)
    ).all()
    if not reserved:
        return []
    found = []
    for use in reserved:
        assert use.order_id is not None
        own = by_order[use.order_id]
        if use.form == "invoice":
            taken = _off_invoice(w, use, own, order_lines)
        else:
            fen = sum(
                line.quantity * order_lines[line.order_line_id].unit_gross_fen
                for line in own
                if order_lines[line.order_line_id].pool_use_id == use.id
            )
            taken = Taken(use, min(fen, use.open_fen))
        if taken.fen > 0:
            found.append(taken)
    return found


def _off_invoice(
    w: Work, use: PoolUse, lines: Sequence[ShipmentLine], order_lines: Mapping[int, OrderLine]
) -> Taken:
    """The share of these goods in the order's; the last invoice of an order takes what is left."""
    order = w.session.get_one(Order, use.order_id)
    now = sum(line.gross_fen for line in lines)
    goods, shipped = _goods_of(order)
    whole = goods if order.state == "confirmed" else shipped
    done = _invoiced_before(w, order.id) + now
    target = payout.taken_so_far(use.amount_fen - use.released_fen, done, whole)
    fen = max(0, min(use.open_fen, target - use.used_fen, now))
    by_rate: dict[int, int] = defaultdict(int)
    for line in lines:
        by_rate[order_lines[line.order_line_id].vat_rate_bp] += line.gross_fen
    rates = sorted(rate for rate, worth in by_rate.items() if worth)
    if not fen or not rates:
        return Taken(use, 0)
    shares = allocate(fen, [by_rate[rate] for rate in rates])
    parts = tuple((rate, share) for rate, share in zip(rates, shares, strict=True) if share)
    return Taken(use, fen, parts)


def _invoiced_before(w: Work, order_id: int) -> int:
    """The goods of an order that invoices bear already, in fen."""
    statement = (
        sa.select(sa.func.coalesce(sa.func.sum(ShipmentLine.gross_fen), 0))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order_id, Shipment.state == "invoiced")
    )
    return int(w.session.scalar(statement) or 0)


def book(w: Work, invoice: Invoice, taken: Sequence[Taken], on: date) -> None:
    """Hang the discounts on the posted invoice, and use what was reserved for them."""
    number = 0
    for one in taken:
        for row in one.discounts():
            number += 1
            row.invoice_id, row.line_no = invoice.id, number
            w.session.add(row)
        pool.consume(w, one.use, one.fen, invoice.number, on)
