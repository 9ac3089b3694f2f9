"""What waits for money or for an exception is judged again when either comes.

Holds cure themselves: nobody has to press a button after the distributor has paid.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from channel.db import db, lock
from channel.models.credit import CreditAccount, CreditEntry, CreditPool, CreditPoolMember
from channel.models.exchanges import ExchangeClaim
from channel.models.orders import Order, Shipment
from channel.models.supports import SupportBudget, SupportClaim
from channel.queries.credit_memberships import that_bind
from channel.services.steps import exchanges, orders, shipments, supports
from channel.services.work import Work


def recheck_held(w: Work, account: CreditAccount, *, is_first: bool = True) -> None:
    """Held shipments first (their goods are reserved already), then held orders, oldest first.

    What is free in a limit that others share is told to them: `is_first` is False for these.
    """
    w.session.flush()  # the judgement reads what was just posted
    for shipment in w.session.scalars(
        sa.select(Shipment)
        .options(selectinload(Shipment.lines))
        .where(
            Shipment.distributor_id == account.distributor_id,
            Shipment.currency == account.currency,
            Shipment.state == "held",
        )
        .order_by(Shipment.id)
    ).all():
        shipment.row_version += 1
        shipments.check(w, shipment)
    for order in w.session.scalars(
        sa.select(Order)
        .options(selectinload(Order.lines))
        .where(
            Order.distributor_id == account.distributor_id,
            Order.currency == account.currency,
            Order.state == "held",
        )
        .order_by(Order.id)
    ).all():
        order.row_version += 1
        orders.submit(w, order, orders.wanted_of(order))
    if is_first and waiting_beside(account):
        # The account's last entry is what made room: once for each.
        last = w.session.scalar(
            sa.select(sa.func.max(CreditEntry.id)).where(CreditEntry.account_id == account.id)
        )
        w.job("recheck_shared", f"recheck_shared:{account.id}:{last}", {"account": account.id})


def waiting_beside(account: CreditAccount) -> list[int]:
    """Distributors who share a limit with the account and have something on hold.

    Each is judged in a transaction of its own: its account may not be waited for while a pool
    is held.
    """
    pools = db.session.scalars(
        sa.select(CreditPool).where(*that_bind(account.distributor_id, account.currency))
    ).all()
    if not pools:
        return []
    beside = [CreditAccount.currency == account.currency, CreditAccount.id != account.id]
    if all(pool.kind == "group" for pool in pools):
        members = sa.select(CreditPoolMember.distributor_id).where(
            CreditPoolMember.pool_id.in_([pool.id for pool in pools])
        )
        beside.append(CreditAccount.distributor_id.in_(members))
    held = sa.union(
        sa.select(Order.distributor_id).where(
            Order.state == "held", Order.currency == account.currency
        ),
        sa.select(Shipment.distributor_id).where(
            Shipment.state == "held", Shipment.currency == account.currency
        ),
    )
    statement = sa.select(CreditAccount.distributor_id).where(
        *beside, CreditAccount.distributor_id.in_(held)
    )
    return list(db.session.scalars(statement.order_by(CreditAccount.distributor_id)))


def recheck_document(w: Work, kind: str, document_id: int) -> None:
    """The order, shipment, support or exchange that an exception was asked for."""
    w.session.flush()  # the waiver must be seen
    if kind == "shipment":
        shipment = w.session.get(Shipment, document_id)
        if shipment is not None and shipment.state in ("refused", "held", "draft"):
            shipment.row_version += 1
            shipments.check(w, shipment)
    elif kind == "support":
        claim = w.session.get(SupportClaim, document_id)
        if claim is not None:
            lock(SupportBudget, [claim.budget_id])
            supports.regrant(w, claim)
    elif kind == "exchange":
        exchange = w.session.get(ExchangeClaim, document_id)
        if exchange is not None:
            exchanges.relay(w, exchange)
    elif kind == "order":
        order = w.session.get(Order, document_id)
        if order is not None and order.state in ("refused", "held"):
            order.row_version += 1
            orders.submit(w, order, orders.wanted_of(order))
