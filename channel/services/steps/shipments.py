"""How a shipment is judged, and when; shared by every path that may release one."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel import clock
from channel.models.orders import Order, OrderLine, Shipment
from channel.models.partners import Distributor
from channel.queries import partners
from channel.services.steps import credit, judging, waivers
from channel.services.steps.judging import Judgement
from channel.services.work import Refused, Work
from contracts.values.findings import Finding, Severity
from contracts.values.transitions import IllegalTransition, Transitions
from credit.holds import Point
from credit.release import Decision

WORKFLOW: Transitions[str, str] = Transitions(
    {
        ("draft", "check"): "released",
        ("refused", "check"): "released",
        ("held", "check"): "released",
        ("released", "check"): "released",
        ("released", "dispatch"): "shipped",
        ("shipped", "invoice"): "invoiced",
        ("draft", "cancel"): "cancelled",
        ("refused", "cancel"): "cancelled",
        ("held", "cancel"): "cancelled",
        ("released", "cancel"): "cancelled",
    }
)


def judge(w: Work, shipment: Shipment) -> Judgement:
    """Every rule that a shipment must pass on its ship date; the debtor is locked already."""
    on = shipment.ship_date
    maker = partners.get_maker()
    distributor = w.session.get_one(Distributor, shipment.distributor_id)
    account = credit.lock_account(w, shipment.distributor_id, shipment.currency)
    judgement = Judgement(judging.ground_on(distributor.id, on))
    orders, confirmed_on = _orders_of(w, shipment)
    lefts = waivers.in_force(distributor.id, on, orders=orders)
    value = shipment.goods_gross_fen
    judging.check_agreement(judgement, distributor, value, lefts, on)
    judging.check_stop(judgement, distributor.id, on)
    judging.check_place(judgement, shipment.division_code, lefts, value, on)
    judging.check_floor(judgement, maker, value, lefts, on)
    terms = judgement.ground.terms
    # The goods are among the approved orders already, so nothing new is added to the exposure.
    leaving = credit.Document(
        Point.SHIPMENT,
        on,
        new_fen=0,
        value_fen=value + shipment.freight_fen,
        orders=orders,
        confirmed_on=confirmed_on,
        freight_fen=shipment.freight_fen,
    )
    checked = credit.check(account, terms.payment if terms else None, leaving)
    judging.soften_credit(judgement, checked, lefts, value)
    judging.postpone_payment(judgement, lefts, value)
    # What the orders have used for these goods is not used up a second time.
    held = {left.waiver.id for left in lefts if left.is_held}
    judgement.uses = [use for use in judgement.uses if use[0] not in held]
    judgement.figures = {"goods_gross_fen": value, **judging.figures_of(account)}
    return judgement


def _orders_of(w: Work, shipment: Shipment) -> tuple[list[int], date | None]:
    """The orders whose goods go along, and the day on which the first of them was confirmed."""
    ids = {line.order_line_id for line in shipment.lines}
    rows = w.session.execute(
        sa.select(Order.id, Order.confirmed_at, Order.order_date)
        .where(Order.id.in_(sa.select(OrderLine.order_id).where(OrderLine.id.in_(ids))))
        .order_by(Order.id)
    ).all()
    days = [clock.date_of(at) if at else ordered for _id, at, ordered in rows]
    return [order_id for order_id, *_ in rows], min(days, default=None)


def check(w: Work, shipment: Shipment) -> None:
    """Judge anew: what it used before is given back first, so that a check never uses twice."""
    step(shipment, "check")
    waivers.give_back(w, shipment, w.today)
    w.session.flush()  # the judgement reads what is left of the waivers
    judgement = judge(w, shipment)
    verdict, old = judgement.verdict(), shipment.state
    shipment.verdict = judgement.frozen(shipment.ship_date)
    shipment.agreement_version_id = judgement.ground.version_id
    if verdict.decision is Decision.ACCEPT:
        shipment.state = "released"
        for waiver_id, value, quantity in judgement.uses:
            waivers.use(
                w, waiver_id, shipment, value_fen=value, quantity=quantity, on=shipment.ship_date
            )
    else:
        shipment.state = "held" if verdict.decision is Decision.HOLD else "refused"
    w.audit("shipment:check", shipment, changes={"state": (old, shipment.state)})


def step(shipment: Shipment, act: str) -> str:
    try:
        return WORKFLOW.next(shipment.state, act)
    except IllegalTransition:
        raise Refused(
            [
                Finding(
                    "shipment.not_now", Severity.BLOCK, shipment.number, {"number": shipment.number}
                )
            ]
        ) from None
