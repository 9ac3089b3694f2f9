"""A run of the open period puts settled periods right: deltas with their reason, nothing edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.market import Incident
from channel.models.rebates import RebatePolicy
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import rebates_rows
from channel.services import rebates
from channel.services.work import Refused, work
from contracts.rebates.model import Base, Condition, Factor, Method
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    pool_fen,
    some_terms,
    statements_of,
    the_run,
    the_statement,
)

pytestmark = pytest.mark.database

Q4, AUGUST, OCTOBER = Period.quarter(2026, 4), date(2026, 8, 15), date(2026, 10, 12)


def a_return(world, sale_id: int, on: date, net: str) -> int:
    """Goods of an invoice's first line come back: the note counts where the sale does."""
    sale = db.session.get_one(Invoice, sale_id)
    amount = -int(Decimal(net) * 10_000)
    with work(world.actor("fin")) as w:
        sold = w.session.scalars(sa.select(InvoiceLine).filter_by(invoice_id=sale_id)).first()
        assert sold is not None
        line = InvoiceLine(
            line_no=1, distributor_id=sold.distributor_id, invoice_date=on,
            currency=sold.currency, product_id=sold.product_id, group_id=sold.group_id,
            quantity=-1, unit_price_e4=-amount, net_e4=amount, tax_e4=0, gross_e4=amount,
            vat_rate_bp=0, counts_on=sold.counts_on, shipped_on=sold.shipped_on,
            undoes_id=sold.id,
        )  # fmt: skip
        note = Invoice(
            number=w.draw("CN", on), kind="credit_note", distributor_id=sale.distributor_id,
            invoice_date=on, due_date=on, pay_by=on, currency=sale.currency,
            net_fen=amount // 100, tax_fen=0, gross_fen=amount // 100, created_at=w.now,
            undoes_id=sale_id, lines=[line],
        )  # fmt: skip
        w.session.add(note)
        w.session.flush()
        return note.id


def a_case(world, code: str, opened_on: date, closed_on: date) -> str:
    """A cross-territory case that was upheld."""
    with clock.at(closed_on), work(world.actor("cm")) as w:
        found = Incident(
            number=w.draw("WH", opened_on), kind="diversion", what="窜货",
            distributor_id=world.distributor(code), division_code="511083",
            opened_on=opened_on, known_at=clock.instant_of(opened_on), reported_at=w.now,
            state="closed",
            result="upheld", is_upheld=True, closed_at=w.now, closed_on=closed_on,
        )  # fmt: skip
        w.session.add(found)
        w.session.flush()
        return found.number


@pytest.mark.row("E04")
def test_a_return_next_quarter_lowers_the_base_of_the_sale_by_a_true_up(world):
    """120,000 in the third quarter pay 2,400.00; 30,000 come back in the fourth: 90,000 pay
    900.00, so the run of the fourth takes 1,500.00 back under the third quarter's name."""
    an_approved_policy(world)
    sale = an_invoice(world, "D4", AUGUST, ("A", "120000"))
    first = a_posted_run(world, Q3)
    an_invoice(world, "D4", OCTOBER, ("A", "50000"))
    a_return(world, sale, date(2026, 11, 3), "30000")
    second = a_posted_run(world, Q4)
    [old] = [s for s in statements_of(first) if s.policy_code == "P1"]
    assert (old.entitlement_fen, old.amount_fen, old.period_start) == (240_000, 240_000, Q3.start)
    true_up = the_statement(second, policy_code="P1", period_start=Q3.start)
    assert (true_up.base_fen, true_up.entitlement_fen) == (9_000_000, 90_000)
    assert (true_up.granted_before_fen, true_up.amount_fen) == (240_000, -150_000)
    document = true_up.document
    assert document["period_label"] == "2026Q3"
    assert document["true_up"]["reasons"] == ["returns"]
    assert document["true_up"]["refs"] == ["CN-2026-000001"]
    assert [e["number"] for e in document["true_up"]["earlier"]] == [old.number]
    assert sum(part["net_e4"] for part in document["base_lines"]) == true_up.base_e4
    own = the_statement(second, policy_code="P1", period_start=Q4.start)
    assert (own.base_fen, own.amount_fen) == (5_000_000, 50_000)
    assert own.reasons is None and "true_up" not in own.document
    for statement in (old, true_up, own):
        assert rebates_rows.recount(statement).agrees
    assert statements_of(a_posted_run(world, Q4)) == []
    assert statements_of(a_posted_run(world, Q3)) == []


@pytest.mark.row("E04")
def test_a_late_invoice_can_reach_the_next_tier_of_a_settled_period(world):
    an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "99000"))
    a_posted_run(world, Q3)
    late = an_invoice(world, "D4", date(2026, 9, 30), ("A", "1000"))
    run = a_posted_run(world, Q4)
    [statement] = [s for s in statements_of(run) if s.policy_code == "P1"]
    assert (statement.period_start, statement.amount_fen) == (Q3.start, 200_000 - 99_000)
    number = db.session.get_one(Invoice, late).number
    assert statement.reasons == {"reasons": ["late_invoices"], "refs": [number]}


