"""What a reviewer is told of a run before it is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from channel.services import rebates
from contracts.rebates.model import Condition, Factor, RebateTerms, Tier
from contracts.values.money import Money
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_run,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)


def told(world, period: Period = Q3) -> dict[str, dict]:
    run = the_run(rebates.propose(world.actor("fin"), period))
    return {f.code.removeprefix("rebate.run."): dict(f.facts) for f in rebates.warnings(run)}


def growing(code: str) -> RebateTerms:
    """3 % from half as much again on, 1 % below."""
    tiers = (Tier(Decimal(0), Rate.percent("1")), Tier(Decimal(50), Rate.percent("3")))
    return replace(some_terms(code), tiers=tiers, gauge="growth", reference="last_year")


@pytest.mark.row("E01")
def test_two_policies_that_pay_one_line_are_told(world):
    an_approved_policy(world, some_terms("ALL"))
    an_approved_policy(world, some_terms("MORE", not_with=frozenset({"ALL", "QTR"})))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    an_invoice(world, "D1", AUGUST, ("A", "10"))
    # QTR of the world and ALL are for everybody; MORE says how it stands to both.
    assert told(world)["paid_twice"] == {"one": "ALL", "other": "QTR", "count": 2}


@pytest.mark.row("E16")
def test_growth_pays_the_small_one_by_its_own_base_and_tells_who_has_none(world):
    """80,000 a year ago and 120,000 now are +50.0 %: 3 % of 120,000 are 3,600.00, although an
    absolute scale would have it in its first tier; who is new has nothing to grow from."""
    an_approved_policy(world, growing("GROW"))
    an_invoice(world, "D4", date(2025, 8, 15), ("A", "80000"))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    an_invoice(world, "D1", AUGUST, ("A", "120000"))
    run = rebates.propose(world.actor("fin"), Q3)
    assert the_statement(run, policy_code="GROW", amount_fen=360_000).tier_hit == 1
    assert the_statement(run, policy_code="GROW", amount_fen=0).tier_hit is None
    assert told(world)["no_baseline"] == {"policy": "GROW", "count": 1}


def test_a_proof_that_is_owed_is_told(world):
    always = Condition("exclusivity", (Factor(Decimal(1), Rate.percent("100")),))
    an_approved_policy(world, some_terms("EX", conditions=(always,)))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    assert told(world)["no_proof"] == {"policy": "EX", "count": 1}


@pytest.mark.row("E04")
def test_true_ups_are_summed_before_the_list(world):
    an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "99000"))
    a_posted_run(world, Q3)
    an_invoice(world, "D4", AUGUST, ("A", "1000"))
    found = told(world, Period.quarter(2026, 4))
    assert found["true_ups"]["count"] == 2  # the policy here and QTR of the world
    run = the_run(rebates.propose(world.actor("fin"), Period.quarter(2026, 4)))
    late = the_statement(run.id, policy_code="P1").amount_fen
    own = the_statement(run.id, policy_code="QTR").amount_fen
    assert found["true_ups"]["sum"] == Money.from_fen(late + own)
