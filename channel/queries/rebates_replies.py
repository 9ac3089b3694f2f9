"""Reads of replies to statements: who signed what, what waits, what is contested and held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from channel import clock
from channel.access import Actor, Permission, may
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.dunning import Dispute
from channel.models.market import Evidence
from channel.models.rebates import RebateStatement
from channel.models.rebates_desk import DisputeMessage, StatementReply
from channel.queries import partners
from channel.queries.agreements import SIGNED, as_rule
from channel.queries.scope import visible
from channel.rules.disputes import RIGHT
from contracts import clauses
from contracts.clauses import Silence

_reply, _s = StatementReply, RebateStatement


@dataclass(frozen=True)
class ReplyRule:
    """Days to object and what silence means: «confirms» or «open»."""

    days: int
    silence: Silence

    def until(self, posted_on: date) -> date:
        """The last day for objections."""
        return posted_on + timedelta(days=self.days)


def rules_on(distributor_ids: Collection[int], on: date) -> dict[int, ReplyRule]:
    """What holds for each: the agreement that rules on the day, and else the house.

    One statement for all of them.
    """
    maker = partners.get_maker()
    house = ReplyRule(maker.objection_days, "confirms" if maker.silence_confirms else "open")
    found = dict.fromkeys(distributor_ids, house)
    versions = db.session.execute(
        sa.select(AgreementVersion, Agreement.distributor_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            Agreement.distributor_id.in_(distributor_ids),
            AgreementVersion.state.in_(SIGNED),
            AgreementVersion.valid_from <= on,
            AgreementVersion.valid_to > on,
        )
        # The newest agreement's highest version comes last and so rules.
        .order_by(Agreement.id, AgreementVersion.version_no)
    )
    for version, owner in versions:
        days = as_rule(version).binding
        if days is None or not days.contains(on):
            continue
        clause = clauses.replies_from_json(version.terms.get("replies"))
        found[owner] = ReplyRule(
            house.days if clause.days is None else clause.days, clause.silence or house.silence
        )
    return found


def reply_of(statement_id: int) -> StatementReply | None:
    """The reply to a posted statement, signed or not; None before it is posted."""
    return db.session.scalar(sa.select(_reply).where(_reply.statement_id == statement_id))


def with_documents(
    replies: Collection[StatementReply],
) -> list[tuple[StatementReply, RebateStatement]]:
    """Each reply with its statement, document and all."""
    statements = db.session.scalars(
        sa.select(_s)
        .options(undefer(_s.document))
        .where(_s.id.in_([reply.statement_id for reply in replies]))
    )
    known = {statement.id: statement for statement in statements}
    return [(reply, known[reply.statement_id]) for reply in replies]


def disputes_of(statement_id: int) -> list[Dispute]:
    """The disputes of a statement in the order in which they were raised."""
    return list(
        db.session.scalars(
            sa.select(Dispute).where(Dispute.statement_id == statement_id).order_by(Dispute.id)
        )
    )


def open_numbers(statement_ids: Collection[int]) -> dict[int, list[str]]:
    """Statement id → numbers of the disputes that are not answered."""
    rows = db.session.execute(
        sa.select(Dispute.statement_id, Dispute.number)
        .where(Dispute.statement_id.in_(statement_ids), Dispute.closed_on.is_(None))
        .order_by(Dispute.id)
    )
    found: dict[int, list[str]] = {}
    for statement_id, number in rows:
        found.setdefault(statement_id or 0, []).append(number)
    return found


def agreement_id(number: str, distributor_id: int) -> int | None:
    """The agreement of a distributor by its number."""
    return db.session.scalar(
        sa.select(Agreement.id).where(
            Agreement.number == number, Agreement.distributor_id == distributor_id
        )
    )


def held_fen(disputes: Collection[Dispute]) -> int:
    """What of a statement's amount is held."""
    return sum(
        d.amount_fen for d in disputes if d.hold_entry_id is not None and d.free_entry_id is None
    )


def messages_of(dispute_id: int) -> list[DisputeMessage]:
    """What was said, in its order."""
    return list(
        db.session.scalars(
            sa.select(DisputeMessage)
            .where(DisputeMessage.dispute_id == dispute_id)
            .order_by(DisputeMessage.id)
        )
    )


