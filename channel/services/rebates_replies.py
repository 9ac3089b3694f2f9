"""Replies to posted statements: confirmed by the distributor, or by silence where that is agreed.

A reply is signed once, over the hash of the document; what was in dispute is left out of it.
"""

from __future__ import annotations

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.rebates_desk import StatementReply
from channel.queries import rebates
from channel.queries import rebates_replies as reads
from channel.services.jobs import CHORES
from channel.services.steps import rebates_desk as steps
from channel.services.work import Refused, work
from contracts.values.findings import block

#: So many replies are signed by silence in one round of the worker.
AT_A_TIME = 200


def confirm(actor: Actor, statement_id: int, note: str = "") -> None:
    """Sign a posted statement, but for the lines in dispute; also after the day has passed."""
    with work(actor, Permission.STATEMENTS_CONFIRM) as w:
        statement = rebates.get_statement(actor, statement_id, printed=True)
        found = reads.reply_of(statement_id)
        if found is None:
            raise Refused([block("rebate.statement.not_posted", statement.policy_code)])
        [reply] = lock(StatementReply, [found.id])
        if reply.signed_as:
            raise Refused([block("rebate.reply.signed", statement.number or "")])
        excepted = reads.open_numbers([statement_id]).get(statement_id, [])
        reply.signed_as, reply.signed_at = "confirmed", w.now
        reply.signed_by_id, reply.signed_name = actor.user_id, actor.name
        reply.document_sha256, reply.note = steps.hash_of(statement), note.strip()[:500]
        reply.excepted = excepted
        changes = {"sha256": reply.document_sha256, "excepted": ", ".join(excepted)}
        w.audit("statement:confirm", statement, reason=reply.note, changes=changes)


def sign_by_silence(actor: Actor) -> None:
    """The chore: where silence confirms and the day has passed, the statement is confirmed."""
    ids = reads.silent_ids(clock.today(), AT_A_TIME)
    if not ids:
        return
    with work(actor) as w:
        replies = [r for r in lock(StatementReply, ids) if not r.signed_as]
        numbers = reads.open_numbers([r.statement_id for r in replies])
        for reply, statement in reads.with_documents(replies):
            reply.signed_as, reply.signed_at = "silence", w.now
            reply.document_sha256 = steps.hash_of(statement)
            reply.excepted = numbers.get(statement.id, [])
            changes = {"sha256": reply.document_sha256, "reply_by": reply.reply_by}
            w.audit("statement:silence", statement, changes=changes)


CHORES.append(sign_by_silence)
