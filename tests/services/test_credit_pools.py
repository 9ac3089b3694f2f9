"""Limits that debtors share: who is bound by them, what is held, and two debtors at once."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit import CreditAccount, CreditPool
from channel.queries import credit_limits, credit_pools
from channel.services import credit, jobs, orders
from channel.services import credit_pools as service
from channel.services.credit import LimitWish
from channel.services.work import Refused
from tests.builders import a_draft, an_order, codes_of, paid, the_order
from tests.services.test_credit_limits import signed_by_all

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def a_pool(world: Any, kind: str = "group", fen: int | None = None, **members: date | None) -> int:
    """A pool with an approved limit from today on, and members from today on until a date."""
    pool = service.open_pool(world.actor("fin"), f"集团 {kind}", kind, "CNY")
    if fen is not None:
        wish = LimitWish("fixed", date(2026, 11, 1), "集团授信", amount_fen=fen)
        signed_by_all(world, credit.propose_pool_limit(world.actor("fin"), pool, wish))
    for code, end in members.items():
        service.join(world.actor("fin"), pool, world.distributor(code), TODAY, end)
    return pool


def an_order_today(world: Any, code: str, **goods: int) -> Any:
    return the_order(an_order(world, code, on=TODAY, **goods))


@pytest.mark.row("B02")
def test_what_members_use_together_may_not_exceed_the_group(world):
    """D1 has 200,000 and D2 50,000 of their own; together they may use 180,000.00."""
    pool = a_pool(world, fen=18_000_000, D1=None, D2=None)
    assert an_order_today(world, "D1", B=700).state == "confirmed"
    assert an_order_today(world, "D2", A=400).state == "confirmed", "180,000.00 exactly passes"
    held = an_order_today(world, "D2", A=1)
    assert (held.state, codes_of(held)) == ("held", ["credit.pool_over"])
    use = credit_pools.pool_on(db.session.get_one(CreditPool, pool), TODAY)
    assert (use.used_fen, use.free_fen) == (18_000_000, 0)
    paid(world, "D1", 9_999, on=TODAY)
    jobs.run_next()
    assert the_order(held.id).state == "held", "one fen short"
    paid(world, "D1", 1, on=TODAY)
    jobs.run_next()
    assert the_order(held.id).state == "confirmed", "the money of one member frees another's goods"


@pytest.mark.row("B02")
def test_a_finding_tells_a_member_nothing_of_the_others(world):
    a_pool(world, fen=15_000_000, D1=None, D2=None)
    an_order_today(world, "D1", B=700)
    held = an_order_today(world, "D2", A=150)
    [finding] = [f for f in held.verdict["findings"] if f["code"] == "credit.pool_over"]
    assert set(finding["facts"]) == {"pool", "excess", "pay"}


@pytest.mark.row("B04")
def test_a_member_without_a_limit_of_its_own_is_bounded_by_the_group_alone(world):
    """D4 has no limit: nothing on credit alone, the group's 30,000.00 as a member."""
    db.session.execute(
        sa.text("DELETE FROM credit_limit WHERE distributor_id = :id"),
        {"id": world.distributor("D4")},
    )
    db.session.commit()
    assert an_order_today(world, "D4", A=110).state == "held"
    a_pool(world, fen=3_000_000, D4=date(2026, 12, 1))
    assert an_order_today(world, "D4", A=300).state == "confirmed"
    assert an_order_today(world, "D4", A=1).state == "held"
    [day] = credit_limits.limits_of_day(world.distributor("D4"), TODAY)
    assert (day.is_shared, day.limit.amount_fen) == (True, None)
    [after] = credit_limits.limits_of_day(world.distributor("D4"), date(2026, 12, 1))
    assert (after.is_shared, after.limit.amount_fen) == (False, 0)


@pytest.mark.row("B04")
def test_the_members_own_limit_is_its_cap_within_the_group(world):
    a_pool(world, fen=100_000_000, D2=None)
    order = an_order_today(world, "D2", A=501)
    assert codes_of(order) == ["credit.over_limit"]


@pytest.mark.row("B02")
def test_the_budget_of_the_house_binds_everybody_by_what_is_used(world):
    """Limits of 250,000.00 are given beside a budget of 160,000.00: only use counts."""
    house = a_pool(world, "house", fen=16_000_000)
    assert an_order_today(world, "D1", B=700).state == "confirmed"
    assert an_order_today(world, "D2", A=200).state == "confirmed"
    assert codes_of(an_order_today(world, "D2", A=1)) == ["credit.pool_over"]
    with pytest.raises(Refused, match=r"pool.house_members"):
        service.join(world.actor("fin"), house, world.distributor("D1"), TODAY)
    with pytest.raises(Refused, match=r"pool\.house\b"):
        service.open_pool(world.actor("fin"), "另一预算", "house", "CNY")


