"""How an order is judged, priced and reserved; shared by every path that may confirm one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.orders import Order, OrderLine
from channel.models.partners import Distributor
from channel.services.steps import credit, judging, rebates_pool_orders, waivers
from channel.services.steps.judging import Judgement
from channel.services.steps.pricing import Priced, Wanted, price_lines
from channel.services.work import Refused, Work
from contracts.values.findings import Finding, Severity, block
from contracts.values.transitions import IllegalTransition, Transitions
from credit.holds import Point
from credit.release import Decision

#: (state, act) → state; `submit` and `reopen` end where the judgement says.
WORKFLOW: Transitions[str, str] = Transitions(
    {
        ("draft", "edit"): "draft",
        ("confirmed", "edit"): "confirmed",
        ("refused", "edit"): "draft",
        ("held", "edit"): "draft",
        ("draft", "submit"): "confirmed",
        ("refused", "submit"): "confirmed",
        ("held", "submit"): "confirmed",
        ("draft", "cancel"): "cancelled",
        ("refused", "cancel"): "cancelled",
        ("held", "cancel"): "cancelled",
        ("confirmed", "cancel"): "cancelled",
        ("confirmed", "close"): "closed",
        ("closed", "reopen"): "confirmed",
        ("cancelled", "reopen"): "confirmed",
    }
)


def judge(
    distributor: Distributor,
    account: CreditAccount,
    division_code: str | None,
    wanted: Sequence[Wanted],
    on: date,
    reserved_fen: int = 0,
    deliver_on: date | None = None,
) -> tuple[Judgement, list[Priced]]:
    """Every rule that an order must pass, all findings collected.

    `reserved_fen` is what the order has in the exposure already: only the difference is new.
    """
    judgement = Judgement(judging.ground_on(distributor.id, on))
    lefts = waivers.in_force(distributor.id, on)
    lines = price_lines(judgement, wanted, lefts, on)
    gross_fen = sum(line.gross_fen for line in lines)
    if not distributor.is_active:
        judgement.findings.append(Finding("distributor.closed", Severity.BLOCK))
    judging.check_agreement(judgement, distributor, gross_fen, lefts, on)
    judging.check_stop(judgement, distributor.id, deliver_on or on, Severity.WARN)
    judging.check_place(judgement, division_code, lefts, gross_fen, on)
    terms = judgement.ground.terms
    new_fen = gross_fen - reserved_fen
    asked = credit.Document(Point.ORDER, on, new_fen, gross_fen, deliver_on)
    checked = credit.check(account, terms.payment if terms else None, asked)
    judging.soften_credit(judgement, checked, lefts, gross_fen)
    judgement.figures = {"new_fen": new_fen, **judging.figures_of(account)}
    return judgement, lines


def write_lines(w: Work, order: Order, wanted: Sequence[Wanted]) -> None:
    """Lines at today's book price; the submission prices them again."""
    judgement = Judgement(judging.ground_on(order.distributor_id, order.order_date))
    lefts = waivers.in_force(order.distributor_id, order.order_date)
    lines = price_lines(judgement, wanted, lefts, order.order_date)
    refuse_closed_goods(judgement)
    replace_lines(order, lines, wanted)


def refuse_closed_goods(judgement: Judgement) -> None:
    """Goods that are not sold any more cannot even stand on a draft."""
    closed = [f for f in judgement.findings if f.code == "product.closed"]
    if closed:
        raise Refused(closed)


def replace_lines(order: Order, lines: Sequence[Priced], wanted: Sequence[Wanted]) -> None:
    """The order's lines; a wanted line without a price is kept at nil so that it is not lost.

    Free goods that the rebate pool pays are no part of what is wanted here: they stay.
    """
    priced_ids = {line.product.id for line in lines}
    rows = [
        OrderLine(
            product_id=line.product.id,
            quantity=line.quantity,
            unit_gross_fen=line.unit_gross_fen,
            price_source=line.source,
            waiver_id=line.waiver_id,
            vat_rate_bp=line.vat_rate_bp,
            gross_fen=line.gross_fen,
            is_free=line.is_free,
            shipped_quantity=0,
        )
        for line in lines
    ]
    rows += [
        OrderLine(
            product_id=line.product_id,
            quantity=line.quantity,
            unit_gross_fen=0,
            price_source="book",
            vat_rate_bp=0,
            gross_fen=0,
            is_free=line.is_free,
            shipped_quantity=0,
        )
        for line in wanted
        if line.product_id not in priced_ids
    ]
    rows += [_again(line) for line in order.lines if line.pool_use_id is not None]
    for number, row in enumerate(rows, 1):
        row.line_no = number
    if order.lines:
        order.lines[:] = []
        db.session.flush()  # line numbers are unique: the old rows must be gone first
    order.lines[:] = rows
    order.gross_fen = sum(row.gross_fen for row in rows)


