"""What of the rebate pools waits for a person: payments to approve and to pay, and what will go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission, may
from channel.db import db
from channel.models.rebate_pool import PoolUse
from channel.queries import rebates_pool_facts as facts
from channel.queries.scope import visible
from channel.rules import pool as rules

_u = PoolUse


def waiting(actor: Actor, today: date) -> Iterator[tuple[str, int, str, dict[str, Any]]]:
    """(key of the sentence, how many, endpoint, its parameters)."""
    if may(actor, Permission.REBATES_POST):
        others = sa.func.coalesce(_u.requested_by_id, 0) != (actor.user_id or 0)
        found = _count(actor, _u.state == "requested", others)
        yield "rebates_to_approve", found, "rebates.uses", {"state": "requested"}
    if may(actor, Permission.RECEIPTS_WRITE):
        found = _count(actor, _u.state == "approved")
        yield "rebates_to_pay", found, "rebates.uses", {"state": "approved"}
    if actor.is_distributor and actor.distributor_id:
        soon = expiring(actor.distributor_id, today)
        yield "rebates_expire", soon, "rebates.pool_entries", {"id": actor.distributor_id}


def _count(actor: Actor, *conditions: Any) -> int:
    statement = sa.select(sa.func.count()).select_from(_u)
    return db.session.scalar(statement.where(visible(actor, _u.distributor_id), *conditions)) or 0


def expiring(distributor_id: int, today: date) -> int:
    """How many earnings of a distributor go within the days of the first warning."""
    days = max(rules.WARN_DAYS)
    return sum(
        1
        for (owner, _currency), found in facts.with_expiry(today, days, distributor_id).items()
        for lot in rules.lots(found)[0]
        if owner == distributor_id
        and lot.left_fen > 0
        and lot.expires_on is not None
        and 0 < (lot.expires_on - today).days <= days
    )
