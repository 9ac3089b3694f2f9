"""What the demo's rep saw on visits: counts with and without a gap, and outlets that order."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.world import World
from channel.models.market import Outlet
from channel.queries import channel_stock
from channel.services.outlets import Visit, log_visit
from channel.services.stock_counts import Counted, record_count

#: Days ago, whose stock, share of what is expected that was found, product by product.
COUNTS = (
    (16, "D2", {"A": 100, "B": 99, "N": 100}, "月度走访盘点"),
    (12, "D2", {"A": 84, "B": 100}, "仓库有两箱破损未登记"),
    (3, "D2", {"A": 81, "B": 97}, "再次盘点，数量仍对不上"),
    (9, "D3", {"A": 100, "B": 88, "N": 102}, ""),
)
#: Days ago, part of the outlet's name, whether it ordered, boxes.
VISITS = (
    (41, "好邻居", True, 12),
    (12, "好邻居", False, None),
    (8, "锦江", True, 60),
    (2, "锦江", False, None),
    (20, "火锅店", True, 25),
)


def leave_open(world: World, today: date) -> None:
    """A gap that comes again is a case; an outlet that never ordered sleeps."""
    for days, code, shares, note in COUNTS:
        _count(world, today - timedelta(days=days), code, shares, note)
    for days, name, has_order, boxes in VISITS:
        day = today - timedelta(days=days)
        outlet = db.session.scalar(sa.select(Outlet.id).where(Outlet.name.contains(name)).limit(1))
        if outlet is not None:
            with clock.at(clock.instant_of(day, 15)):
                visit = Visit(day, has_order=has_order, quantity=boxes)
                log_visit(world.actor("cm"), outlet, visit)


def _count(world: World, day: date, code: str, shares: dict[str, int], note: str) -> None:
    """The rep finds this share of what the report leads to on the day."""
    with clock.at(clock.instant_of(day, 11)):
        rep, owner = world.actor("rep"), world.distributor(code)
        lines = []
        for one in channel_stock.standings(rep, owner, day):
            share = shares.get(one.row.product.code)
            if share is None or one.row.last_day > day:
                continue
            expected = one.estimate.closing if one.estimate.stock is None else one.estimate.stock
            lines.append(Counted(one.row.product_id, (expected * share + 50) // 100))
        if lines:
            record_count(rep, owner, day, lines, note)
