"""Disputes of single lines of a rebate statement: raised, held, answered, put right.

Only what rests on the line is held in the pool, the rest can be used. What was posted never
changes: what is upheld is put right by a document of its own or by the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.dunning import Dispute
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.queries import disputes, partners, rebates
from channel.queries import rebates_replies as reads
from channel.rules.disputes import Action, frees_at_once
from channel.services.jobs import CHORES
from channel.services.steps import market
from channel.services.steps import rebates_contest as lines
from channel.services.steps import rebates_desk as steps
from channel.services.steps import rebates_pool as pool
from channel.services.steps.market import File
from channel.services.steps.rebates_contest import Contestable
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block

#: How what was upheld is put right.
CORRECTIONS = ("document", "run")


@dataclass(frozen=True)
class Objection:
    """Which line, what it should say, and why.

    `key` names the line among its kind; of an invoice line its invoice and number are asked for
    instead. `claimed_e4` is the figure as the distributor has it, in ten-thousandths (of a base
    unit where quantities count); None: nothing of the line is right.
    """

    kind: str
    text: str
    key: str = ""
    invoice: str = ""
    line_no: int = 0
    claimed_e4: int | None = None


def contestable(actor: Actor, statement_id: int) -> list[Contestable]:
    """The lines of a posted statement that can be contested, with what rests on each."""
    return lines.lines_of(rebates.get_statement(actor, statement_id, printed=True))


def _line(actor: Actor, statement: RebateStatement, wish: Objection) -> Contestable:
    """The line meant; refused where the statement does not have it."""
    found: Contestable | None = None
    if wish.kind == "line":
        found = lines.invoice_line(actor, statement, wish.invoice.strip(), wish.line_no)
        if found is None:
            raise Refused([block("dispute.not_its_line", wish.invoice, line=wish.line_no)])
    elif wish.kind == "missing":
        if not wish.claimed_e4:
            raise Refused([block("dispute.figure_needed")])
        found = Contestable("missing", "", "")
    else:
        kept = lines.lines_of(statement)
        found = next((x for x in kept if (x.kind, x.key) == (wish.kind, wish.key)), None)
    if found is None:
        raise Refused([block("dispute.line_needed")])
    return found


def open_dispute(
    actor: Actor, statement_id: int, wish: Objection, files: Sequence[File] = ()
) -> int:
    """Contest one line of a posted statement; its id. What rests on it is held from now on."""
    with work(actor, Permission.DISPUTES_OPEN) as w:
        statement = rebates.get_statement(actor, statement_id, printed=True)
        owner = statement.distributor_id
        lock(Distributor, [owner])  # two disputes at once must see each other
        _assert_in_time(w, statement)
        if not wish.text.strip():
            raise Refused([block("dispute.reason_needed")])
        line = _line(actor, statement, wish)
        standing = reads.disputes_of(statement_id)
        _assert_new(standing, line)
        contest = lines.contest_of(statement, line, wish.claimed_e4)
        _account, money = pool.lock_pool(w, owner, statement.currency)
        free = min(statement.amount_fen - reads.held_fen(standing), money.free_fen)
        dispute = Dispute(
            number=w.draw("DC", w.today),
            statement_id=statement_id,
            distributor_id=owner,
            currency=statement.currency,
            amount_fen=0,
            reason_kind=line.kind,
            reason=wish.text.strip()[:1000],
            opened_on=w.today,
            opened_by_id=actor.user_id,
            opened_at=w.now,
            line_kind=line.kind,
            line_key=line.key,
            line_label=line.label[:300],
            stated_e4=line.e4,
            claimed_e4=wish.claimed_e4 if line.kind in lines.WITH_FIGURE else None,
            difference_fen=contest.difference_fen,
            answer_by=w.today + timedelta(days=partners.get_maker().dispute_days),
        )
        w.session.add(dispute)
        w.session.flush()  # the movement, the message and the audit line name the dispute
        steps.hold(w, dispute, contest.held_fen(free))
        message = steps.say(w, dispute, "open", wish.text)
        market.attach(w, message, owner, files)
        changes = {"statement": statement.number, "held_fen": dispute.amount_fen}
        w.audit("dispute:open", dispute, reason=dispute.reason, changes=changes)
        steps.tell_house(w, dispute, message)
        return dispute.id


def _assert_in_time(w: Work, statement: RebateStatement) -> None:
    """Posted, not signed, and in time; the house itself may open one later, out of goodwill."""
    reply = reads.reply_of(statement.id)
    if statement.number is None or reply is None:
        raise Refused([block("rebate.statement.not_posted", statement.policy_code)])
    if not w.actor.is_distributor:
        return
    if reply.signed_as == "confirmed":
        raise Refused([block("dispute.confirmed", statement.number)])
    if reply.reply_by < w.today:
        raise Refused([block("dispute.late", statement.number, day=reply.reply_by)])


def _assert_new(standing: Sequence[Dispute], line: Contestable) -> None:
    for other in standing:
        same = (other.line_kind, other.line_key) == (line.kind, line.key)
        if same and other.closed_on is None and line.kind != "missing":
            raise Refused([block("dispute.line_standing", number=other.number)])


def _locked(w: Work, dispute_id: int, seen: int | None) -> Dispute:
    disputes.get_dispute(w.actor, dispute_id)
    [dispute] = lock(Dispute, [dispute_id])
    if dispute.statement_id is None:
        raise Refused([block("dispute.of_invoice", dispute.number)])
    assert_seen(dispute, seen)
    return dispute


def say(
    actor: Actor, dispute_id: int, text: str, files: Sequence[File] = (), seen: int | None = None
) -> None:
    """Add to a dispute that waits for an answer; the other side is told."""
    with work(actor, Permission.DISPUTES_OPEN) as w:
        dispute = _locked(w, dispute_id, seen)
        steps.step(dispute, Action.WITHDRAW)
        if not text.strip():
            raise Refused([block("dispute.reason_needed")])
        message = steps.say(w, dispute, "say", text)
        market.attach(w, message, dispute.distributor_id, files)
        w.audit("dispute:say", dispute, reason=text.strip()[:500])
        tell = steps.tell_house if actor.is_distributor else steps.tell_distributor
        tell(w, dispute, message)


@dataclass(frozen=True)
class Answer:
    """What the house says: the outcome of `DISPUTE_OUTCOMES`, why, and how it is put right."""

    outcome: str
    text: str
    correction: str = ""


def answer(
    actor: Actor,
    dispute_id: int,
    said: Answer,
    files: Sequence[File] = (),
    seen: int | None = None,
) -> None:
    """Accept, wholly or in part, or reject with the reason; not by who raised it."""
    with work(actor, Permission.DISPUTES_CLOSE) as w:
        dispute = _locked(w, dispute_id, seen)
        if dispute.opened_by_id == actor.user_id:
            raise Refused([block("dispute.own", dispute.number)])
        if said.outcome not in ("upheld", "partly", "rejected"):
            raise Refused([block("dispute.outcome")])
        action = Action.REJECT if said.outcome == "rejected" else Action.ACCEPT
        steps.step(dispute, action)
        if not said.text.strip():
            raise Refused([block("dispute.answer_needed")])
        if action is Action.ACCEPT and said.correction not in CORRECTIONS:
            raise Refused([block("dispute.correction_needed")])
        dispute.closed_on, dispute.outcome = w.today, said.outcome
        dispute.outcome_note, dispute.closed_by_id = said.text.strip()[:1000], actor.user_id
        dispute.correction = said.correction if action is Action.ACCEPT else ""
        if frees_at_once(action, dispute.difference_fen or 0):
            steps.free(w, dispute)
        message = steps.say(w, dispute, action.value, said.text)
        market.attach(w, message, dispute.distributor_id, files)
        changes = {"outcome": said.outcome, "correction": dispute.correction}
        w.audit("dispute:answer", dispute, reason=said.text.strip()[:500], changes=changes)
        steps.tell_distributor(w, dispute, message)


def withdraw(actor: Actor, dispute_id: int, text: str = "", seen: int | None = None) -> None:
    """Take a dispute back; what was held is free again."""
    with work(actor, Permission.DISPUTES_OPEN) as w:
        dispute = _locked(w, dispute_id, seen)
        if not actor.is_distributor and dispute.opened_by_id != actor.user_id:
            raise Refused([block("dispute.not_yours", dispute.number)])
        steps.step(dispute, Action.WITHDRAW)
        dispute.closed_on, dispute.outcome = w.today, "withdrawn"
        dispute.outcome_note, dispute.closed_by_id = text.strip()[:1000], actor.user_id
        steps.free(w, dispute)
        message = steps.say(w, dispute, "withdraw", text)
        w.audit("dispute:withdraw", dispute, reason=text.strip()[:500])
        steps.tell_house(w, dispute, message)


def correct(actor: Actor, dispute_id: int, document: str, seen: int | None = None) -> None:
    """Name the document that put right what was upheld; what is still held is freed."""
    with work(actor, Permission.DISPUTES_CLOSE) as w:
        dispute = _locked(w, dispute_id, seen)
        if not document.strip():
            raise Refused([block("dispute.document_needed")])
        steps.settle(w, dispute, document.strip())


def escalate(actor: Actor) -> None:
    """The chore: what nobody answered by its day goes to the owner, once."""
    for dispute_id in reads.unanswered_ids(clock.today()):
        with work(actor) as w:
            [dispute] = lock(Dispute, [dispute_id])
            if dispute.closed_on is not None or dispute.escalated_at is not None:
                continue
            dispute.escalated_at = w.now
            steps.tell_owner(w, dispute)
            w.audit("dispute:escalate", dispute, changes={"answer_by": dispute.answer_by})


CHORES.append(escalate)