def test_a_group_without_a_limit_holds_nothing_and_an_unlimited_one_everything(world):
    pool = a_pool(world, D1=None)
    assert codes_of(an_order_today(world, "D1", B=100)) == ["credit.pool_over"]
    wish = LimitWish("fixed", date(2026, 11, 1), "不设上限")
    signed_by_all(world, credit.propose_pool_limit(world.actor("fin"), pool, wish))
    assert an_order_today(world, "D1", B=100).state == "confirmed"


def test_memberships_are_dated_and_one_at_a_time(world):
    pool = a_pool(world, fen=1_000_000, D1=date(2026, 12, 1))
    other = service.open_pool(world.actor("fin"), "另一集团", "group", "CNY")
    fin, d1 = world.actor("fin"), world.distributor("D1")
    for where, start, code in (
        (pool, date(2026, 11, 30), "pool.member_twice"),
        (other, date(2026, 11, 30), "pool.elsewhere"),
        (other, date(2026, 11, 20), "pool.past"),
    ):
        with pytest.raises(Refused, match=code):
            service.join(fin, where, d1, start)
    later = service.join(fin, other, d1, date(2026, 12, 1))
    with pytest.raises(Refused, match=r"pool\.span"):
        service.leave(fin, later, TODAY)
    service.leave(fin, later, date(2026, 12, 31))
    with pytest.raises(Refused, match=r"pool\.kind_of_limit"):
        credit.propose_pool_limit(
            fin, pool, LimitWish("temporary", TODAY, "一次", 100, date(2027, 1, 1))
        )


@pytest.mark.row("B09")
def test_a_first_limit_of_a_group_is_signed_by_three_desks(world):
    pool = a_pool(world)
    wish = LimitWish("fixed", TODAY, "集团授信", amount_fen=100)
    limit = credit.propose_pool_limit(world.actor("fin"), pool, wish)
    with pytest.raises(Refused, match=r"own_request"):
        credit.sign_limit(world.actor("fin"), limit)
    assert [credit.sign_limit(world.actor(n), limit) for n in ("cm", "fin2", "boss")] == [
        False,
        False,
        True,
    ]


def race(world: Any, lock_works: bool, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two members order 30,000.00 each at the same moment; 40,000.00 of the group are free."""
    from channel.services.steps import credit as step
    from tests.services.test_orders import _Never

    a_pool(world, fen=6_000_000, D1=None, D2=None)
    for code in ("D1", "D2"):
        assert an_order_today(world, code, A=100).state == "confirmed"
    drafts = [
        orders.draft_order(world.actor("cm"), a_draft(world, code, on=TODAY, A=300))
        for code in ("D1", "D2")
    ]
    barrier = threading.Barrier(2, timeout=30)
    is_sqlite = db.engine.dialect.name == "sqlite"
    lock_account = step.lock_account

    def read_together(w: Any, distributor_id: int, currency: str) -> Any:
        """SQLite: both have begun to read before either writes, so that one is thrown out."""
        with w.session.no_autoflush:
            found = w.session.scalar(
                sa.select(CreditAccount).where(CreditAccount.distributor_id == distributor_id)
            )
        barrier.wait()
        return found

    def summed_together(account: Any, on: date) -> Any:
        """PostgreSQL: both have summed the group before either writes."""
        found = credit_pools.uses(account.distributor_id, account.currency, on)
        barrier.wait()
        return found

    if not lock_works:
        monkeypatch.setattr("channel.db._writing", _Never())
        if is_sqlite:
            monkeypatch.setattr(step, "lock_account", read_together)
        else:
            monkeypatch.setattr(step, "shared_limits", summed_together)
    states: list[str] = []

    def place(order: int) -> None:
        with clock.at(TODAY), world.app.app_context():
            if lock_works:
                barrier.wait()
            try:
                states.append(orders.submit_order(world.actor("cm"), order))
            except sa.exc.OperationalError:
                states.append("locked out")
            db.session.remove()

    threads = [threading.Thread(target=place, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(step, "lock_account", lock_account)
    return sorted(states)


@pytest.mark.row("B12")
def test_two_members_at_once_exactly_one_gets_the_rest_of_the_group(world, monkeypatch):
    assert race(world, True, monkeypatch) == ["confirmed", "held"]


@pytest.mark.row("B12")
def test_the_race_of_members_can_be_lost(world, monkeypatch):
    """Without the lock of the pool both pass on PostgreSQL; on SQLite one is thrown out."""
    states = race(world, False, monkeypatch)
    assert states in (["confirmed", "confirmed"], ["confirmed", "locked out"])
