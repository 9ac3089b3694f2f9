"""Rebate policies: unapproved ones pay nothing, a change is a new version, two persons sign."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_policies as reads
from channel.services import rebates
from channel.services import rebates_policies as policies
from channel.services.work import Refused, Stale
from contracts.rebates.model import Method
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)
NEW_YEAR = date(2026, 1, 1)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return [f.code for f in refused.value.findings]


def a_draft(world, terms=None, valid_from=NEW_YEAR, enrols="all") -> int:
    draft = policies.Draft(terms or some_terms(), valid_from, enrols, "why")
    return policies.draft_policy(world.actor("cm"), draft)


def the_policy(policy_id: int) -> RebatePolicy:
    return db.session.get_one(RebatePolicy, policy_id, populate_existing=True)


def a_next_version(world, policy_id: int, terms, valid_from: date) -> int:
    following = policies.revise(world.actor("cm"), policy_id)
    policies.save_policy(
        world.actor("cm"), following, policies.Draft(terms, valid_from, "all", "better")
    )
    policies.submit(world.actor("cm"), following)
    policies.approve(world.actor("cm2"), following)
    return following


@pytest.mark.row("E01")
def test_an_unapproved_policy_pays_nothing(world):
    policy = a_draft(world)
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run = rebates.propose(world.actor("fin"), Q3)
    assert "P1" not in {s.policy_code for s in statements_of(run)}
    policies.submit(world.actor("cm"), policy)
    run = rebates.propose(world.actor("fin"), Q3)
    assert "P1" not in {s.policy_code for s in statements_of(run)}
    policies.approve(world.actor("fin"), policy)
    run = rebates.propose(world.actor("fin"), Q3)
    assert the_statement(run, policy_code="P1").amount_fen == 240_000


@pytest.mark.row("E01")
def test_a_second_person_approves(world):
    policy = a_draft(world)
    assert refusal(policies.approve, world.actor("cm2"), policy) == ["rebate.policy.state"]
    policies.submit(world.actor("fin"), policy)
    for own in ("cm", "fin"):
        assert refusal(policies.approve, world.actor(own), policy) == ["rebate.policy.own"]
    policies.approve(world.actor("cm2"), policy)
    approved = the_policy(policy)
    assert (approved.state, approved.approved_by_id) == ("approved", world.actor("cm2").user_id)


@pytest.mark.row("E01")
def test_a_change_in_mid_quarter_is_a_new_version_and_statements_name_it(world):
    """Version 2 begins on 2026-08-01, inside Q3: Q3 stays with version 1, Q4 has version 2."""
    first = an_approved_policy(world)
    second = a_next_version(
        world, first, some_terms(steps=(("0", "5"),)), valid_from=date(2026, 8, 1)
    )
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    an_invoice(world, "D4", date(2026, 10, 15), ("A", "120000"))
    third = the_statement(a_posted_run(world), policy_code="P1")
    fourth = the_statement(a_posted_run(world, Period.quarter(2026, 4)), policy_code="P1")
    assert (third.policy_id, third.amount_fen) == (first, 240_000)
    assert (fourth.policy_id, fourth.amount_fen) == (second, 600_000)
    assert third.document["policy"]["version"] == 1
    assert fourth.document["policy"]["version"] == 2
    assert fourth.document["policy"]["terms_hash"] == the_policy(second).terms_hash
    assert the_policy(first).terms != the_policy(second).terms


@pytest.mark.row("E01")
def test_an_approved_version_never_changes(world):
    policy = an_approved_policy(world)
    draft = policies.Draft(some_terms(steps=(("0", "9"),)), NEW_YEAR)
    assert refusal(policies.save_policy, world.actor("cm"), policy, draft) == [
        "rebate.policy.state"
    ]
    assert the_policy(policy).terms["tiers"][0]["rate"] == "0.01"


def test_revising_twice_gives_the_one_open_draft(world):
    policy = an_approved_policy(world)
    draft = policies.revise(world.actor("cm"), policy)
    assert policies.revise(world.actor("fin"), policy) == draft
    assert (the_policy(draft).version_no, the_policy(draft).state) == (2, "draft")
    assert the_policy(draft).valid_from == date(2027, 1, 1)


def test_blocking_findings_stop_the_submission(world):
    policy = a_draft(world, some_terms(steps=(("0", "1"), ("0", "2"))))
    assert refusal(policies.submit, world.actor("cm"), policy) == ["rebate.bound_twice"]
    assert the_policy(policy).state == "draft"


def test_a_code_is_given_once_and_a_nameless_policy_is_none(world):
    a_draft(world)
    draft = policies.Draft(some_terms(), NEW_YEAR)
    assert refusal(policies.draft_policy, world.actor("cm"), draft) == ["rebate.policy.known"]
    nameless = policies.Draft(some_terms("P9", name=" "), NEW_YEAR)
    assert refusal(policies.draft_policy, world.actor("cm"), nameless) == ["rebate.unnamed"]


def test_sent_back_it_is_a_draft_again_and_given_up_it_stays_so(world):
    policy = a_draft(world)
    policies.submit(world.actor("cm"), policy)
    policies.send_back(world.actor("cm2"), policy, "rates too high")
    assert (the_policy(policy).state, the_policy(policy).submitted_by_id) == ("draft", None)
    policies.retire(world.actor("cm"), policy)
    assert refusal(policies.submit, world.actor("cm"), policy) == ["rebate.policy.state"]


def test_somebody_elses_change_is_seen_first(world):
    policy = a_draft(world)
    policies.save_policy(
        world.actor("fin"), policy, policies.Draft(some_terms(name="other"), NEW_YEAR)
    )
    with pytest.raises(Stale):
        policies.submit(world.actor("cm"), policy, seen_version=1)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 10, 1), []),  # a quarter and a month begin
        (date(2026, 11, 1), ["rebate.policy.kind_midway"]),  # a month, but no quarter
        (date(2026, 7, 1), ["rebate.policy.kind_posted"]),  # Q3 is posted by the quarter
    ],
)
def test_another_kind_of_period_begins_where_both_begin_and_nothing_is_posted(world, day, codes):
    policy = an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    a_posted_run(world)
    draft = policies.Draft(some_terms(period_kind="month"), day)
    following = the_policy(policies.revise(world.actor("cm"), policy))
    found = policies.check(draft, present=following)
    assert [f.code for f in found if f.is_blocking] == codes


def test_a_first_day_within_a_period_is_told(world):
    draft = policies.Draft(some_terms(), date(2026, 8, 1))
    [note] = [f for f in policies.check(draft) if f.code == "rebate.policy.counts_from"]
    assert note.facts["first"] == date(2026, 10, 1)


def test_the_highest_approved_version_at_the_start_of_the_period_rules(world):
    first = an_approved_policy(world)
    second = a_next_version(world, first, some_terms(method=Method.SEGMENT), date(2026, 7, 1))
    third = a_next_version(world, second, some_terms(steps=(("0", "7"),)), date(2026, 4, 1))
    ruled = {
        q: [p.id for p in reads.ruling(Period.quarter(2026, q)) if p.code == "P1"]
        for q in (1, 2, 3, 4)
    }
    assert ruled == {1: [first], 2: [third], 3: [third], 4: [third]}


@pytest.mark.row("P05")
def test_every_act_on_a_policy_is_in_the_audit_trail(world):
    an_approved_policy(world)
    tags = db.session.scalars(
        sa.select(AuditEntry.tag)
        .where(AuditEntry.subject_kind == "rebate_policy", AuditEntry.subject_label == "P1 v1")
        .order_by(AuditEntry.id)
    ).all()
    assert tags == ["policy:draft", "policy:submit", "policy:approve"]


@pytest.mark.row("E01", "M02")
def test_other_policies_are_read_beside_the_draft(world):
    """QTR pays the same lines; a name that nobody bears, a circle and an unknown place block."""
    an_approved_policy(world)
    alone = policies.Draft(some_terms("P2"), NEW_YEAR)
    [twice] = [f for f in policies.check(alone) if f.code == "rebate.pays_same_lines"]
    assert twice.facts["policies"] == ("P1", "QTR")
    named = policies.Draft(
        some_terms("P2", reduced_by=frozenset({"P1"}), not_with=frozenset({"QTR"})), NEW_YEAR
    )
    assert [f.code for f in policies.check(named) if f.code == "rebate.pays_same_lines"] == []
    wrong = some_terms(
        "P2", not_with=frozenset({"NONE"}), territories=frozenset({"511000", "999999"})
    )
    blocking = {f.code: f.facts for f in policies.check(policies.Draft(wrong, NEW_YEAR))}
    assert blocking["rebate.unknown_policy"]["policies"] == ("NONE",)
    assert blocking["rebate.unknown_division"]["divisions"] == ("999999",)


@pytest.mark.row("E01")
def test_policies_that_reduce_one_another_in_a_circle_are_not_submitted(world):
    an_approved_policy(world)
    an_approved_policy(world, some_terms("P2", reduced_by=frozenset({"P1"})))
    circle = policies.revise(
        world.actor("cm"),
        next(v.id for v in reads.versions("P1")),
    )
    draft = policies.Draft(some_terms(reduced_by=frozenset({"P2"})), date(2027, 1, 1))
    policies.save_policy(world.actor("cm"), circle, draft)
    assert refusal(policies.submit, world.actor("cm"), circle) == ["rebate.reduced_in_circle"]