def papers_of(messages: Collection[DisputeMessage]) -> dict[int, list[Any]]:
    """Message id → the papers that hang on it, without their bytes."""
    rows = db.session.scalars(
        sa.select(Evidence)
        .where(
            Evidence.subject_kind == "dispute_message",
            Evidence.subject_id.in_([m.id for m in messages]),
        )
        .order_by(Evidence.id)
    )
    found: dict[int, list[Any]] = {}
    for paper in rows:
        found.setdefault(paper.subject_id, []).append(paper)
    return found


def to_correct(until: date) -> list[Dispute]:
    """What was upheld and is not put right yet, of statements of periods up to a day."""
    return list(
        db.session.scalars(
            sa.select(Dispute)
            .join(_s, _s.id == Dispute.statement_id)
            .options(joinedload(Dispute.statement), joinedload(Dispute.distributor))
            .where(
                Dispute.outcome.in_(RIGHT),
                Dispute.corrected_on.is_(None),
                _s.period_end <= until,
            )
            .order_by(Dispute.id)
        )
    )


Key = tuple[int, str, str, date, date]


def key_of(statement: RebateStatement) -> Key:
    """What a later statement of the same settlement shares."""
    return (
        statement.distributor_id,
        statement.policy_code,
        statement.currency,
        statement.period_start,
        statement.period_end,
    )


def is_waiting(on: date | None = None) -> Any:
    """The condition of a reply that nobody has signed and whose day has not passed."""
    return sa.and_(_reply.signed_as == "", _reply.reply_by >= (on or clock.today()))


def waiting_of(actor: Actor) -> int:
    """How many statements wait for the actor's reply."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(_reply)
            .where(visible(actor, _reply.distributor_id), is_waiting())
        )
        or 0
    )


def tasks(actor: Actor) -> list[tuple[str, int, str, dict[str, str]]]:
    """What waits: a distributor's own replies, and for the house what is to be put right."""
    if actor.is_distributor:
        waits = {"reply": "reply_waiting"}
        return [("replies", waiting_of(actor), "rebates.statements", waits)]
    if not may(actor, Permission.DISPUTES_CLOSE):
        return []
    found = sa.select(sa.func.count()).where(
        Dispute.statement_id.is_not(None),
        Dispute.outcome.in_(RIGHT),
        Dispute.corrected_on.is_(None),
    )
    waits = {"state": "to_correct"}
    return [("to_correct", db.session.scalar(found) or 0, "disputes.index", waits)]


def silent_ids(on: date, limit: int) -> list[int]:
    """Replies that silence confirms because their day has passed."""
    return list(
        db.session.scalars(
            sa.select(_reply.id)
            .where(_reply.signed_as == "", _reply.silence == "confirms", _reply.reply_by < on)
            .order_by(_reply.reply_by, _reply.id)
            .limit(limit)
        )
    )


def unanswered_ids(on: date) -> list[int]:
    """Disputes of statements whose day to answer has passed and that nobody was told of."""
    return list(
        db.session.scalars(
            sa.select(Dispute.id)
            .where(
                Dispute.closed_on.is_(None), Dispute.answer_by < on, Dispute.escalated_at.is_(None)
            )
            .order_by(Dispute.id)
        )
    )


def state_column(on: date) -> Any:
    """The state of a reply, for lists: contested, signed, waited for, or left open."""
    contested = sa.exists().where(
        Dispute.statement_id == _reply.statement_id, Dispute.closed_on.is_(None)
    )
    return sa.case(
        (contested, "contested"),
        (_reply.signed_as == "confirmed", "reply_confirmed"),
        (_reply.signed_as == "silence", "reply_silence"),
        (_reply.reply_by >= on, "reply_waiting"),
        (_reply.id.is_not(None), "reply_open"),
        else_=sa.null(),
    )


def state_of(reply: StatementReply | None, disputes: Collection[Dispute], on: date) -> str:
    """The same for one record."""
    if reply is None:
        return ""
    if any(d.closed_on is None for d in disputes):
        return "contested"
    if reply.signed_as:
        return f"reply_{reply.signed_as}"
    return "reply_waiting" if reply.reply_by >= on else "reply_open"
