"""Caps of exceptions: consumed by shipments, released by cancellation, safe when two race (D12)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.exceptions import Waiver, WaiverUse
from channel.models.partners import ShipTo
from channel.models.receivables import Invoice
from channel.services import exceptions, orders, shipments
from channel.services.steps import credit as credit_step
from channel.services.steps import waivers
from tests.builders import (
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    codes_of,
    delivered,
    the_order,
    the_shipment,
)
from tests.services.test_exceptions import refusal
from tests.services.test_orders import _Never

pytestmark = pytest.mark.database


def small(world, boxes=60, code="D2", on=date(2026, 11, 20)):
    """A shipment of less than 10,000: 60 boxes are 6,000.00."""
    return the_shipment(a_shipment(world, an_order(world, code, on, A=boxes), code=code, on=on))


def used(waiver_type="minimum"):
    return db.session.execute(
        sa.select(
            sa.func.sum(WaiverUse.uses), sa.func.coalesce(sa.func.sum(WaiverUse.value_fen), 0)
        )
        .join(Waiver, Waiver.id == WaiverUse.waiver_id)
        .where(Waiver.type == waiver_type)
    ).one()


@pytest.mark.row("D03")
def test_the_floor_of_the_exception_holds_to_the_cent_and_to_the_day(world):
    an_approved_exception(world, an_application(world))
    assert small(world, 50).state == "released"  # 5,000.00 exactly
    assert small(world, 49).state == "refused"  # 4,900.00
    assert small(world, 50, code="D3").state == "refused"  # D3 still needs 10,000.00
    assert small(world, 50, on=date(2026, 12, 31)).state == "released"


@pytest.mark.row("D12")
def test_three_shipments_pass_the_fourth_does_not_and_cancelling_one_frees_one(world):
    an_approved_exception(world, an_application(world, max_uses=3))
    shipped = [small(world) for _ in range(4)]
    assert [s.state for s in shipped] == ["released"] * 3 + ["refused"]
    shipments.cancel_shipment(world.actor("cm"), shipped[0].id, "客户改期")
    shipments.check_shipment(world.actor("cm"), shipped[3].id)
    assert the_shipment(shipped[3].id).state == "released"
    assert tuple(used()) == (3, 1_800_000)
    shipments.check_shipment(world.actor("cm"), shipped[1].id)  # a check never uses twice
    assert tuple(used()) == (3, 1_800_000)


@pytest.mark.row("D12")
def test_the_cap_by_value_is_consumed_too(world):
    an_approved_exception(world, an_application(world, max_value_fen=1_200_000))
    assert [small(world).state for _ in range(3)] == ["released", "released", "refused"]


@pytest.mark.row("D12", "D10")
def test_the_last_day_counts_and_the_day_after_does_not(world):
    an_approved_exception(world, an_application(world, valid_to=date(2026, 12, 1)))
    assert small(world, on=date(2026, 11, 30)).state == "released"
    assert small(world, on=date(2026, 12, 1)).state == "refused"


@pytest.mark.row("D12", "A21")
def test_what_an_order_has_used_its_shipment_does_not_use_again(world):
    place = ShipTo(distributor_id=world.distributor("D1"), name="隆昌", division_code="511083")
    db.session.add(place)
    db.session.commit()
    wish = an_application(
        world, "D1", type="territory", asked={"division_code": "511083"}, max_uses=1
    )
    an_approved_exception(world, wish, signers=("cm", "boss"))
    order = an_order(world, ship_to=place.id, A=100)
    assert the_order(order).state == "confirmed"
    shipment = the_shipment(a_shipment(world, order, ship_to=place.id))
    assert shipment.state == "released", codes_of(shipment)
    assert tuple(used("territory")) == (1, 1_000_000)
    assert the_order(an_order(world, ship_to=place.id, A=100)).state == "refused"
    shipments.cancel_shipment(world.actor("cm"), shipment.id, "改期")
    orders.end_order(world.actor("cm"), order, "cancel", "改期")
    assert tuple(used("territory")) == (0, 0)


def race(world, lock_works, monkeypatch):
    """Two refused shipments, checked at the same moment on the last use of the exception."""
    pair = [small(world).id for _ in range(2)]
    an_approved_exception(world, an_application(world, max_uses=1))
    barrier = threading.Barrier(2, timeout=30)
    real, real_lefts = credit_step.lock_account, waivers.in_force
    on_sqlite = db.engine.dialect.name == "sqlite"
    met = threading.local()

    def meet():
        """Both have read before either writes: the fault in its purest form."""
        if not getattr(met, "once", False):
            met.once = True
            barrier.wait()

    def unlocked(w, distributor_id, currency):
        with w.session.no_autoflush:
            found = w.session.scalar(
                sa.select(CreditAccount).where(CreditAccount.distributor_id == distributor_id)
            )
        if on_sqlite:  # which has one writer only: they must meet before the first write
            meet()
        return found

    def slow(distributor_id, on, orders=()):
        found = real_lefts(distributor_id, on, orders)
        meet()
        return found

    if not lock_works:
        monkeypatch.setattr(credit_step, "lock_account", unlocked)
        monkeypatch.setattr(waivers, "in_force", slow)
        monkeypatch.setattr("channel.db._writing", _Never())
    states = []

    def check(shipment):
        with clock.at(date(2026, 11, 20)), world.app.app_context():
            if lock_works:
                barrier.wait()
            try:
                shipments.check_shipment(world.actor("cm"), shipment)
                states.append(the_shipment(shipment).state)
            except sa.exc.OperationalError:
                states.append("locked out")
            db.session.remove()

    threads = [threading.Thread(target=check, args=(i,)) for i in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(credit_step, "lock_account", real)
    monkeypatch.setattr(waivers, "in_force", real_lefts)
    return sorted(states)


@pytest.mark.row("D12")
def test_two_shipments_at_once_on_the_last_use_exactly_one_passes(world, monkeypatch):
    assert race(world, True, monkeypatch) == ["refused", "released"]
    assert used()[0] == 1


@pytest.mark.row("D12")
def test_the_race_on_the_last_use_can_fail(world, monkeypatch):
    """Without the lock both pass on PostgreSQL; on SQLite one is thrown out, and none refused."""
    assert race(world, False, monkeypatch) in (["released", "released"], ["locked out", "released"])


@pytest.mark.row("D01", "D12")
def test_a_relaxed_term_postpones_what_is_shipped_in_its_days_and_no_more(world):
    wish = an_application(
        world,
        "D1",
        type="terms",
        asked={"extra_days": 15},
        valid_from=date(2026, 11, 1),
        valid_to=date(2026, 11, 22),
        max_value_fen=1_500_000,
    )
    an_approved_exception(world, wish, signers=("cm", "fin", "boss"))

    def due(on, boxes=100):
        return db.session.get_one(Invoice, delivered(world, on=on, A=boxes)).due_date

    assert due(date(2026, 10, 30)) == date(2026, 11, 29)  # 30 days, before it begins
    assert due(date(2026, 11, 19)) == date(2027, 1, 3)  # 45 days
    assert due(date(2026, 11, 20)) == date(2026, 12, 20)  # the cap by value is used up
    assert due(date(2026, 11, 22)) == date(2026, 12, 22)  # it has ended
    assert tuple(used("terms")) == (1, 1_000_000)


@pytest.mark.row("D01", "A12")
def test_freight_is_waived_up_to_what_was_approved(world):
    wish = an_application(
        world, "D1", type="delivery_place", asked={"amount_fen": 30_000}, max_uses=1
    )
    an_approved_exception(world, wish, signers=("cm",))
    on = date(2026, 11, 20)
    d1 = world.distributor("D1")
    assert waivers.freight_waived(d1, 30_000, on) is not None
    assert waivers.freight_waived(d1, 30_001, on) is None
    assert waivers.freight_waived(world.distributor("D2"), 30_000, on) is None


@pytest.mark.row("D01")
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("terms", {"extra_days": 0}),
        ("terms", {"extra_days": 366}),
        ("exchange", {"extra_days": None}),
        ("delivery_place", {"amount_fen": 0}),
        ("level", {"division_code": ""}),
        ("level", {"division_code": "999999"}),
        ("support", {"amount_fen": None}),
    ],
)
def test_what_is_asked_must_make_sense(world, kind, asked):
    wish = an_application(world, "D1", type=kind, asked=asked)
    assert refusal(exceptions.request_exception, world.actor("rep"), wish)
