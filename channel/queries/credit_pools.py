"""Reads of credit pools: what each holds on a date, who is in it, and what its debtors use.

What is used is summed from the accounts; nothing is kept that could differ from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible, Permission, may
from channel.db import db
from channel.messages.pools import POOL_KINDS
from channel.models.credit import CreditAccount, CreditLimit, CreditPool, CreditPoolMember
from channel.models.partners import Distributor, Maker
from channel.queries.credit_limits import as_limit
from channel.queries.credit_memberships import member_on, that_bind
from channel.queries.listing import Column, Filter, Listing
from credit.limits import Limit, limit_on
from credit.pools import PoolUse

_USED = (
    CreditAccount.ordered_fen
    + CreditAccount.shipped_fen
    + CreditAccount.invoiced_fen
    - CreditAccount.unapplied_fen
)

#: Debtors shown of the house's budget; the list of debtors has them all.
HOUSE_SHOWN = 20


def _used_on(on: date) -> Any:
    """What the debtors of the pool at hand have in use together, as of now."""
    in_group = sa.exists().where(
        CreditPoolMember.pool_id == CreditPool.id,
        CreditPoolMember.distributor_id == CreditAccount.distributor_id,
        member_on(on),
    )
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(_USED), 0), sa.BigInteger))
        .where(
            CreditAccount.currency == CreditPool.currency,
            sa.or_(CreditPool.kind == "house", in_group),
        )
        .correlate(CreditPool)
        .scalar_subquery()
    )


def uses(distributor_id: int, currency: str, on: date) -> list[PoolUse]:
    """The pools that bound a debtor on the day, with what all their debtors use of them."""
    rows = db.session.execute(
        sa.select(CreditPool.id, CreditPool.name, CreditPool.kind, _used_on(on))
        .where(*that_bind(distributor_id, currency, on))
        .order_by(CreditPool.id)
    ).all()
    if not rows:
        return []
    limits = limits_of_pools([pool_id for pool_id, *_rest in rows])
    return [
        PoolUse(name, kind, int(used), limit_on(limits[pool_id], on))
        for pool_id, name, kind, used in rows
    ]


def limits_of_pools(pool_ids: Sequence[int]) -> dict[int, list[Limit]]:
    """The approved limits of pools; a pool without any is there with none."""
    found: dict[int, list[Limit]] = defaultdict(list)
    for row in db.session.scalars(
        sa.select(CreditLimit)
        .where(CreditLimit.pool_id.in_(pool_ids), CreditLimit.approved_at.is_not(None))
        .order_by(CreditLimit.id)
    ):
        assert row.pool_id is not None
        found[row.pool_id].append(as_limit(row))
    return found


def currencies() -> list[str]:
    """The house's own currency and those in which anybody deals."""
    found = db.session.scalars(sa.union(sa.select(Maker.currency), sa.select(Distributor.currency)))
    return sorted(found)


def get_pool(actor: Actor, pool_id: int) -> CreditPool:
    """The pool, for those who may see what all its debtors use."""
    found = db.session.get(CreditPool, pool_id) if may(actor, Permission.CREDIT_POOLS) else None
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Member:
    """A debtor of a pool with its days in it and what it has in use."""

    membership: CreditPoolMember | None
    distributor: Distributor
    account: CreditAccount | None
    used_fen: int


def members(pool: CreditPool, on: date) -> list[Member]:
    """Of a group all that ever were or will be in it; of the house those who use most."""
    matching = sa.and_(
        CreditAccount.distributor_id == Distributor.id, CreditAccount.currency == pool.currency
    )
    used = sa.func.coalesce(_USED, 0)
    if pool.kind == "house":
        rows = db.session.execute(
            sa.select(Distributor, CreditAccount, used)
            .join(CreditAccount, matching)
            .where(used != 0)
            .order_by(used.desc(), Distributor.code)
            .limit(HOUSE_SHOWN)
        )
        return [Member(None, d, account, int(fen)) for d, account, fen in rows]
    rows = db.session.execute(
        sa.select(CreditPoolMember, Distributor, CreditAccount, used)
        .join(Distributor, Distributor.id == CreditPoolMember.distributor_id)
        .outerjoin(CreditAccount, matching)
        .where(CreditPoolMember.pool_id == pool.id)
        .order_by(sa.case((member_on(on), 0), else_=1), Distributor.code, CreditPoolMember.id)
    )
    return [Member(m, d, account, int(fen)) for m, d, account, fen in rows]


