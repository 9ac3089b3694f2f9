"""A credit note set against what a debtor owes, oldest due first; shared by all that post one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from channel.models.credit import CreditAccount
from channel.queries import credit as reads
from channel.queries.credit import OpenPart
from channel.services.steps import allocations
from channel.services.work import Work


def plan(account: CreditAccount, fen: int, first: int | None = None) -> list[tuple[OpenPart, int]]:
    """(open part, share) of what `fen` settles, oldest due first; less where less is owed.

    `first`: the invoice that goes before all others, as the one whose goods came back.
    """
    found, rest = [], fen
    parts = reads.open_parts(account.distributor_id, account.currency)
    for part in sorted(parts, key=lambda one: one.invoice_id != first):
        share = min(rest, part.open_fen)
        if share > 0:
            found.append((part, share))
            rest -= share
    return found


def settle(w: Work, note_id: int, planned: Sequence[tuple[OpenPart, int]], on: date) -> None:
    """Two rows for each share that sum to nothing: so much less of the debt, and of the note."""
    for part, share in planned:
        debt = (part.invoice_id, part.instalment_id)
        for target, fen in ((debt, share), ((note_id, None), -share)):
            allocations.share(w, target, fen, on, note_id=note_id)
    w.session.flush()  # what is settled must be seen by the next read
