"""A case to its end: noticed with a deadline, answered, decided, and its consequence signed.

Each rung needs a notice before it and a second person's signature; what was signed is undone by
a step of its own, signed by two persons again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from channel import clock
from channel.access import Actor, Permission, Role
from channel.db import lock
from channel.models.diversions import ConductNotice, ConductStep
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.queries import catalogue
from channel.queries import conduct as reads
from channel.queries.scope import get_visible
from channel.rules.incidents import Action
from channel.services.steps import conduct as steps
from channel.services.steps import incidents, market
from channel.services.work import Refused, Work, work
from contracts.consequences import (
    PENALTIES,
    REPLY_WORKING_DAYS,
    Consequence,
    check,
    needs_owner,
    opposite,
)
from contracts.values.findings import block


def notify(
    actor: Actor, incident_id: int, text: str, reply_by: date | None = None, seen: int | None = None
) -> int:
    """Send a notice that is answered by a day, by default in five working days; its id."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = incidents.locked(w, incident_id, seen)
        if not text.strip():
            raise Refused([block("incident.notice_needed")])
        day = reply_by or catalogue.work_calendar().add(w.today, REPLY_WORKING_DAYS)
        if day <= w.today:
            raise Refused([block("conduct.reply_passed", today=w.today)])
        old = incidents.move_on(incident, Action.NOTIFY)
        incident.notice, incident.noticed_at = text.strip(), w.now
        incidents.acknowledge(w, incident)
        number = w.draw("CN", w.today)
        notice = ConductNotice(
            number=number,
            incident_id=incident.id,
            distributor_id=incident.distributor_id,
            issued_on=w.today,
            reply_by=day,
            document={
                **steps.paper_of(w, incident, number),
                "reply_by": day.isoformat(),
                "text": text.strip(),
            },
            issued_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(notice)
        w.session.flush()  # the page that follows needs notice.id
        market.tell_distributor(w, incident)
        changes = {"state": (old, incident.state), "reply_by": day}
        w.audit("conduct:notify", incident, reason=text.strip()[:500], changes=changes)
        return notice.id


def _assert_heard(w: Work, incident: Incident) -> None:
    """No decision before the distributor was asked, and answered or let the day pass."""
    notices = reads.notices_of(incident.id)
    # A notice of the incident's page has no deadline: then only an answer opens the way.
    if not notices and incident.answered_at is None:
        raise Refused([block("conduct.no_notice")])
    if notices and incident.answered_at is None and w.today <= notices[-1].reply_by:
        raise Refused([block("conduct.reply_runs", day=notices[-1].reply_by)])


def decide(
    actor: Actor,
    incident_id: int,
    result: str,
    *,
    is_upheld: bool | None,
    consequence: Consequence | None = None,
    seen: int | None = None,
) -> int | None:
    """Close the case: confirmed or not; a consequence then waits for a second person (its id)."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = incidents.locked(w, incident_id, seen)
        if is_upheld is None:
            raise Refused([block("conduct.verdict_needed")])
        if not result.strip():
            raise Refused([block("conduct.result_needed")])
        if consequence is not None and not is_upheld:
            raise Refused([block("conduct.not_upheld")])
        _assert_heard(w, incident)
        old = incidents.close(w, incident, result, is_upheld=is_upheld)
        changes = {
            "state": (old, incident.state),
            "upheld": ("", "yes" if is_upheld else "no"),
        }
        w.audit("conduct:decide", incident, reason=result.strip()[:500], changes=changes)
        if consequence is None:
            return None
        return _propose(w, incident, consequence, result).id


def propose(
    actor: Actor, incident_id: int, consequence: Consequence, seen: int | None = None
) -> int:
    """A further rung in a case that is confirmed; it waits for a second person. Its id."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = incidents.locked(w, incident_id, seen)
        if incident.is_upheld is not True:
            raise Refused([block("conduct.not_upheld")])
        if incident.noticed_at is None:
            raise Refused([block("conduct.no_notice")])
        return _propose(w, incident, consequence, consequence.why).id


def _propose(w: Work, incident: Incident, wish: Consequence, reason: str) -> ConductStep:
    ladder = steps.ladder_for(incident.distributor_id, w.today)
    distributor = w.session.get_one(Distributor, incident.distributor_id)
    taken = reads.taken_by(distributor.id)
    stopping = [f for f in check(wish, ladder, taken, distributor.currency) if f.is_blocking]
    words = "; ".join(dict.fromkeys(filter(None, (reason.strip(), wish.why.strip()))))
    if not words:
        stopping.append(block("conduct.reason_needed"))
    if stopping:
        raise Refused(stopping)
    by = w.today + timedelta(days=ladder.top_up_days) if wish.kind == "deposit" else None
    named = ladder.penalty_fen or None
    return _add(w, incident, wish.kind, {
        "currency": distributor.currency,
        "amount_fen": wish.amount_fen,
        "contract_fen": named if wish.kind in PENALTIES else None,
        "basis": wish.basis,
        "reason": words[:1000],
        "from_on": wish.start or w.today,
        "until_on": wish.end if wish.kind == "stop" else None,
        "top_up_by": by,
    }, "conduct:propose")  # fmt: skip


def _add(
    w: Work, incident: Incident, kind: str, values: dict[str, Any], tag: str
) -> ConductStep:  # fmt: skip
    step = ConductStep(
        number=w.draw("CS", w.today),
        incident_id=incident.id,
        distributor_id=incident.distributor_id,
        kind=kind,
        state="proposed",
        proposed_by_id=w.actor.user_id,
        proposed_at=w.now,
        **values,
    )
    w.session.add(step)
    w.session.flush()  # the page that follows needs step.id
    w.audit(tag, incident, label=step.number, reason=step.reason[:500], changes={
        "consequence": kind, "amount_fen": step.amount_fen,
    })  # fmt: skip
    return step


def sign(actor: Actor, step_id: int, *, is_approved: bool, note: str = "") -> None:
    """Put a step in force, or refuse it; by another person than the one who proposed it."""
    with work(actor, Permission.CONDUCT_SIGN) as w:
        reads.get_step(actor, step_id)
        [step] = lock(ConductStep, [step_id])
        if step.state != "proposed":
            raise Refused([block("conduct.decided")])
        if step.proposed_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        if needs_owner(step.kind, abs(step.amount_fen)) and actor.role is not Role.OWNER:
            raise Refused([block("conduct.owner_signs")])
        if not is_approved and not note.strip():
            raise Refused([block("conduct.reason_needed")])
        incident = w.session.get_one(Incident, step.incident_id)
        if is_approved:
            steps.carry_out(w, step)
            step.document = steps.decision_of(w, step)
            steps.tell(w, step)
        step.note = note.strip()[:500]
        step.state = "approved" if is_approved else "rejected"
        step.decided_by_id, step.decided_at = actor.user_id, w.now
        tag = "conduct:approve" if is_approved else "conduct:reject"
        w.audit(tag, incident, label=step.number, reason=note, changes={
            "consequence": step.kind, "amount_fen": step.amount_fen,
        })  # fmt: skip


def reverse(actor: Actor, step_id: int, reason: str) -> int:
    """Propose the opposite of a step in force; both stay. The id of the opposite."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        get_visible(actor, ConductStep, step_id)
        [step] = lock(ConductStep, [step_id])
        if step.state != "approved" or step.reverses_id is not None:
            raise Refused([block("conduct.not_in_force")])
        if not reason.strip():
            raise Refused([block("conduct.reason_needed")])
        if any(s.step.id == step.id and s.reversed_by for s in reads.steps_of(step.incident_id)):
            raise Refused([block("conduct.reversed", step.number, number=step.number)])
        incident = w.session.get_one(Incident, step.incident_id)
        return _add(w, incident, step.kind, {
            "currency": step.currency,
            "amount_fen": opposite(step.amount_fen),
            "contract_fen": step.contract_fen,
            "basis": step.basis,
            "reason": reason.strip()[:1000],
            "from_on": clock.today(),
            "reverses_id": step.id,
        }, "conduct:reverse").id  # fmt: skip
