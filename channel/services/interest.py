"""Interest for late payment: proposed with its working, posted by a second person as an invoice.

The note bears no goods: it stands outside rebates, targets and minimum shipments.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.cash import InterestItem, InterestNote
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.queries import cash, catalogue
from channel.queries import interest as reads
from channel.queries.scope import get_visible
from channel.services.steps import credit, notes, receipts
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block
from contracts.values.money import vat_split


def propose(actor: Actor, distributor_id: int, up_to: date, currency: str | None = None) -> int:
    """Propose a note over what overdue items bear up to a day; each day is charged once."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        owed_in = (currency or distributor.currency).upper()
        credit.lock_account(w, distributor.id, owed_in)
        rate_bp = cash.rules().interest_bp
        if rate_bp <= 0:
            raise Refused([block("interest.no_rate")])
        if up_to > w.today:
            raise Refused([block("interest.future", on=up_to, today=w.today)])
        _assert_none_waits(w, distributor, owed_in)
        items = reads.late_items(distributor.id, owed_in, up_to, rate_bp)
        if not items:
            raise Refused([block("interest.nothing", distributor.code, on=up_to)])
        note = InterestNote(
            number=w.draw("LI", up_to),
            distributor_id=distributor.id,
            currency=owed_in,
            up_to=up_to,
            rate_bp=rate_bp,
            rate_source="house",
            amount_fen=sum(item.interest.amount_fen for item in items),
            state="proposed",
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
            row_version=1,
            items=[
                InterestItem(
                    invoice_id=item.invoice_id,
                    instalment_id=item.instalment_id,
                    since=item.interest.since,
                    until=item.interest.until,
                    working=item.interest.working(),
                    amount_fen=item.interest.amount_fen,
                )
                for item in items
            ],
        )
        w.session.add(note)
        w.session.flush()  # the audit line needs note.id
        w.audit("interest:propose", note, changes={"amount_fen": note.amount_fen, "up_to": up_to})
        return note.id


def _assert_none_waits(w: Work, distributor: Distributor, currency: str) -> None:
    number = w.session.scalar(
        sa.select(InterestNote.number).where(
            InterestNote.distributor_id == distributor.id,
            InterestNote.currency == currency,
            InterestNote.state == "proposed",
        )
    )
    if number:
        raise Refused([block("interest.waits", number, number=number)])


def post(actor: Actor, note_id: int, seen_version: int | None = None) -> int:
    """A second person posts the note as an invoice, due at once; gives the invoice."""
    with work(actor, Permission.RECEIPTS_APPROVE) as w:
        note, account = _locked(w, note_id, seen_version)
        if note.proposed_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        rate = catalogue.vat_rates({"standard"}, w.today).get("standard", 0)
        net_fen, _tax_fen = vat_split(note.amount_fen, rate)
        invoice = notes.post(
            w, account, w.today, "LP", "interest", net_fen=net_fen, gross_fen=note.amount_fen
        )
        note.invoice_id, note.state = invoice.id, "posted"
        note.decided_by_id, note.decided_at = actor.user_id, w.now
        changes = {"amount_fen": note.amount_fen, "document": invoice.number}
        w.audit("interest:post", note, changes=changes)
        receipts.apply_waiting_money(w, account, w.today)
        return invoice.id


def drop(actor: Actor, note_id: int, reason: str, seen_version: int | None = None) -> None:
    """Give a proposal up; its days may be charged later."""
    with work(actor, Permission.RECEIPTS_WRITE) as w:
        note, _account = _locked(w, note_id, seen_version)
        if not reason.strip():
            raise Refused([block("receipt.reason_needed")])
        note.state = "dropped"
        note.decided_by_id, note.decided_at = actor.user_id, w.now
        w.audit("interest:drop", note, reason=reason, changes={"state": ("proposed", "dropped")})


def _locked(w: Work, note_id: int, seen_version: int | None) -> tuple[InterestNote, CreditAccount]:
    """The debtor's account first, as everywhere, then the proposal."""
    note: InterestNote = get_visible(w.actor, InterestNote, note_id)
    account = credit.lock_account(w, note.distributor_id, note.currency)
    [note] = lock(InterestNote, [note_id])
    if note.state != "proposed":
        raise Refused([block("interest.decided", note.number)])
    assert_seen(note, seen_version)
    return note, account
