"""The rebate pool used on an order: taken off its invoices, or as free goods at the dealer price.

Everything is read and written under the lock of the debtor's account, so that two orders never
use the same money. The clause of the agreement on the order's day rules.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import selectinload

from channel.access import Actor, Permission
from channel.models.orders import Order, OrderLine
from channel.models.rebate_pool import PoolUse
from channel.models.rebates import PoolEntry
from channel.queries import rebates_pool_facts as reads
from channel.queries.rebates_pool_offers import OPEN
from channel.queries.scope import get_visible
from channel.services.steps import judging, rebates_pool, rebates_pool_orders, revising
from channel.services.steps.judging import Judgement
from channel.services.steps.pricing import Priced, Wanted, price_lines
from channel.services.work import Refused, Work, assert_seen, work
from contracts.rebates.payout import Form, Pool, check_use
from contracts.values.findings import block, in_currency


def take_off(actor: Actor, order_id: int, amount_fen: int, seen_version: int | None = None) -> int:
    """Reserve so much to be taken off the invoices of an order, by their share of the goods."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        order, pool = _locked(w, order_id, seen_version)
        _assert_possible(order, pool, "invoice", amount_fen)
        use = _new(w, order, "invoice", amount_fen)
        rebates_pool.reserve(w, use)
        return use.id


def add_goods(
    actor: Actor, order_id: int, product_id: int, quantity: int, seen_version: int | None = None
) -> int:
    """Put free goods on an order that the pool pays at the dealer price of the order's day.

    They count towards no minimum shipment, no target and no credit.
    """
    with work(actor, Permission.ORDERS_WRITE) as w:
        order, pool = _locked(w, order_id, seen_version)
        if not 0 < quantity <= 10_000_000:
            raise Refused([block("order.quantity", quantity=quantity)])
        priced = _price(order, product_id, quantity)
        worth = priced.unit_gross_fen * quantity
        _assert_possible(order, pool, "goods", worth)
        use = _new(w, order, "goods", worth)
        rebates_pool.reserve(w, use)
        order.lines.append(
            OrderLine(
                line_no=max((line.line_no for line in order.lines), default=0) + 1,
                product_id=product_id,
                quantity=quantity,
                shipped_quantity=0,
                unit_gross_fen=priced.unit_gross_fen,
                price_source="pool",
                vat_rate_bp=priced.vat_rate_bp,
                gross_fen=0,
                is_free=True,
                pool_use_id=use.id,
            )
        )
        return use.id


def give_back(actor: Actor, use_id: int, seen_version: int | None = None) -> None:
    """Take a use off its order again, as far as no invoice has used it."""
    with work(actor, Permission.ORDERS_WRITE) as w:
        use: PoolUse = get_visible(actor, PoolUse, use_id)
        if use.order_id is None:
            raise Refused([block("payout.ended", use.number, number=use.number)])
        order, _pool = _locked(w, use.order_id, None)
        w.session.refresh(use)
        assert_seen(use, seen_version)
        if use.state != "reserved":
            raise Refused([block("payout.ended", use.number, number=use.number)])
        own = [line for line in order.lines if line.pool_use_id == use.id]
        if own:
            revising.refuse_planned(order)
        shipped = sum(line.shipped_quantity * line.unit_gross_fen for line in own)
        rebates_pool.give_back(w, use, use.open_fen - max(0, shipped - use.used_fen))
        for line in own:
            rebates_pool_orders.drop_line(w, order, line)


def _locked(w: Work, order_id: int, seen_version: int | None) -> tuple[Order, Pool]:
    """The order, open, and the pool under the debtor's lock."""
    order: Order = get_visible(w.actor, Order, order_id, selectinload(Order.lines))
    _account, pool = rebates_pool.lock_pool(w, order.distributor_id, order.currency)
    w.session.refresh(order)
    assert_seen(order, seen_version)
    if order.state not in OPEN:
        raise Refused([block("order.not_now", order.number, number=order.number)])
    return order, pool


def _assert_possible(order: Order, pool: Pool, form: Form, asked_fen: int) -> None:
    clause = reads.clause_on(order.distributor_id, order.order_date)
    standing = reads.on_order(order.gross_fen, reads.uses_of_order(order.id))
    if found := check_use(clause, pool, form, asked_fen, standing):
        raise Refused(in_currency(found, order.currency))


def _new(w: Work, order: Order, form: Form, amount_fen: int) -> PoolUse:
    return PoolUse(
        number=w.draw("RU", w.today),
        distributor_id=order.distributor_id,
        currency=order.currency,
        form=form,
        state="reserved",
        amount_fen=amount_fen,
        used_fen=0,
        released_fen=0,
        order_id=order.id,
        reason=order.number,
        requested_by_id=w.actor.user_id,
        requested_at=w.now,
        row_version=1,
    )


def _price(order: Order, product_id: int, quantity: int) -> Priced:
    """The goods at the book's price, never a special one; refused where they are not sold."""
    judgement = Judgement(judging.ground_on(order.distributor_id, order.order_date))
    wanted = [Wanted(product_id, quantity)]
    lines = price_lines(judgement, wanted, [], order.order_date)
    if not lines:
        raise Refused(judgement.findings or [block("payout.no_price")])
    return lines[0]


def undo_expiry(actor: Actor, entry_id: int, until: date, reason: str) -> int:
    """Give back what expired, up to a day: the opposite pair under the same reference."""
    with work(actor, Permission.REBATES_POST) as w:
        entry: PoolEntry = get_visible(actor, PoolEntry, entry_id)
        rebates_pool.lock_pool(w, entry.distributor_id, entry.currency)
        if entry.kind != "expired" or entry.amount_fen >= 0 or reads.is_reversed(entry.id):
            raise Refused([block("payout.not_undone", entry.reference)])
        if not reason.strip():
            raise Refused([block("payout.reason_needed")])
        if until < w.today:
            raise Refused([block("payout.until_past", on=until, today=w.today)])
        back = rebates_pool.undo(w, entry, reason, until=until)
        changes = {"amount_fen": back.amount_fen, "document": entry.reference}
        w.audit("pool_entry:undo", back, reason=reason, changes=changes, label=entry.reference)
        return back.id
