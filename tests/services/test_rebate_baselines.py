"""Typed baselines of growth (E16): one proposes, another approves, the last one counts."""

from __future__ import annotations

from typing import Any

import pytest

from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.rebates_evidence import GrowthBaseline
from channel.queries import rebates_baselines as reads
from channel.queries import rebates_evidence
from channel.queries.listing import fetch
from channel.services import rebates_baselines as service
from channel.services.rebates_baselines import Wish
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.services.rebate_trade import Q3, an_approved_policy, some_terms

pytestmark = pytest.mark.database


def growth(code: str = "GROW", **changes: Any) -> Any:
    return some_terms(
        code,
        steps=(("0", "1"), ("20", "2"), ("50", "4")),
        gauge="growth",
        reference="typed",
        **changes,
    )


def wish(world: Any, **changes: Any) -> Wish:
    values: dict[str, Any] = {
        "distributor_id": world.distributor("D2"), "policy_code": "GROW", "period": Q3,
        "currency": "CNY", "value_e4": 800_000_000, "reason": "按前两季平均",
    }  # fmt: skip
    return Wish(**(values | changes))


def refusal(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return [f.code for f in refused.value.findings]


def known(world: Any, period: Period = Q3) -> dict[tuple[int, str], int]:
    return rebates_evidence.baselines_e4(growth(), period, list(world.distributors.values()))


@pytest.mark.row("E16")
def test_a_baseline_counts_once_a_second_person_approved_it(world):
    an_approved_policy(world, growth())
    first = service.propose(world.actor("cm"), wish(world))
    owner = (world.distributor("D2"), "CNY")
    assert known(world) == {}
    own = service.propose(world.actor("fin"), wish(world, value_e4=1))
    assert refusal(service.decide, world.actor("fin"), own, is_approved=True) == [
        "approval.own_request"
    ]
    service.decide(world.actor("fin"), first, is_approved=True)
    assert known(world) == {owner: 800_000_000}
    assert known(world, Period.quarter(2026, 4)) == {}
    assert refusal(service.decide, world.actor("boss"), first, is_approved=False) == [
        "baseline.decided"
    ]
    second = service.propose(world.actor("cm"), wish(world, value_e4=900_000_000))
    row = db.session.get_one(GrowthBaseline, second)
    assert reads.before(row).id == first
    service.decide(world.actor("boss"), second, is_approved=True)
    assert known(world) == {owner: 900_000_000}
    refused = service.propose(world.actor("cm"), wish(world, value_e4=5))
    assert refusal(service.decide, world.actor("fin"), refused, is_approved=False) == [
        "baseline.reason_needed"
    ]
    service.decide(world.actor("fin"), refused, is_approved=False, note="无依据")
    assert known(world) == {owner: 900_000_000}


@pytest.mark.row("E16")
def test_what_a_baseline_needs(world):
    an_approved_policy(world, growth())
    an_approved_policy(world, some_terms("PLAIN"))
    cm = world.actor("cm")
    assert refusal(service.propose, cm, wish(world, policy_code="PLAIN")) == ["baseline.policy"]
    bad = wish(world, period=Period.month(2026, 7), value_e4=0, reason=" ")
    assert refusal(service.propose, cm, bad) == [
        "baseline.period", "baseline.value", "baseline.reason_needed",
    ]  # fmt: skip


@pytest.mark.row("E16")
def test_growth_by_half_reaches_its_tier_although_the_amount_is_small(world):
    """80,000 typed, 120,000 sold: +50.0 % is tier 3 of growth, 4 % on the whole: 4,800.00."""
    from datetime import date

    from channel.services import rebates
    from tests.services.rebate_trade import an_invoice, the_statement

    an_approved_policy(world, growth())
    made = service.propose(world.actor("cm"), wish(world))
    service.decide(world.actor("fin"), made, is_approved=True)
    an_invoice(world, "D2", date(2026, 8, 15), ("A", "120000"))
    run = rebates.propose(world.actor("fin"), Q3)
    statement = the_statement(run, policy_code="GROW", distributor_id=world.distributor("D2"))
    assert (statement.tier_hit, statement.amount_fen) == (2, 480_000)


def test_who_sees_and_who_decides(world):
    an_approved_policy(world, growth())
    made = service.propose(world.actor("cm"), wish(world))
    for user in ("rep", "boss", "auditor", "d2"):
        with pytest.raises(Forbidden):
            service.propose(world.actor(user), wish(world))
    for user in ("cm2", "rep", "auditor", "d2"):
        with pytest.raises(Forbidden):
            service.decide(world.actor(user), made, is_approved=True)
    with pytest.raises(NotVisible):
        reads.get_baseline(world.actor("d1"), made)
    assert fetch(reads.BASELINES, world.actor("d2"), {}).count == 0
    service.decide(world.actor("fin"), made, is_approved=True)
    assert fetch(reads.BASELINES, world.actor("d2"), {}).count == 1
