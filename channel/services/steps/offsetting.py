"""A credit note set against what a debtor owes, oldest due first; shared by all that post one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from channel.models.credit import CreditAccount
from channel.models.receivables import Allocation
from channel.queries import credit as reads
from channel.queries.credit import OpenPart
from channel.services.work import Work


def plan(account: CreditAccount, fen: int) -> list[tuple[OpenPart, int]]:
    """(open part, share) of what `fen` settles, oldest due first; less where less is owed."""
    found, rest = [], fen
    for part in reads.open_parts(account.distributor_id, account.currency):
        share = min(rest, part.open_fen)
        if share > 0:
            found.append((part, share))
            rest -= share
    return found


def settle(w: Work, note_id: int, planned: Sequence[tuple[OpenPart, int]], on: date) -> None:
    """Two rows for each share that sum to nothing: so much less of the debt, and of the note."""
    for part, share in planned:
        for invoice_id, part_id, fen in (
            (part.invoice_id, part.instalment_id, share),
            (note_id, None, -share),
        ):
            w.session.add(
                Allocation(
                    note_id=note_id, invoice_id=invoice_id, instalment_id=part_id,
                    amount_fen=fen, allocated_on=on, created_at=w.now,
                )
            )  # fmt: skip
    w.session.flush()  # what is settled must be seen by the next read