def pool_on(pool: CreditPool, on: date) -> PoolUse:
    """The pool with its limit of the day and what is in use now."""
    used = db.session.scalar(sa.select(_used_on(on)).where(CreditPool.id == pool.id))
    limit = limit_on(limits_of_pools([pool.id])[pool.id], on)
    return PoolUse(pool.name, pool.kind, int(used or 0), limit)


def limit_rows(pool_id: int) -> list[CreditLimit]:
    """All limits ever proposed for the pool, newest first."""
    return list(
        db.session.scalars(
            sa.select(CreditLimit)
            .where(CreditLimit.pool_id == pool_id)
            .order_by(CreditLimit.valid_from.desc(), CreditLimit.id.desc())
        )
    )


def pending_limits() -> list[Any]:
    """(limit, pool) of proposals for pools that wait for a signature."""
    return list(
        db.session.execute(
            sa.select(CreditLimit, CreditPool)
            .join(CreditPool, CreditPool.id == CreditLimit.pool_id)
            .where(CreditLimit.approved_at.is_(None))
            .order_by(CreditLimit.id)
        ).all()
    )


def _base_on(on: date) -> Any:
    """The fixed or replacing limit of the pool at hand; NULL is unlimited, or none at all."""
    return (
        sa.select(CreditLimit.amount_fen)
        .where(*_limits_on(on, ("fixed", "replacing")))
        .order_by(
            (CreditLimit.kind == "replacing").desc(),
            CreditLimit.valid_from.desc(),
            CreditLimit.id.desc(),
        )
        .limit(1)
        .correlate(CreditPool)
        .scalar_subquery()
    )


def _limits_on(on: date, kinds: tuple[str, ...]) -> list[Any]:
    return [
        CreditLimit.pool_id == CreditPool.id,
        CreditLimit.kind.in_(kinds),
        CreditLimit.approved_at.is_not(None),
        CreditLimit.valid_from <= on,
        sa.or_(CreditLimit.valid_to.is_(None), CreditLimit.valid_to > on),
    ]


def pools_listing(on: date) -> Listing:
    """Every pool with its limit of the day, what is in use and what is free."""
    added = (
        sa.select(sa.func.coalesce(sa.func.sum(CreditLimit.amount_fen), 0))
        .where(*_limits_on(on, ("seasonal",)))
        .correlate(CreditPool)
        .scalar_subquery()
    )
    has_base = sa.exists().where(*_limits_on(on, ("fixed", "replacing"))).correlate(CreditPool)
    # Without any limit a pool holds nothing; one with a base of NULL is unlimited.
    base = sa.case((has_base, _base_on(on)), else_=0)
    limit, used = sa.cast(base + added, sa.BigInteger), _used_on(on)
    members = (
        sa.select(sa.func.count())
        .where(CreditPoolMember.pool_id == CreditPool.id, member_on(on))
        .correlate(CreditPool)
        .scalar_subquery()
    )
    # Everybody is in the house: a number would say nothing.
    count = sa.case((CreditPool.kind == "group", members), else_=None)
    return Listing(
        name="credit_pools",
        title=_l("Shared limits"),
        identity=CreditPool.id,
        source=CreditPool,
        columns=[
            Column("name", _l("name"), CreditPool.name),
            Column("kind", _l("kind"), CreditPool.kind, "state"),
            Column("currency", _l("currency"), CreditPool.currency),
            Column("members", _l("members"), count, "quantity", wide=True),
            Column("limit_fen", _l("limit"), limit, "fen"),
            Column("used_fen", _l("used"), used, "fen", total=True),
            Column("free_fen", _l("available credit"), sa.cast(limit - used, sa.BigInteger), "fen"),
        ],
        default_sort="name",
        scope=lambda actor: sa.literal(may(actor, Permission.CREDIT_POOLS)),
        filters=[
            Filter("kind", _l("kind"), CreditPool.kind, choices=list(POOL_KINDS.items())),
            Filter(
                "over",
                _l("limit"),
                sa.type_coerce(sa.func.coalesce(limit < used, sa.false()), sa.Boolean),
                choices=[("1", _l("over the limit")), ("0", _l("within the limit"))],
            ),
        ],
        search=[CreditPool.name],
        currency=CreditPool.currency,
        endpoint="credit_pools.record",
        empty=_l("No shared limit yet: a group of debtors, or the budget of the whole house."),
    )
