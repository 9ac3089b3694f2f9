"""Rebate runs: both arithmetics, deltas, two persons, numbers without gaps, nothing twice."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries import rebates_runs
from channel.services import jobs, rebates
from channel.services.steps import rebates as steps
from channel.services.work import Refused, work
from contracts.rebates.model import Method
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
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

AUGUST = date(2026, 8, 15)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return [f.code for f in refused.value.findings]


@pytest.mark.row("E02")
@pytest.mark.parametrize(
    ("net", "whole", "segment"),
    [
        ("120000.00", 240_000, 140_000),
        ("100000.00", 200_000, 100_000),
        ("99999.99", 100_000, 100_000),
        ("95000.00", 95_000, 95_000),
        ("250000.00", 750_000, 450_000),
    ],
)
def test_whole_amount_and_by_segment(world, net, whole, segment):
    an_approved_policy(world, some_terms("W"))
    an_approved_policy(world, some_terms("S", method=Method.SEGMENT))
    an_invoice(world, "D4", AUGUST, ("A", net))
    run = rebates.propose(world.actor("fin"), Q3)
    assert the_statement(run, policy_code="W").amount_fen == whole
    assert the_statement(run, policy_code="S").amount_fen == segment


@pytest.mark.row("E02")
def test_the_base_is_the_exact_sum_rounded_once(world):
    """Three lines of 33,333.3333 are 99,999.9999: rounded once to 100,000.00, never line by line
    (3 × 33,333.33 would stay below the tier)."""
    an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, *[("A", "33333.3333")] * 3)
    statement = the_statement(rebates.propose(world.actor("fin"), Q3), policy_code="P1")
    assert (statement.base_e4, statement.base_fen) == (999_999_999, 10_000_000)
    assert (statement.amount_fen, statement.tier_hit, statement.line_count) == (200_000, 1, 3)


def test_only_what_the_policy_counts_is_in_the_base(world):
    """Of the period, not free, of the groups counted, each currency apart, VAT as agreed."""
    an_approved_policy(world, some_terms("NETA", goods=frozenset({"SAUCE"})))
    an_approved_policy(world, some_terms("OUT", goods_out=frozenset({"SAUCE"}), vat="gross"))
    an_invoice(world, "D4", date(2026, 7, 1), ("A", "1000"), ("B", "200"), free=(("A", "50"),))
    an_invoice(world, "D4", date(2026, 9, 30), ("A", "10"))
    an_invoice(world, "D4", date(2026, 6, 30), ("A", "7777"))
    an_invoice(world, "D4", date(2026, 10, 1), ("A", "7777"))
    an_invoice(world, "D4", AUGUST, ("A", "500"), currency="USD")
    run = rebates.propose(world.actor("fin"), Q3)
    bases = {(s.policy_code, s.currency): s.base_fen for s in statements_of(run)}
    assert bases[("NETA", "CNY")] == 101_000
    assert bases[("NETA", "USD")] == 50_000
    assert bases[("OUT", "CNY")] == 22_600
    assert ("OUT", "USD") not in bases


def test_by_agreement_only_the_enrolled_days_count(world):
    """D2's agreement begins on 2026-07-01 and its policy is QTR of the world, by agreement."""
    an_invoice(world, "D2", date(2026, 6, 30), ("A", "5000"))
    an_invoice(world, "D2", date(2026, 7, 1), ("A", "3000"))
    half = rebates.propose(world.actor("fin"), Period.quarter(2026, 2))
    assert [s.distributor_id for s in statements_of(half)] == []
    third = rebates.propose(world.actor("fin"), Q3)
    [statement] = statements_of(third)
    assert (statement.base_fen, statement.spans) == (300_000, None)


def test_the_period_decides_which_policies_count(world):
    an_approved_policy(world, some_terms("M", period_kind="month"))
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    run = rebates.propose(world.actor("fin"), Period.month(2026, 8))
    assert {s.policy_code for s in statements_of(run)} == {"M"}
    assert refusal(rebates.propose, world.actor("fin"), Period.year(2026)) == [
        "rebate.run.no_policy"
    ]
    odd = Period(date(2026, 7, 2), date(2026, 7, 9))
    assert refusal(rebates.propose, world.actor("fin"), odd) == ["rebate.run.not_calendar"]


