"""A policy replayed over past periods beside what ruled and what was paid."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.access import NotVisible
from channel.db import db
from channel.models.rebates_trials import RebateTrial, RebateTrialLine
from channel.queries import listing as lists
from channel.queries import rebates_trials as reads
from channel.services import jobs, rebates_policies
from channel.services import rebates_trials as trials
from channel.services.rebates_trials import Question
from channel.services.work import Refused
from contracts.rebates.compute import compute
from contracts.rebates.figures import facts_from_json
from contracts.rebates.model import Method
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
)

pytestmark = pytest.mark.database

Q1, Q2, Q3 = (Period.quarter(2026, n) for n in (1, 2, 3))
HALF_YEAR = Period.half(2026, 1)


def a_past(world):
    """Two quarters under policy P1 (whole amount, E02's tiers), settled."""
    policy = an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 2, 3), ("A", "120000"))
    an_invoice(world, "D1", date(2026, 5, 3), ("A", "98000"))
    an_invoice(world, "D4", date(2026, 5, 4), ("A", "50000"))
    for period in (Q1, Q2):
        a_posted_run(world, period, date(2026, 7, 10))
    return policy


def a_draft(world, policy, **changes):
    """A draft of other terms, not submitted."""
    draft = rebates_policies.revise(world.actor("cm"), policy)
    rebates_policies.save_policy(
        world.actor("cm"),
        draft,
        rebates_policies.Draft(some_terms(**changes), date(2027, 1, 1), "all"),
    )
    return draft


def tried(world, policy, span=HALF_YEAR, **more):
    return trials.try_policy(world.actor("cm"), Question(policy, span, **more))


def total(world, trial):
    [found] = reads.totals(world.actor("cm"), trial)
    return found


def line_of(world, trial, code, period):
    return db.session.scalars(
        sa.select(RebateTrialLine).where(
            RebateTrialLine.trial_id == trial,
            RebateTrialLine.distributor_id == world.distributor(code),
            RebateTrialLine.period_start == period.start,
        )
    ).one()


@pytest.mark.row("E12")
def test_the_present_policy_costs_what_was_paid(world):
    policy = a_past(world)
    found = total(world, tried(world, policy))
    assert found.then_fen == found.now_fen == found.paid_fen == 2_400_00 + 980_00 + 500_00
    assert (found.winners, found.losers) == (0, 0)


@pytest.mark.row("E12")
def test_a_draft_is_compared_with_what_ruled(world):
    policy = a_past(world)
    trial = tried(world, a_draft(world, policy, method=Method.SEGMENT))
    found = total(world, trial)
    assert (found.now_fen, found.then_fen) == (3_880_00, 1_400_00 + 980_00 + 500_00)
    assert (found.winners, found.losers, found.lost_fen) == (0, 1, -1_000_00)
    assert found.over_paid_fen == -1_000_00
    page = lists.fetch(
        reads.by_distributor(reads.get_trial(world.actor("cm"), trial)), world.actor("cm"), {}
    )
    assert [(r.code, r.difference_fen) for r in page.rows] == [("D4", 0), ("D1", -1_000_00)]


@pytest.mark.row("E12")
def test_who_stands_just_under_a_bound_is_named_with_its_worth(world):
    policy = a_past(world)
    trial = tried(world, policy, close_bp=200)
    close = line_of(world, trial, "D1", Q2)
    assert (close.is_close, close.short_fen, close.gain_fen) == (True, 2_000_00, 1_020_00)
    assert not line_of(world, trial, "D4", Q2).is_close
    assert not line_of(world, tried(world, policy, close_bp=199), "D1", Q2).is_close
    page = lists.fetch(
        reads.by_period(reads.get_trial(world.actor("cm"), trial)),
        world.actor("cm"),
        {"close": "1"},
    )
    assert [r.gain_fen for r in page.rows] == [1_020_00]


@pytest.mark.row("E12")
def test_what_came_after_the_settlement_is_told_apart(world):
    policy = a_past(world)
    a_credit_note(world, "D1", date(2026, 6, 30), ("A", "10000"))
    found = total(world, tried(world, policy, as_settled=False))
    assert found.now_fen == found.then_fen
    assert found.unsettled_fen == -100_00
    settled = total(world, tried(world, policy))
    assert settled.now_fen == settled.then_fen == settled.paid_fen


@pytest.mark.row("E12")
def test_every_figure_is_computed_again_from_the_facts_kept(world):
    policy = a_past(world)
    trial = tried(world, a_draft(world, policy, method=Method.SEGMENT))
    line = line_of(world, trial, "D1", Q1)
    terms = reads.terms_of_trial(reads.get_trial(world.actor("cm"), trial))
    assert compute(terms, facts_from_json(line.facts)).entitlement_fen == line.then_fen


def test_some_distributors_only(world):
    policy = a_past(world)
    found = total(world, tried(world, policy, distributor_ids=(world.distributor("D4"),)))
    assert (found.distributors, found.now_fen, found.paid_fen) == (1, 500_00, 500_00)


def test_another_kind_of_period_is_compared_over_the_whole(world):
    """By half-year, 218,000 stand in the 3 % tier."""
    policy = a_past(world)
    found = total(world, tried(world, a_draft(world, policy, period_kind="half")))
    assert found.then_fen == 6_540_00 + 500_00
    assert found.now_fen == 3_880_00


def test_a_policy_that_enrols_by_agreement_can_be_tried_for_everybody(world):
    an_invoice(world, "D3", date(2026, 2, 3), ("A", "120000"))
    policy = an_approved_policy(world, enrols="agreement")
    assert reads.totals(world.actor("cm"), tried(world, policy)) == []
    assert total(world, tried(world, policy, everybody=True)).then_fen == 2_400_00


def test_a_new_policy_is_compared_with_the_one_it_replaces(world):
    a_past(world)
    other = an_approved_policy(world, some_terms("NEW", (("0", "2"),)))
    found = total(world, tried(world, other, against="P1"))
    assert (found.now_fen, found.paid_fen) == (3_880_00, 3_880_00)
    assert found.then_fen == 5_360_00


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"span": Period.month(2026, 2)}, "rebate.trial.no_period"),
        ({"close_bp": 5_001}, "rebate.trial.closeness"),
    ],
)
def test_what_cannot_be_tried_is_refused(world, more, code):
    policy = an_approved_policy(world)
    with pytest.raises(Refused) as refused:
        tried(world, policy, **more)
    assert [f.code for f in refused.value.findings] == [code]


@pytest.mark.row("E12")
def test_more_than_a_year_is_a_job(world):
    policy = a_past(world)
    span = Period(date(2025, 1, 1), date(2027, 1, 1))
    assert trials.is_long(span)
    assert not trials.is_long(Period.year(2028))
    trials.order_trial(world.actor("cm"), Question(policy, span))
    [trial] = db.session.scalars(sa.select(RebateTrial))
    assert trial.state == "waiting"
    assert jobs.run_next()
    db.session.expire_all()
    assert trial.state == "done"
    assert total(world, trial.id).paid_fen == 3_880_00


@pytest.mark.row("P01")
def test_trials_are_not_for_distributors(world):
    trial = tried(world, a_past(world))
    line = line_of(world, trial, "D1", Q1).id
    for read, key in ((reads.get_trial, trial), (reads.get_line, line)):
        with pytest.raises(NotVisible):
            read(world.actor("d1"), key)
    assert lists.fetch(reads.TRIALS, world.actor("d1"), {}).rows == []
