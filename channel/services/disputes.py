"""Disputes: what is contested of an invoice rests from dunning until finance closes it.

The debt stays in the ledger, in the ageing and in the exposure; what was wrong is corrected by a
credit note of its own.
"""

from __future__ import annotations

from channel.access import Actor, Permission
from channel.db import lock
from channel.messages.dunning import DISPUTE_REASONS, OUTCOMES
from channel.models.dunning import Dispute
from channel.models.partners import Distributor
from channel.queries import disputes as reads
from channel.queries import receivables
from channel.services.work import Refused, assert_seen, work
from contracts.values.findings import block
from contracts.values.money import Money


def open_dispute(
    actor: Actor, invoice_id: int, *, kind: str, reason: str, amount_fen: int | None = None
) -> int:
    """Contest an invoice, or a part of it; without an amount all that is open of it."""
    with work(actor, Permission.DISPUTES_OPEN) as w:
        invoice = receivables.get_invoice(actor, invoice_id)
        lock(Distributor, [invoice.distributor_id])  # two disputes at once must see each other
        open_fen = reads.open_fen(invoice)
        if open_fen <= 0:
            raise Refused([block("dispute.kind", invoice.number)])
        if kind not in DISPUTE_REASONS or not reason.strip():
            raise Refused([block("dispute.reason_needed")])
        amount = open_fen if amount_fen is None else amount_fen
        if not 0 < amount <= open_fen:
            asked, rest = (Money.from_fen(fen, invoice.currency) for fen in (amount, open_fen))
            raise Refused([block("dispute.amount", asked=asked, open=rest)])
        standing = next((d for d in reads.of_invoice(invoice_id) if d.closed_on is None), None)
        if standing is not None:
            raise Refused([block("dispute.standing", number=standing.number)])
        dispute = Dispute(
            number=w.draw("DC", w.today),
            invoice_id=invoice.id,
            distributor_id=invoice.distributor_id,
            currency=invoice.currency,
            amount_fen=amount,
            reason_kind=kind,
            reason=reason.strip()[:1000],
            opened_on=w.today,
            opened_by_id=actor.user_id,
            opened_at=w.now,
        )
        w.session.add(dispute)
        w.session.flush()  # the audit line needs dispute.id
        w.audit(
            "dispute:open",
            dispute,
            reason=dispute.reason,
            changes={"reason_kind": kind, "amount_fen": amount},
        )
        return dispute.id


def close_dispute(
    actor: Actor, dispute_id: int, *, outcome: str, note: str, seen_version: int | None = None
) -> None:
    """Close it with an outcome; from this day on the letters ask for the amount again."""
    with work(actor, Permission.DISPUTES_CLOSE) as w:
        reads.get_dispute(actor, dispute_id)
        [dispute] = lock(Dispute, [dispute_id])
        assert_seen(dispute, seen_version)
        if dispute.closed_on is not None:
            raise Refused([block("dispute.closed", dispute.number)])
        if outcome not in OUTCOMES:
            raise Refused([block("dispute.outcome")])
        if not note.strip():
            raise Refused([block("dispute.reason_needed")])
        dispute.closed_on, dispute.outcome = w.today, outcome
        dispute.outcome_note, dispute.closed_by_id = note.strip()[:1000], actor.user_id
        w.audit("dispute:close", dispute, reason=note, changes={"outcome": outcome})