def test_a_second_proposal_replaces_the_first(world):
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    first = rebates.propose(world.actor("fin"), Q3)
    second = rebates.propose(world.actor("fin2"), Q3)
    assert the_run(first).state == "discarded"
    assert the_run(second).state == "proposed"
    assert the_run(first).inputs_hash == the_run(second).inputs_hash
    assert refusal(rebates.review, world.actor("cm"), first) == ["rebate.run.state"]


def test_the_input_hash_changes_with_the_facts(world):
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    first = the_run(rebates.propose(world.actor("fin"), Q3)).inputs_hash
    an_invoice(world, "D4", AUGUST, ("A", "0.0001"))
    assert the_run(rebates.propose(world.actor("fin"), Q3)).inputs_hash != first


def test_who_proposed_cannot_post_and_nothing_is_posted_unreviewed(world):
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    run = rebates.propose(world.actor("fin"), Q3)
    assert refusal(rebates.post, world.actor("fin2"), run) == ["rebate.run.state"]
    rebates.review(world.actor("fin"), run)
    assert refusal(rebates.post, world.actor("fin"), run) == ["rebate.run.own"]
    assert the_run(run).state == "reviewed"
    rebates.post(world.actor("fin2"), run)
    assert the_run(run).state == "posted"
    assert refusal(rebates.post, world.actor("fin2"), run) == ["rebate.run.state"]


def test_numbers_are_drawn_without_gaps_by_distributor(world):
    for code in ("D4", "D1", "D3"):
        an_invoice(world, code, AUGUST, ("A", "1000"))
    a_posted_run(world)
    an_invoice(world, "D2", AUGUST, ("A", "1000"))
    second = a_posted_run(world)
    assert [s.number for s in statements_of(second)] == ["RS-2026-000004"]
    names = dict(
        db.session.execute(sa.select(RebateStatement.number, RebateStatement.distributor_id)).all()
    )
    assert names == {
        "RS-2026-000001": world.distributor("D1"),
        "RS-2026-000002": world.distributor("D3"),
        "RS-2026-000003": world.distributor("D4"),
        "RS-2026-000004": world.distributor("D2"),
    }


@pytest.mark.row("E04")
def test_a_late_credit_note_becomes_a_delta(world):
    """Whole amount: 120,000 pays 2,400.00; 25,000 returned late leave 95,000, which pay 950.00:
    the second run takes 1,450.00 back and the first statement stays as it was."""
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    first = a_posted_run(world)
    a_credit_note(world, "D4", date(2026, 9, 28), ("A", "25000"))
    second = a_posted_run(world)
    [old], [new] = statements_of(first), statements_of(second)
    assert (old.entitlement_fen, old.amount_fen) == (240_000, 240_000)
    assert (new.entitlement_fen, new.granted_before_fen, new.amount_fen) == (
        95_000,
        240_000,
        -145_000,
    )
    assert pool_fen(world.distributor("D4")) == 95_000
    kinds = db.session.execute(sa.select(PoolEntry.kind, PoolEntry.amount_fen)).all()
    assert sorted(map(tuple, kinds)) == [("earned", 240_000), ("reversed", -145_000)]


