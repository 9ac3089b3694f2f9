"""Write-offs: proposed by one, signed by others, posted as a document, undone by its opposite."""

from __future__ import annotations

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.cash import WriteOff
from channel.models.credit import CreditAccount
from channel.models.receivables import Invoice
from channel.queries import cash
from channel.queries import credit as reads
from channel.queries import write_offs as queries
from channel.queries.credit import OpenPart
from channel.queries.scope import get_visible
from channel.services.steps import credit, receipts, rechecking, write_offs
from channel.services.steps.closing import assert_open
from channel.services.work import Refused, Work, assert_seen, work
from contracts import approval
from contracts.approval import Act, ActKind, Case, CaseState
from contracts.values.findings import block, in_currency
from contracts.values.money import Money


def propose(
    actor: Actor, invoice_id: int, amount_fen: int, reason: str, instalment_id: int | None = None
) -> int:
    """Propose to give up a part of what is open of an invoice, or of one of its instalments."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        invoice: Invoice = get_visible(actor, Invoice, invoice_id)
        account = credit.lock_account(w, invoice.distributor_id, invoice.currency)
        if not reason.strip():
            raise Refused([block("write_off.reason_needed")])
        part = _assert_open(account, invoice, instalment_id, amount_fen)
        write_off = WriteOff(
            number=w.draw("WO", w.today),
            kind="bad_debt",
            distributor_id=invoice.distributor_id,
            currency=invoice.currency,
            invoice_id=invoice.id,
            instalment_id=part.instalment_id,
            amount_fen=amount_fen,
            reason=reason.strip()[:500],
            state="proposed",
            route=approval.route_to_json(
                queries.route(amount_fen, cash.rules().write_off_band_fen)
            ),
            signatures=[],
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
            row_version=1,
        )
        w.session.add(write_off)
        w.session.flush()  # the audit line needs write_off.id
        changes = {"amount_fen": amount_fen, "of_invoice": invoice.number}
        w.audit("write_off:propose", write_off, reason=reason, changes=changes)
        return write_off.id


def _assert_open(
    account: CreditAccount, invoice: Invoice, instalment_id: int | None, amount_fen: int
) -> OpenPart:
    """The open item, or a refusal: never more is given up than is open."""
    open_parts = reads.open_parts(account.distributor_id, account.currency)
    parts = [p for p in open_parts if p.invoice_id == invoice.id and p.open_fen > 0]
    if instalment_id is not None:
        parts = [p for p in parts if p.instalment_id == instalment_id]
    if not parts:
        raise Refused([block("write_off.nothing_open", invoice.number, number=invoice.number)])
    if amount_fen <= 0:
        raise Refused([block("write_off.amount")])
    if len(parts) > 1:
        raise Refused([block("write_off.which_part", invoice.number, number=invoice.number)])
    if amount_fen > parts[0].open_fen:
        found = block(
            "write_off.too_much", invoice.number, asked=Money.from_fen(amount_fen),
            open=Money.from_fen(parts[0].open_fen),
        )  # fmt: skip
        raise Refused(in_currency([found], account.currency))
    return parts[0]


def sign(actor: Actor, write_off_id: int, seen_version: int | None = None) -> bool:
    """One signature; the last one posts the write-off. True when it is posted."""
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        write_off, account = _locked(w, write_off_id, "proposed", seen_version)
        assert actor.user_id is not None
        act = Act(actor.user_id, actor.role.value, ActKind.APPROVE)
        moved = approval.advance(queries.case_of(write_off), act)
        if not isinstance(moved, Case):
            raise Refused(moved)
        signed = {
            "person": actor.user_id, "role": actor.role.value, "name": actor.name,
            "at": w.now.isoformat(),
        }  # fmt: skip
        write_off.signatures = [*(write_off.signatures or []), signed]
        changes = {"amount_fen": write_off.amount_fen}
        w.audit("write_off:sign", write_off, changes=changes)
        if moved.state is not CaseState.APPROVED:
            return False
        assert_open(w, w.today)
        assert write_off.invoice_id is not None
        invoice = w.session.get_one(Invoice, write_off.invoice_id)
        _assert_open(account, invoice, write_off.instalment_id, write_off.amount_fen)
        write_offs.post(w, account, write_off, w.today)
        rechecking.recheck_held(w, account)
        return True


def refuse(actor: Actor, write_off_id: int, reason: str, seen_version: int | None = None) -> None:
    """Take a proposal off the table; the proposer may do so, too."""
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        write_off, _account = _locked(w, write_off_id, "proposed", seen_version)
        if not reason.strip():
            raise Refused([block("write_off.reason_needed")])
        write_off.state = "refused"
        w.audit(
            "write_off:refuse", write_off, reason=reason, changes={"state": ("proposed", "refused")}
        )


def reverse(actor: Actor, write_off_id: int, reason: str, seen_version: int | None = None) -> None:
    """Undo a posted write-off by its opposite: the debt stands again, and waiting money pays it.

    What a tolerance settled goes with its receipt: there the receipt is taken off instead.
    """
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        write_off, account = _locked(w, write_off_id, "posted", seen_version)
        if not reason.strip():
            raise Refused([block("write_off.reason_needed")])
        if write_off.receipt_id is not None:
            raise Refused([block("write_off.of_receipt", write_off.number)])
        write_offs.reverse(w, account, write_off, reason)
        receipts.apply_waiting_money(w, account, w.today)
        rechecking.recheck_held(w, account)


def _locked(
    w: Work, write_off_id: int, state: str, seen_version: int | None
) -> tuple[WriteOff, CreditAccount]:
    """The debtor's account first, as everywhere, then the write-off in the state that is asked."""
    write_off: WriteOff = get_visible(w.actor, WriteOff, write_off_id)
    account = credit.lock_account(w, write_off.distributor_id, write_off.currency)
    [write_off] = lock(WriteOff, [write_off_id])
    if write_off.state != state:
        raise Refused([block("write_off.decided", write_off.number, state=write_off.state)])
    assert_seen(write_off, seen_version)
    return write_off, account
