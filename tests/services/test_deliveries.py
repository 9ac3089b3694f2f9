"""Delivery places changed by notice, confirmed orders changed, and every path under one check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.credit import CreditAccount
from channel.models.orders import PlaceChange
from channel.models.receivables import Invoice, InvoiceCharge
from channel.queries import orders as reads
from channel.queries.credit_recount import differences
from channel.services import deliveries, orders, shipments
from channel.services.steps.pricing import Wanted
from channel.services.work import Refused, Stale
from contracts.instalments import Share
from contracts.payment_terms import PaymentTerm
from tests.agreed import amended, another_place
from tests.builders import a_draft, a_shipment, an_order, paid, the_order, the_shipment

pytestmark = pytest.mark.database

FREIGHT = 30_000
PLANNED = date(2026, 11, 27)  # a Friday


@pytest.fixture
def agreed(world):
    """D1's contract: three working days' notice, else ¥300.00; and a second place."""
    duties = {"delivery_notice_working_days": 3, "late_delivery_freight_fen": FREIGHT}
    amended(world, duties=duties)
    world.place = another_place(world)
    return world


def account(world, code="D1"):
    return db.session.scalar(
        sa.select(CreditAccount)
        .where(CreditAccount.distributor_id == world.distributor(code))
        .execution_options(populate_existing=True)
    )


def refusals(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return [finding.code for finding in refused.value.findings]


@pytest.mark.row("A12", "C03")
@pytest.mark.parametrize(("asked", "freight"), [(24, 0), (25, FREIGHT), (26, FREIGHT)])
def test_a_shipment_sent_elsewhere_costs_freight_when_late(agreed, asked, freight):
    """Three working days before the Friday is the Tuesday, the 24th."""
    world = agreed
    shipment = a_shipment(world, an_order(world, A=100), on=PLANNED)
    with clock.at(date(2026, 11, asked)):
        said = deliveries.change_place_of_shipment(
            world.actor("d1"), shipment, world.place, "新仓库启用"
        )
    row = the_shipment(shipment)
    assert (said, row.freight_fen, row.goods_gross_fen) == (freight, freight, 1_000_000)
    assert (row.ship_to_id, row.division_code, row.state) == (world.place, "511011", "released")
    assert [line.gross_fen for line in row.lines] == [1_000_000]
    assert account(world).ordered_fen == 1_000_000 + freight
    assert differences() == []


@pytest.mark.row("A12", "C08")
def test_freight_ends_on_the_invoice_beside_the_goods(agreed):
    world = agreed
    shipment = a_shipment(world, an_order(world, A=100), on=PLANNED)
    with clock.at(date(2026, 11, 26)):
        deliveries.change_place_of_shipment(world.actor("d1"), shipment, world.place, "")
    with clock.at(PLANNED):
        assert shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped"
        assert account(world).shipped_fen == 1_030_000
        invoice_id = shipments.invoice_shipment(world.actor("fin"), shipment, PLANNED)
    invoice = db.session.get_one(Invoice, invoice_id)
    charge = db.session.scalars(sa.select(InvoiceCharge)).one()
    assert (charge.net_fen, charge.tax_fen, charge.gross_fen) == (26_549, 3_451, FREIGHT)
    # 10,000.00 at 13 % is 8,849.56 + 1,150.44.
    assert (invoice.net_fen, invoice.tax_fen) == (884_956 + 26_549, 115_044 + 3_451)
    assert invoice.gross_fen == 1_030_000
    assert [line.gross_e4 for line in invoice.lines] == [100_000_000]
    row = account(world)
    assert (row.ordered_fen, row.shipped_fen, row.invoiced_fen) == (0, 0, 1_030_000)
    assert differences() == []


@pytest.mark.row("A12", "D02")
def test_freight_never_helps_the_minimum(agreed):
    world = agreed
    order = an_order(world, A=99)
    shipment = a_shipment(world, order, on=PLANNED)
    assert the_shipment(shipment).state == "refused"
    with clock.at(date(2026, 11, 26)):
        deliveries.change_place_of_shipment(world.actor("cm"), shipment, world.place, "")
    row = the_shipment(shipment)
    assert (row.state, row.goods_gross_fen, row.freight_fen) == ("refused", 990_000, FREIGHT)


@pytest.mark.row("A12")
def test_an_order_sent_elsewhere_takes_its_freight_to_the_shipment(agreed):
    world = agreed
    draft = replace(a_draft(world, A=200), deliver_on=PLANNED)
    order = orders.place_order(world.actor("cm"), draft)
    with clock.at(date(2026, 11, 26)):
        freight = deliveries.change_place_of_order(
            world.actor("d1"), order, world.place, "改送东兴"
        )
    assert (freight, the_order(order).freight_fen) == (FREIGHT, FREIGHT)
    assert the_order(order).gross_fen == 2_000_000
    assert account(world).ordered_fen == 2_030_000
    line = the_order(order).lines[0]
    first = a_shipment(world, order, on=PLANNED, share={line.id: 100}, ship_to=world.place)
    assert (the_shipment(first).freight_fen, the_order(order).freight_fen) == (FREIGHT, 0)
    shipments.cancel_shipment(world.actor("cm"), first, "改期")
    assert (the_shipment(first).freight_fen, the_order(order).freight_fen) == (0, FREIGHT)
    second = a_shipment(world, order, on=PLANNED, share={line.id: 100}, ship_to=world.place)
    third = a_shipment(world, order, on=PLANNED, share={line.id: 100}, ship_to=world.place)
    assert [the_shipment(s).freight_fen for s in (second, third)] == [FREIGHT, 0]
    assert account(world).ordered_fen == 2_030_000
    assert differences() == []


@pytest.mark.row("A12")
def test_a_cancelled_order_gives_its_freight_up(agreed):
    world = agreed
    order = orders.place_order(
        world.actor("cm"), replace(a_draft(world, A=100), deliver_on=PLANNED)
    )
    with clock.at(date(2026, 11, 26)):
        deliveries.change_place_of_order(world.actor("cm"), order, world.place, "")
        orders.end_order(world.actor("cm"), order, "cancel", "客户取消")
    assert account(world).ordered_fen == 0
    assert db.session.scalars(sa.select(PlaceChange)).one().is_void
    assert differences() == []


@pytest.mark.row("A12", "A01")
def test_the_new_place_is_judged_like_any_other(agreed):
    world = agreed
    outside = another_place(world, division="511083", name="隆昌")
    order = an_order(world, A=100)
    assert refusals(deliveries.change_place_of_order, world.actor("cm"), order, outside, "") == [
        "territory.outside"
    ]
    shipment = a_shipment(world, order, on=PLANNED)
    assert refusals(
        deliveries.change_place_of_shipment, world.actor("cm"), shipment, outside, ""
    ) == ["territory.outside"]
    assert the_shipment(shipment).ship_to_id == world.ship_to("D1")
    assert db.session.scalars(sa.select(PlaceChange)).all() == []
    # While a shipment is planned the order itself stays.
    assert refusals(
        deliveries.change_place_of_order, world.actor("cm"), order, world.place, ""
    ) == ["order.planned"]
    assert refusals(
        deliveries.change_place_of_shipment, world.actor("cm"), shipment, world.ship_to("D1"), ""
    ) == ["place.same"]
    assert refusals(
        deliveries.change_place_of_shipment, world.actor("cm"), shipment, world.ship_to("D2"), ""
    ) == ["order.foreign_ship_to"]


def test_without_a_flat_freight_the_house_names_it_and_a_distributor_cannot(world):
    place = another_place(world)
    by_house = a_shipment(world, an_order(world, A=100), on=PLANNED)
    by_dealer = a_shipment(world, an_order(world, A=100), on=PLANNED)
    with clock.at(date(2026, 11, 26)):
        assert (
            deliveries.change_place_of_shipment(
                world.actor("cm"), by_house, place, "", None, 12_345
            )
            == 12_345
        )
        assert (
            deliveries.change_place_of_shipment(
                world.actor("d1"), by_dealer, place, "", None, 12_345
            )
            == 0
        )


def test_a_changed_confirmed_order_moves_its_reservation_by_the_difference(world):
    order = an_order(world, A=100)
    old = the_order(order)
    draft = a_draft(world, A=120, B=10)
    state = orders.edit_order(world.actor("cm"), order, draft, old.row_version)
    new = the_order(order)
    assert (state, new.state, new.gross_fen) == ("confirmed", "confirmed", 1_400_000)
    assert account(world).ordered_fen == 1_400_000
    less = orders.edit_order(world.actor("cm"), order, a_draft(world, A=50), None)
    assert (less, account(world).ordered_fen) == ("confirmed", 500_000)
    assert differences() == []
    trail = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "order:revise").order_by(AuditEntry.id)
    ).all()
    assert [e.changes["gross_fen"] for e in trail] == [[1_000_000, 1_400_000], [1_400_000, 500_000]]
    assert trail[0].changes["order_lines"] == ["A 100", "A 120, B 10"]
    with pytest.raises(Stale):
        orders.edit_order(world.actor("cm"), order, draft, old.row_version - 1)


@pytest.mark.row("B13")
def test_a_change_that_does_not_pass_changes_nothing(world):
    """D2's limit is 50,000.00: 40,000.00 confirmed, 60,000.00 refused, 50,000.00 exactly passes."""
    order = an_order(world, "D2", A=400)
    assert refusals(
        orders.edit_order, world.actor("cm"), order, a_draft(world, "D2", A=600), None
    ) == ["credit.over_limit"]
    assert (the_order(order).gross_fen, account(world, "D2").ordered_fen) == (4_000_000, 4_000_000)
    orders.edit_order(world.actor("cm"), order, a_draft(world, "D2", A=500), None)
    assert account(world, "D2").ordered_fen == 5_000_000


