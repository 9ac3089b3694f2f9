"""The derivation of a statement down to its invoice lines: they re-add, now and later."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channel.access import NotVisible
from channel.models.agreements import PolicyEnrolment
from channel.queries import listing, rebates_rows
from channel.queries import rebates as reads
from channel.services import rebates
from channel.services.work import work
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)


def lines_page(world, statement, user="fin", **params):
    return listing.fetch(rebates_rows.lines_of(statement), world.actor(user), params)


@pytest.mark.row("P05")
def test_the_lines_of_a_statement_re_add_and_lead_to_their_invoices(world):
    first = an_invoice(world, "D4", AUGUST, ("A", "70000.5"), ("B", "50000"), free=(("N", "9"),))
    an_invoice(world, "D1", AUGUST, ("A", "1"))
    a_credit_note(world, "D4", date(2026, 9, 2), ("B", "0.0001"))
    run = a_posted_run(world)
    statement = the_statement(run, distributor_id=world.distributor("D4"))
    page = lines_page(world, statement)
    assert page.count == 3
    assert page.totals == {"CNY": {"amount_e4": 1_200_004_999}}
    recount = rebates_rows.recount(statement)
    assert (recount.e4, recount.lines, recount.agrees) == (1_200_004_999, 3, True)
    assert rebates_rows.invoice_of_line(world.actor("d4"), page.rows[0].id) == first
    with pytest.raises(NotVisible):
        rebates_rows.invoice_of_line(world.actor("d1"), page.rows[0].id)


def test_later_lines_are_not_among_those_of_an_older_statement(world):
    an_invoice(world, "D4", AUGUST, ("A", "70000"))
    [old] = statements_of(a_posted_run(world))
    an_invoice(world, "D4", AUGUST, ("A", "50000"))
    [new] = statements_of(a_posted_run(world))
    assert lines_page(world, old).count == 1
    assert lines_page(world, new).count == 2
    assert rebates_rows.recount(old).agrees
    assert rebates_rows.recount(new).agrees
    assert [s.id for s in reads.earlier(new)] == [old.id]


def test_an_enrolment_that_changes_later_changes_no_old_derivation(world):
    """Enrolled until 2026-09-01 when the run was posted; taken out of the policy afterwards."""
    an_approved_policy(world, some_terms("AG"), enrols="agreement")
    with work(world.actor("cm")) as w:
        known = w.session.query(PolicyEnrolment).first()
        assert known is not None
        own = PolicyEnrolment(
            version_id=known.version_id,
            distributor_id=world.distributor("D4"),
            policy_code="AG",
            valid_from=date(2026, 8, 1),
            valid_to=date(2026, 9, 1),
        )
        w.session.add(own)
    for day in (date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 1)):
        an_invoice(world, "D4", day, ("A", "1000"))
    statement = the_statement(a_posted_run(world), policy_code="AG")
    assert statement.spans == [["2026-08-01", "2026-09-01"]]
    assert (statement.base_fen, statement.line_count) == (200_000, 2)
    assert [x["month"] for x in statement.document["base_lines"]] == ["2026-08"]
    with work(world.actor("cm")) as w:
        w.session.delete(w.session.merge(own))
    assert rebates_rows.recount(statement).agrees
    taken_back = the_statement(a_posted_run(world), policy_code="AG")
    assert (taken_back.amount_fen, taken_back.base_fen) == (-2_000, 0)
    assert rebates_rows.recount(taken_back).agrees


def test_two_enrolments_of_the_same_days_count_a_line_once(world):
    an_approved_policy(world, some_terms("AG"), enrols="agreement")
    with work(world.actor("cm")) as w:
        known = w.session.query(PolicyEnrolment).first()
        assert known is not None
        for start, end in (
            (date(2026, 1, 1), date(2026, 9, 1)),
            (date(2026, 8, 1), date(2027, 1, 1)),
        ):
            w.session.add(
                PolicyEnrolment(
                    version_id=known.version_id,
                    distributor_id=world.distributor("D4"),
                    policy_code="AG",
                    valid_from=start,
                    valid_to=end,
                )
            )
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    statement = the_statement(rebates.propose(world.actor("fin"), Q3), policy_code="AG")
    assert (statement.base_fen, statement.line_count, statement.spans) == (100_000, 1, None)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    amounts=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "N"]),
            st.decimals("-500", "90000", allow_nan=False, places=4).map(str),
            st.dates(date(2026, 6, 25), date(2026, 10, 5)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_parts_always_re_add(world, amounts):
    """Whatever is invoiced and whenever it is posted: lines, printed parts, steps and the pool
    agree, and what all runs granted is the entitlement of the last one."""
    for product, amount, day in amounts:
        an_invoice(world, "D4", day, (product, amount))
    run = a_posted_run(world, Period.quarter(2026, 3))
    for statement in statements_of(run):
        assert rebates_rows.recount(statement).agrees
        document = statement.document
        assert sum(x["net_e4"] for x in document["base_lines"]) == statement.base_e4
        granted = [*reads.earlier(statement), statement]
        assert sum(s.amount_fen for s in granted) == statement.entitlement_fen
