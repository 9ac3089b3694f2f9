"""Any sequence of orders, shipments, invoices, payments and reversals, beside a toy ledger.

The toy knows four numbers and one rule. After each step the house must agree with it to the fen,
its documents with its entries, and nothing may have been accepted above the limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    invariant,
    multiple,
    rule,
)

from channel.db import db
from channel.models.credit import CreditAccount
from channel.queries.credit_recount import differences
from channel.services import orders, receivables, shipments
from channel.services.work import Refused
from tests import machines
from tests.builders import a_shipment, an_order, paid, the_order, the_shipment
from tests.machines import HouseMachine

TODAY = date(2026, 11, 20)
LIMIT = 20_000_000
BOX = 10_000


@dataclass
class Toy:
    """What D1 has open, in fen; money pays whatever is open, and the rest waits."""

    ordered: int = 0
    shipped: int = 0
    #: Invoices less receipts: above nought it is owed, below it waits.
    net: int = 0
    #: Orders on hold, oldest first: id → fen.
    held: dict[int, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        return self.ordered + self.shipped + self.net

    def fits(self, fen: int) -> bool:
        return self.used + fen <= LIMIT

    def cure(self) -> list[int]:
        """Held orders that fit now, in the order in which they came."""
        cured = [i for i, fen in sorted(self.held.items()) if self._take(fen)]
        for i in cured:
            del self.held[i]
        return cured

    def _take(self, fen: int) -> bool:
        fits = self.fits(fen)
        self.ordered += fen if fits else 0
        return fits


class CreditMachine(HouseMachine):
    """One debtor's life on a database of its own; the class is given one by the test."""

    start = TODAY

    open_orders: Any = Bundle("open_orders")
    sent: Any = Bundle("sent")
    receipts: Any = Bundle("receipts")

    def __init__(self) -> None:
        super().__init__()
        self.toy = Toy()

    @rule(target=open_orders, boxes=st.integers(100, 1_300))
    def order(self, boxes: int) -> Any:
        placed = an_order(self.world, A=boxes)
        fits = self.toy.fits(boxes * BOX)
        assert the_order(placed).state == ("confirmed" if fits else "held")
        if fits:
            self.toy.ordered += boxes * BOX
        else:
            self.toy.held[placed] = boxes * BOX
        return placed

    @rule(target=sent, order=open_orders, boxes=st.integers(100, 1_300))
    def ship(self, order: int, boxes: int) -> Any:
        found = the_order(order)
        [line] = found.lines
        left = line.quantity - line.shipped_quantity
        boxes = min(boxes, left)
        if found.state != "confirmed" or boxes < 100:
            return multiple()
        shipment = a_shipment(self.world, order, share={line.id: boxes})
        may_leave = self.toy.used <= LIMIT
        assert the_shipment(shipment).state == ("released" if may_leave else "held")
        if not may_leave:
            shipments.cancel_shipment(self.world.actor("cm"), shipment, "超额")
            return multiple()
        assert shipments.dispatch_shipment(self.world.actor("cm"), shipment) == "shipped"
        self.toy.ordered -= boxes * BOX
        self.toy.shipped += boxes * BOX
        return shipment

    @rule(shipment=consumes(sent))
    def invoice(self, shipment: int) -> None:
        fen = the_shipment(shipment).goods_gross_fen
        shipments.invoice_shipment(self.world.actor("fin"), shipment, TODAY)
        self.toy.shipped -= fen
        self.toy.net += fen
        with pytest.raises(Refused):  # a second click posts nothing
            shipments.invoice_shipment(self.world.actor("fin"), shipment, TODAY)

    @rule(target=receipts, fen=st.integers(1, 15_000_000))
    def pay(self, fen: int) -> Any:
        receipt = paid(self.world, "D1", fen)
        self.toy.net -= fen
        for order in self.toy.cure():
            assert the_order(order).state == "confirmed", "money came, and it fits"
        return receipt

    @rule(receipt=consumes(receipts))
    def reverse(self, receipt: int) -> None:
        fen = db.session.get_one(receivables.Receipt, receipt).amount_fen
        receivables.reverse_receipt(self.world.actor("fin"), receipt, "记错")
        self.toy.net += fen

    @rule(order=open_orders)
    def cancel(self, order: int) -> None:
        found = the_order(order)
        [line] = found.lines
        if found.state not in ("confirmed", "held") or line.shipped_quantity:
            return
        orders.end_order(self.world.actor("cm"), order, "cancel", "客户取消")
        if self.toy.held.pop(order, None) is None:
            self.toy.ordered -= line.gross_fen

    @invariant()
    def agrees_with_the_toy(self) -> None:
        account = db.session.scalar(
            sa.select(CreditAccount)
            .where(CreditAccount.distributor_id == self.world.distributor("D1"))
            .execution_options(populate_existing=True)
        )
        if account is None:
            return
        assert (account.ordered_fen, account.shipped_fen) == (self.toy.ordered, self.toy.shipped)
        assert account.invoiced_fen == max(self.toy.net, 0)
        assert account.unapplied_fen == max(-self.toy.net, 0)
        assert differences() == []
        db.session.rollback()


@pytest.mark.database
@pytest.mark.row("B02", "B12", "B13")
def test_any_life_of_a_debtor_agrees_with_the_toy(backend, var_dir, tmp_path):
    machines.run(CreditMachine, backend, var_dir, tmp_path, steps=14)
