"""Deposits: paid in, taken by two persons, filled up, and restored when a decision is reversed."""

from __future__ import annotations

from channel.access import Actor, NotVisible, Permission
from channel.db import lock
from channel.models.deposits import DepositEntry
from channel.queries import conduct
from channel.queries.scope import get_visible
from channel.rules.deposits import TAKING
from channel.services.steps.closing import assert_open
from channel.services.steps.deposits import Movement as Movement
from channel.services.steps.deposits import assert_not_restored, assert_there, locked, write
from channel.services.work import Refused, Work, work
from contracts.values.findings import block


def enter(actor: Actor, distributor_id: int, movement: Movement) -> int:
    """Book money in, or propose to take some: that counts when a second person approved it."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        distributor = locked(w, distributor_id)
        if movement.kind not in ("paid", "topped_up", *TAKING):
            raise Refused([block("deposit.kind")])
        if not movement.reason.strip():
            raise Refused([block("deposit.reason_needed")])
        if movement.top_up_by is not None and movement.top_up_by < movement.on:
            raise Refused([block("deposit.top_up_early", on=movement.on)])
        assert_there(distributor, movement.kind, movement.amount_fen)
        assert_open(w, movement.on)
        waits = movement.kind in TAKING
        entry = write(w, distributor, movement, waits=waits)
        tag = "deposit:propose" if waits else "deposit:enter"
        w.audit(tag, entry, reason=entry.reason, changes={
            "deposit_kind": entry.kind, "amount_fen": entry.amount_fen,
        })  # fmt: skip
        return entry.id


def decide(actor: Actor, entry_id: int, *, is_approved: bool, note: str = "") -> None:
    """Let a deduction or refund count, or drop it; never by the one who entered it."""
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        entry = _pending(w, entry_id)
        if entry.entered_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        if not is_approved:
            if not note.strip():
                raise Refused([block("deposit.reason_needed")])
            w.audit("deposit:drop", entry, reason=note, changes={"amount_fen": entry.amount_fen})
            w.session.delete(entry)
            return
        distributor = locked(w, entry.distributor_id)
        assert_there(distributor, entry.kind, -entry.amount_fen)
        assert_open(w, entry.on_date)
        entry.approved_by_id, entry.approved_at = actor.user_id, w.now
        w.audit("deposit:approve", entry, reason=note, changes={"amount_fen": entry.amount_fen})


def _pending(w: Work, entry_id: int) -> DepositEntry:
    entry: DepositEntry = get_visible(w.actor, DepositEntry, entry_id)
    found = lock(DepositEntry, [entry.id])
    if not found or found[0].approved_at is not None:
        raise Refused([block("deposit.decided")])
    return found[0]  # type: ignore[no-any-return]


def restore(actor: Actor, entry_id: int, reason: str) -> int:
    """Undo a deduction by an entry of its own; both stay, and each is undone once."""
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        taken: DepositEntry = get_visible(actor, DepositEntry, entry_id)
        if taken.kind != "deducted" or taken.approved_at is None:
            raise NotVisible
        if not reason.strip():
            raise Refused([block("deposit.reason_needed")])
        distributor = locked(w, taken.distributor_id)
        if case := conduct.case_of_deposit(taken.id):
            raise Refused([block("deposit.of_case", taken.number, case=case)])
        assert_not_restored(taken)
        movement = Movement("restored", -taken.amount_fen, w.today, reason)
        entry = write(w, distributor, movement, restores_id=taken.id)
        w.audit("deposit:restore", entry, reason=reason, changes={
            "amount_fen": entry.amount_fen, "restores": taken.number,
        })  # fmt: skip
        return entry.id
