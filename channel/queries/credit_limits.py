"""Reads of credit limits: those of a debtor with what was drawn on them, and those of a date.

What was drawn on a one-off limit is kept nowhere: it is replayed from the debtor's entries, so
that it cannot differ from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount, CreditEntry, CreditLimit
from channel.models.partners import Distributor
from channel.queries.credit_memberships import is_shared_on, shares_group
from credit.limits import (
    ADDING,
    ONE_OFF,
    Limit,
    LimitKind,
    LimitOn,
    Movement,
    Part,
    explain,
    limit_on,
    with_draws,
)

#: Proposals shown at once; an import can bring thousands, and the next ones follow.
PENDING_SHOWN = 50

#: Acts that undo an order, or make it smaller, when they lower the exposure.
_UNDOING = ("release", "reserve")


def limits(distributor_id: int, currency: str, as_of: date | None = None) -> list[Limit]:
    """The approved limits of a debtor, as the core takes them; drawn by entries up to a date."""
    rows = db.session.scalars(
        sa.select(CreditLimit)
        .where(
            CreditLimit.distributor_id == distributor_id,
            CreditLimit.currency == currency,
            CreditLimit.approved_at.is_not(None),
        )
        .order_by(CreditLimit.id)
    )
    found = [as_limit(row) for row in rows]
    if any(limit.kind in ONE_OFF for limit in found):
        found = list(with_draws(found, movements(distributor_id, currency, as_of)))
    return found


def as_limit(row: CreditLimit) -> Limit:
    """A row as the core takes it, nothing drawn on it yet."""
    return Limit(
        cast(LimitKind, row.kind),
        row.amount_fen,
        row.valid_from,
        row.valid_to,
        row.reason,
        review_on=row.review_on,
    )


def movements(distributor_id: int, currency: str, as_of: date | None = None) -> list[Movement]:
    """What each act changed of the exposure, in the order in which it happened."""
    entry = CreditEntry
    moved = sa.func.sum(
        sa.case((entry.bucket == "unapplied", -entry.amount_fen), else_=entry.amount_fen)
    )
    statement = (
        sa.select(entry.act, sa.func.max(entry.on_date), sa.cast(moved, sa.BigInteger))
        .join(CreditAccount, CreditAccount.id == entry.account_id)
        .where(CreditAccount.distributor_id == distributor_id, CreditAccount.currency == currency)
        .group_by(entry.document_kind, entry.document_id, entry.act, entry.created_at)
        .order_by(sa.func.min(entry.id))
    )
    if as_of is not None:
        statement = statement.where(entry.on_date <= as_of)
    return [
        Movement(on, fen, restores=fen < 0 and act in _UNDOING)
        for act, on, fen in db.session.execute(statement)
        if fen
    ]


@dataclass(frozen=True)
class LimitOfDay:
    """The limit of one currency on a date with its rows, and what was in use at its end."""

    currency: str
    limit: LimitOn
    parts: tuple[Part, ...]
    used_fen: int
    #: Whether it draws on a group's limit; without a base of its own that one alone bounds it.
    is_shared: bool = False

    @property
    def free_fen(self) -> int | None:
        return None if self.limit.amount_fen is None else self.limit.amount_fen - self.used_fen


def limits_of_day(distributor_id: int, on: date) -> list[LimitOfDay]:
    """By currency: what limited the debtor on a date, replayed from what was known then."""
    currencies = db.session.scalars(
        sa.union(
            sa.select(CreditLimit.currency).where(CreditLimit.distributor_id == distributor_id),
            sa.select(CreditAccount.currency).where(CreditAccount.distributor_id == distributor_id),
        )
    ).all()
    found = []
    for currency in sorted(currencies):
        rows = limits(distributor_id, currency, on)
        used = sum(m.amount_fen for m in movements(distributor_id, currency, on))
        is_shared = shares_group(distributor_id, currency, on)
        limit = limit_on(rows, on, used, is_shared=is_shared)
        found.append(LimitOfDay(currency, limit, explain(rows, on, used), used, is_shared))
    return found


def limit_rows(distributor_id: int) -> list[CreditLimit]:
    """All limits ever proposed, newest first: history is never overwritten."""
    return list(
        db.session.scalars(
            sa.select(CreditLimit)
            .where(CreditLimit.distributor_id == distributor_id)
            .order_by(CreditLimit.valid_from.desc(), CreditLimit.id.desc())
        )
    )


def imported_waiting() -> list[Any]:
    """Conditions for proposals that any one desk signs, such as those of an import."""
    return [CreditLimit.approved_at.is_(None), CreditLimit.route.is_(None)]


def routed_waiting() -> list[CreditLimit]:
    """Proposals with a route of their own: as many as people have written, never an import's."""
    return list(
        db.session.scalars(
            sa.select(CreditLimit).where(
                CreditLimit.approved_at.is_(None), CreditLimit.route.is_not(None)
            )
        )
    )


