"""Invoices owed in instalments: each with its date, aged, overdue, held and paid by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.queries import credit as reads
from channel.queries import home, instalments, receivables
from channel.queries.credit_recount import differences
from channel.queries.listing import fetch
from channel.services import receivables as money
from channel.services.work import Refused
from contracts.instalments import EarlyDiscount, Share
from contracts.payment_terms import PaymentTerm
from contracts.values.rates import Rate
from tests.agreed import amended
from tests.builders import a_shipment, an_order, codes_of, delivered, paid, the_shipment

pytestmark = pytest.mark.database

SHIPPED = date(2026, 11, 2)
THIRDS = (
    Share("of_total", 0, rate=Rate.percent("33.33")),
    Share("of_total", 10, rate=Rate.percent("33.33")),
    Share("rest", 60),
)


def in_thirds(world, **more):
    amended(world, payment=PaymentTerm("net_days", 30, roll="next", shares=THIRDS, **more))
    with clock.at(SHIPPED):
        return delivered(world, on=SHIPPED, A=100)


def open_parts(world):
    return [(p.pay_by, p.open_fen) for p in reads.open_parts(world.distributor("D1"), "CNY")]


def ageing(world, as_of):
    listing = receivables.ageing_listing(as_of)
    page = fetch(listing, world.actor("fin"), {})
    return {row.code: [row.b0, row.b1, row.b2, row.b3, row.b4, row.total] for row in page.rows}


@pytest.mark.row("A07")
def test_an_invoice_is_due_in_parts_that_sum(world):
    invoice = db.session.get_one(Invoice, in_thirds(world))
    rows = db.session.scalars(sa.select(InvoiceInstalment).order_by(InvoiceInstalment.number)).all()
    assert [(r.due_date, r.pay_by, r.amount_fen) for r in rows] == [
        (date(2026, 11, 2), date(2026, 11, 2), 333_300),
        (date(2026, 11, 12), date(2026, 11, 12), 333_300),
        # New Year's Day: paid by the first working day after it.
        (date(2027, 1, 1), date(2027, 1, 4), 333_400),
    ]
    assert sum(r.amount_fen for r in rows) == invoice.gross_fen
    assert (invoice.due_date, invoice.pay_by) == (date(2027, 1, 1), date(2027, 1, 4))
    assert differences() == []


@pytest.mark.row("A07", "B05")
def test_each_part_is_overdue_and_holds_goods_by_itself(world):
    in_thirds(world)
    shipment = a_shipment(world, an_order(world, A=100))
    assert codes_of(the_shipment(shipment)) == ["credit.overdue"]
    paid(world, "D1", 333_300)
    # The second part is overdue since the 12th.
    assert the_shipment(shipment).state == "held"
    paid(world, "D1", 333_300)
    assert the_shipment(shipment).state == "released"
    assert open_parts(world) == [(date(2027, 1, 4), 333_400)]


@pytest.mark.row("A07", "B06")
def test_ageing_spreads_the_parts_and_keeps_the_total(world):
    in_thirds(world)
    delivered(world, "D2", on=SHIPPED, A=100)
    ages = ageing(world, date(2026, 11, 21))
    assert ages["D1"] == [333_400, 666_600, 0, 0, 0, 1_000_000]
    assert ages["D2"] == [1_000_000, 0, 0, 0, 0, 1_000_000]
    assert home.figures(world.actor("fin")).overdue == {"CNY": 666_600}
    paid(world, "D1", 400_000)
    assert ageing(world, date(2026, 11, 21))["D1"] == [333_400, 266_600, 0, 0, 0, 600_000]
    assert home.figures(world.actor("fin")).overdue == {"CNY": 266_600}
    # What was paid later does not change the past.
    assert ageing(world, date(2026, 11, 5))["D1"] == [666_700, 333_300, 0, 0, 0, 1_000_000]


@pytest.mark.row("A07")
def test_money_pays_the_oldest_part_across_invoices(world):
    later = tuple(replace(s, days=d) for s, d in zip(THIRDS, (10, 15, 60), strict=True))
    amended(world, payment=PaymentTerm("net_days", 30, shares=later))
    first = delivered(world, on=SHIPPED, A=100)
    amended(world, on=date(2026, 11, 3), payment=PaymentTerm("net_days", 10))
    second = delivered(world, on=date(2026, 11, 4), A=100)
    paid(world, "D1", 1_400_000)
    rows = db.session.execute(
        sa.select(Allocation.invoice_id, Allocation.amount_fen).order_by(Allocation.id)
    ).all()
    assert [tuple(r) for r in rows] == [
        (first, 333_300),
        (second, 1_000_000),
        (first, 66_700),
    ]
    assert open_parts(world) == [(date(2026, 11, 17), 266_600), (date(2027, 1, 1), 333_400)]
    assert [p.open_fen for p in instalments.instalments_of(first)] == [0, 266_600, 333_400]


@pytest.mark.row("A07")
def test_paying_early_takes_the_discount_off_and_reversing_gives_it_back(world):
    """2 % of 10,000.00 for ten days: 9,800.00 settle it, by a credit note over 200.00."""
    discount = EarlyDiscount(10, Rate.percent(2))
    amended(world, payment=PaymentTerm("net_days", 30, discount=discount))
    invoice = delivered(world, on=date(2026, 11, 12), A=100)
    receipt = paid(world, "D1", 980_000, on=date(2026, 11, 20))
    assert open_parts(world) == []
    note = db.session.scalars(sa.select(Invoice).where(Invoice.kind == "credit_note")).one()
    assert (note.gross_fen, note.net_fen, note.tax_fen) == (-20_000, -17_699, -2_301)
    account = reads.accounts(world.actor("fin"), world.distributor("D1"))[0]
    assert (account.invoiced_fen, account.unapplied_fen) == (0, 0)
    assert differences() == []
    money.reverse_receipt(world.actor("fin"), receipt, "银行退票")
    assert open_parts(world) == [(date(2026, 12, 12), 1_000_000)]
    [part] = instalments.instalments_of(invoice)
    assert (part.open_fen, part.discount_taken_fen) == (1_000_000, 0)
    assert sum(fen for *_i, fen in reads.open_items(world.distributor("D1"), "CNY")) == 1_000_000
    assert differences() == []


def test_a_part_payment_earns_its_part_of_the_discount(world):
    discount = EarlyDiscount(10, Rate.percent(2))
    amended(world, payment=PaymentTerm("net_days", 30, discount=discount))
    delivered(world, on=date(2026, 11, 12), A=100)
    paid(world, "D1", 485_000, on=date(2026, 11, 20))
    # 4,850.00 ÷ 0.98 × 0.02 = 98.98
    assert open_parts(world) == [(date(2026, 12, 12), 1_000_000 - 485_000 - 9_898)]
    with clock.at(date(2026, 11, 23)):
        paid(world, "D1", 505_102, on=date(2026, 11, 23))
    assert open_parts(world) == []


def test_a_day_late_earns_no_discount(world):
    discount = EarlyDiscount(7, Rate.percent(2))
    amended(world, payment=PaymentTerm("net_days", 30, discount=discount))
    delivered(world, on=date(2026, 11, 12), A=100)
    paid(world, "D1", 980_000, on=date(2026, 11, 20))
    assert open_parts(world) == [(date(2026, 12, 12), 20_000)]


def test_a_reversed_receipt_pays_nothing_when_other_money_comes(world):
    delivered(world, A=100)
    wrong = paid(world, "D1", 500_000)
    money.reverse_receipt(world.actor("fin"), wrong, "错登")
    paid(world, "D1", 300_000)
    assert [fen for *_i, fen in reads.open_items(world.distributor("D1"), "CNY")] == [700_000]
    account = reads.accounts(world.actor("fin"), world.distributor("D1"))[0]
    assert (account.invoiced_fen, account.unapplied_fen) == (700_000, 0)


def test_instalments_never_change_once_posted(world):
    in_thirds(world)
    row = db.session.scalars(sa.select(InvoiceInstalment)).first()
    row.amount_fen = 1
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.row("A08")
def test_a_parked_receipt_frees_nothing_until_a_second_person_approves(world):
    amended(world, payment_methods=("transfer",))
    delivered(world, on=date(2026, 11, 12), A=100)
    receipt = paid(world, "D1", 600_000, method="cash")
    parked = db.session.scalars(sa.select(money.ParkedReceipt)).one()
    assert [f["code"] for f in parked.findings] == ["receipt.method_not_allowed"]
    assert open_parts(world) == [(date(2026, 12, 14), 1_000_000)]
    account = reads.accounts(world.actor("fin"), world.distributor("D1"))[0]
    assert (account.invoiced_fen, account.unapplied_fen) == (1_000_000, 0)
    # More money pays its own part; the parked one stays out of it.
    paid(world, "D1", 100_000)
    assert open_parts(world) == [(date(2026, 12, 14), 900_000)]
    with pytest.raises(Refused) as own:
        money.decide_parked(world.actor("fin"), parked.id, "approve", "核对无误")
    assert [f.code for f in own.value.findings] == ["receipt.own"]
    with pytest.raises(Refused):
        money.reverse_receipt(world.actor("fin2"), receipt, "撤回")
    money.decide_parked(world.actor("fin2"), parked.id, "approve", "核对无误")
    assert open_parts(world) == [(date(2026, 12, 14), 300_000)]
    with pytest.raises(Refused) as twice:
        money.decide_parked(world.actor("boss"), parked.id, "return", "再来")
    assert [f.code for f in twice.value.findings] == ["receipt.decided"]
    assert differences() == []


@pytest.mark.row("A08")
@pytest.mark.parametrize(
    ("payer", "is_parked"),
    [("", False), ("内江蜀味商贸有限公司", False), ("内江蜀味商贸 有限公司", False),
     ("内江市蜀味商贸有限公司", True), ("张三", True)],
)  # fmt: skip
def test_the_payer_is_the_distributor(world, payer, is_parked):
    paid(world, "D1", 100_000, payer_name=payer)
    found = db.session.scalars(sa.select(money.ParkedReceipt)).all()
    assert [f["code"] for p in found for f in p.findings] == (
        ["receipt.payer_differs"] if is_parked else []
    )


@pytest.mark.row("A08")
def test_money_sent_back_never_counts(world):
    delivered(world, on=date(2026, 11, 12), A=100)
    paid(world, "D1", 600_000, payer_name="张三")
    parked = db.session.scalars(sa.select(money.ParkedReceipt)).one()
    with pytest.raises(Refused) as bare:
        money.decide_parked(world.actor("boss"), parked.id, "return", " ")
    assert [f.code for f in bare.value.findings] == ["receipt.reason_needed"]
    money.decide_parked(world.actor("boss"), parked.id, "return", "非合同方付款")
    paid(world, "D1", 100_000)
    assert open_parts(world) == [(date(2026, 12, 14), 900_000)]
    assert differences() == []
