"""Late-payment interest: proposed with its working, posted by another, each day charged once."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.cash import InterestItem, InterestNote
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import interest as reads
from channel.queries import receivables as lists
from channel.services import interest, receivables
from channel.services.work import Refused
from contracts.payment_terms import PaymentTerm
from tests.agreed import amended
from tests.builders import delivered, paid
from tests.services.test_cash_application import account, assert_balanced, house, owed

pytestmark = pytest.mark.database

#: Due on 2026-11-06; fifteen days later is the twenty-first, today.
SHIPPED, DUE, TODAY = date(2026, 11, 4), date(2026, 11, 6), date(2026, 11, 21)


@pytest.fixture
def late(world):
    """10,000.00 that were due on the sixth of November, at 10 % a year."""
    house(interest_bp=1_000)
    amended(world, payment=PaymentTerm("net_days", 2))
    with clock.at(SHIPPED):
        invoice = delivered(world, on=SHIPPED, A=100)
    assert db.session.get_one(Invoice, invoice).pay_by == DUE
    return invoice


def propose(world, up_to=TODAY):
    return interest.propose(world.actor("fin"), world.distributor("D1"), up_to)


def amount(note):
    return db.session.get_one(InterestNote, note).amount_fen


@pytest.mark.row("A07")
def test_a_second_person_posts_the_note_as_an_invoice_without_goods(world, late):
    """10,000.00 × 10 % × 15 ÷ 365 = 41.0958… → 41.10."""
    note = propose(world)
    item = db.session.scalars(sa.select(InterestItem)).one()
    assert item.working == [["2026-11-06", "2026-11-21", 15, 1_000_000]]
    assert (amount(note), item.amount_fen, item.invoice_id) == (4_110, 4_110, late)
    assert owed(world) == [(late, 1_000_000)]
    with pytest.raises(Refused, match=r"approval\.own_request"):
        interest.post(world.actor("fin"), note)
    invoice = db.session.get_one(Invoice, interest.post(world.actor("fin2"), note))
    assert (invoice.kind, invoice.gross_fen, invoice.pay_by) == ("interest", 4_110, TODAY)
    # The amount includes 13 % VAT: 41.10 ÷ 1.13 = 36.37.
    assert (invoice.net_fen, invoice.tax_fen) == (3_637, 473)
    lines = sa.select(sa.func.count()).where(InvoiceLine.invoice_id == invoice.id)
    assert db.session.scalar(lines) == 0
    assert account(world) == (1_004_110, 0)
    assert_balanced(world)
    assert lists.payments_of(invoice.id) == []


@pytest.mark.row("A07")
def test_each_day_is_charged_once_and_a_dropped_note_charges_none(world, late):
    first = propose(world, date(2026, 11, 16))
    with pytest.raises(Refused, match=r"interest\.waits"):
        propose(world)
    interest.drop(world.actor("fin"), first, "客户已承诺")
    second = propose(world, date(2026, 11, 16))
    assert amount(second) == 2_740  # ten days: 27.397…
    interest.post(world.actor("fin2"), second)
    with pytest.raises(Refused, match=r"interest\.nothing"):
        propose(world, date(2026, 11, 16))
    third = propose(world)
    item = db.session.scalars(sa.select(InterestItem).where(InterestItem.note_id == third)).one()
    # Five days more, and none on the interest itself.
    assert (item.since, item.until, item.amount_fen) == (date(2026, 11, 16), TODAY, 1_370)


@pytest.mark.row("A07")
def test_money_counts_from_the_day_it_came(world, late):
    """5 days on 10,000.00, then 10 days on 4,000.00: 90,000 day-yuan × 10 % ÷ 365 = 24.66."""
    paid(world, "D1", 600_000, on=date(2026, 11, 11))
    note = propose(world)
    item = db.session.scalars(sa.select(InterestItem)).one()
    assert [row[2:] for row in item.working] == [[5, 1_000_000], [10, 400_000]]
    assert amount(note) == 2_466


def test_a_returned_payment_was_never_made(world, late):
    receipt = paid(world, "D1", 1_000_000, on=date(2026, 11, 10))
    receivables.reverse_receipt(world.actor("fin"), receipt, "银行退票")
    assert amount(propose(world)) == 4_110


def test_what_was_paid_late_bears_interest_though_it_is_paid(world, late):
    paid(world, "D1", 1_000_000, on=date(2026, 11, 16))
    assert owed(world) == []
    assert amount(propose(world)) == 2_740


def test_nothing_is_charged_without_a_rate_or_for_days_to_come(world, late):
    with pytest.raises(Refused, match=r"interest\.future"):
        propose(world, date(2026, 11, 22))
    house(interest_bp=0)
    with pytest.raises(Refused, match=r"interest\.no_rate"):
        propose(world)


@pytest.mark.row("A07")
def test_interest_before_principal_pays_the_note_first(world, late):
    note = interest.post(world.actor("fin2"), propose(world))
    paid(world, "D1", 5_000, policy="interest_first")
    assert owed(world) == [(late, 1_000_000 - 890)]
    paid(world, "D1", 1_000)
    assert owed(world) == [(late, 1_000_000 - 1_890)]
    assert db.session.get_one(Invoice, note).kind == "interest"
    assert_balanced(world)


def test_looking_takes_as_many_statements_for_many_items_as_for_one(world, late, count_sql):
    def statements():
        db.session.rollback()
        count_sql.clear()
        reads.late_items(world.distributor("D1"), "CNY", TODAY, 1_000)
        return len(count_sql)

    one = statements()
    with clock.at(SHIPPED):
        for _n in range(2):
            delivered(world, on=SHIPPED, A=100)
    assert statements() == one
