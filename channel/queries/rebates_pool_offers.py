"""What of the rebate pool an order may use now, and why not more; and what it uses already."""

from __future__ import annotations

from dataclasses import dataclass

from channel.models.orders import Order
from channel.models.rebate_pool import PoolUse
from channel.queries import rebates_pool_facts as facts
from contracts.rebates.payout import (
    ON_ORDERS,
    Form,
    OnOrder,
    Payout,
    Pool,
    bounds,
    cap_of,
    most_on_order,
)
from contracts.values.findings import Finding, in_currency

#: On these an order still takes something from the pool.
OPEN = ("draft", "refused", "held", "confirmed")


@dataclass(frozen=True)
class Offer:
    """`most_fen` may be used on the order now; `reasons` say why nothing can."""

    clause: Payout
    pool: Pool
    order: OnOrder
    cap_fen: int
    most_fen: int
    forms: tuple[Form, ...]
    reasons: list[Finding]
    uses: list[PoolUse]
    is_open: bool

    @property
    def is_capped(self) -> bool:
        """Whether the cap, and not the pool, is what bounds it."""
        return self.cap_fen - self.order.pool_fen < self.pool.free_fen

    @property
    def can_use(self) -> bool:
        return self.is_open and bool(self.forms) and self.most_fen > 0


def offer_of(order: Order) -> Offer:
    """Read without a lock, for people; the use case looks again under it."""
    clause = facts.clause_on(order.distributor_id, order.order_date)
    pool = facts.pool_of(order.distributor_id, order.currency)
    uses = facts.uses_of_order(order.id)
    standing = facts.on_order(order.gross_fen, uses)
    forms = tuple(form for form in ON_ORDERS if form in clause.forms)
    reasons: list[Finding] = []
    for form in forms or ON_ORDERS:
        reasons += [f for f in bounds(clause, pool, form, standing) if f not in reasons]
    return Offer(
        clause,
        pool,
        standing,
        cap_of(clause, order.gross_fen),
        most_on_order(clause, pool, standing) if forms else 0,
        forms,
        in_currency(reasons, order.currency),
        uses,
        order.state in OPEN,
    )