def test_a_run_without_new_facts_grants_nothing(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    an_invoice(world, "D1", AUGUST, ("A", "-10"))
    first = a_posted_run(world)
    assert {s.amount_fen for s in statements_of(first)} == {240_000, 0}
    again = a_posted_run(world)
    assert statements_of(again) == []
    assert pool_fen(world.distributor("D4")) == 240_000


def test_who_has_no_base_any_more_gives_back_what_was_granted(world):
    """Policy version 2 counts no sauces: the rebate granted on sauces is taken back whole."""
    policy = an_approved_policy(world, some_terms("X"), valid_from=date(2026, 1, 1))
    an_invoice(world, "D4", AUGUST, ("A", "100000"))
    a_posted_run(world)
    from channel.services import rebates_policies as policies

    following = policies.revise(world.actor("cm"), policy)
    terms = some_terms("X", goods_out=frozenset({"SAUCE"}))
    policies.save_policy(
        world.actor("cm"), following, policies.Draft(terms, date(2026, 7, 1), "all")
    )
    policies.submit(world.actor("cm"), following)
    policies.approve(world.actor("cm2"), following)
    run = a_posted_run(world)
    statement = the_statement(run, policy_code="X")
    assert (statement.base_e4, statement.line_count) == (0, 0)
    assert (statement.amount_fen, statement.policy_id) == (-200_000, following)


def test_statements_posted_meanwhile_stop_a_stale_run(world):
    """A run whose «granted before» is no longer true is refused, whatever made it so."""
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    a_posted_run(world)
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    run = rebates.propose(world.actor("fin"), Q3)
    rebates.review(world.actor("cm"), run)
    statement = the_statement(run, policy_code="QTR")
    statement.granted_before_fen, statement.amount_fen = 0, statement.entitlement_fen
    db.session.commit()
    assert refusal(rebates.post, world.actor("fin2"), run) == ["rebate.run.outdated"]
    assert pool_fen(world.distributor("D4")) == 240_000


def test_a_posted_statement_refuses_every_change(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    [statement] = statements_of(a_posted_run(world))
    change = sa.update(RebateStatement).values(
        amount_fen=1, entitlement_fen=1, granted_before_fen=0
    )
    for act in (change, sa.delete(RebateStatement)):
        with pytest.raises(sa.exc.DatabaseError):
            db.session.execute(act.where(RebateStatement.id == statement.id))
        db.session.rollback()


def test_lines_posted_since_are_told_and_left_to_the_next_run(world):
    an_invoice(world, "D4", AUGUST, ("A", "100000"))
    run = rebates.propose(world.actor("fin"), Q3)
    an_invoice(world, "D4", AUGUST, ("A", "20000"), ("B", "1"))
    [finding] = rebates.warnings(the_run(run))
    assert (finding.code, finding.facts["lines"]) == ("rebate.run.lines_since", 2)
    rebates.review(world.actor("cm"), run)
    rebates.post(world.actor("fin2"), run)
    document = the_statement(run, policy_code="QTR").document
    assert document["base_e4"] == 1_000_000_000
    assert sum(part["net_e4"] for part in document["base_lines"]) == 1_000_000_000
    assert the_statement(a_posted_run(world), policy_code="QTR").amount_fen == 40_002


@pytest.mark.row("P05")
def test_every_act_on_a_run_is_in_the_audit_trail(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    a_posted_run(world)
    tags = db.session.scalars(
        sa.select(AuditEntry.tag)
        .where(AuditEntry.subject_kind == "rebate_run")
        .order_by(AuditEntry.id)
    ).all()
    assert tags == ["rebate_run:propose", "rebate_run:review", "rebate_run:post"]


def test_the_job_does_the_same_and_two_clicks_are_one_job(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    job = rebates.order_run(world.actor("fin"), Q3)
    assert rebates.order_run(world.actor("fin"), Q3) == job
    assert jobs.run_next()
    from channel.models.jobs import Job

    done = db.session.get_one(Job, job, populate_existing=True)
    assert done.state == "done"
    run = the_run(done.result["run_id"])
    assert run.proposed_by_id == world.actor("fin").user_id
    assert the_statement(run.id, policy_code="QTR").amount_fen == 240_000
    assert rebates.order_run(world.actor("fin"), Q3) != job


def test_a_large_run_is_posted_by_a_job_that_asks_everything_again(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run_id = rebates.propose(world.actor("fin"), Q3)
    with pytest.raises(Refused):
        rebates.order_posting(world.actor("fin2"), run_id)  # nobody has reviewed it
    rebates.review(world.actor("cm"), run_id)
    with pytest.raises(Refused) as refused:
        rebates.order_posting(world.actor("fin"), run_id)
    assert refused.value.findings[0].code == "rebate.run.own"
    job = rebates.order_posting(world.actor("fin2"), run_id)
    assert rebates.order_posting(world.actor("fin2"), run_id) == job
    assert jobs.run_next()
    run = the_run(run_id)
    assert (run.state, run.posted_by_id) == ("posted", world.actor("fin2").user_id)
    assert not jobs.run_next(), "posted once"


def test_a_posting_ordered_before_somebody_else_acted_posts_nothing(world):
    from channel.models.jobs import Job

    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run_id = rebates.propose(world.actor("fin"), Q3)
    rebates.review(world.actor("cm"), run_id)
    job = rebates.order_posting(world.actor("fin2"), run_id)
    rebates.discard(world.actor("cm"), run_id, reason="wrong quarter")
    assert jobs.run_next()
    done = db.session.get_one(Job, job, populate_existing=True)
    assert done.state == "failed"
    assert done.result["findings"][0]["code"] == "rebate.run.state"
    assert the_run(run_id).state == "discarded"


def test_a_run_needs_a_handful_of_statements_whatever_its_size(world, count_sql):
    an_approved_policy(world)

    def cost() -> int:
        count_sql.clear()
        a_posted_run(world)
        return len(count_sql)

    an_invoice(world, "D4", AUGUST, ("A", "10"))
    few = cost()
    for code in ("D1", "D2", "D3", "D4"):
        for _ in range(5):
            an_invoice(world, code, AUGUST, ("A", "10"), ("B", "20"), ("N", "30"))
    assert cost() <= few + 2


def test_run_totals_are_the_sums_of_its_statements(world):
    an_approved_policy(world)
    for code, amount in (("D1", "1000"), ("D3", "150000"), ("D4", "250000")):
        an_invoice(world, code, AUGUST, ("A", amount))
    run = rebates.propose(world.actor("fin"), Q3)
    totals = rebates_runs.run_totals(world.actor("fin"), run)
    assert {(t.policy, t.currency, t.statements, t.amount_fen) for t in totals} == {
        ("P1 v1", "CNY", 3, 1_000 + 300_000 + 750_000),
        ("QTR v1", "CNY", 3, 1_000 + 300_000 + 750_000),
    }


def test_the_year_of_a_number_is_that_of_the_posting(world):
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    run = a_posted_run(world, on=date(2027, 1, 4))
    assert statements_of(run)[0].number == "RS-2027-000001"
    with clock.at(date(2027, 1, 5)):
        assert rebates_runs.lines_since(the_run(run)) == 0


def _write_a_line_elsewhere() -> None:
    """Another connection writes to the table of invoice lines, or gives up after 0.3 s."""
    write = "INSERT INTO invoice_line (invoice_id) SELECT 1 WHERE 1 = 0"
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(str(url.database), timeout=0.3) as other:
            other.execute(write)
        other.close()
        return
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, options="-c lock_timeout=300ms") as other:
        other.execute(write)


def test_no_line_can_slip_in_while_a_run_reads(world):
    """With the control: as soon as the run is done, lines can be written again."""
    with work(world.actor("fin")) as w:
        steps.freeze(w)
        with pytest.raises((sqlite3.OperationalError, psycopg.errors.LockNotAvailable)):
            _write_a_line_elsewhere()
    _write_a_line_elsewhere()


def test_two_posters_at_once_post_once(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run = rebates.propose(world.actor("fin"), Q3)
    rebates.review(world.actor("cm"), run)

    def post(user: str) -> str:
        with world.app.app_context():
            try:
                rebates.post(world.actor(user), run)
            except Refused as refused:
                return refused.findings[0].code
            finally:
                db.session.remove()
        return "posted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(post, ["fin2", "boss"]))
    assert outcomes == ["posted", "rebate.run.state"]
    assert pool_fen(world.distributor("D4")) == 240_000
