"""Earnings for the tests of the rebate pool: a run's statement without the trade behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from channel import clock
from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.rebate_pool import PoolUse
from channel.queries import agreements
from channel.queries import rebates_pool_facts as facts
from channel.services.steps import rebates_pool
from channel.services.work import work
from contracts.rebates import payout
from contracts.rebates.payout import Payout, Pool


def earn(
    world: Any,
    code: str,
    fen: int,
    *,
    on: date | None = None,
    expires_on: date | None = None,
    kind: str = "earned",
    reference: str = "RS-T",
) -> int:
    """So much in the pool of a distributor, as a posted statement would put it there."""
    with clock.at(on or clock.today()), work(world.actor("fin2")) as w:
        owner = (world.distributor(code), "CNY")
        entry = rebates_pool.write(w, owner, kind, fen, reference=reference, expires_on=expires_on)
        return entry.id


def pool_of(world: Any, code: str = "D1") -> Pool:
    db.session.rollback()
    return facts.pool_of(world.distributor(code), "CNY")


def a_clause(world: Any, code: str, clause: Payout | None) -> None:
    """Write the clause into the ruling version, as if it had been agreed so."""
    ruling, _last = agreements.ruling_version(world.distributor(code), clock.today())
    assert ruling is not None
    version = db.session.get_one(AgreementVersion, ruling.id)
    version.terms = {**version.terms, "payout": clause and payout.to_json(clause)}
    db.session.commit()


def the_use(use_id: int) -> PoolUse:
    return db.session.get_one(PoolUse, use_id, populate_existing=True)