def test_what_has_begun_to_leave_is_not_changed(world):
    order = an_order(world, A=200)
    line = the_order(order).lines[0]
    shipment = a_shipment(world, order, share={line.id: 100})
    draft = a_draft(world, A=300)
    assert refusals(orders.edit_order, world.actor("cm"), order, draft, None) == ["order.planned"]
    for act in ("cancel", "close"):
        assert refusals(orders.end_order, world.actor("cm"), order, act, "") == ["order.planned"]
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    assert refusals(orders.edit_order, world.actor("cm"), order, draft, None) == ["order.begun"]
    orders.end_order(world.actor("cm"), order, "close", "余量不发")
    assert account(world).ordered_fen == 0


@pytest.mark.row("C01", "C04")
def test_a_changed_order_is_priced_by_its_own_date(world):
    order = an_order(world, A=100)
    tampered = replace(a_draft(world), lines=(Wanted(world.product("A"), 100, typed_fen=9_900),))
    assert refusals(orders.edit_order, world.actor("cm"), order, tampered, None) == [
        "price.differs"
    ]
    assert the_order(order).lines[0].unit_gross_fen == 10_000


@pytest.mark.row("A07", "A12")
def test_freight_is_owed_in_the_same_instalments(agreed):
    world = agreed
    shares = (Share("fixed", 0, 100_000), Share("rest", 30))
    amended(world, on=date(2026, 11, 2), payment=PaymentTerm("net_days", 30, shares=shares))
    shipment = a_shipment(world, an_order(world, A=100), on=PLANNED)
    with clock.at(date(2026, 11, 26)):
        deliveries.change_place_of_shipment(world.actor("d1"), shipment, world.place, "")
    with clock.at(PLANNED):
        shipments.dispatch_shipment(world.actor("cm"), shipment)
        shipments.invoice_shipment(world.actor("fin"), shipment, PLANNED)
        paid(world, "D1", 100_000, on=PLANNED)
    assert account(world).invoiced_fen == 930_000
    assert [c.freight_fen for c in reads.place_changes(shipment_id=shipment)] == [FREIGHT]
