"""Rebates paid outside of orders: set against what is owed, or transferred as money.

Asked for by one person, approved by another, and reserved all the while. An offset is posted at
its approval as a credit note; a transfer is used once finance typed the bank's reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.models.rebate_pool import PoolUse
from channel.queries import credit as credit_reads
from channel.queries import rebates_pool_facts as reads
from channel.queries.scope import get_visible
from channel.services.steps import rebates_offsets, rebates_pool, rechecking
from channel.services.steps.closing import assert_open
from channel.services.work import Refused, Work, assert_seen, work
from contracts.rebates.payout import Form, Pool, check_use
from contracts.values.findings import Finding, block, in_currency
from contracts.values.money import Money

FORMS: tuple[Form, ...] = ("offset", "transfer")


@dataclass(frozen=True)
class Wish:
    """What somebody asks for; `currency` None is the distributor's own."""

    distributor_id: int
    form: Form
    amount_fen: int
    reason: str = ""
    currency: str | None = None


def request(actor: Actor, wish: Wish) -> int:
    """Ask for a payment: the amount is reserved until it is decided."""
    with work(actor, Permission.REBATES_USE) as w:
        distributor: Distributor = get_visible(actor, Distributor, wish.distributor_id)
        currency = wish.currency or distributor.currency
        account, pool = rebates_pool.lock_pool(w, distributor.id, currency)
        if wish.form not in FORMS:
            raise Refused([block("payout.form", form=wish.form)])
        clause = reads.clause_on(distributor.id, w.today)
        found = check_use(clause, pool, wish.form, wish.amount_fen)
        if wish.form == "offset":
            found += _owed(account, wish.amount_fen)
        if found:
            raise Refused(in_currency(found, currency))
        use = PoolUse(
            number=w.draw("RU", w.today),
            distributor_id=distributor.id,
            currency=currency,
            form=wish.form,
            state="requested",
            amount_fen=wish.amount_fen,
            used_fen=0,
            released_fen=0,
            reason=wish.reason.strip()[:500],
            requested_by_id=actor.user_id,
            requested_at=w.now,
            row_version=1,
        )
        rebates_pool.reserve(w, use)
        return use.id


def _owed(account: CreditAccount, amount_fen: int) -> list[Finding]:
    """An offset never settles more than is owed."""
    parts = credit_reads.open_parts(account.distributor_id, account.currency)
    owed = sum(part.open_fen for part in parts if part.open_fen > 0)
    if amount_fen <= owed:
        return []
    return [block("payout.owed", owed=Money.from_fen(owed), asked=Money.from_fen(amount_fen))]


def _locked(
    w: Work, use_id: int, states: tuple[str, ...], seen_version: int | None
) -> tuple[PoolUse, CreditAccount, Pool]:
    use: PoolUse = get_visible(w.actor, PoolUse, use_id)
    account, pool = rebates_pool.lock_pool(w, use.distributor_id, use.currency)
    w.session.refresh(use)
    if use.state not in states or use.form not in FORMS:
        raise Refused([block("payout.ended", use.number, number=use.number)])
    assert_seen(use, seen_version)
    return use, account, pool


def approve(actor: Actor, use_id: int, note: str = "", seen_version: int | None = None) -> str:
    """The second person's signature; an offset is posted with it. Gives the new state."""
    with work(actor, Permission.REBATES_POST) as w:
        use, account, pool = _locked(w, use_id, ("requested",), seen_version)
        if use.requested_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        if pool.free_fen < 0:
            owed = [block("payout.below_zero", owed=Money.from_fen(-pool.free_fen))]
            raise Refused(in_currency(owed, use.currency))
        use.decided_by_id, use.decided_at, use.note = actor.user_id, w.now, note.strip()[:500]
        use.state = "approved"
        w.audit("pool_use:approve", use, reason=note, changes={"amount_fen": use.amount_fen})
        if use.form == "offset":
            if found := _owed(account, use.amount_fen):
                raise Refused(in_currency(found, use.currency))
            rebates_offsets.post(w, account, use)
            rechecking.recheck_held(w, account)
        return use.state


def refuse(actor: Actor, use_id: int, note: str, seen_version: int | None = None) -> None:
    """Say no, with the reason; what was reserved can be used again."""
    with work(actor, Permission.REBATES_POST) as w:
        use, _account, _pool = _locked(w, use_id, ("requested", "approved"), seen_version)
        if not note.strip():
            raise Refused([block("payout.reason_needed")])
        if use.decided_by_id is None and use.requested_by_id != actor.user_id:
            use.decided_by_id, use.decided_at = actor.user_id, w.now
        use.note = note.strip()[:500]
        rebates_pool.give_back(w, use, use.open_fen, note)
        use.state = "refused"
        w.audit("pool_use:refuse", use, reason=note, changes={"amount_fen": use.amount_fen})


def withdraw(actor: Actor, use_id: int, seen_version: int | None = None) -> None:
    """Take one's own request back while nobody has decided; a distributor that of its people."""
    with work(actor, Permission.REBATES_USE) as w:
        use, _account, _pool = _locked(w, use_id, ("requested",), seen_version)
        if not may_withdraw(actor, use):
            raise Refused([block("payout.not_own", use.number)])
        rebates_pool.give_back(w, use, use.open_fen)


def may_withdraw(actor: Actor, use: PoolUse) -> bool:
    """Who asked may take it back; so may anybody of the distributor."""
    return actor.is_distributor or use.requested_by_id == actor.user_id


def pay(
    actor: Actor, use_id: int, paid_on: date, reference: str, seen_version: int | None = None
) -> None:
    """An approved transfer left the bank: its day and its reference."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        use, _account, _pool = _locked(w, use_id, ("approved",), seen_version)
        if not reference.strip():
            raise Refused([block("payout.reference_needed")])
        if paid_on > w.today or use.decided_at is None:
            raise Refused([block("payout.future", on=paid_on, today=w.today)])
        assert_open(w, paid_on)
        use.paid_on, use.payment_reference = paid_on, reference.strip()[:100]
        rebates_pool.consume(w, use, use.open_fen, use.number, paid_on)
        changes = {"amount_fen": use.used_fen, "reference": use.payment_reference}
        w.audit("pool_use:pay", use, changes=changes)


def take_back(actor: Actor, use_id: int, reason: str, seen_version: int | None = None) -> None:
    """The bank returned a transfer: the opposite pair, under the same reference."""
    with work(actor, Permission.REBATES_POST) as w:
        use, _account, _pool = _locked(w, use_id, ("used",), seen_version)
        if use.form != "transfer":
            raise Refused([block("payout.ended", use.number, number=use.number)])
        if not reason.strip():
            raise Refused([block("payout.reason_needed")])
        for entry in reads.entries_of_use(use.id):
            if entry.kind == "used" and entry.amount_fen < 0 and not reads.is_reversed(entry.id):
                rebates_pool.undo(w, entry, reason)
        use.released_fen, use.used_fen, use.state = use.used_fen, 0, "released"
        w.audit("pool_use:return", use, reason=reason, changes={"amount_fen": use.amount_fen})


def name_red_invoice(
    actor: Actor, use_id: int, number: str, seen_version: int | None = None
) -> None:
    """Keep the number of the red-letter invoice (红字发票) with the use."""
    with work(actor, Permission.INVOICES_WRITE) as w:
        use: PoolUse = get_visible(actor, PoolUse, use_id)
        assert_seen(use, seen_version)
        old, use.red_invoice = use.red_invoice, number.strip()[:200]
        w.audit("pool_use:red_invoice", use, changes={"red_invoice": (old, use.red_invoice)})
