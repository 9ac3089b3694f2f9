"""Orders: judged against agreement, territory, price and credit; reserved under a lock."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.orders import Order
from channel.models.partners import ShipTo
from channel.queries.credit_recount import differences
from channel.services import orders
from channel.services.steps.pricing import Wanted
from channel.services.work import Refused, Stale
from contracts.values.findings import from_json
from tests.builders import a_credit_policy, a_draft, an_order, codes_of, paid, the_order

pytestmark = pytest.mark.database


def account(world, code="D1"):
    return db.session.scalar(
        sa.select(CreditAccount)
        .where(CreditAccount.distributor_id == world.distributor(code))
        .execution_options(populate_existing=True)
    )


def test_an_order_within_all_rules_is_confirmed_and_reserved(world):
    order = the_order(an_order(world, A=100, B=50))
    assert (order.state, order.gross_fen) == ("confirmed", 2_000_000)
    assert account(world).ordered_fen == 2_000_000
    assert differences() == []


@pytest.mark.row("A01")
def test_ship_to_outside_the_territory_is_refused(world):
    place = ShipTo(distributor_id=world.distributor("D1"), name="隆昌", division_code="511083")
    db.session.add(place)
    db.session.commit()
    order = the_order(an_order(world, ship_to=place.id, A=100))
    assert order.state == "refused"
    [finding] = from_json(order.verdict["findings"])
    assert finding.code == "territory.outside"
    assert (finding.facts["division"], finding.facts["name"]) == ("511083", "隆昌市")
    assert account(world).ordered_fen == 0


@pytest.mark.row("A01", "D05")
def test_the_carve_out_counts_from_its_day_and_not_earlier(world):
    place = ShipTo(distributor_id=world.distributor("D1"), name="隆昌", division_code="511083")
    db.session.add(place)
    db.session.commit()
    before = the_order(an_order(world, on=date(2026, 6, 30), ship_to=place.id, A=100))
    after = the_order(an_order(world, on=date(2026, 7, 1), ship_to=place.id, A=100))
    assert (before.state, after.state) == ("confirmed", "refused")


@pytest.mark.row("C01")
def test_dealer_price_is_the_same_for_all_and_cannot_be_typed(world):
    near = the_order(an_order(world, "D1", A=1)).lines[0]
    far = the_order(an_order(world, "D4", A=1)).lines[0]
    assert near.unit_gross_fen == far.unit_gross_fen == 10_000
    draft = a_draft(world, on=date(2026, 11, 21))
    forged = orders.Draft(
        draft.distributor_id,
        draft.order_date,
        draft.ship_to_id,
        (Wanted(world.product("A"), 100, typed_fen=9_900),),
    )
    order = the_order(orders.place_order(world.actor("d1"), forged))
    assert order.state == "refused"
    assert codes_of(order) == ["price.differs"]


@pytest.mark.row("C04")
def test_the_price_is_that_of_the_order_date(world):
    from channel.services import prices

    entry = prices.propose_price(
        world.actor("cm"), catalogue_book(world), world.product("A"), 10_500, date(2026, 12, 1)
    )
    prices.approve_prices(world.actor("boss"), catalogue_book(world), {entry})
    old = an_order(world, on=date(2026, 11, 30), A=1)
    new = an_order(world, on=date(2026, 12, 1), A=1)
    assert the_order(old).lines[0].unit_gross_fen == 10_000
    assert the_order(new).lines[0].unit_gross_fen == 10_500
    assert the_order(old).gross_fen == 10_000  # the old order keeps its price


def catalogue_book(world):
    from channel.models.catalogue import PriceBook

    return db.session.scalar(sa.select(PriceBook.id))


@pytest.mark.row("A21")
def test_no_order_without_an_agreement_in_force(world):
    order = the_order(an_order(world, on=date(2027, 1, 1), A=100))
    assert (order.state, codes_of(order)) == ("refused", ["agreement.none_in_force"])


@pytest.mark.row("B02")
def test_exposure_with_its_parts_and_the_excess(world):
    from tests.builders import delivered

    delivered(world, B=750)  # unpaid 150,000
    an_order(world, B=150)  # approved, not shipped: 30,000
    order = the_order(an_order(world, B=125))  # new: 25,000
    assert order.state == "held"
    [finding] = [f for f in from_json(order.verdict["findings"]) if f.is_blocking]
    facts = {k: v.fen for k, v in finding.facts.items() if k != "unapplied"}
    assert facts == {
        "unpaid": 15_000_000,
        "unshipped": 3_000_000,
        "new": 2_500_000,
        "used": 20_500_000,
        "limit": 20_000_000,
        "excess": 500_000,
        "pay": 500_000,
    }


@pytest.mark.row("B02")
def test_exactly_the_limit_passes(world):
    assert the_order(an_order(world, B=1000)).state == "confirmed"
    assert the_order(an_order(world, A=1)).state == "held"


@pytest.mark.row("B03")
def test_order_warns_shipment_blocks_until_the_money_is_there(world):
    from channel.services import shipments
    from tests.builders import a_shipment, delivered, the_shipment

    a_credit_policy(order="warn", shipment="approve")
    delivered(world, B=750)
    an_order(world, B=150)
    order = an_order(world, B=125)
    assert the_order(order).state == "confirmed"
    assert "credit.over_limit" in codes_of(the_order(order))
    shipment = a_shipment(world, order)
    assert the_shipment(shipment).state == "held"
    assert shipments.check_shipment(world.actor("cm"), shipment) == "held"
    paid(world, "D1", 500_000)
    assert the_shipment(shipment).state == "released"  # cured itself


def test_cancelling_releases_the_credit_and_reopening_checks_again(world):
    order = an_order(world, B=1000)
    orders.end_order(world.actor("cm"), order, "cancel", "测试")
    assert account(world).ordered_fen == 0
    other = an_order(world, B=900)
    assert the_order(other).state == "confirmed"
    with pytest.raises(Refused) as refused:
        orders.reopen_order(world.actor("cm"), order)
    assert refused.value.findings[0].code == "credit.over_limit"
    assert differences() == []


test_cancelling_releases_the_credit_and_reopening_checks_again = pytest.mark.row("B13")(
    test_cancelling_releases_the_credit_and_reopening_checks_again
)


def test_a_draft_shows_the_same_verdict_and_saves_nothing(world):
    an_order(world, B=900)
    verdict, lines = orders.preview(world.actor("d1"), a_draft(world, on=date(2026, 11, 21), B=200))
    assert verdict["decision"] == "hold"
    assert sum(line.gross_fen for line in lines) == 4_000_000
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_two_people_on_one_record_the_second_looks_again(world):
    order = orders.draft_order(world.actor("cm"), a_draft(world))
    orders.submit_order(world.actor("cm"), order, seen_version=1)
    with pytest.raises(Stale):
        orders.end_order(world.actor("cm2"), order, "cancel", "", seen_version=1)


def race(world, lock_works: bool, monkeypatch) -> list[str]:
    """Two orders of 30,000 with 40,000 free, placed at the same moment."""
    from channel.services.steps import credit as step

    an_order(world, B=800)  # 160,000 of 200,000 used
    drafts = [orders.draft_order(world.actor("cm"), a_draft(world, B=150)) for _ in range(2)]
    barrier = threading.Barrier(2, timeout=30)
    real = step.lock_account

    def unlocked(w, distributor_id, currency):
        with w.session.no_autoflush:
            found = w.session.scalar(
                sa.select(CreditAccount).where(CreditAccount.distributor_id == distributor_id)
            )
        barrier.wait()  # both have read before either writes: the fault in its purest form
        return found

    if not lock_works:
        monkeypatch.setattr(step, "lock_account", unlocked)
        monkeypatch.setattr("channel.db._writing", _Never())
    states: list[str] = []

    def place(order: int) -> None:
        with clock.at(date(2026, 11, 20)), world.app.app_context():
            if lock_works:
                barrier.wait()
            try:
                states.append(orders.submit_order(world.actor("cm"), order))
            except sa.exc.OperationalError:
                states.append("locked out")
            db.session.remove()

    threads = [threading.Thread(target=place, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(step, "lock_account", real)
    return sorted(states)


class _Never:
    """Takes SQLite's early write lock away, as if BEGIN IMMEDIATE had been forgotten."""

    def get(self) -> bool:
        return False

    def set(self, _value: bool) -> None:
        return None

    def reset(self, _token: object) -> None:
        return None


