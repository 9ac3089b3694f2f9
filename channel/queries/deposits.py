"""Reads of deposits: balances beside what the agreements ask, and the movements behind them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel.access import Actor
from channel.db import db
from channel.models.deposits import DepositEntry
from channel.models.partners import Distributor
from channel.queries.agreements import ruling_version
from channel.queries.listing import Column, Listing
from channel.queries.scope import get_visible, visible
from channel.rules.deposits import Standing, standing


def balance_fen(distributor_id: int, currency: str, as_of: date | None = None) -> int:
    """What counts of the deposit, on a date or in all."""
    entry = DepositEntry
    statement = sa.select(sa.func.coalesce(sa.func.sum(entry.amount_fen), 0)).where(
        entry.distributor_id == distributor_id,
        entry.currency == currency,
        entry.approved_at.is_not(None),
    )
    if as_of is not None:
        statement = statement.where(entry.on_date <= as_of)
    return int(db.session.scalar(statement) or 0)


def entries(distributor_id: int, currency: str) -> list[DepositEntry]:
    """All movements, those that wait too, oldest first."""
    return list(
        db.session.scalars(
            sa.select(DepositEntry)
            .where(DepositEntry.distributor_id == distributor_id, DepositEntry.currency == currency)
            .order_by(DepositEntry.on_date, DepositEntry.id)
        )
    )


def required_fen(distributor_id: int, on: date) -> int:
    """What the agreement in force on the date asks; nothing without one."""
    version, _last = ruling_version(distributor_id, on)
    return int(version.terms.get("deposit_fen", 0)) if version else 0


def standing_on(distributor: Distributor, on: date) -> Standing:
    counted = [
        (entry.kind, entry.amount_fen, entry.top_up_by)
        for entry in entries(distributor.id, distributor.currency)
        if entry.approved_at is not None and entry.on_date <= on
    ]
    return standing(counted, required_fen(distributor.id, on))


def is_restored(entry_id: int) -> bool:
    statement = sa.select(DepositEntry.id).where(DepositEntry.restores_id == entry_id)
    return db.session.scalar(statement) is not None


def get_distributor(actor: Actor, distributor_id: int) -> Distributor:
    """The distributor, when the actor may see it."""
    return get_visible(actor, Distributor, distributor_id)  # type: ignore[no-any-return]


def balances_listing(on: date) -> Listing:
    """Distributors with a deposit, by movement and balance; what waits is not in the balance."""
    entry, waiting = DepositEntry, aliased(DepositEntry)

    def total(*kinds: str) -> Any:
        moved = sa.case((entry.kind.in_(kinds), entry.amount_fen), else_=0)
        return sa.cast(sa.func.sum(moved), sa.BigInteger)

    grouped = (
        sa.select(
            entry.distributor_id,
            entry.currency,
            total("paid", "topped_up").label("paid"),
            total("deducted", "restored").label("deducted"),
            total("refunded").label("refunded"),
            sa.cast(sa.func.sum(entry.amount_fen), sa.BigInteger).label("balance"),
        )
        .where(entry.approved_at.is_not(None), entry.on_date <= on)
        .group_by(entry.distributor_id, entry.currency)
        .subquery()
    )
    pending = (
        sa.select(sa.func.count())
        .where(
            waiting.distributor_id == grouped.c.distributor_id,
            waiting.currency == grouped.c.currency,
            waiting.approved_at.is_(None),
        )
        .correlate(grouped)
        .scalar_subquery()
    )
    columns = grouped.c
    return Listing(
        name="deposits",
        title=_l("Deposits"),
        identity=columns.distributor_id,
        source=sa.join(grouped, Distributor, Distributor.id == columns.distributor_id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), columns.currency, wide=True),
            Column("paid", _l("paid in"), columns.paid, "fen", total=True, wide=True),
            Column("deducted", _l("deducted"), columns.deducted, "fen", total=True, wide=True),
            Column("refunded", _l("paid back"), columns.refunded, "fen", total=True, wide=True),
            Column("waiting", _l("waiting"), sa.func.nullif(pending, 0), "quantity", wide=True),
            Column("balance", _l("balance"), columns.balance, "fen", total=True),
        ],
        default_sort="code",
        scope=lambda actor: visible(actor, columns.distributor_id),
        search=[Distributor.code, Distributor.name],
        currency=columns.currency,
        endpoint="deposits.record",
        empty=_l("No deposit yet: open a distributor and book what it paid."),
    )
