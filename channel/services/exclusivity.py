"""Declarations of exclusivity: signed by the distributor itself, with the legal note it was shown.

Nobody signs for somebody else. A declaration is never changed; it is withdrawn, and a new one
signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.rebates_evidence import ExclusivityDeclaration
from channel.queries import exclusivity as reads
from channel.services.work import Refused, work
from contracts.values.findings import Finding, block

#: The longest span of one declaration.
MOST_DAYS = 366


@dataclass(frozen=True)
class Declaration:
    """What is declared: from the first to the last day, by whom, in the words that were shown."""

    first: date
    last: date
    signer: str
    is_agreed: bool
    lang: str
    text: str
    note: str


def sign(actor: Actor, wish: Declaration) -> int:
    """Sign for the actor's own house; the declaration's id."""
    with work(actor, Permission.EXCLUSIVITY_SIGN) as w:
        if actor.distributor_id is None:
            raise Refused([block("exclusivity.own_only")])
        if found := _faults(wish):
            raise Refused(found)
        row = ExclusivityDeclaration(
            number=w.draw("ED", w.today),
            distributor_id=actor.distributor_id,
            valid_from=wish.first,
            valid_to=wish.last + timedelta(days=1),
            document={"lang": wish.lang, "text": wish.text, "note": wish.note},
            signer=wish.signer.strip()[:255],
            signed_by_id=actor.user_id,
            signed_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the page that follows needs row.id
        changes = {"first_day": wish.first, "last_day": wish.last, "signer": row.signer}
        w.audit("exclusivity:sign", row, changes=changes)
        return row.id


def _faults(wish: Declaration) -> list[Finding]:
    found = []
    if wish.last < wish.first:
        found.append(block("exclusivity.span", start=wish.first, end=wish.last))
    elif (wish.last - wish.first).days >= MOST_DAYS:
        found.append(block("exclusivity.too_long", days=MOST_DAYS))
    if not wish.signer.strip():
        found.append(block("exclusivity.signer_needed"))
    if not wish.is_agreed:
        found.append(block("exclusivity.agree"))
    return found


def withdraw(actor: Actor, declaration_id: int, reason: str) -> None:
    """Withdraw from today on: by the distributor, or by the house at its word."""
    with work(actor, Permission.EXCLUSIVITY_WITHDRAW) as w:
        reads.get_declaration(actor, declaration_id)
        [row] = lock(ExclusivityDeclaration, [declaration_id])
        if row.withdrawn_on is not None:
            raise Refused([block("exclusivity.withdrawn", number=row.number)])
        if not reason.strip():
            raise Refused([block("exclusivity.reason_needed")])
        row.withdrawn_on = max(clock.today(), row.valid_from)
        row.withdrawn_by_id, row.withdraw_reason = actor.user_id, reason.strip()[:500]
        changes = {"withdrawn_on": row.withdrawn_on}
        w.audit("exclusivity:withdraw", row, reason=row.withdraw_reason, changes=changes)
