"""The rebate pool on orders: the cap, free goods, part invoices, giving back, and the lock."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.rebate_pool import InvoiceDiscount
from channel.models.receivables import Invoice
from channel.queries.credit_recount import differences
from channel.queries.rebates_pool_control import differences as pool_differences
from channel.queries.rebates_pool_offers import offer_of
from channel.services import orders, rebates_pool, shipments
from channel.services.steps.pricing import Wanted
from channel.services.work import Refused, Stale
from contracts.rebates.payout import Payout
from tests.builders import a_draft, a_shipment, an_order, codes_of, the_order, the_shipment
from tests.services.pool_trade import a_clause, earn, pool_of, the_use

pytestmark = pytest.mark.database

ON = date(2026, 11, 20)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return [f.code for f in refused.value.findings]


def invoiced(world, order: int, share=None, on: date = ON) -> Invoice:
    shipment = a_shipment(world, order, share=share, on=on)
    assert shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped", codes_of(
        the_shipment(shipment)
    )
    made = shipments.invoice_shipment(world.actor("fin"), shipment, on)
    return db.session.get_one(Invoice, made, populate_existing=True)


def agrees() -> None:
    """Ledgers and documents say the same, of credit and of the pool."""
    assert differences() == []
    assert [d for d in pool_differences() if d.part != "granted"] == []


@pytest.mark.row("E07")
def test_the_cap_of_an_order_is_exact(world):
    """Pool 2,400; order 5,000 with a cap of 30 %: at most 1,500.00 used, 900.00 left."""
    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    assert offer_of(the_order(order)).most_fen == 150_000
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 150_001) == ["payout.cap"]
    rebates_pool.take_off(world.actor("d1"), order, 150_000)
    assert pool_of(world).free_fen == 90_000
    assert pool_of(world).reserved_fen == 150_000
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 1) == ["payout.cap"]
    assert offer_of(the_order(order)).most_fen == 0
    agrees()


@pytest.mark.row("E07")
def test_what_bounds_it_is_the_smaller_of_pool_and_cap(world):
    earn(world, "D1", 100_000)
    order = an_order(world, A=50)
    offer = offer_of(the_order(order))
    assert (offer.most_fen, offer.is_capped, offer.cap_fen) == (100_000, False, 150_000)
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 100_001) == ["payout.too_much"]


@pytest.mark.row("E07", "E08")
def test_the_invoice_bears_the_rebate_as_a_line_of_its_own(world):
    """10,000.00 less 1,500.00: net and VAT of the discount apart, and so much less is owed."""
    earn(world, "D1", 240_000)
    order = an_order(world, A=100)
    use = rebates_pool.take_off(world.actor("d1"), order, 150_000)
    invoice = invoiced(world, order)
    [discount] = db.session.scalars(sa.select(InvoiceDiscount))
    assert (discount.gross_fen, discount.net_fen, discount.tax_fen) == (-150_000, -132_743, -17_257)
    assert invoice.gross_fen == 850_000
    assert invoice.net_fen == 884_956 - 132_743
    assert (the_use(use).state, the_use(use).used_fen) == ("used", 150_000)
    assert pool_of(world).free_fen == 90_000
    assert pool_of(world).reserved_fen == 0
    account = db.session.scalars(
        sa.select(CreditAccount).where(CreditAccount.distributor_id == world.distributor("D1"))
    ).one()
    assert (account.ordered_fen, account.shipped_fen, account.invoiced_fen) == (0, 0, 850_000)
    agrees()


@pytest.mark.row("E07")
def test_part_invoices_bear_their_share_and_the_last_one_the_rest(world):
    earn(world, "D1", 100_001)
    order = an_order(world, A=300)
    rebates_pool.take_off(world.actor("d1"), order, 100_001)
    [line] = the_order(order).lines
    first = invoiced(world, order, share={line.id: 100})
    second = invoiced(world, order, share={line.id: 100})
    third = invoiced(world, order)
    off = [1_000_000 - one.gross_fen for one in (first, second, third)]
    assert off == [33_334, 33_333, 33_334]
    assert sum(off) == 100_001
    agrees()


@pytest.mark.row("E07")
def test_a_cancelled_order_gives_everything_back(world):
    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    use = rebates_pool.take_off(world.actor("d1"), order, 150_000)
    orders.end_order(world.actor("cm"), order, "cancel", "不要了")
    assert pool_of(world).free_fen == 240_000
    assert (the_use(use).state, the_use(use).released_fen) == ("released", 150_000)
    agrees()


@pytest.mark.row("E07")
def test_a_smaller_order_gives_back_what_passes_its_cap(world):
    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    use = rebates_pool.take_off(world.actor("d1"), order, 150_000)
    orders.edit_order(world.actor("cm"), order, a_draft(world, A=30), None)
    assert the_use(use).open_fen == 90_000
    assert pool_of(world).free_fen == 150_000
    orders.edit_order(world.actor("cm"), order, a_draft(world, A=40), None)
    assert the_use(use).open_fen == 90_000
    agrees()


@pytest.mark.row("E07")
def test_a_short_closed_order_keeps_what_its_shipped_goods_bear(world):
    earn(world, "D1", 300_000)
    order = an_order(world, A=300)
    use = rebates_pool.take_off(world.actor("d1"), order, 300_000)
    [line] = the_order(order).lines
    shipment = a_shipment(world, order, share={line.id: 100})
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    orders.end_order(world.actor("cm"), order, "close", "其余不发")
    assert the_use(use).open_fen == 100_000
    assert pool_of(world).free_fen == 200_000
    made = shipments.invoice_shipment(world.actor("fin"), shipment, ON)
    assert db.session.get_one(Invoice, made).gross_fen == 900_000
    assert the_use(use).state == "used"
    agrees()


@pytest.mark.row("E07")
def test_free_goods_are_paid_by_the_pool_at_the_dealer_price(world):
    """5 boxes of B at 200.00 take 1,000.00; they weigh on no credit, no cap of the rest."""
    earn(world, "D1", 240_000)
    order = an_order(world, A=100)
    use = rebates_pool.add_goods(world.actor("d1"), order, world.product("B"), 5)
    assert pool_of(world).free_fen == 140_000
    found = the_order(order)
    assert found.gross_fen == 1_000_000
    [free] = [line for line in found.lines if line.is_free]
    assert (free.unit_gross_fen, free.gross_fen, free.quantity) == (20_000, 0, 5)
    invoice = invoiced(world, order)
    assert invoice.gross_fen == 1_000_000
    assert (the_use(use).state, the_use(use).used_fen) == ("used", 100_000)
    agrees()


@pytest.mark.row("E07")
def test_goods_and_discount_share_one_cap(world):
    earn(world, "D1", 900_000)
    order = an_order(world, A=50)  # cap 1,500.00
    rebates_pool.add_goods(world.actor("d1"), order, world.product("B"), 5)
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 50_001) == ["payout.cap"]
    rebates_pool.take_off(world.actor("d1"), order, 50_000)
    assert refusal(rebates_pool.add_goods, world.actor("d1"), order, world.product("B"), 1) == [
        "payout.cap"
    ]


@pytest.mark.row("E07")
def test_free_goods_of_the_pool_stay_when_the_order_changes_and_leave_when_given_back(world):
    earn(world, "D1", 240_000)
    order = an_order(world, A=100)
    use = rebates_pool.add_goods(world.actor("d1"), order, world.product("B"), 5)
    orders.edit_order(world.actor("cm"), order, a_draft(world, A=90), None)
    assert [line.pool_use_id for line in the_order(order).lines] == [None, use]
    shrink = a_draft(world, A=20)  # cap 600.00 < 1,000.00
    assert refusal(orders.edit_order, world.actor("cm"), order, shrink, None) == [
        "payout.goods_over"
    ]
    rebates_pool.give_back(world.actor("d1"), use)
    assert [line.pool_use_id for line in the_order(order).lines] == [None]
    assert pool_of(world).free_fen == 240_000
    agrees()


@pytest.mark.row("E07")
def test_a_cancelled_order_taken_up_again_has_no_unpaid_free_goods(world):
    earn(world, "D1", 240_000)
    order = an_order(world, A=100)
    rebates_pool.add_goods(world.actor("d1"), order, world.product("B"), 5)
    orders.end_order(world.actor("cm"), order, "cancel", "改期")
    assert [line.is_free for line in the_order(order).lines] == [False]
    orders.reopen_order(world.actor("cm"), order)
    assert pool_of(world).free_fen == 240_000
    invoiced(world, order)
    agrees()


@pytest.mark.row("E07")
def test_only_the_forms_of_the_agreement_are_possible(world):
    a_clause(world, "D1", Payout(("goods",), 1000))
    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 1_000) == ["payout.form"]
    assert offer_of(the_order(order)).forms == ("goods",)
    assert offer_of(the_order(order)).most_fen == 50_000


@pytest.mark.row("E08")
def test_the_minimum_is_checked_before_the_rebate_is_taken_off(world):
    """10,000 with 1,500 taken off passes; 9,000 with free goods of 1,000 does not."""
    earn(world, "D1", 900_000)
    whole = an_order(world, A=100)
    rebates_pool.take_off(world.actor("d1"), whole, 150_000)
    assert the_shipment(a_shipment(world, whole)).state == "released"
    short = an_order(world, A=90)
    rebates_pool.add_goods(world.actor("d1"), short, world.product("A"), 10)
    refused = the_shipment(a_shipment(world, short))
    assert refused.state == "refused"
    assert "minimum.below" in codes_of(refused)
    assert refused.goods_gross_fen == 900_000


@pytest.mark.row("E08")
def test_free_goods_given_by_the_house_do_not_help_either(world):
    lines = (Wanted(world.product("A"), 90), Wanted(world.product("A"), 10, is_free=True))
    draft = orders.Draft(world.distributor("D1"), ON, world.ship_to("D1"), lines)
    order = orders.place_order(world.actor("cm"), draft)
    assert "minimum.below" in codes_of(the_shipment(a_shipment(world, order)))


@pytest.mark.row("E13")
def test_below_zero_nothing_can_be_used(world):
    earn(world, "D1", -50_000, kind="reversed")
    order = an_order(world, A=50)
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 100) == ["payout.below_zero"]
    offer = offer_of(the_order(order))
    assert (offer.most_fen, [f.code for f in offer.reasons]) == (0, ["payout.below_zero"])
    earn(world, "D1", 80_000)
    rebates_pool.take_off(world.actor("d1"), order, 30_000)
    assert pool_of(world).free_fen == 0


def test_nobody_uses_another_ones_pool_or_an_order_that_moved_on(world):
    from channel.access import NotVisible

    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    with pytest.raises(NotVisible):
        rebates_pool.take_off(world.actor("d2"), order, 100)
    seen = the_order(order).row_version
    rebates_pool.take_off(world.actor("d1"), order, 100, seen)
    with pytest.raises(Stale):
        rebates_pool.take_off(world.actor("d1"), order, 100, seen)


def race(world, lock_works: bool, monkeypatch) -> list[str]:
    """Two orders that each want 2,000 of 2,400, at the same moment."""
    from channel.services.steps import credit as step
    from tests.services.test_orders import _Never

    earn(world, "D1", 240_000)
    pair = [an_order(world, A=100) for _ in range(2)]
    # The first number of the year opens its series; the race is about the money alone.
    rebates_pool.give_back(world.actor("d1"), rebates_pool.take_off(world.actor("d1"), pair[0], 1))
    barrier = threading.Barrier(2, timeout=30)
    real, read = step.lock_account, rebates_pool.rebates_pool.reads.pool_of

    def unlocked(w, distributor_id, currency):
        return w.session.scalar(
            sa.select(CreditAccount).where(CreditAccount.distributor_id == distributor_id)
        )

    def both_read(*args, **kwargs):
        found = read(*args, **kwargs)
        barrier.wait()  # both have read before either writes: the fault in its purest form
        return found

    if not lock_works:
        monkeypatch.setattr(step, "lock_account", unlocked)
        monkeypatch.setattr(rebates_pool.rebates_pool.reads, "pool_of", both_read)
        monkeypatch.setattr("channel.db._writing", _Never())
    results: list[str] = []

    def use(order: int) -> None:
        with clock.at(ON), world.app.app_context():
            if lock_works:
                barrier.wait()
            try:
                rebates_pool.take_off(world.actor("d1"), order, 200_000)
                results.append("reserved")
            except Refused as refused:
                results.append(refused.findings[0].code)
            except sa.exc.OperationalError:
                results.append("locked out")
            db.session.remove()

    threads = [threading.Thread(target=use, args=(order,)) for order in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(step, "lock_account", real)
    monkeypatch.setattr(rebates_pool.rebates_pool.reads, "pool_of", read)
    return sorted(results)


@pytest.mark.row("E07")
def test_two_orders_at_once_exactly_one_gets_the_money(world, monkeypatch):
    assert race(world, True, monkeypatch) == ["payout.too_much", "reserved"]
    assert pool_of(world).free_fen == 40_000


@pytest.mark.row("E07")
def test_the_race_can_overrun_without_the_lock(world, monkeypatch):
    """Without it both pass on PostgreSQL and the pool is overdrawn; SQLite throws one out."""
    found = race(world, False, monkeypatch)
    assert found in (["reserved", "reserved"], ["locked out", "reserved"])
    if found[0] == "reserved":
        assert pool_of(world).free_fen == -160_000
