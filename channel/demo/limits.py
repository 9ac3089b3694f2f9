"""Limits of the demo beside the fixed ones: a guarantee, a review near, a wish that waits."""

from __future__ import annotations

from datetime import date, timedelta

from channel.demo.world import World
from channel.services import credit
from channel.services.credit import LimitWish


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
    credit.approve_limit(
        world.actor("boss"), credit.propose_limit(world.actor("fin"), world.distributor("D4"), bond)
    )
    fixed = LimitWish(
        kind="fixed",
        amount_fen=10_000_000,
        valid_from=today - timedelta(days=30),
        review_on=today + timedelta(days=20),
        reason="年度授信，年底复核",
    )
    credit.approve_limit(
        world.actor("boss"),
        credit.propose_limit(world.actor("fin"), world.distributor("D3"), fixed),
    )
    season = LimitWish(
        kind="seasonal",
        amount_fen=3_000_000,
        valid_from=today,
        valid_to=today + timedelta(days=60),
        reason="春节前备货",
    )
    credit.propose_limit(world.actor("fin"), world.distributor("D3"), season)
