"""Limits and deposits of the demo: a guarantee, a review near, a wish and a deduction that wait."""

from __future__ import annotations

from datetime import date, timedelta

from channel import clock
from channel.demo.world import World
from channel.services import credit, credit_pools, deposits
from channel.services.credit import LimitWish
from channel.services.deposits import Movement


def settle(world: World, today: date) -> None:
    """D4 brings a guarantee, D3 asks for a seasonal limit; D3's fixed one is soon reviewed."""
    bond = LimitWish(
        kind="guarantee",
        valid_from=today - timedelta(days=60),
        valid_to=today + timedelta(days=300),
        reason="银行保函",
        guarantor="成都银行",
        guarantee_fen=20_000_000,
        share_bp=8_000,
    )
    _signed(world, credit.propose_limit(world.actor("fin"), world.distributor("D4"), bond))
    fixed = LimitWish(
        kind="fixed",
        amount_fen=10_000_000,
        valid_from=today - timedelta(days=30),
        review_on=today + timedelta(days=20),
        reason="年度授信，年底复核",
    )
    _signed(world, credit.propose_limit(world.actor("fin"), world.distributor("D3"), fixed))
    season = LimitWish(
        kind="seasonal",
        amount_fen=3_000_000,
        valid_from=today,
        valid_to=today + timedelta(days=60),
        reason="春节前备货",
    )
    credit.propose_limit(world.actor("fin"), world.distributor("D3"), season)
    _pools(world, today)
    _deposits(world, today)


def _signed(world: World, limit: int) -> None:
    """By each desk in its turn."""
    for name in ("cm", "fin2", "boss"):
        if credit.sign_limit(world.actor(name), limit):
            return


def _pools(world: World, today: date) -> None:
    """D1 and D3 belong to one owner and share a limit; the house has a budget of its own."""
    with clock.at(clock.instant_of(today - timedelta(days=30), 9)):
        group = credit_pools.open_pool(world.actor("fin"), "川南商贸集团", "group", "CNY")
        for code in ("D1", "D3"):
            credit_pools.join(
                world.actor("fin"), group, world.distributor(code), today - timedelta(days=30)
            )
        house = credit_pools.open_pool(world.actor("fin"), "全国授信总预算", "house", "CNY")
    first = today - timedelta(days=30)
    for pool, fen in ((group, 150_000_000), (house, 500_000_000)):
        wish = LimitWish("fixed", first, "年度授信", fen, review_on=today + timedelta(days=40))
        _signed(world, credit.propose_pool_limit(world.actor("fin"), pool, wish))
    raised = LimitWish("fixed", today + timedelta(days=10), "新年扩产", 200_000_000)
    credit.propose_pool_limit(world.actor("fin"), group, raised)


def _deposits(world: World, today: date) -> None:
    """Everybody but the sole trader D2 has paid one; a deduction of D3's waits for the owner."""
    for code, fen in (("D1", 2_000_000), ("D3", 2_000_000), ("D4", 5_000_000)):
        paid = Movement("paid", fen, today - timedelta(days=40), "合同保证金")
        deposits.enter(world.actor("fin"), world.distributor(code), paid)
    fine = Movement(
        "deducted", 200_000, today - timedelta(days=3), "跨区销售处罚", today + timedelta(days=12)
    )
    deposits.enter(world.actor("fin"), world.distributor("D3"), fine)
