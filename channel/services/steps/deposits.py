"""Movements of a deposit that several use cases make: locked, checked, written.

Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.db import lock
from channel.models.deposits import DepositEntry
from channel.models.partners import Distributor
from channel.queries import deposits as reads
from channel.queries.scope import get_visible
from channel.rules.deposits import check_move, signed
from channel.services.work import Refused, Work
from contracts.values.findings import block


@dataclass(frozen=True)
class Movement:
    """A movement as somebody enters it; the amount is without sign."""

    kind: str
    amount_fen: int
    on: date
    reason: str
    top_up_by: date | None = None


def locked(w: Work, distributor_id: int) -> Distributor:
    """The debtor, locked: two deductions at once must see each other."""
    get_visible(w.actor, Distributor, distributor_id)
    [distributor] = lock(Distributor, [distributor_id])
    return distributor  # type: ignore[no-any-return]


def assert_there(distributor: Distributor, kind: str, amount_fen: int) -> None:
    balance = reads.balance_fen(distributor.id, distributor.currency)
    if findings := check_move(kind, amount_fen, balance, distributor.currency):
        raise Refused(findings)


def write(
    w: Work, distributor: Distributor, movement: Movement, *, waits: bool = False,
    restores_id: int | None = None, proposed_by_id: int | None = None,
) -> DepositEntry:  # fmt: skip
    """A movement with its number; proposed by another person, the actor approves it thereby."""
    entry = DepositEntry(
        number=w.draw("DP", movement.on),
        distributor_id=distributor.id,
        currency=distributor.currency,
        kind=movement.kind,
        amount_fen=signed(movement.kind, movement.amount_fen),
        on_date=movement.on,
        reason=movement.reason.strip(),
        top_up_by=movement.top_up_by if movement.kind == "deducted" else None,
        restores_id=restores_id,
        entered_by_id=proposed_by_id or w.actor.user_id,
        entered_at=w.now,
        approved_by_id=w.actor.user_id if proposed_by_id else None,
        approved_at=None if waits else w.now,
    )
    w.session.add(entry)
    w.session.flush()  # the audit line needs entry.id
    return entry


def assert_not_restored(taken: DepositEntry) -> None:
    """A deduction is undone once."""
    if reads.is_restored(taken.id):
        raise Refused([block("deposit.restored", taken.number)])
