"""Stock advice in the demo: goods that one distributor leaves lying, and two choices by hand."""

from __future__ import annotations

from datetime import date, timedelta

from channel.demo.world import World
from channel.services.stock_policies import Choice, set_policy
from contracts.values.periods import Period

#: Distributor and product of which in the last months half stays behind, the older batch of each.
LEFT_LYING = {("D2", "N")}
LATELY = timedelta(days=100)


def lying(code: str, month: Period, today: date) -> set[str]:
    """The goods that do not sell well at the distributor in the month."""
    if month.end < today - LATELY:
        return set()
    return {product for owner, product in LEFT_LYING if owner == code}


def leave_open(world: World, today: date) -> None:
    """A season that is prepared by hand, and a product that goes by days again."""
    season = Choice(
        method="fill_rate",
        valid_from=today,
        service_bp=9800,
        review_days=15,
        safety_days=10,
        cover_days=21,
        reason="火锅旺季备货，按满足率 98 %",
    )
    set_policy(world.actor("cm"), world.distributor("D1"), world.product("B"), season)
    by_days = Choice(
        method="days_of_cover",
        valid_from=today,
        service_bp=9500,
        review_days=14,
        safety_days=10,
        cover_days=30,
        reason="新品仍在铺货，先按天数",
    )
    set_policy(world.actor("d4"), world.distributor("D4"), world.product("N"), by_days)