def test_nothing_new_leaves_settled_periods_alone(world):
    an_approved_policy(world)
    an_approved_policy(world, some_terms("G", gauge="growth", reference="last_year"))
    an_invoice(world, "D4", AUGUST, ("A", "99000"))
    a_posted_run(world, Q3)
    assert statements_of(a_posted_run(world, Q4)) == []


def test_a_run_that_looked_is_not_asked_to_look_again(world, monkeypatch):
    from channel.services.steps import rebates as steps

    an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "99000"))
    a_posted_run(world, Q3)
    an_invoice(world, "D4", AUGUST, ("A", "1000"))

    def again() -> set[str]:
        return {t.settled.period.label for t in steps.tasks_of(Q4)} - {"2026Q4"}

    assert again() == {"2026Q3"}
    a_posted_run(world, Q4)
    assert again() == set()


@pytest.mark.row("E03")
def test_a_case_upheld_later_takes_back_what_was_granted_and_says_its_number(world):
    gate = Condition("diversion", (Factor(Decimal(0), Rate.percent("100")),
                                   Factor(Decimal(1), Rate.percent("0"))))  # fmt: skip
    an_approved_policy(world, some_terms("C", conditions=(gate,)))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    first = a_posted_run(world, Q3)
    assert the_statement(first, policy_code="C").amount_fen == 240_000
    number = a_case(world, "D4", date(2026, 9, 2), date(2026, 10, 20))
    run = a_posted_run(world, Q4)
    [statement] = [s for s in statements_of(run) if s.policy_code == "C"]
    assert (statement.period_start, statement.amount_fen) == (Q3.start, -240_000)
    assert statement.reasons["reasons"] == ["conditions"]
    assert any(number in ref for ref in statement.reasons["refs"])


def test_what_accumulates_is_trued_up_once_for_every_period_that_it_moves(world):
    """Tiers of the year, paid each quarter on all sales so far: 90,000 and 30,000 pay 900.00 and
    then 2,400.00 in all; 20,000 that come late for the third quarter move both."""
    terms = some_terms("Y", accumulate="year")
    an_approved_policy(world, terms)
    an_invoice(world, "D4", AUGUST, ("A", "90000"))
    third = a_posted_run(world, Q3)
    assert the_statement(third, policy_code="Y").amount_fen == 90_000
    an_invoice(world, "D4", OCTOBER, ("A", "30000"))
    fourth = the_statement(a_posted_run(world, Q4), policy_code="Y")
    assert (fourth.base_fen, fourth.entitlement_fen) == (12_000_000, 240_000)
    assert (fourth.granted_before_fen, fourth.amount_fen) == (90_000, 150_000)
    an_invoice(world, "D4", AUGUST, ("A", "20000"))
    again = [s for s in statements_of(a_posted_run(world, Q4)) if s.policy_code == "Y"]
    # The third quarter now stands at 110,000: 2,200.00; all of it at 140,000: 2,800.00.
    assert [(s.period_start, s.granted_before_fen, s.amount_fen) for s in again] == [
        (Q3.start, 90_000, 130_000), (Q4.start, 370_000, -90_000),
    ]  # fmt: skip
    assert all(rebates_rows.recount(s).agrees for s in again)
    assert statements_of(a_posted_run(world, Q4)) == []
    assert pool_fen(world.distributor("D4")) >= 280_000


def test_the_cap_of_a_period_lies_on_top_of_what_the_window_was_granted(world):
    terms = some_terms("Y", accumulate="year", cap_fen=100_000)
    an_approved_policy(world, terms)
    an_invoice(world, "D4", AUGUST, ("A", "90000"))
    a_posted_run(world, Q3)
    an_invoice(world, "D4", OCTOBER, ("A", "30000"))
    fourth = the_statement(a_posted_run(world, Q4), policy_code="Y")
    assert (fourth.granted_before_fen, fourth.amount_fen) == (90_000, 100_000)


def test_without_catch_up_the_tier_of_all_sales_pays_on_the_period_alone(world):
    an_approved_policy(world, some_terms("Z", accumulate="year", catch_up=False))
    an_invoice(world, "D4", AUGUST, ("A", "90000"))
    a_posted_run(world, Q3)
    an_invoice(world, "D4", OCTOBER, ("A", "30000"))
    fourth = the_statement(a_posted_run(world, Q4), policy_code="Z")
    assert (fourth.base_fen, fourth.granted_before_fen, fourth.amount_fen) == (3_000_000, 0, 60_000)


