"""Every pool counted anew: the ledger against statements, cases, disputes and uses.

One statement sees one moment of the database, so a count beside running work finds no difference
that is none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.diversions import ConductStep
from channel.models.rebate_pool import PoolControl, PoolUse
from channel.models.rebates import PoolEntry, RebateRun, RebateStatement

_e = PoolEntry


@dataclass(frozen=True)
class Difference:
    """One part of one pool, by its documents and by its entries."""

    distributor_id: int
    currency: str
    part: str
    documents_fen: int
    entries_fen: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _part(part: str, owner: Any, documents: Any, entries: Any, *conditions: Any) -> Any:
    """Sums by pool as rows (distributor, currency, part, documents, entries)."""
    return (
        sa.select(
            owner.distributor_id,
            owner.currency,
            sa.literal(part).label("part"),
            sa.func.sum(documents).label("documents"),
            sa.func.sum(entries).label("entries"),
        )
        .where(*conditions)
        .group_by(owner.distributor_id, owner.currency)
    )


def _parts() -> list[Any]:
    """granted: statements; cases: decisions; reserved and used: uses of the pool."""
    nothing = sa.literal(0)
    posted = sa.select(RebateRun.id).where(RebateRun.state == "posted")
    waits = PoolUse.amount_fen - PoolUse.used_fen - PoolUse.released_fen
    of_statement = sa.and_(_e.statement_id.is_not(None), _e.kind.in_(("earned", "reversed")))
    signed = sa.and_(ConductStep.state == "approved", ConductStep.pool_entry_id.is_not(None))
    in_case = sa.and_(_e.kind == "reversed", _e.statement_id.is_(None), _e.counter != "waived")
    return [
        _part("granted", RebateStatement, RebateStatement.amount_fen, nothing,
              RebateStatement.run_id.in_(posted)),
        _part("granted", _e, nothing, _e.amount_fen, of_statement, _e.counter != "waived"),
        _part("cases", ConductStep, -ConductStep.amount_fen, nothing, signed),
        _part("cases", _e, nothing, _e.amount_fen, in_case),
        _part("reserved", PoolUse, -waits, nothing),
        _part("reserved", _e, nothing, _e.amount_fen, _e.kind.in_(("reserved", "released"))),
        _part("used", PoolUse, -PoolUse.used_fen, nothing),
        _part("used", _e, nothing, _e.amount_fen, _e.kind == "used"),
    ]  # fmt: skip


def differences() -> list[Difference]:
    """Every part of a pool of which documents and entries do not agree; none, always."""
    parts = sa.union_all(*_parts()).subquery()
    owner_id, currency, part, documents, entries = parts.c
    said, written = (sa.cast(sa.func.sum(c), sa.BigInteger) for c in (documents, entries))
    rows = db.session.execute(
        sa.select(owner_id, currency, part, said, written)
        .group_by(owner_id, currency, part)
        .having(said != written)
        .order_by(owner_id, currency, part)
    )
    return [Difference(*row[:3], *map(int, row[3:])) for row in rows]


def count_pools() -> int:
    pools = sa.select(_e.distributor_id, _e.currency).distinct().subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(pools)) or 0


def last_control() -> PoolControl | None:
    """The newest count, or None in a house that was never counted."""
    return db.session.scalars(
        sa.select(PoolControl).order_by(PoolControl.id.desc()).limit(1)
    ).first()
