"""How a shipment is judged, and when; shared by every path that may release one."""

from __future__ import annotations

import sqlalchemy as sa

from channel.models.orders import OrderLine, Shipment
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
    lefts = waivers.in_force(distributor.id, on, orders=_orders_of(w, shipment))
    value = shipment.goods_gross_fen
    judging.check_agreement(judgement, distributor, value, lefts, on)
    judging.check_place(judgement, shipment.division_code, lefts, value, on)
    judging.check_floor(judgement, maker, value, lefts, on)
    terms = judgement.ground.terms
    # The goods are among the approved orders already, so nothing new is added to the exposure.
    findings = credit.check(
        account,
        maker,
        terms.payment if terms else None,
        new_fen=0,
        shipping_fen=value + shipment.freight_fen,
        on=on,
        at=Point.SHIPMENT,
    )
    judging.soften_credit(judgement, findings, lefts, value)
    judging.postpone_payment(judgement, lefts, value)
    # What the orders have used for these goods is not used up a second time.
    held = {left.waiver.id for left in lefts if left.is_held}
    judgement.uses = [use for use in judgement.uses if use[0] not in held]
    judgement.figures = {"goods_gross_fen": value, **judging.figures_of(account)}
    return judgement


def _orders_of(w: Work, shipment: Shipment) -> list[int]:
    ids = {line.order_line_id for line in shipment.lines}
    return list(w.session.scalars(sa.select(OrderLine.order_id).where(OrderLine.id.in_(ids))))


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
