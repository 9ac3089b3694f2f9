"""A confirmed order changed: other goods or another place, judged anew or left as it was."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.queries.orders import PLANNED
from channel.services.steps import credit, waivers
from channel.services.steps.judging import Judgement
from channel.services.steps.orders import judge, refuse_closed_goods, replace_lines, unshipped_fen
from channel.services.steps.pricing import Priced, Wanted
from channel.services.work import Refused, Work
from contracts.values.findings import block


def revise(w: Work, order: Order, account: CreditAccount, wanted: Sequence[Wanted]) -> None:
    """Other goods on a confirmed order of which nothing has left: judged anew under the lock.

    The reservation moves by the difference. Refused with every reason where it does not pass;
    then nothing changes.
    """
    reserved = unshipped_fen(order)
    judgement, lines = _pass_again(w, order, account, wanted, reserved)
    refuse_closed_goods(judgement)
    replace_lines(order, lines, wanted)
    more = order.gross_fen - reserved
    act = "reserve" if more > 0 else "release"
    credit.move(w, account, [("ordered", more)], act=act, document=order, on=w.today)


def rejudge(w: Work, order: Order, account: CreditAccount, *, freight_fen: int) -> None:
    """The same goods under another place: refused with every reason where it does not pass.

    Freight that is reserved already counts; without any, credit has nothing new to say.
    """
    rest = [
        Wanted(line.product_id, line.quantity - line.shipped_quantity, line.is_free)
        for line in order.lines
        if line.quantity > line.shipped_quantity and line.pool_use_id is None
    ]
    unasked = "" if freight_fen else "credit"
    _pass_again(w, order, account, rest, unshipped_fen(order), unasked)


def _pass_again(
    w: Work,
    order: Order,
    account: CreditAccount,
    wanted: Sequence[Wanted],
    reserved_fen: int,
    unasked: str = "",
) -> tuple[Judgement, list[Priced]]:
    """The verdict on a changed confirmed order; what it used of exceptions is used anew.

    `unasked` is a family of findings that the change does not touch.
    """
    waivers.give_back(w, order, w.today)
    w.session.flush()  # the judgement reads what is left of the waivers
    judgement, lines = judge(
        w.session.get_one(Distributor, order.distributor_id),
        account,
        order.division_code,
        wanted,
        order.order_date,
        reserved_fen,
        order.deliver_on,
    )
    reasons = [f for f in judgement.verdict().reasons if f.family != unasked]
    if reasons:
        raise Refused(reasons)
    order.verdict = judgement.frozen(order.order_date)
    order.agreement_version_id = judgement.ground.version_id
    for waiver_id, value, quantity in judgement.uses:
        waivers.use(w, waiver_id, order, value_fen=value, quantity=quantity, on=order.order_date)
    return judgement, lines


def refuse_planned(order: Order) -> None:
    """What stands on a shipment that has not left is changed there, or taken back there."""
    numbers = db.session.scalars(
        sa.select(Shipment.number)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .where(OrderLine.order_id == order.id, Shipment.state.in_(PLANNED))
        .distinct()
        .order_by(Shipment.number)
    ).all()
    if numbers:
        raise Refused([block("order.planned", order.number, shipments=tuple(numbers))])
