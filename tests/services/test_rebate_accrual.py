"""Where a distributor stands: the statement's formula on the running base, by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from channel.access import NotVisible
from channel.db import db
from channel.models.partners import Distributor
from channel.queries import rebates_accrual as accrual
from channel.services import rebates
from contracts.rebates.model import Method
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)


def where(world, code, on, policy="QTR"):
    distributor = db.session.get_one(Distributor, world.distributor(code))
    return [s for s in accrual.standings(distributor, on) if s.policy.code == policy]


@pytest.mark.row("E05")
def test_at_95_000_of_100_000(world):
    an_invoice(world, "D4", AUGUST, ("A", "95000"))
    [standing] = where(world, "D4", date(2026, 9, 10))
    assert standing.to_next_fen == 500_000
    assert standing.accrued_fen == 95_000
    assert standing.gain_fen == 200_000 - 95_000
    assert (standing.settled_fen, standing.open_fen) == (0, 95_000)
    assert standing.days_left == 20


@pytest.mark.row("E05")
@pytest.mark.parametrize("method", [Method.WHOLE, Method.SEGMENT])
@pytest.mark.parametrize("net", ["0.01", "95000", "99999.995", "100000", "123456.7891", "250000"])
def test_the_estimate_is_the_statement_at_the_same_base(world, method, net):
    an_approved_policy(world, some_terms(method=method))
    an_invoice(world, "D4", AUGUST, ("A", net))
    [standing] = where(world, "D4", date(2026, 9, 30), "P1")
    statement = the_statement(rebates.propose(world.actor("fin"), Q3), policy_code="P1")
    assert standing.accrued_fen == statement.entitlement_fen
    assert standing.base_fen == statement.base_fen


@pytest.mark.row("E05")
def test_accrued_beside_settled(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    a_posted_run(world)
    an_invoice(world, "D4", date(2026, 9, 1), ("A", "80000"))
    [standing] = where(world, "D4", date(2026, 9, 30))
    assert (standing.accrued_fen, standing.settled_fen, standing.open_fen) == (
        600_000,
        240_000,
        360_000,
    )
    assert standing.to_next_fen is None


@pytest.mark.row("E05")
def test_the_running_base_by_day(world):
    an_invoice(world, "D4", date(2026, 7, 3), ("A", "60000"))
    an_invoice(world, "D4", date(2026, 8, 3), ("A", "40000"))
    an_invoice(world, "D4", date(2026, 9, 3), ("A", "-1"))
    [standing] = where(world, "D4", date(2026, 8, 31))
    assert [(p.on, p.base_fen, p.rebate_fen) for p in standing.points] == [
        (date(2026, 7, 3), 6_000_000, 60_000),
        (date(2026, 8, 3), 10_000_000, 200_000),
    ]
    assert standing.result.base == Decimal("100000.00")


def test_who_is_not_enrolled_on_any_day_does_not_stand_in_the_policy(world):
    """D2's agreement begins on 2026-07-01; QTR is earned by agreement."""
    assert where(world, "D2", date(2026, 6, 30)) == []
    [standing] = where(world, "D2", date(2026, 7, 1))
    assert (standing.base_fen, standing.accrued_fen) == (0, 0)


def test_each_currency_stands_apart(world):
    an_invoice(world, "D4", AUGUST, ("A", "10"))
    an_invoice(world, "D4", AUGUST, ("A", "20"), currency="USD")
    standings = where(world, "D4", AUGUST)
    assert {(s.currency, s.base_fen) for s in standings} == {("CNY", 1_000), ("USD", 2_000)}


@pytest.mark.row("P01")
def test_a_distributor_reads_its_own_standing_only(world):
    own = accrual.get_distributor(world.actor("d1"), world.distributor("D1"))
    assert own.code == "D1"
    with pytest.raises(NotVisible):
        accrual.get_distributor(world.actor("d1"), world.distributor("D2"))
