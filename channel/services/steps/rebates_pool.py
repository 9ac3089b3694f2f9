"""The rebate pool at work: every entry is written here, under the lock of the debtor's account.

An entry is a pair between the pool and one other account. Nothing here commits.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from channel.models.credit import CreditAccount
from channel.models.rebate_pool import PoolUse
from channel.models.rebates import PoolEntry
from channel.queries import rebates_pool_facts as reads
from channel.rules import pool as rules
from channel.services.steps import credit
from channel.services.work import Work
from contracts.rebates.payout import Pool


def lock_pool(w: Work, distributor_id: int, currency: str) -> tuple[CreditAccount, Pool]:
    """The debtor's account, locked, and the pool after what is over today has expired."""
    account = credit.lock_account(w, distributor_id, currency)
    expire_due(w, distributor_id, currency)
    return account, reads.pool_of(distributor_id, currency)


def write(
    w: Work,
    owner: tuple[int, str],
    kind: str,
    fen: int,
    *,
    on: date | None = None,
    reference: str = "",
    **more: Any,
) -> PoolEntry:
    """One pair of the ledger: `fen` to the pool, its opposite to the account of the kind."""
    entry = PoolEntry(
        distributor_id=owner[0],
        currency=owner[1],
        kind=kind,
        amount_fen=fen,
        on_date=on or w.today,
        reference=reference,
        created_at=w.now,
        created_by_id=w.actor.user_id,
        **{"counter": rules.counter_of(kind), "reason": "", **more},
    )
    w.session.add(entry)
    w.session.flush()  # balances are read from the table, and pairs name each other
    return entry


def expire_due(w: Work, distributor_id: int, currency: str) -> int:
    """Write off what is left of earnings whose day has come; the fen. Reserved money stays."""
    found = reads.movements(distributor_id, currency)
    gone = 0
    for lot in rules.due(found, w.today):
        assert lot.expires_on is not None
        earning = w.session.get_one(PoolEntry, lot.id)
        write(
            w,
            (distributor_id, currency),
            "expired",
            -lot.left_fen,
            reference=earning.reference,
            lot_id=lot.id,
        )
        gone += lot.left_fen
    return gone


def _owner(use: PoolUse) -> tuple[int, str]:
    return use.distributor_id, use.currency


def reserve(w: Work, use: PoolUse) -> None:
    """From now on the use counts as used; its row is written already."""
    w.session.add(use)
    w.session.flush()  # the entry and the audit line name the use
    write(w, _owner(use), "reserved", -use.amount_fen, reference=use.number, use_id=use.id)
    changes = {"amount_fen": use.amount_fen, "payout_form": use.form}
    w.audit("pool_use:reserve", use, reason=use.reason, changes=changes)


def consume(w: Work, use: PoolUse, fen: int, reference: str, on: date) -> PoolEntry:
    """What was reserved is used by a document: two pairs that leave the balance as it was."""
    write(w, _owner(use), "released", fen, on=on, reference=reference, use_id=use.id)
    used = write(w, _owner(use), "used", -fen, on=on, reference=reference, use_id=use.id)
    use.used_fen += fen
    settle_state(use)
    return used


def give_back(w: Work, use: PoolUse, fen: int, reason: str = "") -> None:
    """What was reserved can be used again; nothing happens for nought."""
    if fen <= 0:
        return
    write(w, _owner(use), "released", fen, reference=use.number, reason=reason[:500], use_id=use.id)
    use.released_fen += fen
    settle_state(use)
    w.audit("pool_use:release", use, reason=reason, changes={"amount_fen": fen})


def undo(w: Work, entry: PoolEntry, reason: str, until: date | None = None) -> PoolEntry:
    """The opposite pair under the same reference; both stay.

    What had expired comes back; `until` is the last day on which it can be used.
    """
    return write(
        w,
        (entry.distributor_id, entry.currency),
        entry.kind,
        -entry.amount_fen,
        reference=entry.reference,
        counter=rules.counter_of(entry.kind, entry.counter),
        reason=reason.strip()[:500],
        reverses_id=entry.id,
        lot_id=entry.lot_id,
        use_id=entry.use_id,
        expires_on=until + timedelta(days=1) if until else None,
    )


def settle_state(use: PoolUse) -> None:
    """Nothing reserved any more: used where a document took anything, else given back."""
    if use.open_fen == 0:
        use.state = "used" if use.used_fen else "released"
