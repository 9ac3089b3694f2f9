"""Which debtors draw on which shared limit on a date, as conditions for other reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount, CreditPool, CreditPoolMember


def member_on(on: date) -> sa.ColumnElement[bool]:
    """Whether a membership holds on the day."""
    return sa.and_(
        CreditPoolMember.valid_from <= on,
        sa.or_(CreditPoolMember.valid_to.is_(None), CreditPoolMember.valid_to > on),
    )


def that_bind(distributor_id: int, currency: str, on: date | None = None) -> list[Any]:
    """Conditions for the pools that bound a debtor on a date, or ever where no date is given."""
    memberships = sa.select(CreditPoolMember.pool_id).where(
        CreditPoolMember.distributor_id == distributor_id
    )
    if on is not None:
        memberships = memberships.where(member_on(on))
    return [
        CreditPool.currency == currency,
        sa.or_(CreditPool.kind == "house", CreditPool.id.in_(memberships)),
    ]


def shares_group(distributor_id: int, currency: str, on: date) -> bool:
    """Whether a debtor draws on a group's limit on the day."""
    conditions = that_bind(distributor_id, currency, on)
    statement = sa.select(CreditPool.id).where(*conditions, CreditPool.kind == "group").limit(1)
    return db.session.scalar(statement) is not None


def is_shared_on(on: date) -> sa.ColumnElement[bool]:
    """Whether the account at hand draws on a group's limit on the day."""
    return (
        sa.exists()
        .where(
            CreditPoolMember.distributor_id == CreditAccount.distributor_id,
            CreditPool.id == CreditPoolMember.pool_id,
            CreditPool.currency == CreditAccount.currency,
            CreditPool.kind == "group",
            member_on(on),
        )
        .correlate(CreditAccount)
    )
