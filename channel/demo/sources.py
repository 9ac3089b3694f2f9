"""What the demo's distributors call our goods: codes and units decided, one file still open."""

from __future__ import annotations

from datetime import date, timedelta

from channel import clock
from channel.demo.world import World
from channel.services import stock, stock_codes
from channel.services.stock_codes import NOT_OURS, CodeSaid, UnitSaid
from contracts.values.periods import Period


def leave_open(world: World, today: date) -> None:
    """D1 and D2 have their own codes; D1's file of sales waits with one code to decide."""
    with clock.at(clock.instant_of(today, 9, 40)):
        for code, prefix in (("D1", "SW-"), ("D2", "LZ")):
            stock_codes.save_words(
                world.actor(code.lower()),
                world.distributor(code),
                [
                    CodeSaid(f"{prefix}001", "A", "豆瓣酱（箱）"),
                    CodeSaid(f"{prefix}002", "B", "火锅底料（箱）"),
                    CodeSaid(f"{prefix}900", NOT_OURS, "促销扇子"),
                ],
                [UnitSaid("件", "base"), UnitSaid("提", "ratio", "B", 1, 4)],
            )
        monday = today - timedelta(days=today.weekday() + 7)
        if (monday.month, (monday + timedelta(days=6)).month) != (today.month, today.month):
            return  # the week belongs to a month that is filed, or will be
        rows = "货号\t品名\t单位\t销售\nSW-001\t豆瓣酱\t件\t6\nSW-003\t新品香辣酱\t件\t2\n"
        stock.receive_report(
            world.actor("d1"),
            world.distributor("D1"),
            Period(monday, monday + timedelta(days=7)),
            "本周销售.txt",
            rows.encode(),
        )