def pending_limits() -> list[Any]:
    """Limits that wait for a second person, with their distributors, the oldest first."""
    return list(
        db.session.execute(
            sa.select(CreditLimit, Distributor)
            .join(Distributor, Distributor.id == CreditLimit.distributor_id)
            .where(CreditLimit.approved_at.is_(None))
            .order_by(CreditLimit.id)
            .limit(PENDING_SHOWN)
        ).all()
    )


def limits_to_review(on: date, until: date) -> list[Any]:
    """(limit, distributor) in force whose review or end comes by a date, the first due first."""
    due = sa.func.coalesce(CreditLimit.review_on, CreditLimit.valid_to)
    return list(
        db.session.execute(
            sa.select(CreditLimit, Distributor)
            .join(Distributor, Distributor.id == CreditLimit.distributor_id)
            .where(
                CreditLimit.approved_at.is_not(None),
                due <= until,
                CreditLimit.valid_from <= on,
                sa.or_(CreditLimit.valid_to.is_(None), CreditLimit.valid_to > on),
            )
            .order_by(due, CreditLimit.id)
        ).all()
    )


def _of_account(on: date, kinds: tuple[str, ...]) -> list[Any]:
    """The conditions for limits of the account at hand that hold on a date."""
    return [
        CreditLimit.distributor_id == CreditAccount.distributor_id,
        CreditLimit.currency == CreditAccount.currency,
        CreditLimit.kind.in_(kinds),
        CreditLimit.approved_at.is_not(None),
        CreditLimit.valid_from <= on,
        sa.or_(CreditLimit.valid_to.is_(None), CreditLimit.valid_to > on),
    ]


def _base_on(on: date, what: Any) -> Any:
    """Something of the limit that rules beside an account: the replacing one, else the fixed."""
    return (
        sa.select(what)
        .where(*_of_account(on, ("fixed", "replacing")))
        .order_by(
            (CreditLimit.kind == "replacing").desc(),
            CreditLimit.valid_from.desc(),
            CreditLimit.id.desc(),
        )
        .limit(1)
        .correlate(CreditAccount)
        .scalar_subquery()
    )


def revolving_on(on: date) -> Any:
    """The limit beside an account without one-off ones; NULL where it is unlimited."""
    added = (
        sa.select(sa.func.coalesce(sa.func.sum(CreditLimit.amount_fen), 0))
        .where(*_of_account(on, ADDING))
        .correlate(CreditAccount)
        .scalar_subquery()
    )
    base = sa.func.coalesce(_base_on(on, CreditLimit.amount_fen), 0)
    return sa.cast(sa.case((is_unlimited_on(on), None), else_=base + added), sa.BigInteger)


def is_unlimited_on(on: date) -> Any:
    """Whether the limit that rules beside an account is unlimited, or a group's alone."""
    return sa.func.coalesce(_base_on(on, CreditLimit.amount_fen.is_(None)), is_shared_on(on))