def test_policies_are_computed_in_their_declared_order_whatever_their_codes(world):
    """B gives 2,400.00 on 120,000; A is reduced by it: 117,600 at 2 % are 2,352.00."""
    an_approved_policy(world, some_terms("B"))
    an_approved_policy(world, some_terms("A", reduced_by=frozenset({"B"})))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run = a_posted_run(world, Q3)
    assert the_statement(run, policy_code="B").amount_fen == 240_000
    assert the_statement(run, policy_code="A").amount_fen == 235_200
    an_invoice(world, "D4", AUGUST, ("A", "100000"))
    later = a_posted_run(world, Q4)
    # B: 220,000 at 3 % are 6,600.00; A: 213,400 at 3 % are 6,402.00.
    assert the_statement(later, policy_code="B", period_start=Q3.start).amount_fen == 420_000
    reduced = the_statement(later, policy_code="A", period_start=Q3.start)
    assert reduced.amount_fen == 640_200 - 235_200
    assert reduced.reasons["reasons"] == ["late_invoices", "other_policies"]


def test_policies_that_reduce_each_other_are_refused(world):
    first = an_approved_policy(world, some_terms("A"))
    an_approved_policy(world, some_terms("B", reduced_by=frozenset({"A"})))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    with work(world.actor("cm")) as w:
        policy = w.session.get_one(RebatePolicy, first)
        policy.terms = {**policy.terms, "reduced_by": ["B"]}
    with pytest.raises(Refused) as refused:
        rebates.propose(world.actor("fin"), Q3)
    assert [f.code for f in refused.value.findings] == ["rebate.reduced_in_circle"]


def test_the_facts_are_stored_and_the_line_between_two_policies_counts_once(world):
    an_approved_policy(world, some_terms("FIRST", goods=frozenset({"SAUCE"})))
    terms = replace(some_terms("REST"), not_with=frozenset({"FIRST"}), base=Base(vat="gross"))
    an_approved_policy(world, terms)
    an_invoice(world, "D4", AUGUST, ("A", "1000"), ("B", "200"))
    run = rebates.propose(world.actor("fin"), Q3)
    assert the_statement(run, policy_code="FIRST").facts == {"parts": {"": {"base_e4": 10_000_000}}}
    assert the_statement(run, policy_code="REST").facts == {"parts": {"": {"base_e4": 2_260_000}}}
    assert the_run(run).seen["lines"] == the_run(run).through_line_id


def test_each_product_group_goes_through_the_tiers_alone(world):
    an_approved_policy(world, some_terms("G", scope="product_group"))
    an_invoice(world, "D4", AUGUST, ("A", "100000"), ("B", "50000"))
    statement = the_statement(a_posted_run(world, Q3), policy_code="G")
    parts = statement.facts["parts"]
    assert sorted(p["base_e4"] for p in parts.values()) == [500_000_000, 1_000_000_000]
    assert statement.amount_fen == 200_000 + 50_000
    lines = statement.document["base_lines"]
    assert {line["part"] for line in lines} == set(parts)


def test_a_new_version_does_not_move_what_the_older_one_settled(world):
    from channel.services import rebates_policies as policies

    with clock.at(date(2026, 6, 1)):
        policy = an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "100000"))
    with clock.at(date(2026, 10, 5)):
        a_posted_run(world, Q3, date(2026, 10, 5))
    following = policies.revise(world.actor("cm"), policy)
    terms = some_terms("P1", steps=(("0", "9"),))
    draft = policies.Draft(terms, date(2026, 7, 1), "all")
    policies.save_policy(world.actor("cm"), following, draft)
    policies.submit(world.actor("cm"), following)
    policies.approve(world.actor("cm2"), following)
    an_invoice(world, "D4", AUGUST, ("A", "10000"))
    run = a_posted_run(world, Q4)
    [statement] = [s for s in statements_of(run) if s.policy_code == "P1"]
    assert (statement.policy_id, statement.amount_fen) == (policy, 20_000)


@pytest.mark.row("E02")
def test_quantities_pay_per_unit_and_are_printed(world):
    from contracts.rebates.model import Tier

    terms = replace(
        some_terms("Q", method=Method.WHOLE), base=Base(measure="quantity"), pays="per_unit",
        tiers=(Tier(Decimal(0), amount=Decimal(1)), Tier(Decimal(3), amount=Decimal("2.5"))),
    )  # fmt: skip
    an_approved_policy(world, terms)
    an_invoice(world, "D4", AUGUST, ("A", "1000"), ("B", "50"), ("A", "7"))
    statement = the_statement(a_posted_run(world, Q3), policy_code="Q")
    assert (statement.amount_fen, statement.facts["parts"][""]["quantity"]) == (750, 3)
    assert sum(line["quantity"] for line in statement.document["base_lines"]) == 3
    assert rebates_rows.recount(statement).agrees
