"""Shipments: the minimum, credit at the second control point, dispatch, invoice, cancellation."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.receivables import Allocation, Invoice
from channel.queries.credit_recount import differences
from channel.services import orders, shipments
from channel.services.work import Refused
from contracts.values.findings import from_json
from tests.builders import (
    a_credit_policy,
    a_draft,
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    codes_of,
    delivered,
    paid,
    the_order,
    the_shipment,
)
from tests.services.test_orders import account

pytestmark = pytest.mark.database


def price_a(world, fen: int) -> None:
    """Give A another price, so that a shipment can have any value."""
    from channel.models.catalogue import PriceEntry

    db.session.execute(
        sa.update(PriceEntry)
        .where(PriceEntry.product_id == world.product("A"))
        .values(gross_fen=fen)
    )
    db.session.commit()


@pytest.mark.row("D02")
@pytest.mark.parametrize(
    ("fen", "state"), [(999_999, "refused"), (1_000_000, "released"), (1_000_001, "released")]
)
def test_the_minimum_is_exact(world, fen, state):
    price_a(world, fen)
    shipment = the_shipment(a_shipment(world, an_order(world, A=1)))
    assert shipment.state == state
    if state == "refused":
        [finding] = [f for f in from_json(shipment.verdict["findings"]) if f.is_blocking]
        assert (finding.code, finding.facts["short"].fen) == ("minimum.below", 1)


@pytest.mark.row("D02")
def test_two_orders_joined_pass_and_one_order_split_does_not(world):
    first, second = an_order(world, A=60), an_order(world, A=60)
    assert the_shipment(a_shipment(world, first, second)).state == "released"
    order = an_order(world, A=120)
    [line] = the_order(order).lines
    half = a_shipment(world, order, share={line.id: 60})
    other = a_shipment(world, order, share={line.id: 60})
    assert [the_shipment(s).state for s in (half, other)] == ["refused", "refused"]


@pytest.mark.row("D02", "E08")
def test_free_goods_do_not_help_the_minimum(world):
    from channel.services.steps.pricing import Wanted

    draft = a_draft(world)
    lines = (Wanted(world.product("A"), 90), Wanted(world.product("A"), 10, is_free=True))
    wish = orders.Draft(draft.distributor_id, draft.order_date, draft.ship_to_id, lines)
    shipment = the_shipment(a_shipment(world, orders.place_order(world.actor("cm"), wish)))
    assert (shipment.goods_gross_fen, shipment.state) == (900_000, "refused")


@pytest.mark.row("D03", "D12")
def test_a_waiver_lowers_the_floor_between_its_dates_for_its_distributor(world):
    an_approved_exception(world, an_application(world, max_uses=3))
    price_a(world, 499_999)
    below = a_shipment(world, an_order(world, "D2", A=1), code="D2")
    assert the_shipment(below).state == "refused"
    price_a(world, 500_000)

    def ship(code="D2", on=date(2026, 11, 20)):
        return a_shipment(world, an_order(world, code, on, A=1), code=code, on=on)

    first = ship()
    assert the_shipment(first).state == "released"
    assert "minimum.waived" in codes_of(the_shipment(first))
    assert the_shipment(ship("D3")).state == "refused"  # others keep the default
    ship(), ship()
    fourth = ship()
    assert the_shipment(fourth).state == "refused"  # the cap of three is used up
    shipments.cancel_shipment(world.actor("cm"), first, "客户改期")
    assert shipments.check_shipment(world.actor("cm"), fourth) == "released"


@pytest.mark.row("D03", "D10")
def test_the_day_after_the_end_the_default_rule_applies(world):
    an_approved_exception(world, an_application(world, valid_to=date(2026, 12, 1)))
    price_a(world, 500_000)
    last = a_shipment(
        world, an_order(world, "D2", date(2026, 11, 30), A=1), code="D2", on=date(2026, 11, 30)
    )
    next_day = a_shipment(
        world, an_order(world, "D2", date(2026, 12, 1), A=1), code="D2", on=date(2026, 12, 1)
    )
    assert the_shipment(last).state == "released"
    assert the_shipment(next_day).state == "refused"


@pytest.mark.row("B02")
def test_dispatch_invoice_and_receipt_move_the_exposure(world):
    order = an_order(world, B=100)
    shipment = a_shipment(world, order)
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    a = account(world)
    assert (a.ordered_fen, a.shipped_fen, a.invoiced_fen) == (0, 2_000_000, 0)
    assert the_order(order).state == "closed"
    invoice = shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 20))
    a = account(world)
    assert (a.shipped_fen, a.invoiced_fen) == (0, 2_000_000)
    paid(world, "D1", 1_500_000)
    a = account(world)
    assert (a.invoiced_fen, a.unapplied_fen) == (500_000, 0)
    paid(world, "D1", 700_000)
    a = account(world)
    assert (a.invoiced_fen, a.unapplied_fen) == (0, 200_000)
    total = db.session.scalar(
        sa.select(sa.func.sum(Allocation.amount_fen)).where(Allocation.invoice_id == invoice)
    )
    assert total == 2_000_000
    assert differences() == []


@pytest.mark.row("C08")
def test_the_invoice_splits_vat_exactly(world):
    invoice = db.session.get_one(Invoice, delivered(world, A=100))
    assert (invoice.gross_fen, invoice.net_fen, invoice.tax_fen) == (1_000_000, 884_956, 115_044)


@pytest.mark.row("A07")
def test_due_date_rolls_to_the_next_working_day(world):
    """Net 30 from 2026-09-01 is 10-01, a holiday; paid by 10-08."""
    invoice = db.session.get_one(Invoice, delivered(world, on=date(2026, 9, 1), A=100))
    assert (invoice.due_date, invoice.pay_by) == (date(2026, 10, 1), date(2026, 10, 8))


@pytest.mark.row("B05")
def test_one_yuan_overdue_stops_goods_until_it_is_paid(world):
    delivered(world, on=date(2026, 10, 20), A=100)
    paid(world, "D1", 999_900, on=date(2026, 11, 1))
    order = an_order(world, A=100)
    shipment = a_shipment(world, order)
    assert (the_shipment(shipment).state, codes_of(the_shipment(shipment))) == (
        "held",
        ["credit.overdue"],
    )
    paid(world, "D1", 100)
    assert the_shipment(shipment).state == "released"


def test_shipped_goods_can_always_be_invoiced(world):
    order = an_order(world, B=500)
    shipment = a_shipment(world, order)
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    a_credit_policy(order="block", shipment="block")
    db.session.execute(sa.text("UPDATE credit_limit SET amount_fen = 0"))
    db.session.commit()
    assert shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 20))


def test_the_same_goods_are_never_shipped_twice(world):
    order = an_order(world, A=100)
    a_shipment(world, order)
    with pytest.raises(Refused) as refused:
        a_shipment(world, order)
    assert refused.value.findings[0].code == "shipment.too_many"


def test_a_check_never_uses_a_waiver_twice(world):
    an_approved_exception(world, an_application(world, max_uses=1))
    price_a(world, 600_000)
    shipment = a_shipment(world, an_order(world, "D2", A=1), code="D2")
    for _ in range(3):
        assert shipments.check_shipment(world.actor("cm"), shipment) == "released"
    with clock.at(date(2026, 11, 22)):
        assert shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped"


@pytest.mark.row("B07")
def test_prepaid_goods_leave_only_against_money(world):
    make_prepaid(world, "D3")
    order = an_order(world, "D3", A=100)
    assert the_order(order).state == "confirmed"
    paid(world, "D3", 900_000)
    shipment = a_shipment(world, order, code="D3")
    assert codes_of(the_shipment(shipment)) == ["credit.prepaid_short"]
    paid(world, "D3", 100_000)
    assert the_shipment(shipment).state == "released"


def make_prepaid(world, code: str) -> None:
    """An amendment by two persons: prepaid from today on."""
    from dataclasses import replace

    from channel.models.agreements import Agreement, AgreementVersion
    from channel.services import agreements
    from contracts import agreement as rules
    from contracts.payment_terms import PaymentTerm

    version = db.session.scalar(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor(code))
    )
    new = agreements.amend_agreement(
        world.actor("cm"), version.id, date(2026, 11, 1), "改为款到发货"
    )
    row = db.session.get_one(AgreementVersion, new)
    terms = replace(
        rules.from_json(row.terms), payment=PaymentTerm("prepaid", 0, None, "shipment", "none")
    )
    agreements.save_draft(
        world.actor("cm"),
        new,
        agreements.Draft(row.valid_from, row.valid_to, terms, "改为款到发货"),
    )
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("boss"), new)
