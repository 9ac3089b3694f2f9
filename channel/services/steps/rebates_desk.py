"""Steps of the rebate desk: replies are opened with a posting, held money is freed, people told.

Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Permission
from channel.db import lock
from channel.documents.model import document_hash
from channel.messages import format_date, format_fen
from channel.models.dunning import Dispute
from channel.models.rebates import RebateStatement
from channel.models.rebates_desk import DisputeMessage, StatementReply
from channel.queries import accounts as people
from channel.queries import rebates_replies as reads
from channel.queries.rebates_replies import ReplyRule
from channel.rules.disputes import WORKFLOW, Action, State, state_of
from channel.services.steps import rebates_pool as pool
from channel.services.work import Refused, Work
from contracts.values.findings import block
from contracts.values.transitions import IllegalTransition


def open_replies(
    w: Work, statements: Sequence[RebateStatement], rules: dict[int, ReplyRule]
) -> None:
    """One reply for each statement that is being posted, with the day that is printed on it."""
    rows = [
        {
            "statement_id": s.id,
            "distributor_id": s.distributor_id,
            "reply_by": rules[s.distributor_id].until(w.today),
            "silence": rules[s.distributor_id].silence,
            "signed_as": "",
            "signed_name": "",
            "document_sha256": "",
            "excepted": [],
            "note": "",
        }
        for s in statements
    ]
    if rows:
        w.session.execute(sa.insert(StatementReply), rows)


def hash_of(statement: RebateStatement) -> str:
    """SHA-256 of the frozen document, as it is printed on every page."""
    return statement.document_sha256 or document_hash(statement.document or {})


def standing(dispute: Dispute) -> State:
    """Where a dispute stands."""
    return state_of(
        dispute.outcome,
        of_statement=dispute.statement_id is not None,
        is_corrected=dispute.corrected_on is not None,
    )


def step(dispute: Dispute, action: Action) -> State:
    """The state to which the act leads; refused where it is not legal now."""
    try:
        return WORKFLOW.next(standing(dispute), action)
    except IllegalTransition:
        raise Refused([block("dispute.closed", dispute.number)]) from None


def hold(w: Work, dispute: Dispute, fen: int) -> None:
    """Take so much out of what may be used of the pool until the dispute is settled."""
    dispute.amount_fen = fen
    if fen <= 0:
        return
    owner = dispute.distributor_id, dispute.currency
    entry = pool.write(
        w, owner, "held", -fen, reference=dispute.number, statement_id=dispute.statement_id
    )
    dispute.hold_entry_id = entry.id


def free(w: Work, dispute: Dispute) -> None:
    """Give back what was held; once."""
    if dispute.hold_entry_id is None or dispute.free_entry_id is not None:
        return
    pool.lock_pool(w, dispute.distributor_id, dispute.currency)
    entry = pool.write(
        w,
        (dispute.distributor_id, dispute.currency),
        "freed",
        dispute.amount_fen,
        reference=dispute.number,
        statement_id=dispute.statement_id,
        reverses_id=dispute.hold_entry_id,
    )
    dispute.free_entry_id = entry.id


def say(w: Work, dispute: Dispute, act: str, text: str) -> DisputeMessage:
    """Keep what one side said; papers hang on the message that is given."""
    message = DisputeMessage(
        dispute_id=dispute.id,
        side="distributor" if w.actor.is_distributor else "maker",
        act=act,
        text=text.strip()[:2000],
        said_by_id=w.actor.user_id,
        said_by=w.actor.name,
        said_at=w.now,
    )
    w.session.add(message)
    w.session.flush()  # papers and mails name the message
    return message


def correct_by_run(w: Work, statements: Sequence[RebateStatement], numbers: Sequence[str]) -> None:
    """What was upheld is put right by the statements that are being posted, and freed."""
    if not statements:
        return
    fresh = {reads.key_of(s): n for s, n in zip(statements, numbers, strict=True)}
    for dispute in reads.to_correct(max(s.period_end for s in statements)):
        assert dispute.statement is not None
        if (number := fresh.get(reads.key_of(dispute.statement))) is not None:
            lock(Dispute, [dispute.id])
            settle(w, dispute, number)


def settle(w: Work, dispute: Dispute, document: str) -> None:
    """Close what was upheld with the document that puts it right; the held amount is freed."""
    step(dispute, Action.CORRECT)
    dispute.corrected_on, dispute.corrected_by = w.today, document[:100]
    dispute.row_version += 1
    free(w, dispute)
    message = say(w, dispute, "correct", document)
    w.audit("dispute:correct", dispute, changes={"corrected_by": document})
    tell_distributor(w, dispute, message)


def tell_house(w: Work, dispute: Dispute, message: DisputeMessage) -> None:
    """To the people who answer disputes."""
    _tell(w, people.people_with(Permission.DISPUTES_CLOSE), dispute, message)


def tell_distributor(w: Work, dispute: Dispute, message: DisputeMessage) -> None:
    """To the people of the distributor."""
    readers = [
        user
        for user in people.people_with(Permission.STATEMENTS_CONFIRM)
        if user.distributor_id == dispute.distributor_id
    ]
    _tell(w, readers, dispute, message)


def tell_owner(w: Work, dispute: Dispute) -> None:
    """The escalation: nobody answered by the day."""
    _tell(w, people.people_with(Permission.DISPUTES_CLOSE, ("owner",)), dispute, None)


def _tell(w: Work, readers: Sequence[people.User], dispute: Dispute,
          message: DisputeMessage | None) -> None:  # fmt: skip
    address = current_app.config["WEIR"].base_url
    key = f"dispute:{dispute.id}:{message.id if message else 'late'}"
    for user in readers:
        if user.id == w.actor.user_id:
            continue
        with force_locale(user.locale):
            w.mail(user.email, _subject(dispute, message), "\n\n".join(filter(None, [
                _("%(line)s: %(fen)s is in dispute.", line=dispute.line_label,
                  fen=format_fen(abs(dispute.difference_fen or 0), dispute.currency)),
                message.text if message else "",
                _("To be answered by %(day)s.", day=format_date(dispute.answer_by))
                if dispute.closed_on is None and dispute.answer_by else "",
                f"{address}/disputes/{dispute.id}",
            ])), key=f"{key}:{user.id}")  # fmt: skip


def _subject(dispute: Dispute, message: DisputeMessage | None) -> str:
    if message is None:
        return str(_("Dispute %(number)s was not answered in time", number=dispute.number))
    words = {
        "open": _("Dispute %(number)s was raised", number=dispute.number),
        "say": _("Dispute %(number)s: a message", number=dispute.number),
        "accept": _("Dispute %(number)s was accepted", number=dispute.number),
        "reject": _("Dispute %(number)s was rejected", number=dispute.number),
        "withdraw": _("Dispute %(number)s was taken back", number=dispute.number),
        "correct": _("Dispute %(number)s was put right", number=dispute.number),
    }
    return str(words[message.act])