def _again(line: OrderLine) -> OrderLine:
    """A line that the pool pays, as a new row."""
    return OrderLine(
        product_id=line.product_id,
        quantity=line.quantity,
        unit_gross_fen=line.unit_gross_fen,
        price_source=line.price_source,
        vat_rate_bp=line.vat_rate_bp,
        gross_fen=0,
        is_free=True,
        shipped_quantity=0,
        pool_use_id=line.pool_use_id,
    )


def wanted_of(order: Order) -> list[Wanted]:
    """The order's lines as asked for; lines that a special price split are joined again.

    Without those that the rebate pool pays.
    """
    sums: dict[tuple[int, bool], int] = {}
    for line in order.lines:
        if line.pool_use_id is not None:
            continue
        key = (line.product_id, line.is_free)
        sums[key] = sums.get(key, 0) + line.quantity
    return [Wanted(product, quantity, free) for (product, free), quantity in sums.items()]


def step(order: Order, act: str) -> str:
    try:
        return WORKFLOW.next(order.state, act)
    except IllegalTransition:
        raise Refused(
            [Finding("order.not_now", Severity.BLOCK, order.number, {"number": order.number})]
        ) from None


def place(w: Work, order: Order, wanted: Sequence[Wanted]) -> None:
    """Number, judge and save an order that is not in the session yet.

    The number comes after the debtor's lock, so that orders of one debtor never hold up those of
    another while they are judged.
    """
    account = credit.lock_account(w, order.distributor_id, order.currency)
    _refuse_known_key(order)
    judgement, lines = _judge(w, order, account, wanted)
    refuse_closed_goods(judgement)
    order.number = w.draw("SO", order.order_date)
    replace_lines(order, lines, wanted)
    w.session.add(order)
    _settle(w, order, account, judgement)


def _refuse_known_key(order: Order) -> None:
    """Asked under the lock: of two orders with one key, sent at once, the second stops here."""
    if order.external_key and db.session.scalar(
        sa.select(Order.id).where(Order.external_key == order.external_key)
    ):
        raise Refused([block("order.key_known", key=order.external_key)])


def submit(w: Work, order: Order, wanted: Sequence[Wanted]) -> None:
    """Lock the debtor, judge, and reserve what was accepted."""
    step(order, "submit")
    account = credit.lock_account(w, order.distributor_id, order.currency)
    judgement, lines = _judge(w, order, account, wanted)
    replace_lines(order, lines, wanted)
    rebates_pool_orders.fit(w, order)
    _settle(w, order, account, judgement)


def _judge(
    w: Work, order: Order, account: CreditAccount, wanted: Sequence[Wanted]
) -> tuple[Judgement, list[Priced]]:
    distributor = w.session.get_one(Distributor, order.distributor_id)
    return judge(
        distributor,
        account,
        order.division_code,
        wanted,
        order.order_date,
        deliver_on=order.deliver_on,
    )


def _settle(w: Work, order: Order, account: CreditAccount, judgement: Judgement) -> None:
    """The state that the verdict gives, and the reservation where it accepts."""
    old, verdict = order.state, judgement.verdict()
    order.verdict = judgement.frozen(order.order_date)
    order.agreement_version_id = judgement.ground.version_id
    if verdict.decision is Decision.ACCEPT:
        order.state, order.confirmed_at = "confirmed", w.now
    else:
        order.state = "held" if verdict.decision is Decision.HOLD else "refused"
    is_new = order.id is None
    w.session.flush()  # entries, waiver uses and audit lines refer to the order
    if is_new:
        w.audit("order:draft", order, changes={"gross_fen": order.gross_fen})
    if order.state == "confirmed":
        _reserve(w, order, account, judgement)
    w.audit(
        "order:submit", order, changes={"state": (old, order.state), "gross_fen": order.gross_fen}
    )


def _reserve(w: Work, order: Order, account: CreditAccount, judgement: Judgement) -> None:
    on = order.order_date
    reserved = [("ordered", order.gross_fen)]
    credit.move(w, account, reserved, act="reserve", document=order, on=on)
    for waiver_id, value, quantity in judgement.uses:
        waivers.use(w, waiver_id, order, value_fen=value, quantity=quantity, on=on)


def unshipped_fen(order: Order) -> int:
    """What the order still reserves: its value less the value of what was shipped."""
    return sum(
        line.unit_gross_fen * (line.quantity - line.shipped_quantity)
        for line in order.lines
        if not line.is_free
    )
