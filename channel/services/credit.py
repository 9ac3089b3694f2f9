"""Credit limits: proposed by one person, approved by another, dated, never overwritten."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission, require
from channel.db import db
from channel.models.credit import CreditAccount, CreditEntry, CreditLimit
from channel.models.partners import Distributor
from channel.queries.scope import get_visible
from channel.services.work import Refused, work
from contracts.values.findings import block


def propose_limit(
    actor: Actor,
    distributor_id: int,
    *,
    amount_fen: int | None,
    valid_from: date,
    reason: str,
    currency: str | None = None,
) -> int:
    """A fixed (revolving) limit from a date on; None is unlimited, 0 is none."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        if not reason.strip():
            raise Refused([block("limit.reason_needed")])
        limit = CreditLimit(
            distributor_id=distributor.id,
            currency=currency or distributor.currency,
            kind="fixed",
            amount_fen=amount_fen,
            valid_from=valid_from,
            reason=reason.strip(),
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
        )
        w.session.add(limit)
        w.session.flush()  # the audit line needs limit.id
        w.audit(
            "limit:propose",
            limit,
            label=distributor.code,
            reason=reason,
            changes={"amount_fen": amount_fen, "valid_from": valid_from},
        )
        return limit.id


def approve_limit(actor: Actor, limit_id: int) -> None:
    """Put a proposed limit in force; by another person than the one who proposed it."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        limit: CreditLimit = get_visible(actor, CreditLimit, limit_id)
        if limit.approved_at is not None:
            raise Refused([block("limit.decided")])
        if limit.proposed_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        limit.approved_by_id, limit.approved_at = actor.user_id, w.now
        w.audit("limit:approve", limit, changes={"amount_fen": limit.amount_fen})


def reject_limit(actor: Actor, limit_id: int, reason: str) -> None:
    """Take a proposal off the table; the audit trail keeps what was asked."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        limit: CreditLimit = get_visible(actor, CreditLimit, limit_id)
        if limit.approved_at is not None:
            raise Refused([block("limit.decided")])
        w.audit("limit:reject", limit, reason=reason, changes={"amount_fen": limit.amount_fen})
        w.session.delete(limit)


def drift(actor: Actor) -> list[tuple[int, str, int, int]]:
    """Accounts whose balance is not the sum of their entries: (id, bucket, balance, sum).

    Nothing may ever be here; the nightly control asks, and the tests do.
    """
    require(actor, Permission.CREDIT_READ)
    found = []
    sums = {
        (account_id, bucket): int(total)
        for account_id, bucket, total in db.session.execute(
            sa.select(
                CreditEntry.account_id, CreditEntry.bucket, sa.func.sum(CreditEntry.amount_fen)
            ).group_by(CreditEntry.account_id, CreditEntry.bucket)
        )
    }
    for account in db.session.scalars(sa.select(CreditAccount)):
        for bucket in ("ordered", "shipped", "invoiced", "unapplied"):
            balance = getattr(account, f"{bucket}_fen")
            total = sums.get((account.id, bucket), 0)
            if balance != total:
                found.append((account.id, bucket, balance, total))
    return found
