"""Deposits through the use cases: taken by two persons, restored once, never credit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.deposits import DepositEntry
from channel.models.partners import Distributor
from channel.queries import credit as exposure
from channel.queries import deposits as reads
from channel.services import deposits
from channel.services.deposits import Movement
from channel.services.work import Refused
from tests.builders import delivered

pytestmark = [pytest.mark.database, pytest.mark.row("B10")]

TODAY = date(2026, 11, 21)
PAID = Movement("paid", 2_000_000, TODAY, "合同保证金")
FINE = Movement("deducted", 500_000, TODAY, "窜货处罚", date(2026, 12, 6))


def balance(world: Any, code: str = "D1") -> int:
    return reads.balance_fen(world.distributor(code), "CNY")


def a_deduction(world: Any, movement: Movement = FINE) -> int:
    entry = deposits.enter(world.actor("fin"), world.distributor("D1"), movement)
    deposits.decide(world.actor("boss"), entry, is_approved=True, note="按合同")
    return entry


def used(world: Any) -> int:
    [account] = exposure.accounts(world.actor("fin"), world.distributor("D1"))
    return account.ordered_fen + account.shipped_fen + account.invoiced_fen - account.unapplied_fen


def test_a_deposit_moves_no_exposure(world):
    delivered(world, A=100)
    before = used(world)
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    assert (balance(world), used(world)) == (2_000_000, before)
    a_deduction(world)
    assert (balance(world), used(world)) == (1_500_000, before)


def test_what_is_taken_counts_when_a_second_person_approved_it(world):
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    entry = deposits.enter(world.actor("fin"), world.distributor("D1"), FINE)
    assert balance(world) == 2_000_000
    with pytest.raises(Refused) as refused:
        deposits.decide(world.actor("fin"), entry, is_approved=True)
    assert refused.value.findings[0].code == "approval.own_request"
    deposits.decide(world.actor("fin2"), entry, is_approved=True)
    assert balance(world) == 1_500_000
    with pytest.raises(Refused) as refused:
        deposits.decide(world.actor("boss"), entry, is_approved=True)
    assert refused.value.findings[0].code == "deposit.decided"


@pytest.mark.row("A16")
def test_a_reversed_decision_restores_the_deposit_and_keeps_both_entries(world):
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    taken = a_deduction(world)
    distributor = db.session.get_one(Distributor, world.distributor("D1"))
    standing = reads.standing_on(distributor, TODAY)
    assert (standing.balance_fen, standing.top_up_by) == (1_500_000, date(2026, 12, 6))
    deposits.restore(world.actor("boss"), taken, "处罚撤销")
    assert balance(world) == 2_000_000
    kinds = [e.kind for e in reads.entries(world.distributor("D1"), "CNY")]
    assert kinds == ["paid", "deducted", "restored"]
    with pytest.raises(Refused) as refused:
        deposits.restore(world.actor("boss"), taken, "再撤一次")
    assert refused.value.findings[0].code == "deposit.restored"


def test_a_counted_entry_cannot_be_changed_by_anybody(world):
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    for statement in (
        "UPDATE deposit_entry SET amount_fen = 1",
        "DELETE FROM deposit_entry",
    ):
        with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
            connection.execute(sa.text(statement))
    assert balance(world) == 2_000_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_fen": 2_000_001}, "deposit.too_much"),
        ({"amount_fen": 0}, "deposit.amount"),
        ({"reason": " "}, "deposit.reason_needed"),
        ({"kind": "restored"}, "deposit.kind"),
        ({"top_up_by": date(2026, 11, 1)}, "deposit.top_up_early"),
    ],
)
def test_what_is_refused_leaves_nothing(world, change, code):
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    with pytest.raises(Refused) as refused:
        deposits.enter(world.actor("fin"), world.distributor("D1"), replace(FINE, **change))
    assert [f.code for f in refused.value.findings] == [code]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DepositEntry)) == 1


def test_two_deductions_approved_at_once_do_not_take_more_than_is_there(world):
    """Each takes 15,000.00 of 20,000.00; the lock on the debtor lets one pass."""
    deposits.enter(world.actor("fin"), world.distributor("D1"), PAID)
    most = replace(FINE, amount_fen=1_500_000)
    both = [deposits.enter(world.actor("fin"), world.distributor("D1"), most) for _ in range(2)]
    db.session.remove()

    def approve(entry: int) -> str:
        with world.app.app_context():
            try:
                deposits.decide(world.actor("boss"), entry, is_approved=True)
            except Refused as refused:
                return str(refused.findings[0].code)
            finally:
                db.session.remove()
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(approve, both))
    assert answers == ["approved", "deposit.too_much"]
    assert balance(world) == 500_000