@pytest.mark.row("B12")
def test_two_orders_at_once_exactly_one_gets_the_credit(world, monkeypatch):
    assert race(world, True, monkeypatch) == ["confirmed", "held"]
    assert account(world).ordered_fen == 19_000_000
    assert differences() == []


@pytest.mark.row("B12")
def test_the_race_test_can_fail(world, monkeypatch):
    """Without the lock both pass on PostgreSQL, and on SQLite one is thrown out: never a hold."""
    states = race(world, False, monkeypatch)
    assert states in (["confirmed", "confirmed"], ["confirmed", "locked out"])


@pytest.mark.row("C04")
def test_a_distributor_cannot_choose_yesterdays_price(world):
    with pytest.raises(Refused) as refused:
        orders.place_order(world.actor("d1"), a_draft(world, on=date(2026, 11, 20)))
    assert [f.code for f in refused.value.findings] == ["order.past_date"]
    assert the_order(an_order(world, on=date(2026, 11, 20))).state == "confirmed"  # staff may


def test_free_goods_are_given_and_never_taken(world):
    lines = (Wanted(world.product("A"), 100), Wanted(world.product("B"), 5, is_free=True))
    wish = orders.Draft(world.distributor("D1"), date(2026, 11, 21), world.ship_to("D1"), lines)
    for name in ("d1", "rep"):
        with pytest.raises(Refused) as refused:
            orders.place_order(world.actor(name), wish)
        assert [f.code for f in refused.value.findings] == ["order.free_goods"]
    given = the_order(orders.place_order(world.actor("cm"), wish))
    assert (given.state, given.gross_fen) == ("confirmed", 1_000_000)
