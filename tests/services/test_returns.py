"""Returns against an invoice: posted once, never too much, counted on the day of the sale."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.rebates_evidence import InvoiceReturn
from channel.models.receivables import Allocation, Invoice, InvoiceLine
from channel.queries import returns as reads
from channel.queries.listing import fetch
from channel.services import closing, rebates, returns
from channel.services.returns import Wish
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.builders import delivered, paid
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    the_statement,
)

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 21)


def line_of(invoice: int, number: int = 1) -> int:
    return db.session.scalars(
        sa.select(InvoiceLine.id).where(
            InvoiceLine.invoice_id == invoice, InvoiceLine.line_no == number
        )
    ).one()


def a_return(world: Any, invoice: int, quantity: int, by: str = "fin", **more: Any) -> Invoice:
    wish = Wish({line_of(invoice): quantity}, more.pop("on", TODAY), "包装破损", **more)
    note = returns.book(world.actor(by), invoice, wish)
    return db.session.get_one(Invoice, note, populate_existing=True)


def refusal(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return [f.code for f in refused.value.findings]


def debt(world: Any, code: str = "D1") -> int:
    db.session.expire_all()
    return db.session.scalars(
        sa.select(CreditAccount.invoiced_fen).where(
            CreditAccount.distributor_id == world.distributor(code)
        )
    ).one()


@pytest.mark.row("E04")
def test_a_return_of_the_next_quarter_lowers_the_base_of_the_sale_by_a_true_up(world):
    """120,000.00 sold in August pay 2,400.00; 100 of 1,200 boxes back in October: 110,000.00
    pay 2,200.00, so that the next run of the third quarter takes 200.00 back."""
    an_approved_policy(world)
    invoice = an_invoice(world, "D4", date(2026, 8, 15), ("A", "110000"), ("B", "10000"))
    first = a_posted_run(world, on=date(2026, 10, 5))
    before = the_statement(first, policy_code="P1")
    assert (before.base_fen, before.amount_fen) == (12_000_000, 240_000)
    wish = Wish({line_of(invoice, 2): 1}, date(2026, 10, 20), "过期")
    note = returns.book(world.actor("fin"), invoice, wish)
    line = db.session.scalars(sa.select(InvoiceLine).where(InvoiceLine.invoice_id == note)).one()
    assert (line.counts_on, line.invoice_date) == (date(2026, 8, 15), date(2026, 10, 20))
    assert (line.net_e4, line.quantity, line.undoes_id) == (
        -100_000_000, -1, line_of(invoice, 2),
    )  # fmt: skip
    second = a_posted_run(world)
    after = the_statement(second, policy_code="P1")
    assert (after.base_fen, after.amount_fen) == (11_000_000, -20_000)
    assert the_statement(first, policy_code="P1").amount_fen == 240_000
    assert before.amount_fen + after.amount_fen == 220_000
    fourth = rebates.propose(world.actor("fin"), Period.quarter(2026, 4))
    assert [s for s in the_all(fourth) if s.policy_code == "P1"] == []


def the_all(run: int) -> list[Any]:
    from tests.services.rebate_trade import statements_of

    return list(statements_of(run))


@pytest.mark.row("E04")
def test_the_note_lowers_the_debt_and_settles_its_own_invoice_first(world):
    older = delivered(world, A=100)
    invoice = delivered(world, A=100, B=20)
    owed = debt(world)
    note = a_return(world, invoice, 10)
    assert (note.kind, note.gross_fen, note.undoes_id) == ("credit_note", -100_000, invoice)
    assert note.net_fen + note.tax_fen == note.gross_fen == -100_000
    assert debt(world) == owed - 100_000
    shares = dict(
        db.session.execute(
            sa.select(Allocation.invoice_id, sa.func.sum(Allocation.amount_fen)).group_by(
                Allocation.invoice_id
            )
        ).all()
    )
    assert shares == {invoice: 100_000, note.id: -100_000}
    assert older not in shares


@pytest.mark.row("E04")
def test_what_was_paid_already_stays_as_credit(world):
    invoice = delivered(world, A=100)
    paid(world, "D1", 1_000_000)
    note = a_return(world, invoice, 5)
    assert debt(world) == -50_000 == note.gross_fen


@pytest.mark.row("E04")
def test_portions_add_up_and_never_more_than_was_sold(world):
    invoice = delivered(world, A=100)
    for quantity in (33, 33, 34):
        a_return(world, invoice, quantity)
    notes = reads.of_invoice(invoice)
    assert sum(n.net_fen for n in notes) == -db.session.get_one(Invoice, invoice).net_fen
    assert [one.left for one in reads.sold_lines(invoice)] == [0]
    assert refusal(a_return, world, invoice, 1) == ["return.too_many"]
    page = fetch(reads.RETURNS, world.actor("cm"), {})
    assert page.count == 3


def test_a_second_click_is_the_same_return(world):
    invoice = delivered(world, A=100)
    first = a_return(world, invoice, 10, key="k1")
    assert a_return(world, invoice, 10, key="k1").id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceReturn)) == 1
    assert a_return(world, invoice, 10, key="k2").id != first.id


def test_what_a_return_needs(world):
    invoice = delivered(world, A=100)
    fin, line = world.actor("fin"), line_of(invoice)
    note = a_return(world, invoice, 1)
    assert refusal(returns.book, fin, note.id, Wish({line: 1}, TODAY, "x")) == ["return.no_goods"]
    assert refusal(returns.book, fin, invoice, Wish({}, TODAY, " ")) == [
        "return.nothing", "return.reason_needed",
    ]  # fmt: skip
    assert refusal(returns.book, fin, invoice, Wish({999: 1}, TODAY, "x")) == [
        "return.unknown_line"
    ]
    early, late = date(2026, 11, 19), date(2026, 11, 22)
    assert refusal(returns.book, fin, invoice, Wish({line: 1}, early, "x")) == [
        "return.before_sale"
    ]
    assert refusal(returns.book, fin, invoice, Wish({line: 1}, late, "x")) == ["return.future"]


def test_a_closed_month_takes_no_return(world):
    with clock.at(date(2026, 9, 10)):
        invoice = delivered(world, on=date(2026, 9, 10), A=100)
    with clock.at(date(2026, 10, 9)):
        closing.close_month(world.actor("fin"), Period.month(2026, 9))
    wish = Wish({line_of(invoice): 1}, date(2026, 9, 30), "x")
    with pytest.raises(Refused, match=r"closing\.locked"):
        returns.book(world.actor("fin"), invoice, wish)
    assert a_return(world, invoice, 1).invoice_date == TODAY


@pytest.mark.parametrize("user", ["cm", "rep", "boss", "auditor", "d1"])
def test_only_finance_books_returns(world, user):
    invoice = delivered(world, A=100)
    with pytest.raises((Forbidden, NotVisible)):
        a_return(world, invoice, 1, by=user)


def test_the_sale_of_another_period_is_named(world):
    invoice = an_invoice(world, "D1", Q3.start, ("A", "1000"))
    note = a_return(world, invoice, 1)
    assert reads.undone_by(note).id == invoice
    assert reads.of_note(note.id).reason == "包装破损"
