"""Exchange claims: the window to its day, the cap to the fen, counted goods, and no sales of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import NotVisible
from channel.db import db
from channel.models.exchanges import ExchangeClaim
from channel.models.jobs import MailMessage
from channel.models.orders import Shipment, ShipmentLine
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import exchanges as reads
from channel.queries import exchanges_facts, targets
from channel.queries.agreements_calendar import entries
from channel.queries.credit import open_parts
from channel.queries.credit_recount import differences
from channel.services import closing, exceptions, exchanges, shipments
from channel.services import exchanges_counting as counting
from channel.services.exchanges import Claim, Parcel, Wanted
from channel.services.work import Stale
from contracts.approval import ActKind
from contracts.values.periods import Period
from tests.agreed import amended
from tests.builders import an_application, an_order, delivered, the_order
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database

SHIPPED = date(2026, 8, 3)
DAY_90, DAY_91 = date(2026, 11, 1), date(2026, 11, 2)


def a_claim(world, quantity=20, code="D1", product="A", by=None, on=DAY_90, file=True, **changes):
    wanted = (Wanted(world.product(product), changes.pop("batch", ""), quantity),)
    typed = Claim(
        world.distributor(code), changes.pop("means", "credit"), "终端动销慢", wanted, **changes
    )
    with clock.at(on):
        return exchanges.save_claim(world.actor(by or code.lower()), typed, file=file)


def the_claim(claim):
    return db.session.get_one(ExchangeClaim, claim, populate_existing=True)


def codes(claim):
    return [f["code"] for f in the_claim(claim).findings]


def ids(claim):
    return [line.id for line in the_claim(claim).lines]


def approved(world, claim, on=DAY_90, **quantities):
    with clock.at(on):
        exchanges.approve(world.actor("cm"), claim, quantities.get("said", {}), {})
    return claim


def sent(world, claim, on=DAY_90, **more):
    with clock.at(on):
        exchanges.send(world.actor("d1"), claim, Parcel(on, more.pop("said", {}), **more))
    return claim


def counted(world, claim, good, on=DAY_90, why="破损"):
    [line] = ids(claim)
    with clock.at(on):
        counting.count(world.actor("cm"), claim, {line: good}, {line: why})
    return claim


def on_way(world, quantity=20, **changes):
    return sent(world, approved(world, a_claim(world, quantity, **changes)))


def attained(world, on, code="D1"):
    standings = [s for s in targets.board(world.actor("cm"), on)
                 if s.distributor.code == code]  # fmt: skip
    return [(s.shipped_fen, s.returned_fen, s.attainment.percent, s.mix_word) for s in standings]


@pytest.mark.row("A11")
def test_day_90_is_accepted_and_day_91_refused_with_the_date(world):
    delivered(world, on=SHIPPED, A=200)
    assert the_claim(a_claim(world, on=DAY_90)).state == "claimed"
    late = a_claim(world, on=DAY_91)
    assert the_claim(late).state == "draft"
    [finding] = the_claim(late).findings
    assert finding["code"] == "exchange.window"
    assert finding["facts"]["last"] == {"date": "2026-11-01"}
    assert finding["facts"]["day"] == {"int": 91}


@pytest.mark.row("A11")
def test_approved_20_counted_18_settles_18_and_disputes_2(world):
    delivered(world, on=SHIPPED, A=200)
    with clock.at(DAY_90):
        before = attained(world, DAY_90)
    claim = counted(world, on_way(world), 18)
    with clock.at(DAY_90):
        counting.settle(world.actor("fin"), claim)
        after = attained(world, DAY_90)
    found = the_claim(claim)
    assert found.state == "disputed"
    assert counting.disputed_of(found) == 2
    [posting] = found.postings
    # The box costs 100.00 with VAT: 18 of them.
    assert (posting.quantity, posting.gross_fen) == (-18, -18 * found.lines[0].unit_gross_fen)
    note = db.session.get_one(Invoice, posting.invoice_id)
    assert (note.kind, note.gross_fen) == ("credit_note", posting.gross_fen)
    # The credit pays the open invoice, so that nothing is overdue below nought.
    rest = {part.invoice_id: part.open_fen for part in open_parts(world.distributor("D1"), "CNY")}
    assert list(rest.values()) == [200 * 10_000 - 18 * 10_000]
    assert before == after
    assert differences() == []


@pytest.mark.row("A11")
def test_the_dispute_is_granted_in_part_and_settled_by_another(world):
    delivered(world, on=SHIPPED, A=200)
    claim = counted(world, on_way(world), 15)
    [line] = ids(claim)
    with clock.at(DAY_90):
        counting.settle(world.actor("fin"), claim)
        assert refusal(
            lambda: counting.judge(world.actor("cm"), claim, {line: 6}, {line: "多"})
        ) == ["exchange.granted_more"]
        counting.judge(world.actor("cm"), claim, {line: 3}, {line: "两箱受潮"})
        counting.settle(world.actor("fin"), claim)
    found = the_claim(claim)
    assert found.state == "settled"
    assert [p.quantity for p in found.postings] == [-15, -3]
    assert found.lines[0].held == 18
    assert differences() == []


@pytest.mark.row("A11")
def test_a_dismissed_dispute_settles_the_claim_without_money(world):
    delivered(world, on=SHIPPED, A=200)
    claim = counted(world, on_way(world), 18)
    [line] = ids(claim)
    with clock.at(DAY_90):
        counting.settle(world.actor("fin"), claim)
        counting.judge(world.actor("boss"), claim, {line: 0}, {line: "确系破损"})
    assert the_claim(claim).state == "settled"
    assert [p.quantity for p in the_claim(claim).postings] == [-18]


@pytest.mark.row("A11")
@pytest.mark.parametrize("means", ["same", "other"])
def test_goods_in_return_count_for_no_target_and_only_the_difference_is_owed(world, means):
    delivered(world, on=SHIPPED, A=200)
    goods = ((world.product("B"), 30),) if means == "other" else ()
    with clock.at(DAY_90):
        before = attained(world, DAY_90)
    lines = db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceLine))
    claim = counted(world, on_way(world, means=means, goods=goods), 20)
    with clock.at(DAY_90):
        counting.settle(world.actor("fin"), claim, batches={world.product("A"): "N-01"})
        assert attained(world, DAY_90) == before
    found = the_claim(claim)
    assert found.state == "settled"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceLine)) == lines
    back, out = found.postings
    assert (back.kind, out.kind) == ("returned", "goods")
    note = db.session.get_one(Invoice, back.invoice_id)
    assert note.gross_fen == back.gross_fen + out.gross_fen
    if means == "same":
        assert note.gross_fen == 0
    shipment = db.session.get_one(Shipment, out.shipment_id)
    assert (shipment.state, shipment.goods_gross_fen) == ("invoiced", 0)
    [line] = db.session.scalars(
        sa.select(ShipmentLine).where(ShipmentLine.shipment_id == shipment.id)
    )
    assert line.is_free
    assert line.batch == ("N-01" if means == "same" else "")
    assert differences() == []


@pytest.mark.row("A11")
def test_more_than_was_sent_is_not_counted_and_less_needs_a_reason(world):
    delivered(world, on=SHIPPED, A=200)
    claim = on_way(world)
    assert refusal(lambda: counted(world, claim, 21)) == ["exchange.counted_more"]
    assert refusal(lambda: counted(world, claim, 18, why="")) == ["exchange.reason_needed"]
    assert refusal(lambda: counted(world, claim, -1)) == ["exchange.negative"]


@pytest.mark.row("A11")
def test_goods_are_claimed_once_and_free_again_after_a_refusal(world):
    delivered(world, on=SHIPPED, A=200)
    first = a_claim(world, 150)
    second = a_claim(world, 60)
    [finding] = the_claim(second).findings
    assert finding["code"] == "exchange.too_many"
    assert finding["facts"]["left"] == {"int": 50}
    with clock.at(DAY_90):
        exchanges.refuse(world.actor("cm"), first, "本季已促销")
        assert exchanges.file_claim(world.actor("d1"), second)


@pytest.mark.row("A11")
def test_the_cap_holds_to_the_fen(world):
    delivered(world, on=date(2026, 8, 3), A=200)
    amended(world, duties={"exchange_cap_bp": 1_000}, on=date(2026, 10, 1))
    with clock.at(DAY_90):
        quarter = exchanges_facts.quarter_of(world.distributor("D1"), "CNY", DAY_90)
    fitting = a_claim(world, 20)
    found = the_claim(fitting)
    assert found.base_net_fen == quarter.base_net_fen > 0
    assert found.cap_fen == (quarter.base_net_fen + 5) // 10
    # A tenth of 200 boxes is 20 boxes: they fit, one more does not.
    assert found.state == "claimed"
    assert codes(a_claim(world, 1)) == ["exchange.cap"]


@pytest.mark.row("A11")
def test_one_claim_a_quarter_and_goods_in_return_where_agreed(world):
    delivered(world, on=SHIPPED, A=200)
    amended(
        world,
        duties={"exchange_times": 1, "exchange_needs_goods": True},
        on=date(2026, 10, 1),
    )
    assert codes(a_claim(world)) == ["exchange.goods_needed"]
    goods = ((world.product("B"), 1),)
    assert codes(a_claim(world, means="other", goods=goods)) == ["exchange.goods_short"]
    assert the_claim(a_claim(world, means="same")).state == "claimed"
    assert codes(a_claim(world, means="same")) == ["exchange.too_often"]


@pytest.mark.row("A11", "A18")
def test_a_buy_out_is_refused_by_its_type(world):
    amended(world, "D3", on=date(2026, 10, 1), kind="buyout", duties={"exchange_window_days": 0})
    delivered(world, "D3", date(2026, 10, 5), A=200)
    assert codes(a_claim(world, code="D3")) == ["exchange.by_type"]


@pytest.mark.row("A11")
def test_opened_packs_are_refused(world):
    delivered(world, on=SHIPPED, A=200)
    wanted = (Wanted(world.product("A"), "", 5, is_sealed=False),)
    with clock.at(DAY_90):
        claim = exchanges.save_claim(
            world.actor("d1"), Claim(world.distributor("D1"), "credit", "慢", wanted), file=True
        )
    assert codes(claim) == ["exchange.not_sealed"]


@pytest.mark.row("A11")
def test_a_batch_is_found_in_the_shipment_that_carried_it(world):
    order = an_order(world, on=date(2026, 8, 3), A=200)
    [line] = the_order(order).lines
    loads = [shipments.Load(line.id, 120, "B-OLD"), shipments.Load(line.id, 80, "B-NEW")]
    with clock.at(date(2026, 8, 3)):
        shipment = shipments.plan_shipment(
            world.actor("cm"), world.distributor("D1"), date(2026, 8, 3), world.ship_to("D1"),
            loads,
        )  # fmt: skip
        shipments.dispatch_shipment(world.actor("cm"), shipment)
    claim = the_claim(a_claim(world, 81, batch="B-NEW"))
    assert [(x.batch, x.asked, x.shipment_line_id is None) for x in claim.lines] == [
        ("B-NEW", 80, False),
        ("B-NEW", 1, True),
    ]
    assert codes(a_claim(world, 5, batch="B-ELSE")) == ["exchange.too_many"]


@pytest.mark.row("A11")
def test_an_exception_lets_a_late_claim_in_once(world):
    delivered(world, on=SHIPPED, A=200)
    late = a_claim(world, on=DAY_91)
    wish = an_application(
        world, "D1", type="exchange", asked={"extra_days": 30}, subject_kind="exchange",
        subject_id=late, valid_from=DAY_91, valid_to=date(2026, 12, 1), max_uses=1,
    )  # fmt: skip
    with clock.at(DAY_91):
        request = exceptions.request_exception(world.actor("rep"), wish)
        for signer in ("cm", "boss"):
            exceptions.decide(world.actor(signer), request, ActKind.APPROVE)
        assert codes(late) == ["exchange.window_waived"]
        assert exchanges.file_claim(world.actor("d1"), late)
    assert codes(a_claim(world, 1, on=DAY_91)) == ["exchange.window"]
    with clock.at(DAY_91):
        exchanges.withdraw(world.actor("d1"), late, "")
    assert codes(a_claim(world, 1, on=DAY_91)) == ["exchange.window_waived"]


@pytest.mark.row("A11")
def test_two_persons_decide_and_settle(world):
    delivered(world, on=SHIPPED, A=200)
    by_house = a_claim(world, 5, by="cm")
    with clock.at(DAY_90):
        assert refusal(
            lambda: exchanges.approve(world.actor("cm"), by_house, {}, {})
        ) == ["exchange.own_claim"]  # fmt: skip
        exchanges.approve(world.actor("cm2"), by_house, {}, {})
    sent(world, by_house)
    [line] = ids(by_house)
    with clock.at(DAY_90):
        counting.count(world.actor("fin"), by_house, {line: 5}, {})
        assert refusal(lambda: counting.settle(world.actor("fin"), by_house)) == [
            "exchange.own_count"
        ]
        counting.settle(world.actor("fin2"), by_house)
    assert the_claim(by_house).state == "settled"


@pytest.mark.row("A11")
def test_a_closed_month_takes_no_settlement(world):
    delivered(world, on=SHIPPED, A=200)
    on = date(2026, 10, 30)
    claim = a_claim(world, on=on)
    counted(world, sent(world, approved(world, claim, on), on), 20, on)
    closing.close_month(world.actor("fin"), Period.month(2026, 10))
    with clock.at(on):
        assert refusal(lambda: counting.settle(world.actor("fin2"), claim)) == ["closing.locked"]
    assert (the_claim(claim).state, the_claim(claim).postings) == ("counted", [])


@pytest.mark.row("A11")
@pytest.mark.parametrize(
    ("paid_by", "bearer", "fen"),
    [
        ("distributor", "distributor", 0),
        ("distributor", "maker", -10_900),
        ("maker", "distributor", 10_900),
        ("maker", "maker", 0),
    ],
)
def test_freight_is_settled_where_the_other_side_paid_it(world, paid_by, bearer, fen):
    delivered(world, on=SHIPPED, A=200)
    amended(world, duties={"exchange_freight_by": bearer}, on=date(2026, 10, 1))
    claim = approved(world, a_claim(world))
    sent(world, claim, freight_fen=10_900, paid_by=paid_by)
    counted(world, claim, 20)
    with clock.at(DAY_90):
        counting.settle(world.actor("fin"), claim)
    freight = [p.gross_fen for p in the_claim(claim).postings if p.kind == "freight"]
    assert freight == ([fen] if fen else [])
    assert differences() == []


@pytest.mark.row("A11", "A20")
def test_the_return_has_a_deadline_on_the_calendar_and_lapses(world):
    delivered(world, on=SHIPPED, A=200)
    claim = approved(world, a_claim(world))
    assert the_claim(claim).return_by == DAY_90 + timedelta(days=30)
    december = Period.month(2026, 12)
    [duty] = [e.duty for e in entries(world.actor("d1"), december) if e.duty.source == "return"]
    assert duty.on == date(2026, 12, 1)
    with clock.at(date(2026, 12, 1)):
        exchanges.lapse(world.actor("admin"))
    assert the_claim(claim).state == "approved"
    with clock.at(date(2026, 12, 2)):
        assert refusal(
            lambda: exchanges.send(world.actor("d1"), claim, Parcel(date(2026, 12, 2), {}))
        ) == ["exchange.late_return"]
        exchanges.lapse(world.actor("admin"))
    assert the_claim(claim).state == "lapsed"
    assert the_claim(claim).lines[0].held == 0


@pytest.mark.row("A11")
def test_a_neighbour_sees_nothing_and_a_stale_page_changes_nothing(world):
    delivered(world, on=SHIPPED, A=200)
    claim = a_claim(world)
    with pytest.raises(NotVisible):
        reads.get_claim(world.actor("d2"), claim)
    with pytest.raises(NotVisible):
        exchanges.withdraw(world.actor("d2"), claim, "")
    with pytest.raises(Stale):
        exchanges.approve(world.actor("cm"), claim, {}, {}, seen_version=99)


@pytest.mark.row("A11")
def test_both_sides_are_told_and_the_queue_is_right(world):
    delivered(world, on=SHIPPED, A=200)
    claim = a_claim(world)
    told = db.session.scalars(
        sa.select(MailMessage.recipient).where(MailMessage.key.like(f"exchange:{claim}:claimed:%"))
    ).all()
    assert "cm@weir.example" in told
    assert not any(address.startswith("d") for address in told)
    assert {k: n for k, n, _s in reads.waiting(world.actor("cm"))}["exchanges_filed"] == 1
    approved(world, claim)
    assert {k: n for k, n, _s in reads.waiting(world.actor("d1"))}["exchanges_to_send"] == 1
    told = db.session.scalars(
        sa.select(MailMessage.recipient).where(MailMessage.key.like(f"exchange:{claim}:approved:%"))
    ).all()
    assert "d1@weir.example" in told


@pytest.mark.row("A11")
def test_the_same_page_sent_twice_writes_one_claim(world):
    delivered(world, on=SHIPPED, A=200)
    assert a_claim(world, once="x1") == a_claim(world, once="x1")


@pytest.mark.row("A11")
def test_the_lower_price_counts_where_it_is_agreed(world):
    delivered(world, on=SHIPPED, A=200)
    amended(world, duties={"exchange_price": "lower"}, on=date(2026, 10, 1))
    line = the_claim(a_claim(world)).lines[0]
    assert line.unit_gross_fen == min(line.paid_gross_fen, line.book_gross_fen)
