"""Any sequence of earnings, uses, invoices, cancellations, expiries and claw-backs, beside a toy.

The toy knows two numbers for the pool. After each step the ledger must agree with it to the fen,
with its documents, and with the credit of the debtor.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    invariant,
    multiple,
    rule,
)

from channel.db import db
from channel.queries.credit_recount import differences
from channel.queries.rebates_pool_control import differences as pool_differences
from channel.queries.rebates_pool_facts import standing_on
from channel.services import orders, rebates_payments, rebates_pool, rebates_pool_jobs, shipments
from channel.services.rebates_payments import Wish
from channel.services.work import Refused
from tests import machines
from tests.builders import a_shipment, an_order
from tests.machines import HouseMachine
from tests.services.pool_trade import earn, the_use

START = date(2026, 11, 20)
GOODS = 1_000_000


class PoolMachine(HouseMachine):
    """One pool's life on a database of its own; the class is given one by the test."""

    start = START

    reserved: Any = Bundle("reserved")
    asked: Any = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.free = self.waits = 0
        #: What ends when, as the toy sees it: day → fen earned that day on, first used first.
        self.lots: list[list[Any]] = []

    @rule(fen=st.integers(1, 500_000), days=st.none() | st.integers(1, 9))
    def earned(self, fen: int, days: int | None) -> None:
        ends = self.today + timedelta(days=days) if days else None
        earn(self.world, "D1", fen, expires_on=ends)
        gap = min(0, self.free)
        self.free += fen
        self.lots.append([ends, max(0, fen + gap)])

    @rule(fen=st.integers(1, 400_000))
    def taken_back(self, fen: int) -> None:
        earn(self.world, "D1", -fen, kind="reversed")
        self._take(fen)

    @rule(target=reserved, fen=st.integers(1, 400_000))
    def use(self, fen: int) -> Any:
        order = an_order(self.world, A=100)
        if not 0 < fen <= min(self.free, GOODS * 3 // 10):
            with pytest.raises(Refused):
                rebates_pool.take_off(self.world.actor("d1"), order, fen)
            orders.end_order(self.world.actor("cm"), order, "cancel", "不用了")
            return multiple()
        use = rebates_pool.take_off(self.world.actor("d1"), order, fen)
        self._take(fen)
        self.waits += fen
        return order, use

    @rule(one=consumes(reserved))
    def cancel(self, one: Any) -> None:
        order, use = one
        fen = the_use(use).open_fen
        orders.end_order(self.world.actor("cm"), order, "cancel", "客户取消")
        self._give(fen)

    @rule(one=consumes(reserved))
    def invoice(self, one: Any) -> None:
        order, use = one
        fen = the_use(use).open_fen
        shipment = a_shipment(self.world, order, on=self.today)
        if shipments.dispatch_shipment(self.world.actor("cm"), shipment) != "shipped":
            shipments.cancel_shipment(self.world.actor("cm"), shipment, "超额")
            orders.end_order(self.world.actor("cm"), order, "cancel", "超额")
            self._give(fen)
            return
        shipments.invoice_shipment(self.world.actor("fin"), shipment, self.today)
        self.waits -= fen
        assert the_use(use).state == "used"

    @rule(target=asked, fen=st.integers(1, 400_000))
    def ask(self, fen: int) -> Any:
        wish = Wish(self.world.distributor("D1"), "transfer", fen)
        if fen > self.free:
            with pytest.raises(Refused):
                rebates_payments.request(self.world.actor("fin"), wish)
            return multiple()
        use = rebates_payments.request(self.world.actor("fin"), wish)
        self._take(fen)
        self.waits += fen
        return use

    @rule(use=consumes(asked), pays=st.booleans())
    def decide(self, use: int, pays: bool) -> None:
        fen = the_use(use).open_fen
        if not pays or self.free < 0:
            rebates_payments.refuse(self.world.actor("fin2"), use, "不同意")
            self._give(fen)
            return
        rebates_payments.approve(self.world.actor("fin2"), use)
        rebates_payments.pay(self.world.actor("fin"), use, self.today, "B-1")
        self.waits -= fen

    @rule(days=st.integers(1, 4))
    def night(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.turn_to(self.today)
        rebates_pool_jobs.expire_all()
        self._expire()

    def _take(self, fen: int) -> None:
        self._expire()
        self.free -= fen
        for lot in self.lots:
            share = min(lot[1], fen)
            lot[1] -= share
            fen -= share

    def _give(self, fen: int) -> None:
        """What comes back is what was taken last; the ledger itself says to which earning."""
        self.free += fen
        self.waits -= fen
        found = standing_on(self.world.distributor("D1"), "CNY", self.today)
        self.lots = [[lot.expires_on, lot.left_fen] for lot in found.lots]

    def _expire(self) -> None:
        for lot in self.lots:
            if lot[0] is not None and lot[0] <= self.today:
                self.free -= lot[1]
                lot[1] = 0

    @invariant()
    def agrees_with_the_toy(self) -> None:
        found = standing_on(self.world.distributor("D1"), "CNY", self.today)
        assert (found.pool.free_fen, found.pool.reserved_fen) == (self.free, self.waits)
        assert sum(lot.left_fen for lot in found.lots) + found.gap_fen == self.free
        assert found.pool.reserved_fen >= 0
        wrong = [d for d in pool_differences() if d.part not in ("granted", "cases")]
        assert wrong == []
        assert differences() == []
        db.session.rollback()


@pytest.mark.database
@pytest.mark.row("E06", "E07", "E13")
def test_any_life_of_a_pool_agrees_with_the_toy(backend, var_dir, tmp_path):
    machines.run(PoolMachine, backend, var_dir, tmp_path, steps=16)
